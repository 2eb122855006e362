"""Exercises in a real browser at 360 px: by touch and by keyboard, and checked by axe."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from media.models import Recording
from tests.factories import course_page, lesson_page, unit_page
from tests.media.sounds import tone

from .samples import EXERCISES, PRESENTATION, every_kind

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium")
AXE = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
HOW = ["touch", "keyboard"]
PIXELS = 'document.querySelector("canvas").getContext("2d").getImageData(0, 0, 300, 300).data'
NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('x', 'QuotaExceededError') }"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage',"
    " { get() { throw new DOMException('x', 'SecurityError') } })"
)


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
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def unit(home: Any) -> Any:
    course = course_page(home, languages=["vi", "en"], source_language="vi")
    return unit_page(course, name_vi="Chào hỏi")


class Reader:
    """A page at 360 px, used by touch or by keyboard; script errors fail the test."""

    def __init__(self, context: Any, base: str, how: str) -> None:
        self.page = context.new_page()
        self.base = base
        self.how = how
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        # A refused style or script is told on the console only.
        self.page.on(
            "console",
            lambda message: message.type == "error" and self.errors.append(message.text),
        )

    def open(self, lesson: Any, language: str = "en", query: str = "") -> Any:
        path = lesson.url.split("/", 2)[2]
        self.page.goto(f"{self.base}/{language}/{path}{query}")
        self.page.wait_for_selector("[data-needs-script]:not([hidden])", state="attached")
        return self.page.locator("[data-exercise]").first

    def use(self, locator: Any, key: str = "Enter") -> None:
        """Tap it, or come to it by keyboard and press `key`."""
        if self.how == "touch":
            locator.tap()
        else:
            locator.focus()
            assert locator.evaluate("element => element === document.activeElement")
            self.page.keyboard.press(key)

    def type(self, locator: Any, text: str) -> None:
        if self.how == "touch":
            locator.tap()
        else:
            locator.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def until(self, expression: str) -> None:
        """Wait until it is true; Playwright's own waiting needs eval, which the policy forbids."""
        for _ in range(100):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never true: {expression}")

    def feedback(self, exercise: Any) -> tuple[str | None, str]:
        box = exercise.locator("[data-feedback]")
        return box.get_attribute("data-state"), box.inner_text()


@pytest.fixture(params=HOW)
def reader(request: Any, browser: Any, live_server: Any) -> Iterator[Reader]:
    yield from _reader(browser, live_server, request.param)


@pytest.fixture
def visitor(browser: Any, live_server: Any) -> Iterator[Reader]:
    """One reader, where touch and keyboard make no difference."""
    yield from _reader(browser, live_server, "touch")


def _reader(browser: Any, live_server: Any, how: str) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    context.set_default_timeout(10_000)
    reader = Reader(context, live_server.url, how)
    yield reader
    errors = reader.errors
    context.close()
    assert errors == []


def is_done(exercise: Any) -> bool:
    return bool(exercise.locator(".exercise__done").is_visible())


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


# --- Players and cards ----------------------------------------------------------------------------


def test_a_dialogue_plays_line_by_line_slowly_and_hides(unit: Any, reader: Reader) -> None:
    recording = Recording.objects.create(
        title="A", language="lo", file=ContentFile(tone(1), "a.wav")
    )
    value = PRESENTATION["dialogue"]
    lines = [{**line, "recording": recording.pk} for line in value["lines"]]
    reader.open(lesson_page(unit, ("dialogue", {**value, "lines": lines})))
    dialogue = reader.page.locator("[data-dialogue]")
    reader.page.evaluate(
        """document.addEventListener("audioend", ({target}) => (window.heard ??= [])
             .push(target.closest("li").querySelector("[lang]").textContent))"""
    )
    reader.use(dialogue.locator("[data-slow]"))
    assert dialogue.get_attribute("data-rate") == "0.7"
    play = dialogue.locator("[data-play-all]")
    reader.use(play)
    assert play.inner_text() == "Stop"
    reader.until("window.heard?.length === 2")
    assert reader.page.evaluate("heard") == ["ຄູ", "ລານ"]
    assert play.inner_text() == "Play all"
    reader.use(dialogue.locator("[data-hide=told]"))
    assert not dialogue.locator(".spoken__told").first.is_visible()
    assert dialogue.locator(".spoken__text").first.is_visible()
    reader.use(dialogue.locator("[data-hide=told]"))
    assert dialogue.locator(".spoken__told").first.is_visible()


def test_a_letter_is_traced_and_scored(unit: Any, visitor: Reader) -> None:
    visitor.open(lesson_page(unit, ("letter_card", PRESENTATION["letter_card"])))
    page = visitor.page
    page.locator("[data-trace]").tap()
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    visitor.until(f"{PIXELS}.some(Boolean)")
    box = canvas.bounding_box()
    # A line across the pad is not the letter.
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 280, box["y"] + 20, steps=8)
    page.mouse.up()
    score = page.locator(".tracing__score")
    assert score.get_attribute("data-state") == "poor"
    assert "%" in score.inner_text()
    page.locator("[data-clear]").tap()
    assert score.inner_text() == ""
    # Ink on the model alone is the letter: points are taken from the faint glyph itself.
    points = page.evaluate(
        f"""() => {{
          const data = {PIXELS};
          const found = [];
          for (let y = 0; y < 300; y += 9) for (let x = 0; x < 300; x += 9)
            if (data[(y * 300 + x) * 4 + 3] > 200) found.push([x, y]);
          return found;
        }}"""
    )
    assert len(points) > 10
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for x, y in points:
        page.mouse.move(box["x"] + x * box["width"] / 300, box["y"] + y * box["height"] / 300)
        page.mouse.down()
        page.mouse.up()
    assert score.get_attribute("data-state") == "good"


def test_a_letter_is_marked_as_practised_by_keyboard(
    unit: Any, browser: Any, live_server: Any
) -> None:
    for reader in _reader(browser, live_server, "keyboard"):
        reader.open(lesson_page(unit, ("letter_card", PRESENTATION["letter_card"])))
        reader.use(reader.page.locator("[data-trace]"))
        reader.use(reader.page.locator("[data-practised]"))
        assert reader.page.locator(".tracing__score").inner_text() == "Marked as practised"


# --- Steps and progress ---------------------------------------------------------------------------


def test_one_thing_at_a_time(unit: Any, reader: Reader) -> None:
    lesson = lesson_page(unit, *every_kind())
    reader.open(lesson)
    shown = reader.page.locator(".step:visible")
    assert shown.count() == 1
    assert reader.page.locator("[data-back]").is_disabled()
    reader.use(reader.page.locator("[data-forward]"))
    assert shown.get_attribute("id") == "s2"
    assert reader.page.url.endswith("#s2")
    reader.page.reload()
    assert shown.get_attribute("id") == "s2"
    reader.use(reader.page.locator("[data-back]"))
    assert shown.get_attribute("id") == "s1"
    for _ in range(reader.page.locator(".step").count() - 1):
        reader.use(reader.page.locator("[data-forward]"))
    assert not reader.page.locator("[data-forward]").is_visible()
    reader.use(reader.page.locator("[data-all]"))
    assert shown.count() == reader.page.locator(".step").count()


def answer(reader: Reader) -> None:
    exercise = reader.page.locator("[data-exercise]").first
    exercise.locator("input[value='0']").check()
    exercise.locator("[data-check]").tap()


def test_progress_is_kept_on_the_device_and_shown_on_the_path(unit: Any, visitor: Reader) -> None:
    choice = ("choice", EXERCISES["choice"])
    lesson = lesson_page(unit, choice, choice)
    posts: list[str] = []
    visitor.open(lesson)
    visitor.page.on(
        "request", lambda request: request.method != "GET" and posts.append(request.url)
    )
    answer(visitor)
    visitor.page.goto(f"{visitor.base}/en/{unit.url.split('/', 2)[2]}")
    assert visitor.page.locator(".lesson-link__done").inner_text() == "1 of 2 exercises done"
    visitor.page.goto(f"{visitor.base}/en/lessons/lao/")
    assert visitor.page.locator(".lesson-link__done").inner_text() == "1 of 2 exercises done"
    assert posts == []


@pytest.mark.parametrize("trouble", [NO_ROOM, NO_STORAGE], ids=["full", "forbidden"])
def test_a_device_that_keeps_nothing_says_so_and_goes_on(
    unit: Any, visitor: Reader, trouble: str
) -> None:
    visitor.page.add_init_script(trouble)
    exercise = visitor.open(lesson_page(unit, ("choice", EXERCISES["choice"])))
    answer(visitor)
    assert is_done(exercise)
    note = visitor.page.locator("p[data-forgets]")
    note.wait_for(state="visible")
    assert "until you close the page" in note.inner_text()


@pytest.mark.parametrize("stored", ["{", "[]", '{"version": 1, "lessons": 5}', '{"lessons": {}}'])
def test_damaged_progress_does_not_stop_a_lesson(unit: Any, visitor: Reader, stored: str) -> None:
    visitor.page.add_init_script(f"localStorage.lessons ??= {stored!r}")
    exercise = visitor.open(lesson_page(unit, ("choice", EXERCISES["choice"])))
    answer(visitor)
    assert is_done(exercise)


# --- For everyone ---------------------------------------------------------------------------------


def test_without_script_everything_can_be_read_and_every_answer_opened(
    unit: Any, browser: Any, live_server: Any
) -> None:
    lesson = lesson_page(unit, *every_kind())
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/{lesson.url.split('/', 2)[2]}")
    assert page.locator(".step:visible").count() == page.locator(".step").count()
    assert page.locator("[data-check]:visible, [data-play-all]:visible").count() == 0
    for details in page.locator(".exercise__answer").all():
        details.locator("summary").click()
        assert details.locator(":scope > div").is_visible()
    context.close()


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
@pytest.mark.parametrize("query", ["", "?view=teacher&with=vi"], ids=["learner", "teacher"])
def test_axe_finds_nothing(unit: Any, visitor: Reader, language: str, query: str) -> None:
    visitor.open(lesson_page(unit, *every_kind()), language, query)
    page = visitor.page
    page.evaluate("document.querySelector('[data-all]:not([hidden])')?.click()")
    for button in page.locator("[data-check]:visible").all():
        button.click()
    page.locator("[data-trace]").click()
    # Buttons fade; axe must not measure half-way colours.
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # axe is injected past the page's own policy, through the debugger.
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    assert [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]])
        for violation in found["violations"]
    ] == []


def test_axe_finds_nothing_on_the_path(unit: Any, visitor: Reader) -> None:
    lesson_page(unit, *every_kind())
    for path in ("lessons/", "lessons/lao/", "lessons/lao/greetings/"):
        visitor.page.goto(f"{visitor.base}/en/{path}")
        visitor.page.evaluate(AXE.read_text())
        found = visitor.page.evaluate("axe.run()")
        assert [violation["id"] for violation in found["violations"]] == []
