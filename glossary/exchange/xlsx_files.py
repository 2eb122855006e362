"""XLSX: text cells only, written in constant memory and byte for byte the same."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from .errors import ExchangeError, Problem
from .tables import MAX_COLUMNS, MAX_ROWS

# Every export of the same glossary is the same file.
CREATED = datetime(2026, 1, 1)
MAX_UNPACKED = 600 * 1024 * 1024
MAX_MEMBERS = 500
MAX_RATIO = 200
_LIVE = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_WIDTHS = {"term": 30, "definition_lo": 40, "definition_vi": 40, "definition_en": 40}


def write_xlsx(rows: Iterable[Sequence[str]], target: IO[bytes], header: Sequence[str]) -> None:
    """Write rows of text below a fixed header; no cell is a live formula."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    workbook.set_properties({"title": "Mittaphap", "created": CREATED})
    sheet = workbook.add_worksheet("glossary")
    bold = workbook.add_format({"bold": True})
    # Keeps the text a text when the sheet is saved as CSV from a spreadsheet.
    quoted = workbook.add_format({"quote_prefix": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        if number >= MAX_ROWS:
            workbook.close()
            raise ExchangeError(_("Too many rows for a spreadsheet. Export as CSV or TBX."))
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell, quoted if _LIVE.match(cell) else None)
    workbook.close()


def read_xlsx_rows(path: Path) -> Iterator[tuple[int, list[str], list[Problem]]]:
    """(row number, cells, problems) of the first sheet; a formula is a problem of its row."""
    inspect_archive(path)
    # Opened here: a path without the right ending, as uploads have it, is refused unread.
    with path.open("rb") as file:
        yield from _rows(file)


def _rows(file: IO[bytes]) -> Iterator[tuple[int, list[str], list[Problem]]]:
    try:
        workbook = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        raise ExchangeError(_("The workbook is damaged. Save it again as XLSX.")) from error
    try:
        sheet: Any = workbook.worksheets[0] if workbook.worksheets else None
        if sheet is None:
            raise ExchangeError(_("The workbook has no sheet."))
        # The size a file claims for its sheet may be wrong, or a trap.
        sheet.reset_dimensions()
        first = next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS), ())
        names = [_text(cell) for cell in first]
        while names and not names[-1]:
            names.pop()
        # One column more than the header has, to notice cells that stand beside the table.
        rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=len(names) + 1)
        for number, row in enumerate(rows, start=1):
            yield number, [_text(cell) for cell in row], _formulas(number, row, names)
    except ExchangeError:
        raise
    except Exception as error:
        # openpyxl raises whatever a broken part leads it to: KeyError, ValueError, ParseError …
        raise ExchangeError(_("The workbook is damaged. Save it again as XLSX.")) from error
    finally:
        workbook.close()


def _text(cell: Any) -> str:
    value = cell.value
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


def _formulas(number: int, row: Sequence[Any], names: Sequence[str]) -> list[Problem]:
    message = _("This is a formula. Put its result there as text.")
    return [
        Problem(number, names[column] if column < len(names) else "", message)
        for column, cell in enumerate(row)
        if getattr(cell, "data_type", "") == "f"
    ]


def inspect_archive(path: Path) -> None:
    """Refuse an archive that is no workbook, or unpacks to more than any glossary needs."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
                raise ExchangeError(_("The workbook unpacks to too much. Split it."))
            for member in members:
                if member.file_size > MAX_RATIO * max(member.compress_size, 10_000):
                    raise ExchangeError(_("The workbook unpacks to too much. Split it."))
            if "[Content_Types].xml" not in archive.namelist():
                raise ExchangeError(_("This is no XLSX workbook."))
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        refuse_declarations(part)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise ExchangeError(_("The workbook is damaged. Save it again as XLSX.")) from error


class _RootFound(Exception):
    """The prolog is over."""


def refuse_declarations(source: IO[bytes]) -> None:
    """Read an XML file as far as its first element; refuse entities and declarations of its own.

    A plain `<!DOCTYPE martif SYSTEM "…">`, which TBX v2 prescribes, passes: it is never fetched.
    """
    parser = expat.ParserCreate()

    def on_doctype(name: str, system: str | None, public: str | None, has_subset: int) -> None:
        if has_subset:
            raise ExchangeError(
                _("The file declares entities or types of its own (DOCTYPE). Take these out.")
            )

    def on_element(name: str, attributes: dict[str, str]) -> None:
        raise _RootFound

    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_element
    try:
        for _number in range(64):
            chunk = source.read(4096)
            parser.Parse(chunk, not chunk)
            if not chunk:
                return
    except _RootFound:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ExchangeError(_("The file is no valid XML in UTF-8 or UTF-16.")) from error
    raise ExchangeError(_("The file has no content where it should begin."))
