"""The snapshot: live content as one document, whole or refused."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile

from curricula.models import CurriculumPage, ModuleUnitPage
from media.models import SiteDocument
from releases import store
from releases.document import SnapshotError, take_snapshot
from releases.package.canonical import canonical_bytes, check_document
from tests.factories import (
    ConceptFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)
from trades.models import Trade

RELEASE = {
    "public_id": "bbbbbbbbbb",
    "version": 1,
    "date": "2026-11-22",
    "languages": ["vi"],
    "ancestors": [],
}


def block(kind: str, value: Any, number: int = 1) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": f"{number:08d}-0000-4000-8000-000000000000"}


@pytest.fixture
def curriculum(home: Any) -> CurriculumPage:
    trade = Trade.objects.create(slug="welder", name_en="Welder")
    page = curriculum_page(
        centre_page(home),
        trade=trade,
        name_vi="Hàn điện",
        source_language="vi",
        languages=["vi", "lo"],
        ready_languages=["vi"],
        knowledge=json.dumps([block("item", {"vi": "An toàn", "lo": "", "en": ""})]),
    )
    module_page(curriculum=page, hours_theory=2, credits="2.0")
    return page


def test_the_document_follows_the_published_schema(curriculum: CurriculumPage) -> None:
    module_unit_page(curriculum.get_children().get().specific)
    document = {**take_snapshot(curriculum.pk).document, "release": RELEASE}
    check_document(document)
    assert canonical_bytes(document) == canonical_bytes(document)
    assert document["trade"]["slug"] == "welder"
    module = document["modules"][0]
    assert module["values"]["credits"] == "2"
    assert len(module["units"]) == 1
    assert document["curriculum"]["streams"]["knowledge"][0]["value"]["vi"] == "An toàn"


def test_files_and_concepts_are_named_by_what_they_are(curriculum: CurriculumPage) -> None:
    concept = ConceptFactory(vi="que hàn", en="stick electrode")
    sheet = SiteDocument(title="Worksheet", file=ContentFile(b"%PDF-1.7", "sheet.pdf"))
    sheet.save()
    link = f'<p>See <a linktype="document" id="{sheet.pk}">the sheet</a></p>'
    terms = [block("item", concept.pk, 4)]
    body = [
        block("terms", terms, 1),
        block("file", {"document": sheet.pk, "label": {"vi": "Phiếu"}}, 2),
        block("paragraphs", {"vi": link}, 3),
    ]
    module_unit_page(curriculum.get_children().get().specific, body=json.dumps(body))
    document = {**take_snapshot(curriculum.pk).document, "release": RELEASE}
    check_document(document)
    [entry] = document["files"]
    assert store.read(entry["sha256"]) == b"%PDF-1.7"
    stored = document["modules"][0]["units"][0]["streams"]["body"]
    assert stored[0]["value"][0]["value"] == {"concept": concept.public_id}
    assert stored[1]["value"]["document"] == {"file": entry["sha256"]}
    assert f'href="file:{entry["sha256"]}"' in stored[2]["value"]["vi"]
    assert [term["public_id"] for term in document["terms"]] == [concept.public_id]


def test_a_lost_file_is_named_and_nothing_is_released(curriculum: CurriculumPage) -> None:
    sheet = SiteDocument(title="Worksheet", file=ContentFile(b"%PDF-1.7", "sheet.pdf"))
    sheet.save()
    sheet.file.storage.delete(sheet.file.name)
    body = [block("file", {"document": sheet.pk, "label": {}})]
    module_unit_page(curriculum.get_children().get().specific, body=json.dumps(body))
    with pytest.raises(SnapshotError, match="Worksheet"):
        take_snapshot(curriculum.pk)


def test_what_is_unpublished_below_is_listed(curriculum: CurriculumPage) -> None:
    module = curriculum.get_children().get().specific
    unit = module_unit_page(module, name_en="Draft unit", live=False)
    module.name_en = "Changed module"
    module.save_revision()
    with pytest.raises(SnapshotError) as refusal:
        take_snapshot(curriculum.pk)
    assert len(refusal.value.problems) == 2
    assert any("Draft unit" in problem for problem in refusal.value.problems)
    assert ModuleUnitPage.objects.get(pk=unit.pk).live is False


def test_missing_and_stale_texts_are_counted_per_language(curriculum: CurriculumPage) -> None:
    snapshot = take_snapshot(curriculum.pk)
    assert snapshot.incomplete["lo"]["missing"] >= 2
    # The objective has no English, though the page is not meant for it.
    assert snapshot.incomplete["en"] == {"missing": 1, "stale": 0}
    # The module is written in English and has no Vietnamese name.
    assert snapshot.incomplete["vi"] == {"missing": 1, "stale": 0}
