"""CSV as spreadsheets of the world write it, and as none of them runs it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glossary.exchange.formats import Format
from glossary.exchange.plan_file import State
from glossary.models import Term
from tests.factories import ConceptFactory

from .conftest import only

ROWS = [["concept_id", "language", "term"], ["1", "vi", "điện, nước; khí\nnén"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_encodings_and_separators_are_recognised(
    encoding: str, delimiter: str, end: str, plan: Callable[..., Any]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(ROWS)
    item = only(plan(text.getvalue().encode(encoding)))
    assert item.state == State.ADDED
    assert item.title == "điện, nước; khí nén"


def test_an_export_opens_as_utf_8_and_follows_rfc_4180(save: Callable[..., Path], db: None) -> None:
    ConceptFactory(lo="ທູບຈອດ", definition_vi='Một "que", để hàn.')
    data = save(Format.CSV).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfconcept_id,")
    assert b'"M\xe1\xbb\x99t ""que"", ' in data
    assert data.endswith(b"\r\n") and data.count(b"\n") == data.count(b"\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'=", "＝"])
def test_no_exported_cell_is_a_live_formula(
    start: str, save: Callable[..., Path], take: Callable[..., Any], db: None
) -> None:
    concept = ConceptFactory(vi="hàn")
    Term.objects.update(region=f"{start}1+1", source=f"{start}cmd|' /C calc'!A0")
    path = save(Format.CSV)
    text = path.read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r＝"]
    before = Term.objects.get().region
    concept.delete()
    take(path)
    assert Term.objects.get().region == before.strip()


def test_the_marked_file_can_be_mended_and_sent_again(
    plan: Callable[..., Any], tmp_path: Path
) -> None:
    from glossary.exchange.marking import write_marked

    source = tmp_path / "sent.csv"
    source.write_text("concept_id,language,term\r\n1,lo,ຈອດ\r\n2,xx,=no\r\n")
    found = plan(source)
    target = io.BytesIO()
    write_marked(source, Format.CSV, found, target)
    rows = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["problem", "concept_id", "language", "term"]
    assert rows[1][0] == ""
    assert "language" in rows[2][0]
    mended = target.getvalue().replace(b",xx,", b",en,")
    again = plan(mended)
    assert again.counts()[State.ADDED] == 2
    assert again.fact("notes") == []
