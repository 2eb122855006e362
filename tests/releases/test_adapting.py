"""A later release of an ancestor: what changed, what it touches here, and taking or leaving it."""

import copy
from pathlib import Path
from typing import Any

import pytest

from centres.models import CentrePage
from core.identity import public_id_from
from core.translated import State, fingerprint
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from releases import store
from releases.adapting import NotUpdatable, compare_with, newer_release, take_over
from releases.document import blockers
from releases.importing import import_document
from releases.models import Adoption, ForeignRelease, UpdateDecision
from releases.package.canonical import canonical_bytes, check_document
from releases.updates import Kind
from tests.factories import AdminFactory, ConceptFactory, TradeFactory, centre_page
from tests.releases.sample_documents import block_id, document, module, translated, unit

Document = dict[str, Any]


def no_files(sha256: str) -> Path:
    raise AssertionError(sha256)


class Adapted:
    """A curriculum adapted from a release, and the later releases of that."""

    def __init__(self, home: Any) -> None:
        self.base = document(2, 2)
        self.latest = self.base
        self.user = AdminFactory()
        self.centre: CentrePage = centre_page(home)
        self.curriculum = import_document(self.base, no_files, self.centre, self.user)

    @property
    def adoption(self) -> Adoption:
        return Adoption.objects.select_related("curriculum").get(curriculum=self.curriculum)

    def later(self) -> Document:
        """A copy of the latest document, to be changed and released."""
        content = copy.deepcopy(self.latest)
        content["release"]["version"] += 1
        content["release"]["public_id"] = public_id_from(f"r{content['release']['version']}")
        return content

    def release(self, content: Document) -> None:
        check_document(content)
        self.latest = content
        ForeignRelease.objects.create(
            public_id=content["release"]["public_id"],
            curriculum_public_id=content["curriculum"]["public_id"],
            version=content["release"]["version"],
            document=store.put_bytes(canonical_bytes(content)),
            key_id="0" * 16,
        )

    def compare(self) -> Any:
        newer = newer_release(self.adoption)
        assert newer is not None
        return compare_with(self.adoption, newer)

    def changes(self) -> list[Any]:
        return self.compare().update.changes

    def take(self, *kinds: Kind, language: str = "") -> UpdateDecision:
        found = self.compare()
        keys = [
            change.key
            for change in found.update.changes
            if change.kind in kinds and (not language or change.language == language)
        ]
        assert keys
        return take_over(self.adoption, found.newer, keys, found.mark, self.user)

    def unit(self, content: Document, module: int = 0, number: int = 0) -> Any:
        """The newest draft of our page of a unit."""
        origin = content["modules"][module]["units"][number]["public_id"]
        page = ModuleUnitPage.objects.get(origin_id=origin)
        return page.get_latest_revision_as_object()


@pytest.fixture
def adapted(home: Any) -> Adapted:
    return Adapted(home)


def body_of(content: Document, module: int = 0, number: int = 0) -> list[dict[str, Any]]:
    body: list[dict[str, Any]] = content["modules"][module]["units"][number]["streams"]["body"]
    return body


def test_nothing_is_offered_while_there_is_no_later_release(adapted: Adapted) -> None:
    assert newer_release(adapted.adoption) is None
    adapted.release(adapted.later())
    assert adapted.changes() == []


def test_a_changed_text_is_taken_in_the_languages_chosen(adapted: Adapted) -> None:
    content = adapted.later()
    body_of(content)[0]["value"] |= {"vi": "<p>Mới <b>hẳn</b></p>", "lo": "<p>ໃໝ່</p>"}
    adapted.release(content)
    changes = adapted.changes()
    assert [(change.kind, change.language) for change in changes] == [
        (Kind.BLOCK_TEXT, "lo"),
        (Kind.BLOCK_TEXT, "vi"),
    ]
    [row] = changes[1].rows
    assert row.new == "Mới hẳn" and row.old == row.ours and not changes[1].is_conflict
    decision = adapted.take(Kind.BLOCK_TEXT, language="vi")
    value = adapted.unit(content).body[0].value
    assert value["vi"].source == "<p>Mới <b>hẳn</b></p>"
    assert value["lo"].source == body_of(adapted.base)[0]["value"]["lo"]
    assert (len(decision.taken), len(decision.left)) == (1, 1)


def test_what_was_decided_is_not_asked_again(adapted: Adapted) -> None:
    content = adapted.later()
    body_of(content)[0]["value"]["vi"] = "<p>Hai</p>"
    content["modules"][0]["values"]["hours_theory"] = 20
    adapted.release(content)
    adapted.take(Kind.VALUE)
    assert newer_release(adapted.adoption) is None
    assert adapted.adoption.source["version"] == 2
    content = adapted.later()
    content["modules"][0]["values"]["hours_practice"] = 50
    adapted.release(content)
    assert [change.field for change in adapted.changes()] == ["hours_practice"]


def test_what_both_sides_changed_is_a_conflict_and_shown_with_ours(adapted: Adapted) -> None:
    page = ModuleUnitPage.objects.order_by("path").first()
    page.body[0].value["vi"] = type(page.body[0].value["vi"])("<p>Của ta</p>")
    page.name_vi = "Tên của ta"
    page.save_revision()
    content = adapted.later()
    body_of(content)[0]["value"]["vi"] = "<p>Của họ</p>"
    content["modules"][0]["units"][0]["texts"]["name"]["vi"] = "Tên của họ"
    adapted.release(content)
    name, text = adapted.changes()
    assert name.is_conflict and (name.rows[0].new, name.rows[0].ours) == (
        "Tên của họ",
        "Tên của ta",
    )
    assert text.is_conflict and (text.rows[0].new, text.rows[0].ours) == ("Của họ", "Của ta")
    adapted.take(Kind.TEXT)
    draft = adapted.unit(content)
    assert draft.name_vi == "Tên của họ"
    assert draft.body[0].value["vi"].source == "<p>Của ta</p>"


def test_what_both_sides_changed_alike_is_no_change(adapted: Adapted) -> None:
    page = ModuleUnitPage.objects.order_by("path").first()
    page.hours_theory = 9
    page.save_revision()
    content = adapted.later()
    content["modules"][0]["units"][0]["values"]["hours_theory"] = 9
    adapted.release(content)
    assert adapted.changes() == []


def test_drafts_are_written_and_readers_see_nothing_of_it(adapted: Adapted) -> None:
    for page in (adapted.curriculum, *adapted.curriculum.get_descendants().specific()):
        page.save_revision().publish()
    content = adapted.later()
    content["modules"][0]["units"][0]["values"]["hours_theory"] = 9
    adapted.release(content)
    adapted.take(Kind.VALUE)
    page = ModuleUnitPage.objects.order_by("path").first()
    assert page.live and page.has_unpublished_changes and page.hours_theory == 2
    assert adapted.unit(content).hours_theory == 9
    assert page.latest_revision.user == adapted.user


def test_blocks_come_and_go_beside_our_own(adapted: Adapted) -> None:
    page = ModuleUnitPage.objects.order_by("path").first()
    page.body.append(("heading", {"vi": "Của ta", "lo": "", "en": ""}))
    page.save_revision()
    content = adapted.later()
    body = body_of(content)
    new = {"type": "heading", "id": block_id("new"), "value": translated("Mới")}
    body.insert(1, new)
    removed = body.pop(2)
    adapted.release(content)
    assert [change.kind for change in adapted.changes()] == [Kind.BLOCK_ADDED, Kind.BLOCK_REMOVED]
    adapted.take(Kind.BLOCK_ADDED, Kind.BLOCK_REMOVED)
    draft = adapted.unit(content)
    assert [block.id for block in draft.body][:3] == [body[0]["id"], new["id"], body[2]["id"]]
    assert draft.body[-1].value["vi"] == "Của ta"
    assert removed["id"] not in [block.id for block in draft.body]


def test_steps_come_and_go_and_our_texts_stay(adapted: Adapted) -> None:
    content = adapted.later()
    procedure = body_of(content)[2]["value"]
    first = procedure["steps"][0]
    procedure["steps"].insert(
        1, {"type": "item", "id": block_id("step"), "value": {"action": translated("Bước mới")}}
    )
    page = ModuleUnitPage.objects.order_by("path").first()
    page.body[2].value["steps"][0]["action"]["vi"] = "Của ta"
    page.save_revision()
    adapted.release(content)
    [change] = adapted.changes()
    assert change.kind is Kind.BLOCK_STRUCTURE and not change.is_conflict
    adapted.take(Kind.BLOCK_STRUCTURE)
    steps = adapted.unit(content).body[2].value["steps"].bound_blocks
    assert [step.id for step in steps[:2]] == [first["id"], block_id("step")]
    assert steps[0].value["action"]["vi"] == "Của ta"
    assert steps[1].value["action"]["vi"] == translated("Bước mới")["vi"]


def test_modules_and_units_come_and_go(adapted: Adapted) -> None:
    content = adapted.later()
    content["modules"].insert(1, module(9, 1))
    content["modules"][0]["units"].insert(0, unit("Unit new"))
    gone = content["modules"].pop()
    adapted.release(content)
    assert [change.kind for change in adapted.changes()] == [
        Kind.PAGE_ADDED,
        Kind.PAGE_ADDED,
        Kind.PAGE_REMOVED,
    ]
    adapted.take(Kind.PAGE_ADDED, Kind.PAGE_REMOVED)
    modules = ModulePage.objects.child_of(adapted.curriculum).order_by("path")
    assert [page.code for page in modules] == ["MD01", "MD09"]
    units = ModuleUnitPage.objects.child_of(modules[0]).order_by("path")
    assert [page.name_vi for page in units] == ["Unit new", "Unit 1.1", "Unit 1.2"]
    assert ModuleUnitPage.objects.child_of(modules[1]).count() == 1
    assert not ModulePage.objects.filter(origin_id=gone["public_id"]).exists()
    assert not ModuleUnitPage.objects.filter(live=True).exists()
    assert CurriculumPage.find_problems() == ([], [], [], [], [])


def test_what_we_took_out_or_replaced_stays_so(adapted: Adapted) -> None:
    origin = adapted.base["modules"][0]["public_id"]
    ModulePage.objects.get(origin_id=origin).delete()
    content = adapted.later()
    content["modules"][0]["values"]["hours_theory"] = 7
    adapted.release(content)
    found = adapted.compare()
    assert found.update.changes == [] and found.update.gone == ["Module 1"]


def test_a_removed_module_that_we_changed_is_a_conflict(adapted: Adapted) -> None:
    page = ModuleUnitPage.objects.order_by("path").last()
    page.introduction_lo = "ຂອງເຮົາ"
    page.save_revision()
    content = adapted.later()
    content["modules"].pop()
    content["modules"][0]["units"].pop()
    adapted.release(content)
    touched = {change.page_name: change.is_conflict for change in adapted.changes()}
    assert touched == {"MD02 Module 2": True, "Unit 1.2": False}


def test_trade_and_levels_follow(adapted: Adapted) -> None:
    cook = TradeFactory(slug="cook")
    content = adapted.later()
    content["trade"]["slug"] = "cook"
    adapted.release(content)
    [change] = adapted.changes()
    assert change.kind is Kind.REFERENCE and change.rows[0].new == "cook"
    adapted.take(Kind.REFERENCE)
    curriculum = CurriculumPage.objects.get(pk=adapted.curriculum.pk)
    assert curriculum.get_latest_revision_as_object().trade == cook


def test_a_translation_that_was_current_there_is_current_here(adapted: Adapted) -> None:
    content = adapted.later()
    page = content["modules"][0]["units"][0]
    block = body_of(content)[0]
    block["value"] |= {"vi": "<p>Mới</p>", "lo": "<p>ໃໝ່</p>", "en": "<p>New</p>"}
    page["fingerprints"] = {f"body.{block['id']}": {"lo": fingerprint("<p>Mới</p>")}}
    adapted.release(content)
    adapted.take(Kind.BLOCK_TEXT)
    draft = adapted.unit(content)
    [found] = [one for one in draft.units() if one.path == f"body.{block['id']}"]
    assert draft.unit_state(found, "lo") is State.CURRENT
    assert draft.unit_state(found, "en") is State.STALE


def test_terms_that_are_unknown_here_make_no_conflicts(adapted: Adapted) -> None:
    known = ConceptFactory(vi="găng tay")
    content = adapted.later()
    entry = {"public_id": known.public_id, "definition": {}, "terms": []}
    content["terms"].append(entry)
    items = [
        {"type": "item", "id": block_id(term["public_id"]), "value": {"concept": term["public_id"]}}
        for term in content["terms"]
    ]
    body_of(content).append({"type": "terms", "id": block_id("terms"), "value": items})
    adapted.release(content)
    adapted.take(Kind.BLOCK_ADDED)
    assert [concept.pk for concept in adapted.unit(content).body[-1].value] == [known.pk]
    content = adapted.later()
    del body_of(content)[-1]["value"][0]
    adapted.release(content)
    assert adapted.changes() == []


def test_a_page_saved_meanwhile_stops_it_and_nothing_is_taken(adapted: Adapted) -> None:
    content = adapted.later()
    content["modules"][0]["values"]["hours_theory"] = 7
    adapted.release(content)
    found = adapted.compare()
    ModuleUnitPage.objects.first().save_revision()
    keys = [change.key for change in found.update.changes]
    with pytest.raises(NotUpdatable, match="saved a page"):
        take_over(adapted.adoption, found.newer, keys, found.mark, adapted.user)
    assert not UpdateDecision.objects.exists() and adapted.adoption.source["version"] == 1


def test_a_later_release_that_forbids_adapting_is_respected(adapted: Adapted) -> None:
    content = adapted.later()
    content["curriculum"]["values"]["licence"] = "CC-BY-ND-4.0"
    adapted.release(content)
    with pytest.raises(NotUpdatable, match="not adapting"):
        adapted.compare()


def test_an_adaptation_keeps_to_the_licence_of_its_source(adapted: Adapted) -> None:
    for page in (adapted.curriculum, *adapted.curriculum.get_descendants().specific()):
        page.save_revision().publish()
    curriculum = CurriculumPage.objects.get(pk=adapted.curriculum.pk)
    assert blockers(curriculum) == []
    curriculum.licence = "CC0-1.0"
    curriculum.save()
    assert "CC BY-SA 4.0" in blockers(curriculum)[0]


def test_queries_do_not_grow_with_the_curriculum(
    home: Any, django_assert_max_num_queries: Any
) -> None:
    adapted = Adapted(home)
    content = adapted.later()
    for one in content["modules"]:
        for page in one["units"]:
            page["values"]["hours_theory"] = 1
    adapted.release(content)
    newer = newer_release(adapted.adoption)
    assert newer is not None
    adoption = adapted.adoption
    with django_assert_max_num_queries(22):
        assert len(compare_with(adoption, newer).update.changes) == 4


def test_a_later_release_counts_only_from_the_same_source(adapted: Adapted) -> None:
    adapted.release(adapted.later())
    assert newer_release(adapted.adoption) is not None
    source = ForeignRelease.objects.get()
    source.pk, source.public_id = None, adapted.adoption.release_public_id
    source.version, source.key_id = 1, "A" * 16
    source.save()
    # Now it is known who signed what was adapted: another's key is not believed for it.
    assert newer_release(adapted.adoption) is None
    ForeignRelease.objects.filter(version__gt=1).update(key_id="A" * 16)
    assert newer_release(adapted.adoption) is not None
