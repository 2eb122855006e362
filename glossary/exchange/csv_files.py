"""CSV: RFC 4180 with a byte order mark, so that a spreadsheet knows it for UTF-8."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from .errors import ExchangeError, Problem
from .tables import COLUMNS

# A spreadsheet runs a cell that starts like this. An apostrophe before it keeps it text, and one
# more where there is one already keeps the way back unambiguous.
_LIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_SAMPLE = 64 * 1024
MAX_FIELD = 100_000
BATCH = 1000


def guard(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _LIVE.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def csv_chunks(rows: Iterable[Sequence[str]], header: Sequence[str]) -> Iterator[bytes]:
    """Rows of text below a header as UTF-8 CSV, some at a time; no cell is a live formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    yield codecs.BOM_UTF8
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        writer.writerows([guard(cell) for cell in row] for row in batch)
        yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    """What was written so far; the buffer is empty afterwards."""
    data = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return data


def read_csv_rows(path: Path) -> Iterator[tuple[int, list[str], list[Problem]]]:
    """(row number, cells, no problems) of a CSV file in UTF-8 or UTF-16, whatever separates it."""
    encoding = _encoding(path)
    csv.field_size_limit(MAX_FIELD)
    with path.open(encoding=encoding, newline="") as file:
        try:
            reader = csv.reader(file, delimiter=_delimiter(path, encoding), strict=True)
            for number, row in enumerate(reader, start=1):
                yield number, [unguard(cell) for cell in row], []
        except UnicodeError as error:
            raise ExchangeError(_wrong_encoding()) from error
        except csv.Error as error:
            raise ExchangeError(
                _("The file is no valid CSV near line %(line)s: is a quotation mark missing?")
                % {"line": reader.line_num}
            ) from error


def _wrong_encoding() -> str:
    return _("The file is not in UTF-8. In the spreadsheet choose “CSV UTF-8” when you save it.")


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start[:2000]:
        # UTF-16 without a mark: the header is ASCII, so every other byte of it is zero.
        if set(start[1:40:2]) == {0}:
            return "utf-16-le"
        if set(start[0:40:2]) == {0}:
            return "utf-16-be"
        raise ExchangeError(_("This is no CSV file: it holds bytes that no text has."))
    return "utf-8-sig"


def _delimiter(path: Path, encoding: str) -> str:
    """What separates the cells of the header: the candidate that yields most known columns."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(_SAMPLE)

    def known(delimiter: str) -> int:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        return sum(cell.strip().lower() in COLUMNS for cell in cells)

    return max(",;\t", key=known)
