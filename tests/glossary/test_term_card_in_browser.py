"""The card of a marked term in a real browser: touch, keyboard, no script, no connection."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from glossary.search import index_concepts
from portal.models import HomePage
from tests.factories import ConceptFactory, content_page

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def url(transactional_db: None, home: HomePage, live_server: Any) -> str:
    concept = ConceptFactory(vi="máy hàn", lo="ຕູ້ຈອດ", en="welder <b>", definition_vi="Để hàn.")
    index_concepts([concept.pk])
    text = {"vi": "<p>Bật máy hàn.</p><h3>Sau đó</h3><p>Tắt máy hàn.</p>"}
    content_page(home, name_vi="Hàn", slug="weld", body=[("paragraphs", text)])
    return f"{live_server.url}/vi/weld/"


@pytest.fixture
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield started
        started.close()


def phone(browser: Any, **kwargs: Any) -> Any:
    size = {"width": 360, "height": 640}
    return browser.new_context(viewport=size, has_touch=True, **kwargs).new_page()


def test_a_tap_opens_the_card_and_closing_it_gives_the_focus_back(browser: Any, url: str) -> None:
    page = phone(browser)
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.goto(url)
    mark = page.locator("a.term-mark").first
    assert mark.get_attribute("role") == "button"
    assert mark.get_attribute("aria-haspopup") == "dialog"
    mark.tap()
    dialog = page.get_by_role("dialog", name="máy hàn")
    dialog.wait_for()
    assert page.url == url
    for text in ("ຕູ້ຈອດ", "welder <b>", "Để hàn."):
        assert dialog.get_by_text(text).is_visible()
    box = dialog.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] + box["height"] <= 640
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    dialog.get_by_role("button").tap()
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.matches('a.term-mark')")
    assert errors == []


def test_the_keyboard_opens_and_closes_the_card(browser: Any, url: str) -> None:
    page = phone(browser)
    page.goto(url)
    mark = page.locator("a.term-mark").nth(1)
    for key in ("Enter", "Space"):
        mark.focus()
        page.keyboard.press(key)
        page.get_by_role("dialog").wait_for()
        assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
        # The page behind is out of reach.
        for _ in range(4):
            page.keyboard.press("Tab")
            assert not page.evaluate("document.activeElement.matches('a.term-mark')")
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        assert page.evaluate("document.activeElement.matches('a.term-mark')")


def test_a_tap_beside_the_card_closes_it_and_it_is_fetched_once(browser: Any, url: str) -> None:
    page = phone(browser)
    asked: list[str] = []
    page.on("request", lambda request: request.url.endswith("/card") and asked.append(request.url))
    page.goto(url)
    for _ in range(2):
        page.locator("a.term-mark").first.tap()
        page.get_by_role("dialog").wait_for()
        page.touchscreen.tap(180, 5)
        page.get_by_role("dialog").wait_for(state="detached")
    assert len(asked) == 1


def test_without_script_or_answer_the_mark_leads_to_the_concept(browser: Any, url: str) -> None:
    page = phone(browser, java_script_enabled=False)
    page.goto(url)
    page.locator("a.term-mark").first.tap()
    page.wait_for_url("**/vi/glossary/*-welder-b/")
    page = phone(browser)
    page.route("**/card", lambda route: route.abort())
    page.goto(url)
    page.locator("a.term-mark").first.tap()
    page.wait_for_url("**/vi/glossary/*-welder-b/")


def test_the_card_is_accessible(browser: Any, url: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = phone(browser)
    page.goto(url)
    page.locator("a.term-mark").first.tap()
    page.get_by_role("dialog").wait_for()
    found = axe.Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []


def test_paper_shows_no_marks(browser: Any, url: str) -> None:
    page = phone(browser)
    page.goto(url)
    page.emulate_media(media="print")
    style = "getComputedStyle(document.querySelector('a.term-mark')).textDecorationLine"
    assert page.evaluate(style) == "none"
