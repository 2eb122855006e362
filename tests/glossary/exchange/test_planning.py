"""What an import would do, row by row, with reasons."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Workflow, WorkflowState

from glossary.exchange.exporting import Selection
from glossary.exchange.formats import Format
from glossary.exchange.plan_file import PlanFile, State
from glossary.models import Concept, Term
from tests.factories import AdminFactory, ConceptFactory, TradeFactory

from .conftest import edit, entries, only, table

Plan = Callable[..., PlanFile]
Save = Callable[..., Path]


def problems(plan: PlanFile) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.message) for item in entries(plan) for p in item.problems]


def test_a_new_concept_needs_only_an_own_name_language_and_term(plan: Plan) -> None:
    item = only(plan("concept_id,language,term\r\n1,lo,ທູບຈອດ\r\n1,vi,que hàn\r\n"))
    assert item.state == State.ADDED
    assert item.title == "ທູບຈອດ · que hàn"
    assert not Concept.objects.exists()


def test_a_change_names_the_field_the_old_and_the_new_text(plan: Plan, save: Save) -> None:
    ConceptFactory(lo="ທູບຈອດ", vi="que hàn")

    def change(row: dict[str, str]) -> None:
        row["definition_en"] = "A rod."
        if row["language"] == "vi":
            row["classifier"] = "cái"

    item = only(plan(edit(save(Format.CSV), change)))
    assert item.state == State.CHANGED
    assert [(c.term, c.column, c.old, c.new) for c in item.changes] == [
        ("", "definition_en", "A definition.", "A rod."),
        ("que hàn (vi)", "classifier", "", "cái"),
    ]


def test_a_column_that_is_not_there_leaves_its_field_alone(plan: Plan) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    text = table([{"concept_id": concept.public_id, "language": "lo", "term": "ທູບຈອດ"}])
    assert only(plan(text)).state == State.UNCHANGED


def test_a_term_that_the_file_leaves_out_stays(plan: Plan, take: Any) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn")
    take(table([{"concept_id": concept.public_id, "language": "en", "term": "electrode"}]))
    assert set(concept.terms.values_list("text", flat=True)) == {"ທູບຈອດ", "que hàn", "electrode"}


def test_spelling_is_normalised_before_it_is_compared(plan: Plan) -> None:
    concept = ConceptFactory(lo="ນ້ຳ")
    text = table([{"concept_id": concept.public_id, "language": "lo", "term": " ນໍ້າ "}])
    assert only(plan(text)).state == State.UNCHANGED


# --- Which concept is meant -----------------------------------------------------------------------


def test_an_entry_without_id_is_the_concept_with_its_terms(plan: Plan, take: Any) -> None:
    text = "concept_id,language,term\r\na,lo,ທູບຈອດ\r\na,vi,que hàn\r\nb,lo,ທູບຈອດ\r\nb,vi,que\r\n"
    take(text)
    assert Concept.objects.count() == 2
    take(text)
    assert {item.state for item in entries(plan(text))} == {State.UNCHANGED}


def test_terms_with_a_sorting_hint_are_recognised_too(plan: Plan) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    term = concept.terms.get()
    term.sort_as = "ຈອດ"
    term.save()
    assert only(plan("concept_id,language,term\r\n1,lo,ທູບຈອດ\r\n")).state == State.UNCHANGED


def test_terms_of_several_concepts_are_a_conflict(plan: Plan) -> None:
    ConceptFactory(lo="ຈອດ")
    ConceptFactory(lo="ຈອດ")
    item = only(plan("concept_id,language,term\r\n1,lo,ຈອດ\r\n"))
    assert item.state == State.CONFLICT
    assert item.problems[0].column == "concept_id"


def test_the_same_new_concept_twice_is_refused_once(plan: Plan) -> None:
    states = [
        i.state for i in entries(plan("concept_id,language,term\r\n1,lo,ຈອດ\r\n2,lo,ຈອດ\r\n"))
    ]
    assert states == [State.ADDED, State.REFUSED]


def test_a_concept_of_another_site_keeps_its_id(take: Any) -> None:
    take("concept_id,term_id,language,term\r\n23456789bc,bcdfghjkmn,lo,ຈອດ\r\n")
    concept = Concept.objects.get(public_id="23456789bc")
    assert concept.live
    assert concept.terms.get().public_id == "bcdfghjkmn"


def test_a_term_of_another_concept_is_refused(plan: Plan) -> None:
    term = ConceptFactory(lo="ຈອດ").terms.get()
    rows = [{"concept_id": "1", "term_id": term.public_id, "language": "lo", "term": "ທູບ"}]
    assert problems(plan(table(rows)))[0][:2] == (2, "term_id")


# --- Conflicts ------------------------------------------------------------------------------------


def changed(row: dict[str, str]) -> None:
    row["definition_en"] = "Changed in the file."


def draft(concept: Concept) -> None:
    concept.definition_en = "A draft."
    concept.save_revision()


def lock(concept: Concept) -> None:
    concept.locked = True
    concept.save()


def unpublish(concept: Concept) -> None:
    concept.unpublish()


def start_workflow(concept: Concept) -> None:
    WorkflowState.objects.create(
        content_type=concept.get_content_type(),
        base_content_type=concept.get_base_content_type(),
        object_id=str(concept.pk),
        workflow=Workflow.objects.create(name="Review"),
        requested_by=AdminFactory(),
    )


def edit_live(concept: Concept) -> None:
    concept.definition_vi = "Changed on the site."
    concept.save_revision().publish()


@pytest.mark.parametrize("spoil", [draft, lock, unpublish, start_workflow, edit_live])
def test_nobody_s_work_is_overwritten(
    spoil: Callable[[Concept], None], plan: Plan, save: Save, take: Any
) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    path = save(Format.CSV)
    spoil(concept)
    text = edit(path, changed)
    item = only(plan(text))
    assert item.state == State.CONFLICT
    assert item.problems[0].message
    take(text)
    concept.refresh_from_db()
    assert concept.definition_en == "A definition."


def test_a_draft_is_no_conflict_where_nothing_changes(plan: Plan, save: Save) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    path = save(Format.CSV)
    draft(concept)
    assert only(plan(path)).state == State.UNCHANGED


def test_without_a_version_the_file_wins_over_a_newer_text(plan: Plan, save: Save) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    path = save(Format.CSV)
    edit_live(concept)

    def force(row: dict[str, str]) -> None:
        row["version"] = ""

    assert only(plan(edit(path, force))).state == State.CHANGED


# --- Refusals -------------------------------------------------------------------------------------

HEADER = "concept_id,language,term,trades,status,type,part_of_speech,reviewed_on,safety,term_id\r\n"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",lo,ຈອດ,,,,,,,", "concept_id"),
        ("1,lo,,welder,preferred,,,,,", "term"),
        ("1,fr,souder,,,,,,,", "language"),
        ("1,lo,ຈອດ,plumbing,,,,,,", "trades"),
        ("1,lo,ຈອດ,,best,,,,,", "status"),
        ("1,lo,ຈອດ,,,short,,,,", "type"),
        ("1,lo,ຈອດ,,,,adverb,,,", "part_of_speech"),
        ("1,lo,ຈອດ,,,,,31/01/2026,,", "reviewed_on"),
        ("1,lo,ຈອດ,,,,,,perhaps,", "safety"),
        ("1,lo,ຈອດ,,,,,,,abc", "term_id"),
        (f"1,lo,{'ຈ' * 201},,,,,,,", "term"),
        ("1,lo,ຈອ\x07ດ,,,,,,,", "term"),
        ("1,lo,ຈອດ,,,,,,,,more cells", ""),
    ],
)
def test_a_wrong_cell_is_refused_with_its_row_and_column(row: str, column: str, plan: Plan) -> None:
    text = f"{HEADER}2,lo,ດີ,welder,,,,,,\r\n{row}\r\n"
    found = plan(text)
    assert [item.state for item in entries(found)] == [State.ADDED, State.REFUSED]
    assert problems(found)[0][:2] == (3, column)


def test_an_unknown_trade_is_answered_with_the_known_ones(plan: Plan) -> None:
    TradeFactory(slug="cook", name_en="Cook", name_vi="Nấu ăn", name_lo="")
    message = problems(plan("concept_id,language,term,trades\r\n1,lo,ຈອດ,baker\r\n"))[0][2]
    assert "cook, welder" in message


def test_rows_that_contradict_each_other_about_a_concept_are_refused(plan: Plan) -> None:
    text = "concept_id,language,term,definition_en\r\n1,lo,ຈອດ,One.\r\n1,vi,hàn,Two.\r\n"
    assert problems(plan(text))[0][:2] == (3, "definition_en")
    apart = "concept_id,language,term,definition_en\r\n1,lo,ຈອດ,A\r\n2,lo,ດີ,B\r\n1,vi,hàn,C\r\n"
    assert problems(plan(apart))[0][0] == 4


def test_two_preferred_terms_of_a_language_are_refused(plan: Plan) -> None:
    text = "concept_id,language,term,status\r\n1,lo,ຈອດ,preferred\r\n1,lo,ເຊື່ອມ,preferred\r\n"
    assert problems(plan(text))[0][1] == "status"
    concept = ConceptFactory(lo="ຈອດ")
    row = {
        "concept_id": concept.public_id,
        "language": "lo",
        "term": "ເຊື່ອມ",
        "status": "preferred",
    }
    assert problems(plan(table([row])))[0][1] == "status"


def test_a_new_term_without_status_never_competes(take: Any) -> None:
    concept = ConceptFactory(lo="ຈອດ")
    row = {"concept_id": concept.public_id, "language": "lo", "term": "ເຊື່ອມ"}
    take(table([row]))
    assert concept.terms.get(text="ເຊື່ອມ").status == Term.Status.ADMITTED


def test_links_to_concepts_of_another_site_are_left_out_with_a_note(plan: Plan, take: Any) -> None:
    text = "concept_id,language,term,broader\r\n23456789bc,lo,ຈອດ,bcdfghjkmn\r\n"
    item = only(plan(text))
    assert (item.state, bool(item.notes)) == (State.ADDED, True)
    take(text)
    assert only(plan(text)).state == State.UNCHANGED


def test_links_may_point_forward_in_the_file(take: Any) -> None:
    take(
        "concept_id,language,term,broader\r\n23456789bc,lo,ຈອດ,bcdfghjkmn\r\nbcdfghjkmn,lo,ວຽກ,\r\n"
    )
    concept = Concept.objects.get(public_id="23456789bc")
    assert concept.relations.get().target.public_id == "bcdfghjkmn"


def test_unknown_columns_are_named_and_passed_over(plan: Plan) -> None:
    found = plan("concept_id,language,term,defintion_en\r\n1,lo,ຈອດ,A text.\r\n")
    assert "defintion_en" in found.fact("notes")[0]


# --- What is exported -----------------------------------------------------------------------------


def test_drafts_and_unpublished_concepts_are_not_exported(save: Save, plan: Plan) -> None:
    ConceptFactory(lo="ຈອດ")
    ConceptFactory(lo="ລັບ", live=False)
    assert "ລັບ" not in save(Format.CSV).read_text(encoding="utf-8-sig")


def test_a_selection_exports_only_what_it_says(save: Save, plan: Plan) -> None:
    cook = TradeFactory(slug="cook", name_en="Cook")
    first = ConceptFactory(lo="ຈອດ", vi="hàn", trades=[TradeFactory()])
    ConceptFactory(lo="ແກງ", vi="canh", trades=[cook])
    first.terms.filter(language="lo").update(review_state="reviewed")

    def exported(**options: Any) -> set[str]:
        text = save(Format.CSV, "part", Selection(**options)).read_text(encoding="utf-8-sig")
        return {word for word in ("ຈອດ", "hàn", "ແກງ", "canh") if word in text}

    assert exported(trade="cook") == {"ແກງ", "canh"}
    assert exported(language="vi") == {"hàn", "canh"}
    assert exported(reviewed=True) == {"ຈອດ"}
    assert exported(reviewed=True, language="vi") == set()
