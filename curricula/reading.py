"""What the public pages of a curriculum show beside their own text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from wagtail.blocks import StructValue

from core.languages import CODES, LANGUAGES, LocalText, pick
from core.models import BasePage
from core.reader import Reader
from core.translated import State
from glossary.cards import Card, concept_card, shown_concepts
from media.models import SiteImage
from trades.models import Framework, FrameworkLevel

from .hub import shown_sections
from .models import CurriculumPage, ModulePage, ModuleUnitPage
from .outlines import ModuleRow, Outline, UnitRow, curriculum_of, read_outline
from .rules import review_due

# --- Translation ----------------------------------------------------------------------------------


@dataclass
class TranslationNote:
    """How much of a page is in the reader's language."""

    wanted: str
    total: int = 0
    #: Texts shown in another language, and in which ones.
    missing: int = 0
    codes: set[str] = field(default_factory=set)
    #: Texts whose source has changed since they were translated, and the blocks they are in.
    stale: int = 0
    stale_blocks: set[str] = field(default_factory=set)

    @property
    def shown_codes(self) -> list[str]:
        """The languages that stand in, in the site's order."""
        return sorted(self.codes, key=CODES.index)

    @property
    def is_whole(self) -> bool:
        return self.missing == self.total


def translation_note(pages: Iterable[BasePage], reader: Reader) -> TranslationNote:
    """What a reader should know about the texts of these pages; no query."""
    note = TranslationNote(LANGUAGES[reader.language].own_name)
    for page in pages:
        for unit in page.units():
            text = pick(unit.texts, reader.language, page.visible_languages)
            if text is None:
                continue
            note.total += 1
            if text.language != reader.language:
                note.missing += 1
                note.codes.add(text.language)
            elif page.unit_state(unit, reader.language) is State.STALE:
                note.stale += 1
                note.stale_blocks.update(unit.path.split(".")[1:2])
    return note


# --- Levels ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LevelRow:
    """A framework and the programme's level in it, None where none is named."""

    framework: Framework
    level: FrameworkLevel | None


def compared_levels(levels: Sequence[FrameworkLevel]) -> list[LevelRow]:
    """Every framework with the programme's level; one query."""
    chosen = {level.framework_id: level for level in levels}
    order = {"VN": 0, "LA": 1}
    frameworks = sorted(Framework.objects.all(), key=lambda one: order.get(one.country, 2))
    return [LevelRow(framework, chosen.get(framework.pk)) for framework in frameworks]


# --- Pages ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crumb:
    """A step of the way to a page."""

    url: str
    name: LocalText


def page_crumb(page: BasePage) -> Crumb:
    """A page as a step of the way."""
    return Crumb(page.url or "", _local_name(page))


def curriculum_context(page: CurriculumPage, reader: Reader) -> dict[str, Any]:
    """Variables of curricula/curriculum.html."""
    outline = read_outline(page)
    levels = list(page.levels.select_related("framework")) if page.pk else []
    centre = page.centre
    return {
        "curriculum": page,
        "centre": centre,
        "outline": outline,
        "crumbs": [page_crumb(centre)] if centre else [],
        "levels": levels,
        "level_rows": compared_levels(levels) if levels else [],
        "note": translation_note([page], reader),
        "review_due": _review_due(outline),
        "sections": shown_sections(page, reader) if page.pk else [],
    }


def _review_due(outline: Outline) -> date | None:
    return review_due(outline) if outline.curriculum.appraised_on else None


def module_context(page: ModulePage, reader: Reader, is_print: bool) -> dict[str, Any]:
    """Variables of curricula/module.html; in print with the whole of its units."""
    curriculum, outline, row = _place(page)
    units = []
    if is_print and page.pk:
        units = list(ModuleUnitPage.objects.child_of(page).live().order_by("path"))
    return {
        "curriculum": curriculum,
        "outline": outline,
        "row": row,
        "name": row.name if row else _local_name(page),
        "crumbs": [page_crumb(curriculum)] if curriculum else [],
        "neighbours": _neighbours(outline.modules if outline else [], row),
        "before": _before(outline, page),
        "is_print": is_print,
        "printed": list(zip(row.units if row else [], units, strict=False)),
        "note": translation_note([page, *units], reader),
        "cards": read_bodies(units, reader),
    }


def unit_context(page: ModuleUnitPage, reader: Reader) -> dict[str, Any]:
    """Variables of curricula/unit.html."""
    curriculum, outline, module = _place(page)
    row = next((unit for unit in module.units if unit.page.pk == page.pk), None) if module else None
    crumbs = [page_crumb(curriculum)] if curriculum else []
    if module:
        crumbs.append(Crumb(module.url, module.name))
    return {
        "curriculum": curriculum,
        "outline": outline,
        "module": module,
        "row": row,
        "name": row.name if row else _local_name(page),
        "crumbs": crumbs,
        "neighbours": _neighbours(module.units if module else [], row),
        "note": translation_note([page], reader),
        "cards": read_bodies([page], reader),
    }


def _place(
    page: ModulePage | ModuleUnitPage,
) -> tuple[CurriculumPage | None, Outline | None, ModuleRow | None]:
    """The curriculum of a page, its outline, and the row of the module; None for a new page."""
    curriculum = curriculum_of(page)
    if curriculum is None:
        return None, None, None
    outline = read_outline(curriculum)
    return curriculum, outline, outline.module_of(page)


def _local_name(page: BasePage) -> LocalText:
    return page.local("name") or LocalText(page.title, page.source_language)


def _neighbours(rows: Sequence[ModuleRow | UnitRow], row: ModuleRow | UnitRow | None) -> Any:
    """The rows before and after, None at either end."""
    if row is None:
        return None
    place = row.number - 1
    after = rows[place + 1] if place + 1 < len(rows) else None
    return {"before": rows[place - 1] if place else None, "after": after}


def _before(outline: Outline | None, page: ModulePage) -> list[ModuleRow]:
    """The modules that come before this one, as its prerequisites name them."""
    codes = page.prerequisite_codes
    return [row for row in outline.modules if row.page.code in codes] if outline else []


# --- Bodies ---------------------------------------------------------------------------------------


def read_bodies(pages: Sequence[ModuleUnitPage], reader: Reader) -> dict[int, Card]:
    """Read pictures of teaching content with their copies, and its terms, in constant queries.

    Returns the cards of the terms by the key of their concept.
    """
    images: dict[int, list[SiteImage]] = {}
    concepts: set[int] = set()
    for page in pages:
        for part in page.body:
            for image in _images(part.block_type, part.value):
                images.setdefault(image.pk, []).append(image)
            if part.block_type == "terms":
                concepts.update(concept.pk for concept in part.value if concept)
    prefetch_related_objects([one for same in images.values() for one in same], "renditions")
    shown = shown_concepts(concepts) if concepts else {}
    return {key: concept_card(concept, reader) for key, concept in shown.items()}


def _images(kind: str, value: Any) -> list[SiteImage]:
    if kind == "drawing" and isinstance(value, StructValue):
        found = [value.get("image")]
    elif kind == "procedure":
        found = [step.get("drawing") for step in value["steps"]]
    else:
        found = []
    return [image for image in found if image]
