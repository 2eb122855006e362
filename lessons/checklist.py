"""What a lesson still misses: voices, translations, alternative texts, exercises that work.

Shown in the editor of a lesson (`ChecklistPanel`) and for whole courses in a report. Any number of
lessons is read in the same number of queries.
"""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.permission_policies.pages import PagePermissionPolicy

from core.blocks import PictureBlock
from core.languages import LANGUAGES
from core.translated import LANGUAGE_CHOICES, State, TranslatedContent
from glossary.cards import shown_concepts
from glossary.models import Concept
from media.models import Recording, SiteImage

from .blocks import ExerciseBlock
from .blocks.choosers import PictureChooserBlock, laid_out
from .blocks.presentation import LetterCardBlock
from .bodies import keys_of
from .models import CoursePage, LessonPage
from .spots import list_items, spots

FEWEST_EXERCISES = 5
FEWEST_KINDS = 4
_LANGUAGE_NAMES = dict(LANGUAGE_CHOICES)


@dataclass(frozen=True)
class Gap:
    """Something that is missing in one block of a body."""

    #: Id of the block; Wagtail's editor gives its panel the id `block-<id>-section`.
    block_id: str
    #: Place in the body, from 1, and the name of the kind of block.
    place: int
    kind: Any
    message: Any

    @property
    def anchor(self) -> str:
        """The fragment that leads to the block in the editor."""
        return f"#block-{self.block_id}-section"


@dataclass
class Checklist:
    """What one lesson misses."""

    lesson: LessonPage
    #: Exercises that cannot be solved, and other blocks that cannot be published.
    unsolvable: list[Gap] = field(default_factory=list)
    unfinished: list[Gap] = field(default_factory=list)
    pictures: list[Gap] = field(default_factory=list)
    #: Texts without a recording, one entry a block.
    voiceless: list[Gap] = field(default_factory=list)
    voiceless_texts: int = 0
    #: Terms of the glossary in it that nobody has spoken in the taught language.
    voiceless_terms: int = 0
    #: Language code → how many texts are missing, and how many are older than their source.
    missing: dict[str, int] = field(default_factory=dict)
    stale: dict[str, int] = field(default_factory=dict)
    exercises: int = 0
    kinds: int = 0

    @property
    def too_few(self) -> bool:
        """Whether it has fewer exercises, or fewer kinds of them, than a lesson should have."""
        return self.exercises < FEWEST_EXERCISES or self.kinds < FEWEST_KINDS

    @property
    def counts(self) -> dict[str, int]:
        """How much is missing of each sort, in all languages together."""
        return {
            "unsolvable": len(self.unsolvable),
            "unfinished": len(self.unfinished),
            "missing": sum(self.missing.values()),
            "stale": sum(self.stale.values()),
            "voiceless": self.voiceless_texts + self.voiceless_terms,
            "pictures": len(self.pictures),
        }

    @property
    def translations(self) -> list[str]:
        """The languages that miss something, in words."""
        found = []
        for code, name in LANGUAGE_CHOICES:
            parts = []
            if n := self.missing.get(code):
                parts.append(ngettext("%(n)s text missing", "%(n)s texts missing", n) % {"n": n})
            if n := self.stale.get(code):
                text = ngettext("%(n)s text to check", "%(n)s texts to check", n)
                parts.append(text % {"n": n})
            if parts:
                found.append(f"{name}: {', '.join(parts)}")
        return found

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.too_few and not any(self.counts.values())


# --- Reading --------------------------------------------------------------------------------------


def checklist_of(lesson: LessonPage, taught: str | None) -> Checklist:
    """The checklist of one lesson as it stands in memory; `taught` is a language code."""
    return checklists([(lesson, taught)])[0]


def checklists(lessons: Iterable[tuple[LessonPage, str | None]]) -> list[Checklist]:
    """The checklists of (lesson, language taught), in at most four queries."""
    # Copies with bodies of their own, which read what is laid out for all of them.
    drafts = [(lesson, _with_lazy_body(lesson), taught) for lesson, taught in lessons]
    concept_keys: set[int] = set()
    image_keys: set[int] = set()
    for _lesson, draft, _taught in drafts:
        keys = keys_of(draft.body)
        concept_keys |= keys[Concept]
        image_keys |= keys[SiteImage]
    concepts = shown_concepts(concept_keys) if concept_keys else {}
    images = SiteImage.objects.in_bulk(image_keys) if image_keys else {}
    with laid_out({Concept: concepts, SiteImage: images, Recording: {}}):
        for _lesson, draft, _taught in drafts:
            list(draft.body)
    return [_check(lesson, draft, taught, concepts, images) for lesson, draft, taught in drafts]


def _with_lazy_body(lesson: LessonPage) -> LessonPage:
    draft = copy.copy(lesson)
    stored = lesson.body.get_prep_value()
    draft.body = StreamValue(lesson.body.stream_block, stored, is_lazy=True)
    return draft


def _check(
    lesson: LessonPage,
    draft: LessonPage,
    taught: str | None,
    concepts: dict[int, Concept],
    images: dict[int, SiteImage],
) -> Checklist:
    found = Checklist(lesson)
    stored = draft.body.get_prep_value()
    _check_exercises(found, draft.body)
    _check_translations(found, draft)
    _check_voices(found, draft.body, lesson.body.get_prep_value())
    for concept in {key: concepts[key] for key in _vocabulary(stored) if key in concepts}.values():
        terms = concept.terms_in(taught) if taught else []
        found.voiceless_terms += bool(terms) and not any(term.recording_id for term in terms)
    codes = [code for code in LANGUAGES if code in {*draft.languages, draft.source_language}]
    for place, part in enumerate(draft.body, start=1):
        for message in _blanks(part.block, part.block.get_prep_value(part.value)):
            found.unfinished.append(_gap(part, place, message))
        value = part.block.get_prep_value(part.value)
        for message in _undescribed(part.block, value, images, codes):
            found.pictures.append(_gap(part, place, message))
    return found


def _gap(part: Any, place: int, message: Any) -> Gap:
    return Gap(part.id or "", place, capfirst(part.block.label), message)


def _check_exercises(found: Checklist, body: StreamValue) -> None:
    kinds = set()
    for place, part in enumerate(body, start=1):
        if isinstance(part.block, ExerciseBlock):
            found.exercises += 1
            kinds.add(part.block_type)
            for message in part.block.problems(part.value).values():
                found.unsolvable.append(_gap(part, place, message))
    found.kinds = len(kinds)


def _check_translations(found: Checklist, draft: TranslatedContent) -> None:
    for code, counts in draft.translation_counts().items():
        found.missing[code] = counts[State.MISSING]
        found.stale[code] = counts[State.STALE]


def _check_voices(found: Checklist, body: StreamValue, stored: list[dict[str, Any]]) -> None:
    silent: dict[str, set[str]] = {}
    for spot in spots(body, stored):
        # The glossary's term is heard where an entry names one.
        if not spot.value.get("recording") and not spot.value.get("concept"):
            silent.setdefault(spot.block_id, set()).add(spot.text)
    found.voiceless_texts = len(set().union(*silent.values()))
    for place, part in enumerate(body, start=1):
        if texts := silent.get(part.id or ""):
            message = ngettext(
                "%(n)s text without a recording", "%(n)s texts without a recording", len(texts)
            ) % {"n": len(texts)}
            found.voiceless.append(_gap(part, place, message))


def _vocabulary(stored: list[dict[str, Any]]) -> Iterator[int]:
    for item in stored:
        if item["type"] == "vocabulary":
            for entry in list_items((item["value"] or {}).get("entries")):
                if isinstance(entry.get("concept"), int):
                    yield entry["concept"]


def _blanks(block: blocks.Block, value: Any) -> Iterator[Any]:
    """Required fields of a stored value that hold nothing, in words."""
    if isinstance(block, blocks.ListBlock):
        for number, part in enumerate(list_items(value), start=1):
            for message in _blanks(block.child_block, part):
                yield format_lazy(
                    "{label} {n}: {message}", label=block.label, n=number, message=message
                )
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _blanks(child, (value or {}).get(name))
    elif isinstance(block, blocks.FieldBlock) and block.required and value in (None, ""):
        yield format_lazy(gettext_lazy("“{label}” is empty"), label=block.label)


def _undescribed(
    block: blocks.Block, value: Any, images: dict[int, SiteImage], codes: list[str]
) -> Iterator[str]:
    """What is said of pictures without an alternative text in one of the languages `codes`."""
    if isinstance(block, LetterCardBlock):
        # Its picture stands beside the word it shows, and screen readers pass over it.
        return
    if isinstance(block, PictureBlock):
        value = value or {}
        texts = value.get("alternative") or {}
        yield from _without_alternative(images.get(value.get("image")), texts, codes)
    elif isinstance(block, blocks.ListBlock):
        for part in list_items(value):
            yield from _undescribed(block.child_block, part, images, codes)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _undescribed(child, (value or {}).get(name), images, codes)
    elif isinstance(block, PictureChooserBlock):
        yield from _without_alternative(images.get(value), {}, codes)


def _without_alternative(
    image: SiteImage | None, texts: dict[str, str], codes: list[str]
) -> Iterator[str]:
    if image is None:
        return
    missing = [
        str(_LANGUAGE_NAMES[code])
        for code in codes
        if not (texts.get(code) or getattr(image, f"alternative_{code}"))
    ]
    if missing:
        yield _("“%(picture)s” has no alternative text in: %(languages)s") % {
            "picture": image.title,
            "languages": ", ".join(missing),
        }


# --- Courses --------------------------------------------------------------------------------------


def changeable_lessons(user: Any) -> QuerySet[LessonPage]:
    """The lessons that a user may change."""
    changeable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return LessonPage.objects.filter(pk__in=changeable.values("pk"))


def course_lessons(course: CoursePage, user: Any) -> QuerySet[LessonPage]:
    """The lessons of a course that a user may change, in order."""
    return changeable_lessons(user).descendant_of(course).order_by("path")


def course_checklists(course: CoursePage, lessons: QuerySet[LessonPage]) -> list[Checklist]:
    """The checklists of a course's lessons, each as its newest draft stands."""
    found = lessons.select_related("latest_revision")
    return checklists((newest(lesson), course.teaches) for lesson in found)


def newest(lesson: LessonPage) -> LessonPage:
    """The lesson as its newest draft has it; reads nothing when latest_revision is there."""
    if not lesson.has_unpublished_changes or lesson.latest_revision is None:
        return lesson
    draft = copy.copy(lesson)
    content = lesson.latest_revision.content
    for name in (*_texts(lesson), "languages", "source_language", "fingerprints", "body"):
        if name in content:
            setattr(draft, name, content[name])
    return draft


def _texts(lesson: LessonPage) -> list[str]:
    return [f"{name}_{code}" for name in lesson.translated_fields for code in LANGUAGES]
