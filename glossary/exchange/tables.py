"""Records as rows of a table, one row a term: what CSV and XLSX have in common.

Every row repeats the columns of its concept, so that a reader may sort and filter the rows in a
spreadsheet and nothing is torn apart: rows belong together by `concept_id`, wherever they stand.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from core.languages import CODES

from .entries import MAX_TERMS, PUBLIC_ID, Entry, checked
from .errors import ExchangeError, Problem
from .records import ConceptRecord, TermRecord

# Column → field, in the order of the exported table.
CONCEPT_COLUMNS = {
    "concept_id": "public_id",
    "version": "version",
    "trades": "trades",
    "safety": "is_safety",
    "definition_lo": "definition_lo",
    "definition_vi": "definition_vi",
    "definition_en": "definition_en",
    "definition_source": "definition_source",
    "definition_checked": "definition_checked",
    "broader": "broader",
    "related": "related",
    "image": "image",
    "source_language": "source_language",
    "languages": "languages",
    "ready_languages": "ready_languages",
    "origin_id": "origin_id",
}
TERM_COLUMNS = {
    "term_id": "public_id",
    "language": "language",
    "term": "text",
    "status": "status",
    "type": "type",
    "part_of_speech": "part_of_speech",
    "classifier": "classifier",
    "example_lo": "example_lo",
    "example_vi": "example_vi",
    "example_en": "example_en",
    "pronunciation": "pronunciation",
    "pronunciation_scheme": "pronunciation_scheme",
    "region": "region",
    "source": "source",
    "sort_as": "sort_as",
    "recording": "recording",
    "review": "review_state",
    "reviewed_by": "reviewed_by",
    "reviewed_on": "reviewed_on",
}
# The term stands early, where a reader looks for it.
_FIRST = ("concept_id", "term_id", "language", "term", "status")
COLUMNS: tuple[str, ...] = (
    *_FIRST,
    *(name for name in (*TERM_COLUMNS, *CONCEPT_COLUMNS) if name not in _FIRST),
)
REQUIRED = ("concept_id", "language", "term")
# The column that a file with its errors marked carries; an import passes over it.
PROBLEM_COLUMN = "problem"
LISTS = {"trades", "definition_checked", "broader", "related", "languages", "ready_languages"}
MAX_ROWS = 1_048_576  # A spreadsheet's own limit.
MAX_COLUMNS = 200
_SEPARATORS = re.compile(r"[;,\s]+")
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"no", "n", "false", "0", ""}


def rows_of(record: ConceptRecord) -> Iterator[list[str]]:
    """The rows of one concept, in the order of COLUMNS; a concept without terms has one."""
    concept = {name: _cell(getattr(record, field)) for name, field in CONCEPT_COLUMNS.items()}
    for term in record.terms or (None,):
        cells = dict(concept)
        if term is not None:
            for name, field in TERM_COLUMNS.items():
                cells[name] = getattr(term, field) or ""
        yield [cells.get(name, "") for name in COLUMNS]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else value or ""


class Header:
    """The first row of a table: which column stands where."""

    def __init__(self, cells: Sequence[str]) -> None:
        names = [cell.strip().lower() for cell in cells]
        while names and not names[-1]:
            names.pop()
        missing = [name for name in REQUIRED if name not in names]
        if missing:
            raise ExchangeError(
                _("These columns are missing: %(names)s. The first row must name the columns.")
                % {"names": ", ".join(missing)}
            )
        doubles = sorted({name for name in names if name and names.count(name) > 1})
        if doubles:
            raise ExchangeError(
                _("These columns stand twice: %(names)s.") % {"names": ", ".join(doubles)[:300]}
            )
        self.width = len(names)
        self.positions = {name: number for number, name in enumerate(names) if name in COLUMNS}
        self.concept = [name for name in CONCEPT_COLUMNS if name in self.positions]
        self.terms = [name for name in TERM_COLUMNS if name in self.positions]
        known = {*COLUMNS, PROBLEM_COLUMN, ""}
        #: Columns that no import reads, to be named to whoever sent the file.
        self.unknown = [name[:60] for name in names if name not in known]


class TableReader:
    """Entries of a table whose rows are lists of text. `notes` say what is passed over."""

    def __init__(self, rows: Iterable[tuple[int, Sequence[str], Sequence[Problem]]]) -> None:
        """`rows` are (number in the file, cells, problems with single cells)."""
        self._rows = iter(rows)
        first = next(self._rows, None)
        if first is None:
            raise ExchangeError(_("The file is empty."))
        self.header = Header(first[1])
        self.notes: list[str] = []
        if self.header.unknown:
            self.notes.append(
                _("These columns are not known and are left out: %(names)s.")
                % {"names": ", ".join(self.header.unknown)[:300]}
            )

    def __iter__(self) -> Iterator[Entry]:
        """One entry for each run of rows with the same concept_id."""
        run: _Run | None = None
        for number, cells, problems in self._rows:
            if number > MAX_ROWS:
                raise ExchangeError(
                    _("More than %(limit)s rows. Split the file.") % {"limit": f"{MAX_ROWS:,}"}
                )
            if not any(cell.strip() for cell in cells):
                continue
            row = {n: cells[p] if p < len(cells) else "" for n, p in self.header.positions.items()}
            problems = list(problems)
            if any(cell.strip() for cell in cells[self.header.width :]):
                message = _("There are more cells than columns: is a quotation mark missing?")
                problems.append(Problem(number, "", message))
            if run is None or not run.takes(row):
                if run is not None:
                    yield run.entry()
                run = _Run(number, row, self.header)
            run.add(number, row, problems)
        if run is not None:
            yield run.entry()


class _Run:
    """Rows of one concept that stand together."""

    def __init__(self, number: int, row: dict[str, str], header: Header) -> None:
        self.number = number
        self.header = header
        self.id = row["concept_id"].strip()
        self.cells = self._concept_cells(row)
        self.problems: list[Problem] = []
        self.terms: list[TermRecord] = []
        self.places: list[int] = []
        self.record = self._concept(row)
        if not self.id:
            message = _(
                "Give the concept a concept_id: the exported one, or for a new concept any "
                "name of your own, the same in all its rows."
            )
            self.problems.append(Problem(number, "concept_id", message))

    def _concept_cells(self, row: dict[str, str]) -> tuple[str, ...]:
        return tuple(row[name].strip() for name in self.header.concept)

    def takes(self, row: dict[str, str]) -> bool:
        return bool(self.id) and row["concept_id"].strip() == self.id

    def add(self, number: int, row: dict[str, str], problems: Sequence[Problem]) -> None:
        """Take one more row of the concept."""
        self.problems += problems
        cells = self._concept_cells(row)
        if cells != self.cells and any(cells[1:]):
            for name, mine, first in zip(self.header.concept, cells, self.cells, strict=True):
                if mine != first:
                    message = _("This differs from row %(row)s, which is of the same concept.")
                    self.problems.append(Problem(number, name, message % {"row": self.number}))
        # `checked` refuses a concept with too many terms, so no more of them need be kept.
        if len(self.terms) <= MAX_TERMS and any(row[n].strip() for n in self.header.terms):
            self.terms.append(self._term(row))
            self.places.append(number)

    def _concept(self, row: dict[str, str]) -> ConceptRecord:
        values: dict[str, Any] = {}
        for name in self.header.concept:
            field, text = CONCEPT_COLUMNS[name], row[name]
            values[field] = self._value(name, text)
        if not PUBLIC_ID.fullmatch(self.id):
            values |= {"public_id": "", "label": self.id[:100]}
        # Blank language lists would hide a concept from everybody; they say nothing instead.
        for field in ("source_language", "languages", "ready_languages"):
            values[field] = values.get(field) or None
        return ConceptRecord(**values)

    def _value(self, name: str, text: str) -> Any:
        if name == "safety":
            word = text.strip().lower()
            if word not in _YES | _NO:
                self.problems.append(Problem(self.number, name, _("Write yes or no.")))
            return word in _YES
        if name in LISTS:
            parts = tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))
            if name in {"languages", "ready_languages", "definition_checked"}:
                known = tuple(code for code in CODES if code in parts)
                return known + tuple(part for part in parts if part not in CODES)
            return tuple(sorted(parts)) if name == "trades" else parts
        return text.strip()

    def _term(self, row: dict[str, str]) -> TermRecord:
        values: dict[str, Any] = {TERM_COLUMNS[n]: row[n].strip() for n in self.header.terms}
        values["language"] = values["language"].lower()
        # A choice left blank in a row says nothing: new terms get the usual one.
        for field in ("status", "type", "part_of_speech", "review_state"):
            values[field] = values.get(field) or None
        return TermRecord(**values)

    def entry(self) -> Entry:
        """The concept with all rows of the run, checked."""
        record = replace(self.record, terms=tuple(self.terms))
        return checked(Entry(self.number, record, tuple(self.problems)), self.places)
