"""Flashcards and the own list in a real browser at 360 px, by touch and keyboard, with axe."""

import json
from typing import Any

import pytest

from glossary.search import index_concepts

from .browsing import IN_BROWSER
from .learner import NO_ROOM, NO_STORAGE, Learner
from .practising import PHRASE, concepts, vietnamese_lesson, with_sound_and_picture

pytestmark = IN_BROWSER
STORED = "JSON.parse(localStorage.getItem('cards') || '{\"cards\": {}}').cards"
# Reviewed on 1 May 2026, due three days later.
CARD = [1777852800, 1777593600, 3.17, 5.28, 3, 1, 0, 2]


@pytest.fixture
def path(home: Any) -> str:
    """A list of three words, the first with sound and picture."""
    first, *others = concepts(3)
    made = [with_sound_and_picture(first), *others]
    return f"/en/practice/list/{'.'.join(concept.public_id for concept in made)}/?name=Tools"


# --- Flashcards -----------------------------------------------------------------------------------


def test_a_session_by_touch(phone: Learner, path: str) -> None:
    phone.open(path)
    assert phone.counts() == ("0", "6", "0")
    phone.check()
    phone.fits()
    phone.page.locator('input[value="lo-vi"]').check()
    assert phone.counts() == ("0", "3", "0")
    phone.find("begin").tap()
    phone.find("session").wait_for()
    assert "ຄ້ອນ" in phone.text("question")
    assert "búa" not in phone.page.locator("main").inner_text()
    phone.check()
    phone.fits()
    phone.find("show").tap()
    assert "búa" in phone.text("answer")
    assert "hammer" in phone.text("answer")
    assert phone.page.locator("[data-interval]").all_inner_texts() == ["1 d", "2 d", "3 d", "8 d"]
    assert phone.find("answer").locator("img").is_visible()
    phone.check()
    phone.fits()
    for _ in range(3):
        if phone.find("show").is_visible():
            phone.find("show").tap()
        phone.page.locator('[data-grade="3"]').tap()
    assert "3 cards practised, 3 of them known at once." in phone.text("end")
    assert phone.counts() == ("0", "0", "3")
    assert "Nothing is due today" in phone.text("next")
    phone.check()
    phone.open(path)
    assert phone.counts() == ("0", "3", "3")


def test_a_session_by_keyboard(phone: Learner, path: str) -> None:
    phone.open(path)
    phone.page.locator('input[name="way"][value="vi-lo"]').check()
    phone.find("begin").focus()
    phone.page.keyboard.press("Enter")
    phone.find("session").wait_for()
    focused = "document.activeElement.textContent"
    # What a screen reader comes to is the word, then the answer.
    assert "búa" in phone.page.evaluate(focused)
    phone.page.keyboard.press("1")
    assert phone.find("answer").is_hidden()
    phone.page.keyboard.press("Space")
    assert "ຄ້ອນ" in phone.page.evaluate(focused)
    phone.page.keyboard.press("1")
    for grade in ("Space", "4"):
        phone.page.keyboard.press("Space")
        phone.page.keyboard.press(grade)
    # The forgotten word comes back behind the others, and counts as forgotten.
    assert "búa" in phone.text("question")
    assert "Card 3 of 3" in phone.text("position")
    phone.page.keyboard.press("Space")
    phone.page.keyboard.press("Space")
    assert "3 cards practised, 2 of them known at once." in phone.text("end")
    stored = phone.page.evaluate(STORED)
    assert sorted(card[4] for card in stored.values())[0] == 1
    assert all(key.endswith(" vi-lo") for key in stored)


def test_the_sound_plays_from_what_was_loaded(phone: Learner, path: str) -> None:
    phone.open(path)
    phone.begin()
    before = len(phone.requests)
    button = phone.find("question").locator("[data-audio]")
    assert button.get_attribute("href").startswith("blob:")
    button.tap()
    for _ in range(50):
        if button.get_attribute("data-state"):
            break
        phone.page.wait_for_timeout(20)
    assert button.get_attribute("data-state") in ("loading", "playing")
    asked = [url for url in phone.requests[before:] if not url.startswith("blob:")]
    assert asked == []


def test_practising_asks_nothing_of_the_server(phone: Learner, path: str) -> None:
    phone.open(path)
    phone.begin("both")
    phone.requests.clear()
    phone.context.set_offline(True)
    while phone.find("session").is_visible():
        phone.find("show").tap()
        phone.page.locator('[data-grade="2"]').tap()
    phone.find("more").tap()
    phone.find("session").wait_for()
    phone.find("stop").tap()
    assert phone.find("start").is_visible()
    assert phone.find("begin").is_visible()
    assert [url for url in phone.requests if not url.startswith("blob:")] == []
    assert phone.context.cookies() == []


def test_without_its_sounds_a_session_begins_all_the_same(phone: Learner, path: str) -> None:
    phone.open(path)
    phone.context.set_offline(True)
    phone.begin()
    assert phone.find("question").locator("[data-audio]").count() == 0
    phone.find("show").tap()
    assert "búa" in phone.text("answer")
    phone.errors.clear()


def test_due_cards_come_first(phone: Learner, path: str) -> None:
    third = path.split("/")[4].split(".")[2]
    phone.context.add_init_script(
        f"localStorage.setItem('cards', JSON.stringify("
        f"{json.dumps({'version': 1, 'cards': {f'{third} lo-vi': CARD}})}))"
    )
    phone.open(path)
    phone.begin()
    assert "ສາຍໄຟ" in phone.text("question")


@pytest.mark.parametrize("broken", [NO_ROOM, NO_STORAGE])
def test_without_storage_practice_goes_on_and_says_so(
    phone: Learner, path: str, broken: str
) -> None:
    phone.context.add_init_script(broken)
    phone.open(path)
    phone.begin()
    phone.find("show").tap()
    phone.page.locator('[data-grade="3"]').tap()
    assert "does not let the site keep your progress" in phone.text("forgets")
    assert phone.find("question").is_visible()
    phone.find("stop").tap()
    # For as long as the page is open it is known.
    assert phone.counts() == ("0", "2", "1")


@pytest.mark.parametrize(
    "stored",
    ["{", "null", '{"version": 9}', '{"version": 1, "cards": {"__proto__": [1], "a lo-vi": "x"}}'],
)
def test_damaged_storage_counts_as_none(phone: Learner, path: str, stored: str) -> None:
    phone.context.add_init_script(f"localStorage.setItem('cards', {json.dumps(stored)})")
    phone.open(path)
    assert phone.counts() == ("0", "6", "0")


def test_without_script_the_answers_are_folded(browser: Any, live_server: Any, path: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(live_server.url + path)
    row = page.locator("tr[data-word]").first
    assert row.get_by_text("ຄ້ອນ").is_visible()
    assert not row.get_by_text("búa").is_visible()
    row.locator("summary").click()
    assert row.get_by_text("búa").is_visible()
    assert not page.locator("[data-begin]").is_visible()
    context.close()


# --- The own list ---------------------------------------------------------------------------------


def test_a_teacher_puts_a_list_together(phone: Learner, home: Any) -> None:
    made = concepts(3)
    index_concepts([concept.pk for concept in made])
    lesson = vietnamese_lesson(home, PHRASE)
    phone.open("/en/practice/my-list/")
    assert "The list is empty" in phone.text("empty")
    phone.open("/en/glossary/?q=hammer")
    button = phone.page.locator(".my-list-button").first
    button.tap()
    assert button.get_attribute("aria-pressed") == "true"
    phone.check()
    phone.fits()
    phone.open(made[1].get_absolute_url("en"))
    phone.page.locator(".my-list-button").tap()
    phone.fits()
    phone.open(f"/en/{lesson.url.split('/', 2)[2]}?view=teacher")
    phone.page.locator(".my-list-button").tap()
    phone.open("/en/practice/my-list/")
    rows = phone.page.locator(".my-list__item")
    assert [rows.nth(n).inner_text().split("\n")[0] for n in range(3)] == [
        "ຄ້ອນ · búa",
        "ທູບຈອດ · que hàn · stick electrode",
        "Hello",
    ]
    phone.check()
    phone.fits()
    rows.nth(2).locator("[data-up]").tap()
    rows.nth(0).locator("[data-remove]").tap()
    assert "Removed: ຄ້ອນ · búa" in phone.find("said").text_content()
    phone.page.locator("#name").fill("Bài 1 & 2")
    phone.find("open").click()
    phone.page.wait_for_load_state("networkidle")
    assert f"/list/{lesson.public_id}.{made[1].public_id}/?name=" in phone.page.url
    assert phone.page.locator("h1").inner_text() == "Bài 1 & 2"
    assert phone.page.locator("tr[data-word]").count() == 2
    phone.page.locator(".share > summary").tap()
    assert phone.page.locator("#address").input_value() == phone.page.url
    code = phone.page.locator(".share__code img")
    code.scroll_into_view_if_needed()
    phone.page.wait_for_timeout(300)
    assert code.evaluate("image => image.complete && image.naturalWidth > 0")
    phone.check()
    phone.fits()
    assert phone.context.cookies() == []


def test_an_own_list_is_emptied_and_bounded(phone: Learner, home: Any) -> None:
    items = [{"id": f"b{number:09d}", "name": "x"} for number in range(200)]
    concept = concepts(1)[0]
    phone.context.add_init_script(
        "localStorage.list ??= JSON.stringify("
        f"{json.dumps({'version': 1, 'name': '', 'items': items})})"
    )
    phone.open(concept.get_absolute_url("en"))
    button = phone.page.locator(".my-list-button")
    button.tap()
    assert "The list is full" in button.inner_text()
    phone.open("/en/practice/my-list/")
    assert phone.text("count") == "200 of 200"
    phone.page.locator(".share > summary").tap()
    phone.find("clear").tap()
    assert phone.find("empty").is_visible()
