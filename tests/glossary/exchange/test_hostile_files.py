"""Broken and hostile files: one clear message, nothing written, bounded time and memory."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from glossary.exchange import tables, tbx_reading, xlsx_files
from glossary.exchange.errors import ExchangeError
from glossary.exchange.formats import Format, open_reader, sniff
from glossary.exchange.plan_file import PlanFile, State
from glossary.models import Concept

from .conftest import entries, only

Plan = Callable[..., PlanFile]
TABLE = "concept_id,language,term\r\n1,lo,ຈອດ\r\n"
ENTRY = (
    '<conceptEntry id="c1"><langSec xml:lang="lo"><termSec><term>ຈອດ</term></termSec></langSec>'
    "</conceptEntry>"
)
OPEN = '<tbx type="TBX-Basic" style="dca" xmlns="urn:iso:std:iso:30042:ed-2"><text><body>'
CLOSE = "</body></text></tbx>"


def workbook(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """A workbook with some of its parts (named by their stem) replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(Path(name).stem, old.read(name)))
    return target.getvalue()


BOOK = workbook([["concept_id", "language", "term"], ["1", "lo", "ຈອດ"]])
BOMB = """<?xml version="1.0"?><!DOCTYPE tbx [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><tbx><text><body>&d;</body></text></tbx>"""
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<tbx><text><body><conceptEntry><langSec xml:lang="en"><termSec><term>&x;</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""
UNDEFINED = f"<!DOCTYPE martif SYSTEM 'x.dtd'><martif>{ENTRY.replace('ຈອດ', '&x;')}</martif>"


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "empty"),
        ("a.csv", TABLE.encode("utf-8")[:-3] + b"\xff\xfe", "UTF-8"),
        ("a.csv", "concept_id,language,term\n1,vi,điện".encode("cp1258", "replace"), "CSV"),
        ("a.csv", b"concept_id,language,term\n1,vi,\xe9t\xe9\n", "UTF-8"),
        ("a.csv", TABLE.encode("utf-16")[:-1], "UTF-8"),
        ("a.csv", b"a\0\0\1\2b", "bytes that no text has"),
        ("a.csv", b"language,term\nlo,x\n", "concept_id"),
        ("a.csv", b"concept_id,language,term,term\n", "twice"),
        ("a.csv", b"concept_id,language,term\n", "no concept"),
        ("a.csv", b'concept_id,language,term\n1,lo,"open\n', "quotation mark"),
        ("a.csv", b'concept_id,language,term\n1,lo,"' + b"x" * 200_000 + b'"\n', "CSV"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "kind of file"),
        ("a.csv", b"\xd0\xcf\x11\xe0old excel", "kind of file"),
        ("a.csv", BOOK, "Rename"),
        ("a.xlsx", TABLE.encode(), "Rename"),
        ("a.tbx", TABLE.encode(), "Rename"),
        ("a.xlsx", f"{OPEN}{ENTRY}{CLOSE}".encode(), "Rename"),
        ("a.xlsx", BOOK[:500], "damaged"),
        ("a.xlsx", BOOK[: len(BOOK) // 2] + b"\0" * 300 + BOOK[len(BOOK) // 2 :], "damaged"),
        ("a.xlsx", repacked(BOOK, sheet1=b"<worksheet><broken"), "damaged"),
        ("a.xlsx", repacked(BOOK, sheet1=b"not xml"), "XML"),
        ("a.xlsx", repacked(BOOK, sheet1=BOMB.encode()), "DOCTYPE"),
        ("a.xlsx", repacked(BOOK, workbook=EXTERNAL.encode()), "DOCTYPE"),
        ("a.tbx", BOMB.encode(), "DOCTYPE"),
        ("a.tbx", EXTERNAL.encode(), "DOCTYPE"),
        ("a.tbx", UNDEFINED.encode(), "entity"),
        ("a.tbx", f"{OPEN}{ENTRY}".encode(), "complete"),
        ("a.tbx", f"{OPEN}{ENTRY}{CLOSE}".encode()[:-9], "complete"),
        ("a.tbx", f"{OPEN}{ENTRY}{CLOSE}".encode().replace("ຈ".encode(), b"\xff"), "XML"),
        ("a.tbx", b"<html><body>hello</body></html>", "TBX"),
        ("a.tbx", b"<" * 5000, "XML"),
        ("a.tbx", b"<!--" + b"x" * 400_000 + b"--><tbx/>", "begin"),
        ("a.tbx", b"<?xml version='1.0' encoding='x-none'?><tbx/>", "UTF-8"),
        ("a.tbx", b"<tbx style='dct'><text/></tbx>", "DCA"),
        ("a.tbx", f"{OPEN}{CLOSE}".encode(), "no concept"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    name: str, content: bytes, word: str, plan: Plan
) -> None:
    with pytest.raises(ExchangeError) as error:
        plan(content, name)
    assert word in str(error.value)
    assert not Concept.objects.exists()


def test_a_file_that_is_too_large_is_not_opened(plan: Plan, settings: Any) -> None:
    settings.GLOSSARY_IMPORT_MAX_BYTES = 20
    with pytest.raises(ExchangeError, match="larger"):
        plan(TABLE)


def test_formula_cells_are_refused_by_row_and_column(plan: Plan) -> None:
    rows = [["concept_id", "language", "term"], ["1", "lo", "ຈອດ"], ["2", "lo", '=CMD("x")']]
    first, second = entries(plan(workbook(rows), "a.xlsx"))
    assert first.state == State.ADDED
    assert second.state == State.REFUSED
    assert [(p.row, p.column) for p in second.problems] == [(3, "term")]


def test_numbers_dates_and_truth_values_become_text(plan: Plan) -> None:
    rows = [["concept_id", "language", "term", "safety", "region"], [1, "en", 12.0, True, 2.5]]
    item = only(plan(workbook(rows), "a.xlsx"))
    assert (item.state, item.title) == (State.ADDED, "12")
    assert item.record.is_safety is True


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = repacked(BOOK, sheet1=b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>")
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(ExchangeError, match="unpacks"):
            plan(bomb, "bomb.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    monkeypatch.setattr(xlsx_files, "MAX_MEMBERS", 3)
    with pytest.raises(ExchangeError, match="unpacks"):
        plan(BOOK, "many.xlsx")


def test_a_sheet_that_lies_about_its_size_is_read_for_what_it_holds(plan: Plan) -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')
    assert lying != sheet
    assert only(plan(repacked(BOOK, sheet1=lying), "a.xlsx")).state == State.ADDED


def test_rows_numbered_without_end_are_bounded(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_files, "MAX_ROWS", 1000)
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b'<row r="2"', b'<row r="999999999999"').replace(
        b'"A2"', b'"A999999999999"'
    )
    started = time.monotonic()
    with pytest.raises(ExchangeError):
        plan(repacked(BOOK, sheet1=far), "a.xlsx")
    assert time.monotonic() - started < 20


def test_a_million_rows_are_counted_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.csv"
    path.write_text("concept_id,language,term\n" + "a,en,one\nb,en,two\n" * 500_000)
    tracemalloc.start()
    try:
        seen = 0
        # A spreadsheet's limit, made smaller here so that the test stays short.
        monkeypatch.setattr(tables, "MAX_ROWS", 20_000)
        with pytest.raises(ExchangeError, match="20,000"):
            for _entry in open_reader(path, sniff(path)):
                seen += 1
        assert seen == 19_998
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_one_concept_with_endless_terms_is_refused_in_flat_memory(plan: Plan) -> None:
    text = "concept_id,language,term\r\n" + "".join(f"1,en,t{n}\r\n" for n in range(20_000))
    item = only(plan(text))
    assert item.state == State.REFUSED
    assert len(item.record.terms) <= 110


def test_an_entry_without_end_is_stopped(plan: Plan) -> None:
    with pytest.raises(ExchangeError, match="too big"):
        plan(f"{OPEN}<conceptEntry>{'<a/>' * tbx_reading.MAX_ELEMENTS}", "a.tbx")


@pytest.mark.parametrize("form", [Format.CSV, Format.TBX])
def test_memory_does_not_grow_with_the_file(form: Format, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"n{count}{form.extension}"
        if form == Format.CSV:
            rows = "".join(f"n{n},en,term number {n}\n" for n in range(count))
            path.write_text(f"concept_id,language,term\n{rows}")
        else:
            path.write_text(OPEN + ENTRY * count + CLOSE)
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_reader(path, form)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    assert peak(4000) < peak(400) * 1.5 + 200_000


def test_a_plain_doctype_that_tbx_v2_prescribes_is_read(plan: Plan) -> None:
    text = (
        '<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd"><martif type="TBX">'
        '<text><body><termEntry id="x"><langSet xml:lang="vi-VN"><ntig><termGrp><term>hàn</term>'
        "</termGrp></ntig></langSet></termEntry></body></text></martif>"
    )
    assert only(plan(text, "a.tbx")).title == "hàn"


def test_a_workbook_is_read_whatever_its_file_is_called(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(BOOK)
    assert [row for _number, row, _problems in xlsx_files.read_xlsx_rows(path)][1][2] == "ຈອດ"
