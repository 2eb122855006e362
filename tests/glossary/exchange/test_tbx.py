"""TBX-Basic as the standard has it, and as a CAT tool reads it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from glossary.exchange.content import load_content
from glossary.exchange.exporting import Selection, export_to
from glossary.exchange.formats import Format
from glossary.exchange.marking import write_marked
from glossary.exchange.plan_file import State
from glossary.exchange.tbx_vocabulary import NAMESPACE
from glossary.models import Concept, ConceptRelation, Term
from tests.factories import ConceptFactory
from trades.loading import load_trades

from .conftest import only
from .test_round_trips import rich_glossary

# The core structure: what each element may hold (TBXcoreStructV03; v2 differs in names only).
AUXILIARY = {"descrip", "descripGrp", "admin", "ref"}
CHILDREN = {
    "tbx": {"tbxHeader", "text"},
    "tbxHeader": {"fileDesc"},
    "fileDesc": {"titleStmt", "sourceDesc"},
    "titleStmt": {"title"},
    "sourceDesc": {"p"},
    "text": {"body"},
    "body": {"conceptEntry"},
    "conceptEntry": {*AUXILIARY, "langSec"},
    "langSec": {*AUXILIARY, "termSec"},
    "termSec": {"term", "termNote", "descrip", "admin"},
    "descripGrp": {"descrip", "admin"},
}
V2_NAMES = {
    "martif": "tbx",
    "martifHeader": "tbxHeader",
    "termEntry": "conceptEntry",
    "langSet": "langSec",
    "tig": "termSec",
}
# The Schematron rules of TBX-Basic: where each category may stand, and its values.
LEVELS = {
    "subjectField": {"conceptEntry"},
    "definition": {"conceptEntry", "langSec"},
    "context": {"termSec"},
    "crossReference": {"conceptEntry", "termSec"},
    "source": {"conceptEntry", "langSec", "termSec"},
    "partOfSpeech": {"termSec"},
    "termType": {"termSec"},
    "administrativeStatus": {"termSec"},
    "geographicalUsage": {"termSec"},
}
VALUES = {
    "partOfSpeech": {"adjective", "noun", "other", "verb", "adverb"},
    "termType": {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
    "administrativeStatus": {
        f"{name}Term-admn-sts" for name in ("admitted", "deprecated", "superseded", "preferred")
    },
}


def local(element: Any) -> str:
    name = etree.QName(element).localname
    return V2_NAMES.get(name, name)


def assert_valid(path: Path) -> Any:
    root = etree.parse(path, etree.XMLParser(load_dtd=False, no_network=True)).getroot()
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        name = local(element)
        children = [local(child) for child in element]
        assert set(children) <= CHILDREN.get(name, set()), name
        if name in {"conceptEntry", "langSec", "body"}:
            assert {"conceptEntry": "langSec", "langSec": "termSec", "body": "conceptEntry"}[
                name
            ] in children
        if name == "termSec":
            notes = [number for number, child in enumerate(children) if child == "termNote"]
            assert children[0] == "term" and children.count("term") == 1
            assert notes == list(range(1, len(notes) + 1))
        if name == "descripGrp":
            assert children[0] == "descrip"
        kind = element.get("type")
        if kind and name not in {"tbx"}:
            parent = element.getparent()
            if local(parent) == "descripGrp":
                parent = parent.getparent()
            assert local(parent) in LEVELS[kind]
            assert kind not in VALUES or element.text in VALUES[kind]
        if element.get("target"):
            assert element.get("target") in ids
    return root


@pytest.mark.parametrize("form", [Format.TBX, Format.TBX2])
def test_an_export_is_valid_tbx_basic(form: Format, save: Callable[..., Path], welder: Any) -> None:
    rich_glossary()
    outside = ConceptFactory(lo="ນອກ")
    ConceptRelation.objects.create(concept=Concept.objects.first(), kind="related", target=outside)
    assert_valid(save(form))
    # In a part of the glossary a link may lead out of the file: its target is not there.
    root = assert_valid(save(form, "part", Selection(trade="welder")))
    assert [e.get("target") for e in root.iter("{*}ref")] == [None]


def test_v3_declares_dialect_style_and_namespace(save: Callable[..., Path], db: None) -> None:
    ConceptFactory(lo="ຈອດ")
    root = etree.parse(save(Format.TBX)).getroot()
    assert etree.QName(root).namespace == NAMESPACE
    assert dict(root.attrib)["type"] == "TBX-Basic"
    assert root.get("style") == "dca"


def test_translate_toolkit_reads_every_term_of_the_v2_file(
    save: Callable[..., Path], db: None
) -> None:
    tbx = pytest.importorskip("translate.storage.tbx")
    load_trades()
    load_content(lambda line: None)
    path = save(Format.TBX2)
    store = tbx.tbxfile(io.BytesIO(path.read_bytes()), sourcelanguage="en", targetlanguage="lo")
    preferred = dict(
        Term.objects.filter(language="en", status="preferred").values_list("concept", "text")
    )
    assert {unit.source for unit in store.units} >= set(preferred.values())
    assert len(store.units) >= Concept.objects.count()
    found = {unit.source: unit.target for unit in store.units}
    assert found["arc welding"]


def test_what_tbx_has_no_place_for_is_counted(tmp_path: Path, welder: Any) -> None:
    rich_glossary()
    Term.objects.filter(text="slag").update(status="proposed")
    left_out = export_to(Selection(), tmp_path / "a.tbx", Format.TBX)
    assert left_out["classifiers"] == 1
    assert left_out["sign-offs of reviewers"] == 1
    assert left_out["terms that are only proposed"] == 1
    assert left_out["links to broader concepts"] == 1


def test_a_tbx_import_leaves_alone_what_tbx_does_not_carry(
    save: Callable[..., Path], take: Callable[..., Any], welder: Any
) -> None:
    rich_glossary()
    path = save(Format.TBX)
    text = path.read_text().replace("<term>slag</term>", "<term>dross</term>")
    take(text, "changed.tbx")
    term = Term.objects.get(language="lo", classifier="ອັນ")
    assert (term.sort_as, term.review_state, term.pronunciation) == ("ທູບ", "reviewed", "thub")
    assert Concept.objects.filter(is_safety=True).exists()
    assert Term.objects.filter(text="dross").exists()


FOREIGN = f"""<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="{NAMESPACE}"><text><body>
  <conceptEntry id="c1">
    <descrip type="subjectField">Hàn</descrip>
    <langSec xml:lang="en-US">
      <descripGrp>
        <descrip type="definition">A rod
            to weld with.</descrip>
        <admin type="source">A standard</admin>
      </descripGrp>
      <termSec><term>stick electrode</term>
        <termNote type="partOfSpeech">noun</termNote>
        <termNote type="administrativeStatus">supersededTerm-admn-sts</termNote>
        <termNote type="grammaticalGender">neuter</termNote>
        <descripGrp><descrip type="context">Take a stick electrode.</descrip></descripGrp>
      </termSec>
    </langSec>
    <langSec xml:lang="fr"><termSec><term>électrode</term></termSec></langSec>
    <langSec xml:lang="vi"><termSec><term>que hàn</term></termSec></langSec>
  </conceptEntry>
</body></text></tbx>"""


def test_a_file_of_another_tool_is_taken_in(plan: Any, take: Any) -> None:
    found = plan(FOREIGN, "foreign.tbx")
    assert "fr" in found.fact("notes")[0]
    take(FOREIGN, "foreign.tbx")
    concept = Concept.objects.get()
    assert [trade.slug for trade in concept.trades.all()] == ["welder"]
    assert concept.definition_en == "A rod to weld with."
    assert concept.definition_source == "A standard"
    term = concept.terms.get(language="en")
    assert (term.status, term.example_en) == ("deprecated", "Take a stick electrode.")
    assert only(plan(FOREIGN, "foreign.tbx")).state == State.UNCHANGED


def test_problems_of_a_tbx_file_come_as_a_table(plan: Any, tmp_path: Path) -> None:
    source = tmp_path / "bad.tbx"
    source.write_text(FOREIGN.replace(">noun<", ">gerund<"))
    target = io.BytesIO()
    assert write_marked(source, Format.TBX, plan(source), target) == ".csv"
    lines = target.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "line,concept,problem"
    assert lines[1].startswith("12,") and "gerund" in lines[1]
