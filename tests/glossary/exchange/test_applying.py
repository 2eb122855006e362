"""Writing a plan: one transaction, revisions, history, reviews, and nobody's work lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from glossary.exchange import applying
from glossary.exchange.applying import apply_plan
from glossary.exchange.formats import Format
from glossary.exchange.plan_file import PlanFile, State
from glossary.models import Concept, ConceptRelation, Term
from glossary.search import index_concepts, search_concept_ids
from tests.factories import AdminFactory, ConceptFactory, TradeFactory

from .conftest import edit, only, table

Save = Callable[..., Path]


def reviewed(concept: Concept) -> None:
    concept.terms.update(
        review_state="reviewed", reviewed_by="Terminologist", reviewed_on="2026-01-31"
    )


def set_cell(column: str, value: str, language: str = "") -> Callable[[dict[str, str]], None]:
    def change(row: dict[str, str]) -> None:
        if language in {"", row["language"]}:
            row[column] = value

    return change


def test_a_changed_concept_gets_a_published_revision_and_keeps_the_old_one(
    plan: Any, save: Save
) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", trades=[TradeFactory()])
    user = AdminFactory()
    text = edit(save(Format.CSV), set_cell("definition_en", "A rod."))
    result = apply_plan(plan(text), user)
    assert (result.added, result.changed) == (0, 1)
    concept = Concept.objects.get(pk=concept.pk)
    assert concept.definition_en == "A rod."
    assert concept.live and not concept.has_unpublished_changes
    assert concept.latest_revision == concept.live_revision
    old, new = concept.revisions.order_by("created_at")
    assert old.as_object().definition_en == "A definition."
    again = new.as_object()
    assert again.definition_en == "A rod."
    assert [term.text for term in again.terms.all()] == ["ທູບຈອດ", "que hàn"]
    assert [trade.slug for trade in again.trades.all()] == ["welder"]
    entry = ModelLogEntry.objects.get(object_id=str(concept.pk))
    assert (entry.action, entry.user, entry.revision) == ("wagtail.publish", user, new)


def test_an_editor_s_next_save_keeps_what_the_import_wrote(plan: Any, save: Save) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn")
    concept.save_revision().publish()
    text = edit(save(Format.CSV), set_cell("classifier", "cái", "vi"))
    apply_plan(plan(text))
    opened = Concept.objects.get(pk=concept.pk).get_latest_revision_as_object()
    opened.definition_vi = "Que."
    opened.save_revision().publish()
    assert Term.objects.get(language="vi").classifier == "cái"


def test_every_kind_of_change_is_written(plan: Any, save: Save, welder: Any) -> None:
    target = ConceptFactory(en="welding")
    gone = ConceptFactory(en="metal")
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", trades=[welder])
    ConceptRelation.objects.create(concept=concept, kind="related", target=gone)
    TradeFactory(slug="cook", name_en="Cook")

    def change(row: dict[str, str]) -> None:
        if row["concept_id"] == concept.public_id:
            row |= {"trades": "cook", "broader": target.public_id, "related": "", "safety": "yes"}
            row |= {"source_language": "vi", "definition_vi": "Que.", "ready_languages": "vi"}
        if row["language"] == "lo":
            row |= {"term": "ທູບເຊື່ອມ", "sort_as": "ເຊື່ອມ", "status": "admitted"}

    apply_plan(plan(edit(save(Format.CSV), change)))
    concept = Concept.objects.get(pk=concept.pk)
    assert [trade.slug for trade in concept.trades.all()] == ["cook"]
    assert [(r.kind, r.target) for r in concept.relations.all()] == [("broader", target)]
    assert concept.is_safety and concept.source_language == "vi"
    assert concept.ready_languages == ["vi"]
    term = concept.terms.get(language="lo")
    assert (term.text, term.status, term.initial) == ("ທູບເຊື່ອມ", "admitted", "ຊ")
    revised = concept.latest_revision.as_object()
    assert [(r.kind, r.target_id) for r in revised.relations.all()] == [("broader", target.pk)]
    assert only_state(plan, save) == {State.UNCHANGED}


def only_state(plan: Any, save: Save) -> set[State]:
    counts = plan(save(Format.CSV, "again")).counts()
    return {state for state, count in counts.items() if count}


def test_unchanged_terms_keep_their_review_and_changed_ones_lose_it(plan: Any, save: Save) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode")
    reviewed(concept)
    text = edit(save(Format.CSV), set_cell("example_vi", "Que hàn đây.", "vi"))
    apply_plan(plan(text))
    states = dict(concept.terms.values_list("language", "review_state"))
    assert states == {"lo": "reviewed", "vi": "unreviewed", "en": "reviewed"}


def test_a_file_s_review_counts_only_where_it_is_trusted(plan: Any, take: Any) -> None:
    row = {"concept_id": "1", "language": "lo", "term": "ຈອດ", "review": "reviewed"}
    text = table([row | {"reviewed_by": "Somebody", "reviewed_on": "2026-01-31"}])
    take(text)
    assert Term.objects.get().review_state == "unreviewed"
    assert only(plan(text)).state == State.UNCHANGED
    assert only(plan(text, keep_review=True)).state == State.CHANGED
    take(text, keep_review=True)
    term = Term.objects.get()
    assert (term.review_state, term.reviewed_by) == ("reviewed", "Somebody")
    assert term.reviewed_on.isoformat() == "2026-01-31"
    assert only(plan(text, keep_review=True)).state == State.UNCHANGED


def test_a_translation_is_out_of_date_when_its_source_changes_alone(plan: Any, save: Save) -> None:
    concept = ConceptFactory(en="electrode", definition_vi="Que.", definition_lo="ທູບ")
    concept.confirm_translation("vi")
    concept.confirm_translation("lo")
    concept.save()

    def change(row: dict[str, str]) -> None:
        row |= {"definition_en": "A rod.", "definition_vi": "Que hàn."}

    text = edit(save(Format.CSV), change)
    apply_plan(plan(text))
    concept = Concept.objects.get(pk=concept.pk)
    counts = {code: [s.value for s in c] for code, c in concept.translation_counts().items()}
    assert counts == {"en": ["source"], "vi": ["current"], "lo": ["stale"]}
    assert only(plan(text)).state == State.UNCHANGED


def test_what_changes_while_the_preview_waits_is_left_alone(plan: Any, save: Save) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    text = edit(save(Format.CSV), set_cell("definition_en", "From the file."))
    waiting: PlanFile = plan(text)
    concept.definition_en = "From an editor."
    concept.save_revision().publish()
    result = apply_plan(waiting)
    assert (result.changed, result.stopped) == (0, 1)
    assert only(waiting).state == State.CONFLICT
    concept.refresh_from_db()
    assert concept.definition_en == "From an editor."


def test_two_imports_of_one_plan_make_one_concept(tmp_path: Path, plan: Any) -> None:
    waiting = plan("concept_id,language,term\r\n23456789bc,lo,ຈອດ\r\n")
    Concept.objects.create(public_id="23456789bc")
    result = apply_plan(waiting)
    assert (result.added, result.stopped) == (0, 1)
    assert Concept.objects.count() == 1


def test_a_failure_half_way_leaves_nothing_behind(
    plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = plan("concept_id,language,term\r\n1,lo,ຈອດ\r\n2,lo,ດີ\r\n")

    def fail(ids: list[int]) -> None:
        raise RuntimeError

    monkeypatch.setattr(applying, "index_concepts", fail)
    with pytest.raises(RuntimeError):
        apply_plan(waiting)
    assert not Concept.objects.exists()
    monkeypatch.undo()
    assert apply_plan(waiting).added == 2


def test_imported_terms_are_found_at_once(plan: Any, save: Save, take: Any) -> None:
    take("concept_id,language,term\r\n1,vi,que hàn\r\n")
    concept = Concept.objects.get()
    assert search_concept_ids("que han") == [concept.pk]
    take(edit(save(Format.CSV), set_cell("term", "điện cực")))
    assert search_concept_ids("que han") == []
    assert search_concept_ids("dien cuc") == [concept.pk]


def test_the_number_of_queries_does_not_grow_with_the_file(
    plan: Any, django_assert_max_num_queries: Any
) -> None:
    def text(count: int) -> str:
        rows = "".join(f"n{n},vi,từ {n}\r\n" for n in range(count))
        return f"concept_id,language,term\r\n{rows}"

    index_concepts([])
    with django_assert_max_num_queries(60):
        assert apply_plan(plan(text(400))).added == 400
