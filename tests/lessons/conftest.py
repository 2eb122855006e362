"""Fixtures of the tests of lessons in a browser."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories import course_page, unit_page

from .browsing import CHROMIUM, Reader, reading
from .learner import Learner


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
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


@pytest.fixture(params=["touch", "keyboard"])
def reader(request: Any, browser: Any, live_server: Any) -> Iterator[Reader]:
    yield from reading(browser, live_server, request.param)


@pytest.fixture
def visitor(browser: Any, live_server: Any) -> Iterator[Reader]:
    """One reader, where touch and keyboard make no difference."""
    yield from reading(browser, live_server, "touch")


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
