"""Lessons in a real browser at 360 px: players, tracing, steps, progress, without script, axe."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from media.models import Recording
from tests.factories import lesson_page
from tests.media.sounds import tone

from .browsing import IN_BROWSER, Reader, is_done, reading
from .samples import EXERCISES, PRESENTATION, every_kind

AXE = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"

pytestmark = IN_BROWSER
PIXELS = 'document.querySelector("canvas").getContext("2d").getImageData(0, 0, 300, 300).data'
NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('x', 'QuotaExceededError') }"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage',"
    " { get() { throw new DOMException('x', 'SecurityError') } })"
)

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
    for reader in reading(browser, live_server, "keyboard"):
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
