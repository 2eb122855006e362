"""Each kind of exercise in a real browser at 360 px: by touch and by keyboard."""

from typing import Any

import pytest

from tests.factories import lesson_page

from .browsing import IN_BROWSER, Reader, is_done
from .samples import EXERCISES

pytestmark = IN_BROWSER


# --- Each kind ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["choice", "listen_choose", "picture_term"])
def test_choosing(unit: Any, reader: Reader, kind: str) -> None:
    exercise = reader.open(lesson_page(unit, (kind, EXERCISES[kind])))
    check = exercise.locator("[data-check]")
    reader.use(check)
    assert reader.feedback(exercise) == ("empty", "Choose or write something first.")
    reader.use(exercise.locator("input[value='1']"), "Space")
    reader.use(check)
    state, text = reader.feedback(exercise)
    assert state == "wrong"
    assert "Not yet" in text
    assert "This means thank you." in text
    assert not is_done(exercise)
    reader.use(exercise.locator("input[value='0']"), "Space")
    assert reader.feedback(exercise)[0] is None
    reader.use(check)
    state, text = reader.feedback(exercise)
    assert state == "right"
    assert "A greeting." in text
    assert "This is why" in text
    assert is_done(exercise)
    reader.use(exercise.locator("[data-again]"))
    assert exercise.locator("input:checked").count() == 0


def test_choosing_several(unit: Any, visitor: Reader) -> None:
    texts = [{"text": t, "right": t != "c"} for t in "abc"]
    exercise = visitor.open(lesson_page(unit, ("choice", {"options": texts})))
    check = exercise.locator("[data-check]")
    exercise.locator("input[value='0']").check()
    check.tap()
    assert visitor.feedback(exercise)[0] == "wrong"
    exercise.locator("input[value='1']").check()
    check.tap()
    assert visitor.feedback(exercise)[0] == "right"


def test_the_arrow_keys_choose_without_answering(unit: Any, visitor: Reader) -> None:
    exercise = visitor.open(lesson_page(unit, ("choice", EXERCISES["choice"])))
    exercise.locator("input").first.focus()
    visitor.page.keyboard.press("ArrowDown")
    assert exercise.locator("input").nth(1).is_checked()
    assert visitor.feedback(exercise)[0] is None


def test_a_minimal_pair_without_sound_is_chosen_by_meaning(unit: Any, reader: Reader) -> None:
    exercise = reader.open(lesson_page(unit, ("minimal_pair", EXERCISES["minimal_pair"])))
    assert "good" in exercise.locator(".exercise__shown").inner_text()
    reader.use(exercise.locator("input[value='1']"), "Space")
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "wrong"
    reader.use(exercise.locator("input[value='0']"), "Space")
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "right"
    assert is_done(exercise)


def test_matching(unit: Any, reader: Reader) -> None:
    exercise = reader.open(lesson_page(unit, ("match", EXERCISES["match"])))

    def piece(side: str, pair: int) -> Any:
        return exercise.locator(f"[{side}] .piece[data-pair='{pair}']")

    reader.use(piece("data-left", 0))
    assert piece("data-left", 0).get_attribute("aria-pressed") == "true"
    reader.use(piece("data-right-side", 1))
    assert reader.feedback(exercise)[0] == "wrong"
    for pair in range(3):
        # From either side.
        sides = ["data-left", "data-right-side"]
        for side in sides if pair else reversed(sides):
            reader.use(piece(side, pair))
        if pair < 2:
            assert "belong together" in reader.feedback(exercise)[1]
    state, text = reader.feedback(exercise)
    assert (state, "This is why" in text) == ("right", True)
    assert is_done(exercise)
    reader.use(exercise.locator("[data-again]"))
    assert exercise.locator(".piece[data-state]").count() == 0


def test_putting_in_order(unit: Any, reader: Reader) -> None:
    exercise = reader.open(lesson_page(unit, ("order", EXERCISES["order"])))
    line = exercise.locator("[data-line]")

    def add(place: int) -> None:
        reader.use(exercise.locator(f"[data-pieces] [data-place='{place}'] .piece"))

    for place in (1, 0, 2):
        add(place)
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "wrong"
    # Taking pieces back keeps the focus on them.
    for place in (1, 0, 2):
        taken = line.locator(f"[data-place='{place}'] .piece")
        reader.use(taken)
    assert line.locator("li").count() == 0
    for place in range(3):
        add(place)
    assert line.inner_text().split() == EXERCISES["order"]["pieces"]
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "right"
    assert is_done(exercise)


def test_filling_gaps(unit: Any, reader: Reader) -> None:
    exercise = reader.open(lesson_page(unit, ("gap", EXERCISES["gap"])))
    first, second = exercise.locator(".gap__input").all()
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "empty"
    reader.type(first, "ດີ່")
    reader.type(second, "ໃຈ")
    reader.page.keyboard.press("Enter")
    assert reader.feedback(exercise)[0] == "nearly"
    assert "mind the tone mark" in reader.feedback(exercise)[1]
    assert first.get_attribute("aria-invalid") == "true"
    assert not is_done(exercise)
    reader.type(first, "ດີໆ")
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "right"
    assert is_done(exercise)


@pytest.mark.parametrize("typed", ["x" * 10_000, "<b>'\"\\</b>", "\u202e\u0000ກ", "😀" * 300])
def test_whatever_is_typed_is_answered(unit: Any, visitor: Reader, typed: str) -> None:
    exercise = visitor.open(lesson_page(unit, ("dictation", EXERCISES["dictation"])))
    visitor.type(exercise.locator("input"), typed)
    exercise.locator("[data-check]").tap()
    assert visitor.feedback(exercise)[0] == "wrong"


def test_dictation_without_sound_shows_the_text(unit: Any, reader: Reader) -> None:
    exercise = reader.open(lesson_page(unit, ("dictation", EXERCISES["dictation"])))
    assert "A recording is awaited" in exercise.inner_text()
    reader.use(exercise.locator(".exercise__sound summary"))
    assert exercise.locator(".exercise__sound .exercise__shown").is_visible()
    reader.type(exercise.locator("input"), "ຂອບ ໃຈ")
    reader.use(exercise.locator("[data-check]"))
    assert reader.feedback(exercise)[0] == "right"


def test_speaking_stays_on_the_device(unit: Any, reader: Reader) -> None:
    requests: list[str] = []
    exercise = reader.open(lesson_page(unit, ("speak", EXERCISES["speak"])))
    reader.page.on("request", lambda request: requests.append(request.url))
    record = exercise.locator("[data-record]")
    reader.use(record)
    reader.until("document.querySelector('[data-record]').innerText.includes('Stop')")
    reader.page.wait_for_timeout(400)
    reader.use(record)
    mine = exercise.locator("[data-mine]")
    mine.wait_for(state="visible")
    assert mine.evaluate("element => element === document.activeElement")
    reader.use(mine)
    reader.use(exercise.locator("[data-said]"))
    assert is_done(exercise)
    assert [url for url in requests if not url.startswith("blob:")] == []


def test_speaking_without_a_microphone_says_so(unit: Any, visitor: Reader) -> None:
    visitor.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no'))"
    )
    exercise = visitor.open(lesson_page(unit, ("speak", EXERCISES["speak"])))
    exercise.locator("[data-record]").tap()
    exercise.get_by_text("no microphone").wait_for()
    assert not exercise.locator("[data-record]").is_visible()
    exercise.locator("[data-said]").tap()
    assert is_done(exercise)
