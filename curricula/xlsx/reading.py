"""The XLSX file of a form → its tables. Files come from anywhere: everything has a bound."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from core.languages import CODES
from core.translated import normalise_input
from glossary.exchange.errors import ExchangeError
from glossary.exchange.xlsx_files import inspect_archive

from .cells import date_text, number_cell, number_text
from .form import (
    MAX_CELL,
    SHEET_NAMES,
    VERSION,
    Column,
    FormError,
    Problem,
    Row,
    Sheet,
    Tables,
    columns,
    empty_tables,
    programme_rows,
)
from .writing import HEAD

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
#: Rows that hold something, on all sheets; and rows at all, which spreadsheets like to leave.
MAX_ROWS = 40_000
MAX_ROW_ELEMENTS = 90_000
MAX_PROBLEMS = 500
MAX_SHEETS = 40
#: The last row that the format knows; LibreOffice mentions it, empty.
LAST_ROW = 1_048_576

#: Column → label in any language, or key → key.
_Labels = Mapping[str, Mapping[str, str]]


def read_form(path: Path) -> tuple[Tables, list[Problem]]:
    """The tables of a form and what is wrong with single cells. Raises FormError."""
    _inspect(path)
    # Opened here: a path without the right ending is refused unread.
    with path.open("rb") as file:
        try:
            workbook = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            return _Reader().read(workbook)
        except FormError:
            raise
        except Exception as error:
            # openpyxl raises whatever a broken part leads it to: KeyError, ValueError, ParseError …
            raise FormError(_damaged()) from error


def _damaged() -> str:
    return _("The workbook is damaged. Save it again as XLSX.")


def _inspect(path: Path) -> None:
    """Refuse what is no workbook, unpacks to too much, or has more rows than any programme."""
    if path.stat().st_size > MAX_BYTES:
        limit = f"{MAX_BYTES // (1024 * 1024)} MB"
        raise FormError(_("The file is larger than %(limit)s.") % {"limit": limit})
    try:
        inspect_archive(path)
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise FormError(_("The workbook unpacks to too much."))
            rows = 0
            for member in archive.infolist():
                if member.filename.startswith("xl/worksheets/"):
                    with archive.open(member) as part:
                        rows += _count_rows(part)
                if rows > MAX_ROW_ELEMENTS:
                    raise FormError(_too_many_rows())
    except ExchangeError as error:
        raise FormError(str(error)) from error
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise FormError(_damaged()) from error


def _count_rows(part: Any) -> int:
    """The rows of a sheet, counted without reading them; it ends at too many."""
    found, rest = 0, b""
    while found <= MAX_ROW_ELEMENTS and (chunk := part.read(1 << 20)):
        chunk = rest + chunk
        found += chunk.count(b"<row ") + chunk.count(b"<row>")
        rest = chunk[-4:]
    return found


def _too_many_rows() -> str:
    message = _("The file has more than %(rows)s rows: that is no training programme.")
    return message % {"rows": MAX_ROWS}


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.rows = 0

    def read(self, workbook: Any) -> tuple[Tables, list[Problem]]:
        if len(workbook.worksheets) > MAX_SHEETS:
            raise FormError(_("This is not the form of a programme: download the form first."))
        tables = empty_tables()
        found = set()
        for worksheet in workbook.worksheets:
            # The size a file claims for its sheet may be wrong, or a trap.
            worksheet.reset_dimensions()
            head = next(worksheet.iter_rows(max_row=1, max_col=80), ())
            keys = [cell_text(cell.value) for cell in head]
            first, _colon, sheet = (keys[0] if keys else "").partition(":")
            if first != "id" or sheet not in set(Sheet):
                continue
            if sheet in found:
                message = _("The sheet “%(sheet)s” stands twice.")
                raise FormError(message % {"sheet": SHEET_NAMES[Sheet(sheet)]})
            found.add(sheet)
            tables[sheet] = list(self._sheet(sheet, ["id", *keys[1:]], worksheet))
        if not found:
            raise FormError(_("This is not the form of a programme: download the form first."))
        if missing := [sheet for sheet in Sheet if sheet not in found]:
            message = _("A sheet of the form is missing: %(sheet)s.")
            raise FormError(message % {"sheet": SHEET_NAMES[missing[0]]})
        _check_version(tables)
        return tables, self.problems

    def _sheet(self, sheet: str, keys: list[str], worksheet: Any) -> Iterator[Row]:
        expected = {column.key: column for column in columns(sheet)}
        for key, column in expected.items():
            if keys.count(key) != 1:
                message = _("The column “%(column)s” of the sheet “%(sheet)s” is missing.")
                told = {"column": column.label or key, "sheet": SHEET_NAMES[Sheet(sheet)]}
                raise FormError(message % told)
        labels = _labels(sheet)
        width = max(keys.index(key) for key in expected) + 1
        rows = worksheet.iter_rows(min_row=HEAD + 1, max_col=width)
        for number, row in enumerate(rows, start=HEAD + 1):
            # openpyxl fills gaps: a row that says it is number 4,000,000,000 would take hours.
            if number > LAST_ROW:
                raise FormError(_too_many_rows())
            cells: dict[str, str] = {}
            for key, cell in zip(keys, row, strict=False):
                if key not in expected or key == "total" or cell.value is None:
                    continue
                if text := self._cell(sheet, number, expected[key], cell):
                    cells[key] = text
            if not cells:
                continue
            self.rows += 1
            if self.rows > MAX_ROWS:
                raise FormError(_too_many_rows())
            if len(self.problems) > MAX_PROBLEMS:
                raise FormError(_("Too much is wrong in this file. Was it really the form?"))
            _name_choices(sheet, cells, labels)
            yield Row(number, cells)

    def _cell(self, sheet: str, number: int, column: Column, cell: Any) -> str:
        text = normalise_input(cell_text(cell.value)).strip()
        if getattr(cell, "data_type", "") == "f":
            message = _("This is a formula. Put its result there as text.")
            self.problems.append(Problem(sheet, number, column.key, message))
        elif getattr(cell, "data_type", "") == "e":
            self.problems.append(Problem(sheet, number, column.key, _("The cell has an error.")))
        elif len(text) > MAX_CELL:
            text = text[:MAX_CELL]
            self.problems.append(Problem(sheet, number, column.key, _("The text is too long.")))
        if column.is_number:
            return number_cell(number_text(text))
        return date_text(text) if column.key == "date" else text


def cell_text(value: Any) -> str:
    """What stands in a cell, as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        # openpyxl leaves the format's escapes (_x000A_) in the text of a cell.
        return unescape(value) if "_x" in value else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check_version(tables: Tables) -> None:
    versions = [row["page"] for row in tables[Sheet.STATE] if row["id"] == "version"]
    if versions != [VERSION]:
        raise FormError(_("This form is of another version of the site: download it again."))


# --- Choices --------------------------------------------------------------------------------------


def _labels(sheet: str) -> _Labels:
    """Column (of the programme: row) → what may stand there in any language → its key."""
    found: dict[str, dict[str, str]] = {}
    for code in CODES:
        with override(code):
            if sheet == Sheet.PROGRAMME:
                pairs = [(name, choices) for name, _label, choices, _is_text in programme_rows()]
            else:
                pairs = [(column.key, column.choices) for column in columns(sheet)]
            for name, choices in pairs:
                for key, label in (choices or {}).items():
                    found.setdefault(name, {}).setdefault(str(label).casefold(), key)
    return found


def _name_choices(sheet: str, cells: dict[str, str], labels: _Labels) -> None:
    """Put the key of a choice in the place of its label; what is no choice stays."""
    for name, cell in _choice_cells(sheet, cells):
        if known := labels.get(name):
            cells["value" if sheet == Sheet.PROGRAMME else name] = known.get(cell.casefold(), cell)


def _choice_cells(sheet: str, cells: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    if sheet == Sheet.PROGRAMME:
        return [(cells.get("id", ""), cells.get("value", ""))] if "value" in cells else []
    if sheet == Sheet.CONTENT:
        # Parts have one label in several blocks, which differ in their keys.
        return [item for item in cells.items() if item[0] in ("block", "part", "value")]
    return list(cells.items())
