"""Flashcards, the own list and the own progress in a real browser at 360 px, checked by axe."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glossary.search import index_concepts

from .practising import PHRASE, concepts, vietnamese_lesson, with_sound_and_picture

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium")
AXE = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('x', 'QuotaExceededError') }"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage',"
    " { get() { throw new DOMException('x', 'SecurityError') } })"
)
STORED = "JSON.parse(localStorage.getItem('cards') || '{\"cards\": {}}').cards"
LESSONS = {"version": 1, "lessons": {"abc": {"e1": "2026-05-02", "e2": "2026-05-02"}}}
# Reviewed on 1 May 2026, due three days later.
CARD = [1777852800, 1777593600, 3.17, 5.28, 3, 1, 0, 2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--mute-audio",
                "--disable-gpu",
                "--disable-background-networking",
            ],
        )
        yield chromium
        chromium.close()


class Learner:
    """A phone of 360 px; script errors and refused styles fail the test."""

    def __init__(self, context: Any, base: str) -> None:
        self.context = context
        self.page = context.new_page()
        self.base = base
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: str) -> Any:
        self.page.goto(f"{self.base}{path}")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def find(self, name: str) -> Any:
        return self.page.locator(f"[data-{name}]").first

    def text(self, name: str) -> str:
        return self.find(name).inner_text()

    def begin(self, way: str = "lo-vi") -> None:
        self.page.locator(f'input[name="way"][value="{way}"]').check()
        self.find("begin").click()
        self.find("session").wait_for()

    def counts(self) -> tuple[str, str, str]:
        return self.text("due"), self.text("new"), self.text("later")

    def check(self) -> None:
        """No rule of axe is broken by what can be seen now."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]]
        assert told == []

    def fits(self) -> None:
        """Nothing is wider than the phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.fixture
def phone(browser: Any, live_server: Any) -> Iterator[Learner]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        accept_downloads=True,
    )
    learner = Learner(context, live_server.url)
    yield learner
    context.close()
    assert learner.errors == []


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


# --- The own progress -----------------------------------------------------------------------------


def stored(phone: Learner) -> dict[str, Any]:
    found: dict[str, Any] = phone.page.evaluate(
        "({lessons: JSON.parse(localStorage.lessons || 'null'),"
        " cards: JSON.parse(localStorage.cards || 'null')})"
    )
    return found


def progress_file(**changes: Any) -> str:
    return json.dumps(
        {
            "format": "mittaphap-progress",
            "version": 1,
            "saved": "2026-05-02T10:00:00Z",
            "lessons": LESSONS["lessons"],
            "cards": {"b234567890 lo-vi": CARD},
            **changes,
        }
    )


def bring(phone: Learner, text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    phone.find("outcome").evaluate("note => { note.hidden = true }")
    phone.find("import").set_input_files(
        {"name": "p.json", "mimeType": "application/json", "buffer": data}
    )
    phone.find("outcome").wait_for()
    return phone.text("outcome")


def with_progress(phone: Learner) -> None:
    """A device that has some already."""
    cards = {"version": 1, "cards": {"b234567890 lo-vi": CARD, "c234567890 vi-lo": CARD}}
    phone.open("/en/practice/progress/")
    phone.page.evaluate(
        "([lessons, cards]) => { localStorage.lessons = lessons; localStorage.cards = cards }",
        [json.dumps(LESSONS), json.dumps(cards)],
    )
    phone.open("/en/practice/progress/")


def test_progress_goes_to_another_device_and_back(
    phone: Learner, home: Any, tmp_path: Path
) -> None:
    with_progress(phone)
    assert [phone.text(n) for n in ("lessons", "exercises", "cards")] == ["1", "2", "2"]
    phone.check()
    phone.fits()
    with phone.page.expect_download() as download:
        phone.find("export").tap()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    before = stored(phone)
    phone.page.locator("[data-wipe-box] summary").tap()
    phone.find("wipe").tap()
    assert phone.find("wiped").is_visible()
    assert [phone.text(n) for n in ("lessons", "exercises", "cards")] == ["0", "0", "0"]
    phone.requests.clear()
    assert "1 lessons and 2 cards" in bring(phone, saved.read_bytes())
    assert stored(phone) == before
    assert phone.requests == []
    phone.check()


def test_brought_progress_is_joined_with_what_is_there(phone: Learner, home: Any) -> None:
    with_progress(phone)
    later = [CARD[0] + 9000000, CARD[1] + 400000, *CARD[2:]]
    earlier = [CARD[0] - 900, CARD[1] - 900, *CARD[2:]]
    text = progress_file(
        lessons={"abc": {"e2": "2026-05-01", "e3": "2026-05-03"}, "def": {"e1": "2026-05-03"}},
        cards={"b234567890 lo-vi": later, "c234567890 vi-lo": earlier, "d234567890 lo-vi": CARD},
    )
    bring(phone, text)
    found = stored(phone)
    assert found["lessons"]["lessons"] == {
        "abc": {"e1": "2026-05-02", "e2": "2026-05-01", "e3": "2026-05-03"},
        "def": {"e1": "2026-05-03"},
    }
    assert found["cards"]["cards"] == {
        "b234567890 lo-vi": later,
        "c234567890 vi-lo": CARD,
        "d234567890 lo-vi": CARD,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read"),
        (progress_file()[:-20], "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        ("[]", "no progress of this site"),
        ('{"cards": {}}', "no progress of this site"),
        (progress_file(version=2), "newer version"),
        (progress_file(version="1"), "makes no sense"),
        (progress_file(cards=None), "makes no sense"),
        (progress_file(cards={"x": CARD}), "makes no sense"),
        (progress_file(cards={"b234567890 lo-vi": CARD[:-1]}), "makes no sense"),
        (progress_file(cards={"b234567890 lo-vi": [1e300, *CARD[1:]]}), "makes no sense"),
        (progress_file(cards={"b234567890 lo-vi": ["<b>", *CARD[1:]]}), "makes no sense"),
        (progress_file(lessons={"abc": {"e1": "yesterday"}}), "makes no sense"),
        (progress_file(lessons={"abc": ["e1"]}), "makes no sense"),
        (progress_file().replace('"abc"', '"__proto__"'), "makes no sense"),
        ("[" * 6_000_000, "too large"),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_a_bad_file_is_refused_and_the_progress_kept(
    phone: Learner, home: Any, text: str | bytes, reason: str
) -> None:
    with_progress(phone)
    before = stored(phone)
    told = bring(phone, text)
    assert reason in told
    assert "Nothing was changed" in told
    assert stored(phone) == before


def test_a_full_device_keeps_what_it_has(phone: Learner, home: Any) -> None:
    with_progress(phone)
    before = stored(phone)
    # Only lessons find no room: what was stored of the cards must go back too.
    phone.page.evaluate(
        "const set = Storage.prototype.setItem;"
        "Storage.prototype.setItem = function (key, value) {"
        " if (key === 'lessons' && value.includes('def')) throw new DOMException('x',"
        " 'QuotaExceededError'); set.call(this, key, value) }; null"
    )
    told = bring(
        phone,
        progress_file(lessons={"def": {"e1": "2026-05-03"}}, cards={"d234567890 lo-vi": CARD}),
    )
    assert "no room" in told
    assert stored(phone) == before


def test_where_nothing_can_be_kept_a_file_still_counts_and_that_is_said(
    phone: Learner, home: Any
) -> None:
    phone.context.add_init_script(NO_STORAGE)
    phone.open("/en/practice/progress/")
    assert "taken in" in bring(phone, progress_file())
    assert phone.text("cards") == "1"
    assert "does not let the site keep" in phone.text("forgets")
