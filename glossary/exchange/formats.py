"""Which format a file has, whatever its name says, and who reads and writes it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from .csv_files import csv_chunks, read_csv_rows
from .entries import Entry
from .errors import ExchangeError
from .records import ConceptRecord
from .tables import COLUMNS, TableReader, rows_of
from .tbx_reading import TbxReader
from .tbx_vocabulary import V2, V3
from .tbx_writing import Present, TbxWriter
from .xlsx_files import read_xlsx_rows, write_xlsx

DEFAULT_MAX_BYTES = 50 * 1024 * 1024


class Format(StrEnum):
    """The formats of the exchange."""

    CSV = "csv"
    XLSX = "xlsx"
    TBX = "tbx"
    TBX2 = "tbx2"

    @property
    def label(self) -> str:
        """What editors choose by."""
        return {
            Format.CSV: _("CSV (table of text)"),
            Format.XLSX: _("XLSX (spreadsheet)"),
            Format.TBX: _("TBX v3 (ISO 30042:2019, TBX-Basic)"),
            Format.TBX2: _("TBX v2 (martif, for CAT tools)"),
        }[self]

    @property
    def extension(self) -> str:
        """The end of a file's name, with its dot."""
        return ".tbx" if self in {Format.TBX, Format.TBX2} else f".{self.value}"

    @property
    def is_table(self) -> bool:
        return self in {Format.CSV, Format.XLSX}


class Reader(Protocol):
    """Iterates over the entries of a file; `notes` tell afterwards what was passed over."""

    @property
    def notes(self) -> list[str]: ...

    def __iter__(self) -> Iterator[Entry]: ...


def max_bytes() -> int:
    """The largest file that is read, in bytes (setting GLOSSARY_IMPORT_MAX_BYTES)."""
    return int(getattr(settings, "GLOSSARY_IMPORT_MAX_BYTES", DEFAULT_MAX_BYTES))


def sniff(path: Path, name: str = "") -> Format:
    """The format of a file by its content; refuses what its own name belies.

    `name` is the name it was sent under, by default its own.
    """
    size = path.stat().st_size
    if not size:
        raise ExchangeError(_("The file is empty."))
    if size > max_bytes():
        limit = f"{max_bytes() // (1024 * 1024)} MB"
        raise ExchangeError(_("The file is larger than %(limit)s. Split it.") % {"limit": limit})
    found = _by_content(path)
    claimed = Path(name or path.name).suffix.lower()
    allowed = {Format.CSV: {".csv", ".tsv", ".txt"}, Format.XLSX: {".xlsx"}}
    if claimed not in allowed.get(found, {".tbx", ".xml"}):
        raise ExchangeError(
            _("The name ends in “%(extension)s”, but the content is %(format)s. Rename the file.")
            % {"extension": claimed[:20], "format": found.value.upper().rstrip("2")}
        )
    return found


def _by_content(path: Path) -> Format:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return Format.XLSX
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")):
        raise ExchangeError(_("This kind of file is not read. Send CSV, XLSX or TBX."))
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith(b"<"):
        return Format.TBX2 if b"<martif" in text else Format.TBX
    return Format.CSV


def open_reader(path: Path, form: Format) -> Reader:
    """A reader of the file's entries; raises ExchangeError at once or while iterating."""
    if form == Format.CSV:
        return TableReader(read_csv_rows(path))
    if form == Format.XLSX:
        return TableReader(read_xlsx_rows(path))
    return TbxReader(path)


def text_chunks(
    records: Iterable[ConceptRecord],
    form: Format,
    present: Present = set,
    left_out: Counter[str] | None = None,
) -> Iterator[bytes]:
    """A CSV or TBX file, a batch at a time; `left_out` gets what TBX has no place for."""
    if form == Format.CSV:
        yield from csv_chunks((row for record in records for row in rows_of(record)), COLUMNS)
        return
    writer = TbxWriter(V2 if form == Format.TBX2 else V3, present)
    yield from writer.chunks(records)
    if left_out is not None:
        left_out.update(writer.left_out)


def write(
    records: Iterable[ConceptRecord], target: IO[bytes], form: Format, present: Present = set
) -> Counter[str]:
    """Write records; return what the format has no place for, in words, with its number."""
    left_out: Counter[str] = Counter()
    if form == Format.XLSX:
        write_xlsx((row for record in records for row in rows_of(record)), target, COLUMNS)
    else:
        for chunk in text_chunks(records, form, present, left_out):
            target.write(chunk)
    return left_out
