"""The form of a curriculum as its editors have it: every page as its newest draft."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from wagtail import blocks

from core.languages import CODES
from core.models import BasePage

from ..models import CurriculumPage, ModulePage, ModuleUnitPage
from ..outlines import below, newest
from . import cells
from .block_rows import BlockWriter, Cells, stored_blocks
from .form import (
    VERSION,
    Row,
    Sheet,
    Tables,
    empty_tables,
    programme_rows,
    streams_of,
    value_fields,
)
from .references import Names, kind_of
from .shapes import is_text

_LINK = re.compile(r'<a (?=[^>]*linktype="(page|document)")[^>]*?\bid="(\d+)"')
#: Fields of a draft that outlines do not need.
_DRAFT_FIELDS = ("slug", "mark_terms", "unmarked_terms")


@dataclass
class StoredPage:
    """A page as it is stored and as its newest draft has it, with its blocks and its mark."""

    live: BasePage
    draft: BasePage
    mark: str = ""
    streams: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class StoredCurriculum:
    """A curriculum, its modules and its units, each in their order."""

    pages: list[StoredPage]
    writer: BlockWriter

    def of(self, model: Any) -> list[StoredPage]:
        return [page for page in self.pages if isinstance(page.draft, model)]

    @property
    def curriculum(self) -> StoredPage:
        return self.pages[0]


def read_stored(curriculum: CurriculumPage) -> StoredCurriculum:
    """All that the form needs, in a dozen queries."""
    modules = ModulePage.objects.filter(**below(curriculum, 1)).order_by("path")
    units = ModuleUnitPage.objects.filter(**below(curriculum, 2)).order_by("path")
    pages = [StoredPage(curriculum, curriculum.get_latest_revision_as_object())]
    for queryset in (modules, units):
        rows = queryset.select_related("latest_revision")
        pages += [StoredPage(page, _draft(page)) for page in rows]
    _set_marks(pages)
    keys: dict[str, set[int]] = {kind: set() for kind in ("image", "document", "concept", "page")}
    for page in pages:
        for name in page.draft.translated_streams:
            page.streams[name] = stored_blocks(page.draft, name)
            stream_block = page.draft._meta.get_field(name).stream_block
            for raw in page.streams[name]:
                _collect(stream_block.child_blocks[raw["type"]], raw["value"], keys)
    names = Names(keys, {page.live.pk: page.live.public_id for page in pages})
    return StoredCurriculum(pages, BlockWriter(names))


def _draft(page: Any) -> Any:
    draft = newest(page)
    if draft is not page:
        content = page.latest_revision.content
        for name in _DRAFT_FIELDS:
            setattr(draft, name, content.get(name, getattr(page, name)))
    return draft


def _set_marks(pages: Sequence[StoredPage]) -> None:
    """Modules are marked by their codes, units by their place; each mark stands once."""
    taken: set[str] = set()
    modules: dict[str, StoredPage] = {}
    counts: dict[str, int] = {}
    for page in pages:
        if isinstance(page.draft, ModulePage):
            wanted = page.draft.code.strip() or f"M{len(modules) + 1}"
            modules[page.live.path] = page
        elif isinstance(page.draft, ModuleUnitPage):
            parent = page.live.path[: -page.live.steplen]
            counts[parent] = counts.get(parent, 0) + 1
            wanted = f"{modules[parent].mark}.{counts[parent]}"
        else:
            continue
        page.mark = wanted
        while page.mark in taken:
            page.mark += "*"
        taken.add(page.mark)


def _collect(block: Any, value: Any, keys: dict[str, set[int]]) -> None:
    """Note the keys of everything that a stored value refers to."""
    if not value:
        return
    if is_text(block):
        for text in value.values():
            for kind, key in _LINK.findall(text or ""):
                keys[kind].add(int(key))
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            _collect(child, value.get(name), keys)
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            _collect(block.child_block, item["value"], keys)
    elif isinstance(block, blocks.ChooserBlock):
        keys[kind_of(block)].add(int(value))


# --- Cells ----------------------------------------------------------------------------------------


def field_cell(page: Any, name: str) -> str:
    """The cell of a field; choices as their keys."""
    if name == "levels":
        return ", ".join(sorted(f"{one.framework.slug}/{one.number}" for one in _levels(page)))
    value = getattr(page, name)
    if name in ("languages", "ready_languages"):
        return ", ".join(code for code in CODES if code in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "slug"):
        return str(value.slug)
    kind = page._meta.get_field(name).get_internal_type()
    if kind in ("DecimalField", "PositiveSmallIntegerField"):
        return cells.number_cell(value)
    return cells.date_cell(value).strip()


def _levels(page: CurriculumPage) -> Any:
    """The levels of a page, which a revision keeps in memory."""
    found = page.levels.all()
    return found.select_related("framework") if hasattr(found, "select_related") else found


def text_cells(page: Any, name: str) -> Mapping[str, str]:
    return {code: text.strip() for code, text in page.field_texts(name).items()}


def page_cells(page: Any) -> Cells:
    """The cells of a module or unit in its own row, without id and mark."""
    found = {
        f"{name}_{code}": text
        for name in page.translated_fields
        for code, text in text_cells(page, name).items()
    }
    return found | {name: field_cell(page, name) for name in value_fields(type(page))}


def tables_of(stored: StoredCurriculum) -> Tables:
    """The filled form."""
    tables = empty_tables()

    def add(sheet: str, row: Mapping[str, str]) -> None:
        tables[sheet].append(Row(0, {key: text for key, text in row.items() if text}))

    for row in programme_table(stored.curriculum.draft):
        add(Sheet.PROGRAMME, row)
    modules = {page.live.path: page.mark for page in stored.of(ModulePage)}
    for page in stored.of(ModulePage):
        add(Sheet.MODULES, {"id": _identity(page), "mark": page.mark, **page_cells(page.draft)})
    for page in stored.of(ModuleUnitPage):
        module = modules[page.live.path[: -page.live.steplen]]
        own = {"id": _identity(page), "module": module, "mark": page.mark}
        add(Sheet.UNITS, {**own, **page_cells(page.draft)})
    for page in stored.pages:
        for sheet, row in stream_rows(page, stored.writer):
            add(sheet, row)
    for row in _state(stored):
        add(Sheet.STATE, row)
    return tables


def empty_form(language: str) -> Tables:
    """The form of a programme that is yet to be written, in `language` first."""
    tables = empty_tables()
    rows = programme_table(CurriculumPage(source_language=language))
    tables[Sheet.PROGRAMME] = [Row(0, {k: text for k, text in row.items() if text}) for row in rows]
    tables[Sheet.STATE] = [Row(0, {"id": "version", "page": VERSION})]
    return tables


def programme_table(page: CurriculumPage) -> Iterator[Cells]:
    """The rows of the first sheet."""
    for name, label, _choices, is_text_field in programme_rows():
        cells_ = text_cells(page, name) if is_text_field else {"value": field_cell(page, name)}
        yield {"id": name, "label": str(label), **cells_}


def stream_rows(page: StoredPage, writer: BlockWriter) -> Iterator[tuple[Sheet, Cells]]:
    """(sheet, cells) of every block of a page."""
    model = type(page.draft)
    for sheet in (Sheet.TEXTS, Sheet.SUPPLIES, Sheet.LEGAL):
        for name in streams_of(model, sheet):
            for raw, block in _blocks(page, name):
                place = {"belongs": page.mark, "section": name} if sheet != Sheet.LEGAL else {}
                yield sheet, {**place, **writer.row(raw, block)}
    for name in streams_of(model, Sheet.CONTENT):
        for raw, block in _blocks(page, name):
            for row in writer.rows(raw, block):
                yield Sheet.CONTENT, {"unit": page.mark, **row}


def _blocks(page: StoredPage, name: str) -> Iterator[tuple[dict[str, Any], Any]]:
    stream_block = page.draft._meta.get_field(name).stream_block
    for raw in page.streams[name]:
        yield raw, stream_block.child_blocks[raw["type"]]


def _identity(page: StoredPage) -> str:
    """What the form knows a page by: its id, where it came from, its address."""
    return f"{page.live.public_id} {page.live.origin_id or '-'} {page.draft.slug}"


def _state(stored: StoredCurriculum) -> Iterator[Cells]:
    yield {"id": "version", "page": VERSION}
    yield {"id": "curriculum", "page": _identity(stored.curriculum)}
    yield {"id": "exported", "page": timezone.now().isoformat()}
    for page in stored.pages:
        for path, marks in sorted(page.draft.fingerprints.items()):
            yield {"id": "confirmed", "page": page.live.public_id, "path": path, **marks}
