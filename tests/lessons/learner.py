"""A learner's phone: a real Chromium at 360 px."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

NO_ROOM = "Storage.prototype.setItem = () => { throw new DOMException('x', 'QuotaExceededError') }"
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage',"
    " { get() { throw new DOMException('x', 'SecurityError') } })"
)


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
        spec = find_spec("axe_playwright_python")
        assert spec is not None
        assert spec.origin is not None
        self.page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]]
        assert told == []

    def fits(self) -> None:
        """Nothing is wider than the phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 360
