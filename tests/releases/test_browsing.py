"""Releases in a real Chromium: a page that follows the build, and axe on what readers see."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from releases.building import create_release
from releases.models import Release
from tests.factories import AdminFactory
from tests.lessons.browsing import CHROMIUM, IN_BROWSER

from .tiny import build_without_formats, change_unit, released, tiny_curriculum

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
AXE = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"

pytestmark = IN_BROWSER


@pytest.fixture
def tab(live_server: Any, home: Any, settings: Any, tmp_path: Path) -> Any:
    """A phone; a script error or a breach of the content policy fails the test."""
    settings.RELEASES_DIR = tmp_path / "releases"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, base_url=live_server.url
        )
        tab = context.new_page()
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        yield tab
        assert errors == []
        browser.close()


def broken_rules(tab: Any) -> list[str]:
    # Injected through the debugger, past the page's own policy.
    tab.evaluate(AXE.read_text())
    return [violation["id"] for violation in tab.evaluate("axe.run()")["violations"]]


def test_pages_of_a_release_fit_a_phone_and_break_no_rule(tab: Any, home: Any) -> None:
    curriculum = tiny_curriculum(home)
    older = released(curriculum)
    change_unit(curriculum, "Đeo găng tay.")
    newer = released(curriculum, notes={"vi": "Thêm găng tay."})
    for path in (
        "/lo/releases/",
        f"/vi/releases/{newer.public_id}/?with=lo",
        f"/lo/releases/{newer.public_id}/changes/{older.public_id}/",
        "/en/releases/keys/",
    ):
        tab.goto(path)
        # What is folded away has to be right as well.
        tab.evaluate("document.querySelectorAll('main details').forEach((d) => (d.open = true))")
        assert broken_rules(tab) == [], path
        assert tab.evaluate("document.documentElement.scrollWidth") == 360, path
    # One tap chooses the whole hash, though it is shown short.
    tab.goto(f"/en/releases/{newer.public_id}/")
    shown = tab.locator(".hash").first
    shown.click()
    assert tab.evaluate("getSelection().toString()") == shown.inner_text()
    assert len(shown.inner_text()) == 64


def test_the_page_of_a_release_follows_its_build(tab: Any, home: Any) -> None:
    release = create_release(tiny_curriculum(home), ["vi"])
    AdminFactory(username="boss")
    tab.goto("/admin/login/")
    tab.fill("[name=username]", "boss")
    tab.fill("[name=password]", "password")
    with tab.expect_navigation(url="**/admin/"):
        tab.keyboard.press("Enter")
    tab.goto(reverse("releases_admin:release", args=[release.public_id]))
    assert tab.locator("[data-release-state=working]").count() == 1
    Release.objects.filter(pk=release.pk).update(done=3, total=7)
    tab.get_by_text("3 of 7 files are ready.").wait_for()
    assert broken_rules(tab) == []
    build_without_formats(release)
    # Withdrawing stands outside what is asked for again: the page was loaded anew.
    tab.get_by_text("Withdraw this release").wait_for()
    assert tab.locator("[data-release-state=done]").count() == 1
