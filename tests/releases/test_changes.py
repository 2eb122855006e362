"""What changed between two releases."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.identity import public_id_from
from releases.change_notes import draft_notes
from releases.changes import Changes, Kind, PageChange, compare
from releases.matching import out_of_order
from releases.package.canonical import pages_of
from releases.word_diff import Budget, Piece, difference, plain_text, words_and_gaps
from tests.releases.sample_documents import block_id, document, file_entry, module, translated, unit

Document = dict[str, Any]


@pytest.fixture
def old() -> Document:
    return document(3, 3, contents=(b"drawing",))


@pytest.fixture
def new(old: Document) -> Document:
    return copy.deepcopy(old)


def units(changes: Changes) -> list[PageChange]:
    return [unit for module in changes.modules for unit in module.units]


def text_of(pieces: tuple[Piece, ...], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def test_the_same_content_has_no_changes(old: Document, new: Document) -> None:
    new["release"] |= {"version": 2, "date": "2027-01-01", "public_id": "2222222222"}
    assert not compare(old, new)
    assert draft_notes(compare(old, new), "vi") == ""


def test_lao_is_compared_by_words_and_vietnamese_by_words(old: Document, new: Document) -> None:
    body = new["modules"][0]["units"][0]["streams"]["body"]
    body[0]["value"]["lo"] = body[0]["value"]["lo"].replace("ແວ່ນຕາ", "ໜ້າກາກ")
    body[0]["value"]["vi"] = body[0]["value"]["vi"].replace("kính bảo hộ", "mặt nạ hàn")
    [changed] = units(compare(old, new))
    [block] = changed.blocks
    assert (block.kind, block.stream, block.type) == (Kind.CHANGED, "body", "paragraphs")
    lao, vietnamese = block.texts
    assert (lao.language, vietnamese.language) == ("lo", "vi")
    assert text_of(lao.pieces, "removed") == "ແວ່ນຕາ"
    assert text_of(lao.pieces, "added") == "ໜ້າກາກ"
    assert text_of(vietnamese.pieces, "removed") == "kính bảo hộ"
    assert text_of(vietnamese.pieces, "added") == "mặt nạ hàn"
    assert "<p>" not in lao.before


def test_modules_and_units_that_came_went_and_moved_are_told_apart(
    old: Document, new: Document
) -> None:
    first, second, third = new["modules"]
    new["modules"] = [third, first, module(9, 1)]
    moved = second["units"][0]
    first["units"].insert(0, moved)
    first["units"][1], first["units"][2] = first["units"][2], first["units"][1]
    changes = compare(old, new)
    by_name = {change.page["texts"]["name"]["en"]: change for change in changes.modules}
    kinds = {name: (change.kind, change.is_moved) for name, change in by_name.items()}
    assert kinds == {
        "Module 3": (Kind.CHANGED, True),
        "Module 1": (Kind.CHANGED, False),
        "Module 9": (Kind.ADDED, False),
        "Module 2": (Kind.REMOVED, False),
    }
    from_second, *swapped = by_name["Module 1"].units
    assert from_second.moved_from == old["modules"][1]
    assert [change.is_moved for change in swapped] == [True]
    gone = [unit.page["texts"]["name"]["en"] for unit in by_name["Module 2"].units]
    assert gone == ["Unit 2.2", "Unit 2.3"]
    assert [unit.kind for unit in by_name["Module 9"].units] == [Kind.ADDED]


def test_hours_credits_and_names_are_compared(old: Document, new: Document) -> None:
    new["modules"][1]["values"] |= {"hours_practice": 60, "credits": "3.5"}
    new["modules"][1]["texts"]["name"]["vi"] = "Hàn hồ quang"
    new["trade"] = None
    changes = compare(old, new)
    [changed] = changes.modules
    values = {value.path[0]: (value.before, value.after) for value in changed.values}
    assert values == {"hours_practice": (45, 60), "credits": ("3", "3.5")}
    assert changed.is_renamed and not changed.is_moved
    assert [value.path for value in changes.values] == [("trade",)]


def test_steps_within_a_block_are_matched_by_their_identity(old: Document, new: Document) -> None:
    procedure = new["modules"][0]["units"][0]["streams"]["body"][-1]["value"]
    action = {"lo": "", "vi": "Tắt máy.", "en": ""}
    added = {"type": "item", "id": block_id("added"), "value": {"action": action, "drawing": None}}
    procedure["steps"].insert(1, added)
    procedure["steps"][2]["value"]["action"]["en"] += " Then look."
    procedure["steps"][3]["value"]["drawing"] = {"file": old["files"][0]["sha256"]}
    [changed] = units(compare(old, new))
    [block] = changed.blocks
    texts = {(text.path, text.language): text for text in block.texts}
    assert set(texts) == {(("steps", "2", "action"), "vi"), (("steps", "3", "action"), "en")}
    assert texts[("steps", "2", "action"), "vi"].before == ""
    assert text_of(texts[("steps", "3", "action"), "en"].pieces, "removed") == ""
    [value] = block.values
    assert value.path == ("steps", "4", "drawing")


def test_the_cells_of_a_new_table_row_are_texts_that_came(old: Document, new: Document) -> None:
    def row(name: str) -> dict[str, Any]:
        cell = {"type": "item", "id": block_id(f"{name} cell"), "value": translated(name)}
        return {"type": "item", "id": block_id(name), "value": [cell]}

    for content, rows in ((old, ["one", "two"]), (new, ["one", "three"])):
        table = {"title": {}, "columns": [], "rows": [row(name) for name in rows]}
        block = {"type": "table", "id": block_id("table"), "value": table}
        content["modules"][0]["units"][0]["streams"]["body"].append(block)
    [changed] = units(compare(old, new))
    [block] = changed.blocks
    english = [text for text in block.texts if text.language == "en"]
    assert [(text.path, text.before, text.after) for text in english] == [
        (("rows", "2", "1"), "", "three"),
        (("rows", "2", "1"), "two", ""),
    ]
    assert block.values == ()


def test_blocks_that_came_went_and_moved_are_told_apart(old: Document, new: Document) -> None:
    streams = new["modules"][0]["units"][0]["streams"]
    first, second, third = streams["body"]
    extra = unit("extra")["streams"]["body"][0]
    streams["body"] = [third, first, second, extra]
    [objective] = streams["objectives"]
    streams["objectives"] = []
    [changed] = units(compare(old, new))
    assert {(block.id, block.kind, block.is_moved) for block in changed.blocks} == {
        (third["id"], Kind.CHANGED, True),
        (extra["id"], Kind.ADDED, False),
        (objective["id"], Kind.REMOVED, False),
    }


def test_an_adaptation_is_compared_with_a_later_release_of_what_it_came_from(
    old: Document, new: Document
) -> None:
    """New public ids, the same origins; each side changed something."""
    adapted = copy.deepcopy(old)
    for page in pages_of(adapted):
        page["origin_id"] = page["public_id"]
        page["public_id"] = public_id_from(f"adapted {page['public_id']}")
    local = unit("Local unit")
    adapted["modules"][0]["units"].append(local)
    new["modules"][2]["values"]["hours_test"] = 9
    changes = compare(adapted, new)
    assert changes.curriculum is None
    kinds = [(change.kind, change.page["texts"]["name"]["en"]) for change in changes.modules]
    assert kinds == [(Kind.CHANGED, "Module 1"), (Kind.CHANGED, "Module 3")]
    assert [(unit.kind, unit.before) for unit in units(changes)] == [(Kind.REMOVED, local)]
    # Two adaptations of one original, and the other direction.
    assert len(compare(new, adapted).modules) == 2
    other = copy.deepcopy(adapted)
    for module_ in other["modules"]:
        module_["public_id"] = public_id_from(f"other {module_['public_id']}")
    assert not compare(adapted, other)


def test_files_and_terms_are_compared(old: Document, new: Document) -> None:
    new["files"] = [file_entry(b"another drawing")]
    new["terms"][0]["definition"]["vi"] = "Khác"
    changes = compare(old, new)
    assert [file.kind for file in changes.files] == [Kind.ADDED, Kind.REMOVED]
    assert [term.kind for term in changes.terms] == [Kind.CHANGED]


def test_formatting_alone_is_shown_as_such_and_editor_keys_are_no_change(
    old: Document, new: Document
) -> None:
    value = new["modules"][0]["units"][0]["streams"]["body"][0]["value"]
    value["lo"] = value["lo"].replace("<p>", '<p data-block-key="x1y2z">')
    assert not compare(old, new)
    value["vi"] = value["vi"].replace("<p>", "<p><b>").replace("</p>", "</b></p>")
    [changed] = units(compare(old, new))
    [text] = changed.blocks[0].texts
    assert {piece.kind for piece in text.pieces} == {"same"}


def test_the_draft_of_the_notes_names_what_changed(old: Document, new: Document) -> None:
    new["modules"][0]["values"]["hours_practice"] = 60
    new["modules"][0]["texts"]["name"]["vi"] = "Hàn"
    new["modules"][1]["units"][1]["streams"]["body"][0]["value"]["vi"] = "<p>Mới</p>"
    new["modules"][1]["units"][1]["streams"]["body"][1]["value"]["lo"] = "<p>ໃໝ່</p>"
    new["modules"][2]["units"].pop()
    new["modules"].append(module(4, 1))
    new["files"] = []
    changes = compare(old, new)
    assert draft_notes(changes, "en").splitlines() == [
        "MD01 Module 1: practice hours: 45 → 60",
        "Removed unit: Unit 3.3",
        "New module: MD04 Module 4",
        "1 picture or file removed",
    ]
    vietnamese = draft_notes(changes, "vi")
    assert "45 → 60" in vietnamese and "MD01 Hàn:" in vietnamese
    assert "Unit 2.2: " in vietnamese
    assert "Unit 2.2: " in draft_notes(changes, "lo")


def test_a_plain_text_with_an_angle_bracket_is_no_html() -> None:
    assert plain_text("5 < 6 and <b>") == "5 < 6 and <b>"
    assert plain_text("<p>a &lt; <b>b</b></p><ul><li>c</li></ul>") == "a < b\nc"


@given(st.text("ກຂາ່ ab1.\n", max_size=30), st.text("ກຂາ່ ab1.\n", max_size=30))
@settings(max_examples=150, deadline=None)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = difference(before, after, "lo", Budget())
    assert text_of(pieces, "same", "removed") == before
    assert text_of(pieces, "same", "added") == after
    assert "".join(words_and_gaps(before, "lo")) == before


@given(st.permutations(range(7)))
@settings(max_examples=50, deadline=None)
def test_as_few_pages_as_possible_are_said_to_have_moved(order: list[int]) -> None:
    moved = out_of_order(order, range(7))
    kept = [item for item in order if item not in moved]
    assert kept == sorted(kept)
    # Nothing that was moved could have stayed.
    assert all([*kept, item] != sorted([*kept, item]) or order[-1] != item for item in moved)


def test_long_and_entirely_different_texts_cost_little() -> None:
    """Bounded work, shown as old and new; counted, since a time is no measure in a test."""
    shuffled = random.Random(5)
    before = " ".join(shuffled.choices("ab", k=20_000))
    after = " ".join(shuffled.choices("ab", k=20_000))
    budget = Budget()
    pieces = difference(before, after, "vi", budget)
    assert text_of(pieces, "same", "removed") == before
    assert budget.steps > 7_000_000
    whole = (Piece("removed", "one two three"), Piece("added", "two four"))
    assert difference("one two three", "two four", "en", Budget()) != whole
    for spent in (Budget(characters=10), Budget(steps=0)):
        assert difference("one two three", "two four", "en", spent) == whole
