"""What importing a filled form would do: nothing is written here.

Rows are matched with pages by the ids that the form carries in hidden columns. Modules and units
without a row stay as they are; blocks without a row go, in the draft, as they would in the editor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Revision

from centres.models import CentrePage, CentreSpace
from core.languages import CODES, fallback_chain
from core.reader import current_language
from core.translated import normalise_input

from ..models import CurriculumPage, ModulePage, ModuleUnitPage
from .block_rows import BlockReader, BlockWriter
from .differences import Change, block_changes
from .form import (
    SETTINGS,
    Problem,
    Row,
    Sheet,
    Tables,
    choices_of,
    programme_rows,
    streams_of,
    value_fields,
)
from .grouping import BlockRows, RowsOfBlocks
from .references import Known, Names
from .stored import (
    StoredCurriculum,
    StoredPage,
    field_cell,
    read_stored,
    text_cells,
)
from .values import parsed

_IDENTITY = re.compile(r"[0-9a-z]{10} (-|[0-9a-z]{10}) [-\w]{1,255}")
MAX_MODULES = 200
MAX_UNITS = 1000


@dataclass(eq=False)
class PagePlan:
    """A page as the form has it: the values and blocks to be set, and how they differ."""

    row: Row
    sheet: Sheet
    model: Any
    mark: str
    stored: StoredPage | None = None
    module: PagePlan | None = None
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.stored is None

    @property
    def identity(self) -> list[str]:
        """Public id, origin and slug as the form has them, empty strings for a new row."""
        return self.row["id"].split(" ") if _IDENTITY.fullmatch(self.row["id"]) else ["", "", ""]

    @property
    def title(self) -> str:
        codes = fallback_chain(current_language())
        names = [self.texts.get(f"name_{code}", "") for code in codes]
        name = next(filter(None, names), "") or self.mark
        return f"{self.values.get('code', '')} {name}".strip()


@dataclass
class Plan:
    """The pages of a form in their order, the curriculum first; `kept` have no row in it."""

    pages: list[PagePlan]
    kept: list[StoredPage]
    problems: list[Problem]
    notes: list[str]
    stored: StoredCurriculum | None
    reader: PlanReader

    @property
    def added(self) -> list[PagePlan]:
        return [page for page in self.pages if page.is_new]

    @property
    def changed(self) -> list[PagePlan]:
        return [page for page in self.pages if not page.is_new and page.changes]


def make_plan(
    tables: Tables,
    faults: Sequence[Problem],
    centre: CentrePage,
    curriculum: CurriculumPage | None,
    user: Any,
) -> Plan:
    """The plan of a form for a new programme of `centre`, or for one that it has."""
    stored = read_stored(curriculum) if curriculum else None
    return PlanReader(tables, list(faults), centre, stored, user).plan()


class PlanReader:
    """Reads the tables of a form against what is stored."""

    def __init__(
        self,
        tables: Tables,
        problems: list[Problem],
        centre: CentrePage,
        stored: StoredCurriculum | None,
        user: Any,
    ) -> None:
        self.tables, self.problems, self.stored, self.user = tables, problems, stored, user
        self.notes: list[str] = []
        space = CentreSpace.objects.filter(centre=centre).select_related("collection").first()
        content = tables[Sheet.CONTENT]
        self.known = Known(user, space.collection if space else None, content)
        nothing: dict[str, set[int]] = {k: set() for k in ("image", "document", "concept", "page")}
        writer = stored.writer if stored else BlockWriter(Names(nothing, {}))
        self.blocks = BlockReader(self.known, writer, self._block_fault)
        self._sheet = Sheet.TEXTS
        self._rows = RowsOfBlocks(tables, self.fault)
        self._frozen = {(p.sheet, p.row, p.column) for p in problems}

    def fault(self, sheet: str, row: Row | int, column: str, message: str) -> None:
        number = row if isinstance(row, int) else row.number
        # A cell that could not be read is not complained of again.
        if (sheet, number, column) not in self._frozen:
            self.problems.append(Problem(sheet, number, column, message))

    def _block_fault(self, row: Row, column: str, message: str) -> None:
        self.fault(self._sheet, row, column, message)

    # --- Pages ---------------------------------------------------------------------------------

    def plan(self) -> Plan:
        self._check_origin()
        curriculum = self._curriculum()
        modules = self._pages(Sheet.MODULES, ModulePage, MAX_MODULES)
        units = self._pages(Sheet.UNITS, ModuleUnitPage, MAX_UNITS)
        self._place_units(modules, units)
        self._set_marks(modules, units)
        pages = [curriculum, *modules, *units]
        for page in pages:
            self._known_page(page)
        kept = self._kept(pages)
        self._check_codes(modules, kept)
        self._check_marks(pages)
        for page in pages:
            self.read_streams(page)
        self._check_conflicts(pages)
        self.problems.sort(key=lambda p: (list(Sheet).index(Sheet(p.sheet)), p.row))
        return Plan(pages, kept, self.problems, self.notes, self.stored, self)

    def _known_page(self, page: PagePlan) -> None:
        if page.stored:
            self.known.pages[page.identity[0]] = page.stored.live.pk
        elif page.identity[0]:
            # The key of a page that is yet to be made comes in a second reading.
            self.known.pages.setdefault(page.identity[0], 0)

    def _check_origin(self) -> None:
        facts = {row["id"]: row for row in self.tables[Sheet.STATE]}
        self.origin = (facts["curriculum"]["page"] if "curriculum" in facts else "").split(" ")
        self.exported = parse_datetime(facts["exported"]["page"]) if "exported" in facts else None
        if self.stored and self.origin[0] != self.stored.curriculum.live.public_id:
            message = _(
                "This form was not exported from this programme. Export its form first, or import "
                "this one at the centre as a programme of its own."
            )
            self.fault(Sheet.PROGRAMME, 3, "", message)

    def _curriculum(self) -> PagePlan:
        rows = {row["id"]: row for row in self.tables[Sheet.PROGRAMME]}
        identity = Row(0, {"id": " ".join(self.origin)})
        stored = self.stored.curriculum if self.stored else None
        page = PagePlan(identity, Sheet.PROGRAMME, CurriculumPage, "", stored)
        for name, _label, _choices, is_text in programme_rows():
            row = rows.pop(name, None)
            if row is None:
                message = _("The row “%(row)s” of the first sheet is missing.")
                self.fault(Sheet.PROGRAMME, 3, "", message % {"row": _label})
                continue
            if is_text:
                for code in CODES:
                    self._text(page, row, f"{name}_{code}", code)
            else:
                self._value(page, row, name, "value")
        for row in rows.values():
            self.fault(Sheet.PROGRAMME, row, "", _("The form has no such row."))
        if not page.texts.get(f"name_{page.values.get('source_language')}"):
            row = next((r for r in self.tables[Sheet.PROGRAMME] if r["id"] == "name"), Row(3))
            self.fault(Sheet.PROGRAMME, row, "", _("The name in the source language is missing."))
        return page

    def _pages(self, sheet: Sheet, model: Any, most: int) -> list[PagePlan]:
        stored = {}
        if self.stored:
            stored = {page.live.public_id: page for page in self.stored.of(model)}
        defaults = self._defaults()
        found = []
        for row in self.tables[sheet]:
            page = PagePlan(row, sheet, model, row["mark"])
            # A copied row is a new page: the first one keeps the id.
            page.stored = stored.pop(page.identity[0], None)
            if page.is_new:
                page.row = row = Row(row.number, {**defaults, **row.cells})
            for name in model.translated_fields:
                for code in CODES:
                    self._text(page, row, f"{name}_{code}", f"{name}_{code}")
            for name in value_fields(model):
                self._value(page, row, name, name)
            source = row["source_language"]
            if not page.texts.get(f"name_{source}"):
                message = _("The name in the source language is missing.")
                self.fault(sheet, row, f"name_{source}", message)
            found.append(page)
        if len(found) > most:
            message = _("There are more than %(most)s rows.")
            self.fault(sheet, found[most].row, "", message % {"most": most})
        return found

    def _defaults(self) -> dict[str, str]:
        """What a new row need not say: the languages are those of the programme."""
        rows = {row["id"]: row["value"] for row in self.tables[Sheet.PROGRAMME]}
        kept = {name: rows.get(name, "") for name in SETTINGS if name != "unmarked_terms"}
        return {**kept, "kind": str(ModulePage.Kind.MODULE), **dict.fromkeys(_ZEROS, "0")}

    def _place_units(self, modules: Sequence[PagePlan], units: Sequence[PagePlan]) -> None:
        by_mark = {page.mark or page.values.get("code", ""): page for page in modules}
        for unit in units:
            unit.module = by_mark.get(unit.row["module"])
            if unit.module is None:
                message = _("No module has the mark “%(mark)s”.")
                told = message % {"mark": unit.row["module"]}
                self.fault(Sheet.UNITS, unit.row, "module", told)
            elif unit.stored and self._module_of(unit) != unit.module.identity[0]:
                message = _("A unit stays in its module. Move its page instead.")
                self.fault(Sheet.UNITS, unit.row, "module", message)

    def _module_of(self, unit: PagePlan) -> str:
        assert self.stored is not None and unit.stored is not None  # noqa: S101 — it was found there
        above = unit.stored.live.path[: -unit.stored.live.steplen]
        found = (m.live.public_id for m in self.stored.of(ModulePage) if m.live.path == above)
        return next(found, "")

    def _set_marks(self, modules: Sequence[PagePlan], units: Sequence[PagePlan]) -> None:
        counts: Counter[str] = Counter()
        for page in modules:
            page.mark = page.mark or page.values.get("code", "")
        for page in units:
            counts[page.row["module"]] += 1
            page.mark = page.mark or f"{page.row['module']}.{counts[page.row['module']]}"
        taken: set[str] = set()
        for page in [*modules, *units]:
            if page.mark in taken:
                message = _("The mark “%(mark)s” stands twice.")
                self.fault(page.sheet, page.row, "mark", message % {"mark": page.mark})
            taken.add(page.mark)

    def _kept(self, pages: Sequence[PagePlan]) -> list[StoredPage]:
        if not self.stored:
            return []
        said = {page.stored.live.pk for page in pages if page.stored}
        return [page for page in self.stored.pages if page.live.pk not in said]

    # --- Cells of pages ------------------------------------------------------------------------

    def _text(self, page: PagePlan, row: Row, name: str, column: str) -> None:
        field_ = page.model._meta.get_field(name)
        field_name, code = name[:-3], name[-2:]
        old = text_cells(page.stored.draft, field_name)[code] if page.stored else ""
        text = row[column]
        if page.stored and text == old:
            page.texts[name] = page.stored.draft.field_texts(field_name)[code]
            return
        text = normalise_input(text)
        if not isinstance(field_, models.TextField):
            text = " ".join(text.split())
        limit = field_.max_length
        if limit and len(text) > limit:
            message = _("At most %(limit)s characters.")
            self.fault(page.sheet, row, column, message % {"limit": limit})
        page.texts[name] = text
        if page.stored:
            label = self._label(page.model, field_name, row)
            page.changes.append(Change(f"{label} ({code})", old, text))

    def _value(self, page: PagePlan, row: Row, name: str, column: str) -> None:
        old = field_cell(page.stored.draft, name) if page.stored else ""
        cell = row[column]
        if page.stored and cell == old:
            page.values[name] = self._stored_value(page.stored.draft, name)
            return
        try:
            page.values[name] = parsed(page.model, name, cell)
        except ValidationError as error:
            self.fault(page.sheet, row, column, " ".join(error.messages))
            page.values.setdefault(name, None)
            return
        if page.stored:
            choices = choices_of(page.model, name) or {}
            old, cell = str(choices.get(old, old)), str(choices.get(cell, cell))
            page.changes.append(Change(self._label(page.model, name, row), old, cell))

    @staticmethod
    def _stored_value(page: Any, name: str) -> Any:
        value = getattr(page, name)
        return list(value.all()) if name == "levels" else value

    @staticmethod
    def _label(model: Any, name: str, row: Row) -> str:
        try:
            return capfirst(str(model._meta.get_field(name).verbose_name))
        except FieldDoesNotExist:
            return name

    # --- Blocks --------------------------------------------------------------------------------

    def read_streams(self, page: PagePlan) -> None:
        """Read the blocks of a page from their rows; what they change is noted once."""
        self.blocks.start_page()
        for name in page.model.translated_streams:
            stream_block = page.model._meta.get_field(name).stream_block
            old = page.stored.streams[name] if page.stored else []
            by_id = {raw["id"]: raw for raw in old}
            made = []
            for rows in self._rows.of(page.mark, name):
                self._sheet = rows.sheet
                raw = self._block(rows, stream_block, by_id)
                if raw is not None:
                    made.append(raw)
            page.streams[name] = made
            if page.stored and made != old:
                label = self._label(page.model, name, page.row)
                page.changes += block_changes(label, old, made)

    def _block(self, rows: BlockRows, stream_block: Any, by_id: dict[str, Any]) -> Any:
        first = rows.rows[0]
        kind = first["block"] or next(iter(stream_block.child_blocks))
        block = stream_block.child_blocks.get(kind)
        if block is None:
            self.fault(rows.sheet, first, "block", _("There is no such kind of block."))
            return None
        base = by_id.pop(first["id"], None)
        if base is not None and base["type"] != kind:
            base = None
        if rows.sheet == Sheet.CONTENT:
            return self.blocks.block(rows.rows, kind, block, base)
        return self.blocks.single(first, kind, block, base)

    # --- Checks of the whole -------------------------------------------------------------------

    def _check_codes(self, modules: Sequence[PagePlan], kept: Sequence[StoredPage]) -> None:
        """Codes stand once, and no module waits for itself."""
        before: dict[str, set[str]] = {}
        rows: dict[str, Row] = {}
        for page in kept:
            if isinstance(page.draft, ModulePage) and page.draft.code:
                before[page.draft.code] = set(page.draft.prerequisite_codes)
        for module in modules:
            code = module.values.get("code") or ""
            if code and code in before:
                message = _("The code %(code)s stands twice.")
                self.fault(Sheet.MODULES, module.row, "code", message % {"code": code})
            elif code:
                named = module.values.get("prerequisites") or ""
                before[code] = {part.strip() for part in named.split(",") if part.strip()}
                rows[code] = module.row
        for code, row in rows.items():
            if unknown := sorted(before[code] - set(before)):
                message = _("The programme has no module %(code)s.")
                told = message % {"code": ", ".join(unknown)}
                self.fault(Sheet.MODULES, row, "prerequisites", told)
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            loop = [code for code in error.args[1] if code in rows]
            message = _("These modules wait for each other: %(codes)s.")
            told = message % {"codes": " → ".join(reversed(error.args[1]))}
            self.fault(Sheet.MODULES, rows[loop[0]] if loop else 3, "prerequisites", told)

    def _check_marks(self, pages: Sequence[PagePlan]) -> None:
        """Every row belongs to a page that the form has, and to a section that the page has."""
        by_mark = {page.mark: page for page in reversed(pages)}
        for sheet, row, mark, name in self._rows.places():
            column = "unit" if sheet == Sheet.CONTENT else "belongs"
            page = by_mark.get(mark)
            if page is None:
                message = _("No module and no unit has the mark “%(mark)s”.")
                self.fault(sheet, row, column, message % {"mark": mark})
            elif name not in streams_of(page.model, sheet):
                if sheet == Sheet.CONTENT:
                    self.fault(sheet, row, column, _("Teaching content belongs to a unit."))
                else:
                    told = _("There is no such section here.")
                    self.fault(sheet, row, "section", told)

    def _check_conflicts(self, pages: Sequence[PagePlan]) -> None:
        """What somebody else changed since the form was exported must not be undone by it."""
        changed = [page for page in pages if page.stored and page.changes]
        if not changed or self.exported is None:
            return
        keys = {str(page.stored.live.pk): page for page in changed if page.stored}
        revisions = Revision.page_revisions.filter(
            object_id__in=keys, created_at__gt=self.exported
        ).exclude(user=self.user)
        for key in set(revisions.values_list("object_id", flat=True)):
            page = keys[key]
            message = _(
                "“%(page)s” was changed by somebody else after this form was exported. Export it "
                "again and make your changes there."
            )
            row = page.row.number or 3
            self.fault(page.sheet, row, "", message % {"page": page.title})


_ZEROS = ("hours_theory", "hours_practice", "hours_test", "hours_company")
