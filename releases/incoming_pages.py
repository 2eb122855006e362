"""Pages of a release as pages of this site: checked value by value, references resolved."""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks

from centres.models import Ministry
from core.content_files import flat_message
from core.languages import CODES
from core.translated import normalise_input
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from glossary.models import Concept
from trades.models import FrameworkLevel, Trade

from .document import MINISTRIES
from .incoming_files import FileTaker
from .package.canonical import pages_of
from .package.errors import InvalidDocument
from .portable import ShapeError, convert
from .sanitising import sanitised

#: What the appraisal council of the source said holds for the source alone.
NOT_ADOPTED = (
    *("verdict", "appraised_on", "council_members", "outside_reviewers"),
    *("decision_number", "decision_on"),
)
_FINGERPRINT = re.compile(r"[0-9a-f]{16}", re.ASCII)
_PORTABLE_LINK = re.compile(r'<a href="(page|file):([0-9a-z]+)">', re.ASCII)
#: What refers to nothing here, until it is taken out.
_LOST = object()


class Surroundings:
    """What the document points at outside itself, as far as this site knows it.

    Nothing is invented here: `unknown` lists what is left out.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.unknown: list[str] = []
        self.trade = self._trade(document["trade"])
        self.levels = list(self._levels(document["levels"]))
        self.ministries = {
            name: self._ministry(document["curriculum"], name) for name in MINISTRIES
        }
        wanted = {entry["public_id"]: entry for entry in document["terms"]}
        known = Concept.objects.published().filter(public_id__in=wanted)
        self.concepts = dict(known.values_list("public_id", "pk"))
        for public_id, entry in wanted.items():
            if public_id not in self.concepts:
                terms = ", ".join(term["text"] for term in entry["terms"][:3]) or public_id
                self.unknown.append(_("Term: %(name)s") % {"name": terms})

    def _trade(self, named: dict[str, Any] | None) -> Trade | None:
        if named is None:
            return None
        trade = Trade.objects.filter(slug=named["slug"]).first()
        if trade is None:
            self.unknown.append(_("Trade: %(name)s") % {"name": named["slug"]})
        return trade

    def _levels(self, named: list[dict[str, Any]]) -> Iterator[FrameworkLevel]:
        levels = FrameworkLevel.objects.select_related("framework")
        known = {(level.framework.slug, level.number): level for level in levels}
        for entry in named:
            level = known.get((entry["framework"], entry["number"]))
            if level is not None:
                yield level
            else:
                place = f"{entry['framework']} {entry['number']}"
                self.unknown.append(_("Level: %(name)s") % {"name": place})

    def _ministry(self, page: dict[str, Any], name: str) -> Ministry | None:
        slug = page["values"].get(name)
        if not slug or not isinstance(slug, str):
            return None
        ministry = Ministry.objects.filter(slug=slug).first()
        if ministry is None:
            self.unknown.append(_("Ministry: %(name)s") % {"name": slug})
        return ministry


class PageMaker:
    """Makes unsaved pages from those of a document. Raises InvalidDocument."""

    def __init__(self, around: Surroundings, files: FileTaker) -> None:
        self.around = around
        self._files = files
        #: Public id in the document → key here; links to others are left out.
        self.page_keys: dict[str, int] = {}
        #: Blocks that say nothing without what is unknown here.
        self.left_out: list[str] = []

    def make(self, model: type[Any], page: dict[str, Any]) -> Any:
        """A draft page with its texts, values and streams, and no place yet."""
        made = model(
            origin_id=page["public_id"],
            source_language=page["source_language"],
            languages=list(page["languages"]),
            ready_languages=list(page["ready_languages"]),
            live=False,
            has_unpublished_changes=True,
        )
        made.is_draft_save = True
        for name in model.translated_fields:
            texts = page["texts"].get(name, {})
            for code in CODES:
                setattr(made, f"{name}_{code}", normalise_input(texts.get(code) or ""))
        self._fill_values(made, page)
        self.fill_streams(made, page)
        made.fingerprints = _fingerprints(page.get("fingerprints"))
        if model is CurriculumPage:
            made.trade = self.around.trade
            made.levels = self.around.levels
            for name, ministry in self.around.ministries.items():
                setattr(made, name, ministry)
        return made

    def _fill_values(self, made: Any, page: dict[str, Any]) -> None:
        for name in made.value_fields:
            if name in page["values"] and name not in NOT_ADOPTED:
                setattr(made, name, self.value(type(made), name, page["values"][name], page))

    def value(self, model: type[Any], name: str, value: Any, page: dict[str, Any]) -> Any:
        """A value of a field as the model has it."""
        field = model._meta.get_field(name)
        if isinstance(value, str):
            value = normalise_input(value)
        try:
            return field.to_python(value)
        except (ValidationError, ValueError, TypeError, ArithmeticError) as error:
            refuse(page, f"{field.verbose_name}: {flat_message(error)}", error)

    def fill_streams(self, made: Any, page: dict[str, Any]) -> None:
        """Set every stream of `made` to what `page` has."""
        for name in made.translated_streams:
            stored = page["streams"].get(name) or []
            setattr(made, name, self.stream(type(made), name, stored, page))

    def stream(
        self, model: type[Any], name: str, stored: list[dict[str, Any]], page: dict[str, Any]
    ) -> Any:
        """A stream as this site stores it, checked by its blocks."""
        block = model._meta.get_field(name).stream_block
        try:
            raw = _without_lost(convert(block, stored, self._refer, name))
            kept = []
            for child in raw:
                if _says_nothing(block.child_blocks[child["type"]], child["value"]):
                    self.left_out.append(f"{_name(page)}: {child['type']}")
                else:
                    kept.append(child)
            return block.clean(block.to_python(kept))
        except ShapeError as error:
            refuse(page, str(error), error)
        except (ValidationError, ValueError, TypeError, ArithmeticError, AttributeError) as error:
            refuse(page, f"{name}: {flat_message(error)}", error)

    def _refer(self, kind: str, value: Any) -> Any:
        if kind == "html":
            return _PORTABLE_LINK.sub(self._link, sanitised(value))
        if not isinstance(value, dict) or len(value) != 1:
            raise ShapeError(_("a reference is expected"))
        [(key, identifier)] = value.items()
        if key != ("concept" if kind == "concept" else "file") or not isinstance(identifier, str):
            raise ShapeError(_("a reference is expected"))
        if kind == "concept":
            found = self.around.concepts.get(identifier)
        else:
            found = self._files.key(kind, identifier)
        return _LOST if found is None else found

    def _link(self, match: re.Match[str]) -> str:
        kind, identifier = match[1], match[2]
        if kind == "page":
            key, linktype = self.page_keys.get(identifier), "page"
        else:
            key, linktype = self._files.key("document", identifier), "document"
        return f'<a linktype="{linktype}" id="{key}">' if key else "<a>"


def has_page_links(page: dict[str, Any]) -> bool:
    """Whether the texts of a page link to pages of the same document."""
    return 'href="page:' in str(page["streams"])


def refuse(page: dict[str, Any], reason: str, error: Exception | None = None) -> NoReturn:
    """Raise InvalidDocument, naming the page."""
    raise InvalidDocument(
        _("“%(page)s” of the package cannot be taken in: %(reason)s")
        % {"page": _name(page), "reason": reason[:500]}
    ) from error


def model_of(document: dict[str, Any], page: dict[str, Any]) -> type[Any]:
    """The model of a page of `document`."""
    if page is document["curriculum"]:
        return CurriculumPage
    return ModulePage if "units" in page else ModuleUnitPage


def all_pages(document: dict[str, Any]) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """Every page of a document with its model, parents first."""
    for page in pages_of(document):
        yield model_of(document, page), page


def _name(page: dict[str, Any]) -> str:
    texts = page["texts"].get("name") or {}
    return normalise_input(next((text for text in texts.values() if text), page["slug"]))[:100]


def _without_lost(value: Any) -> Any:
    """Without list items that refer to nothing here; other such references become None."""
    if isinstance(value, list):
        kept = [_without_lost(item) for item in value if not _is_lost_item(item)]
        return kept
    if isinstance(value, dict):
        return {name: _without_lost(part) for name, part in value.items()}
    return None if value is _LOST else value


def _is_lost_item(item: Any) -> bool:
    # Only a chooser has None for its whole value.
    return isinstance(item, dict) and "id" in item and item.get("value") in (None, _LOST)


def _says_nothing(block: blocks.Block, value: Any) -> bool:
    """Whether a block lost what it cannot be without: its picture, its file, all its terms."""
    if isinstance(block, blocks.ListBlock):
        return not value and bool(block.meta.min_num)
    return isinstance(block, blocks.StructBlock) and any(
        isinstance(child, blocks.ChooserBlock)
        and child.required
        and (value or {}).get(name) is None
        for name, child in block.child_blocks.items()
    )


def _fingerprints(given: Any) -> dict[str, dict[str, str]]:
    """The fingerprints that have the right form."""
    kept: dict[str, dict[str, str]] = {}
    for path, marks in (given or {}).items() if isinstance(given, dict) else ():
        if len(path) <= 300 and isinstance(marks, dict):
            sound = {
                code: mark
                for code, mark in marks.items()
                if code in CODES and isinstance(mark, str) and _FINGERPRINT.fullmatch(mark)
            }
            if sound:
                kept[path] = sound
    return kept
