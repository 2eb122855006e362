"""A reader of lessons in a real browser."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
#: What every test in a browser is marked with.
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


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


def reading(browser: Any, live_server: Any, how: str) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    context.set_default_timeout(10_000)
    reader = Reader(context, live_server.url, how)
    yield reader
    errors = reader.errors
    context.close()
    assert errors == []


def is_done(exercise: Any) -> bool:
    return bool(exercise.locator(".exercise__done").is_visible())
