"""Writing a module in a real Chromium: its table of units, pasting from Word, tables as grids."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page

from curricula.models import ModulePage, ModuleUnitPage
from tests.factories import (
    AdminFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)
from tests.lessons.browsing import CHROMIUM, IN_BROWSER

from .editing import client_of

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = IN_BROWSER
WORD = Path(__file__).parent / "clipboard" / "word.html"


@pytest.fixture
def module(home: Any) -> ModulePage:
    module = module_page(curriculum_page(centre_page(home)), hours_theory=10, hours_practice=3)
    for name in ("Protection", "Fire", "First aid"):
        unit = module_unit_page(module, name_en=name, hours_theory=2, hours_practice=1)
        unit.save_revision().publish()
    return module


@pytest.fixture
def editor(live_server: Any, settings: Any) -> Iterator[Any]:
    """A tab of an administrator; a script error fails the test."""
    # The database of the tests lets one in at a time: nothing is sent but what the test sends.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 600_000
    session = client_of(AdminFactory()).cookies[settings.SESSION_COOKIE_NAME].value
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        tab = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        tab.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.base = live_server.url
        yield tab
        assert errors == []
        browser.close()


def open_page(editor: Any, page: Page) -> None:
    editor.goto(editor.base + reverse("wagtailadmin_pages:edit", args=[page.pk]))


def save(editor: Any) -> None:
    editor.wait_for_load_state("networkidle")
    editor.locator("button[type=submit].action-save").first.click()
    editor.locator(".messages .success").wait_for()


def photograph(editor: Any, name: str) -> None:
    """A picture for the eye, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        editor.screenshot(path=f"{folder}/{name}.png", full_page=True)


def names(module: ModulePage) -> list[str]:
    units = ModuleUnitPage.objects.child_of(module).order_by("path")
    return [unit.get_latest_revision_as_object().name_en for unit in units]


def test_units_are_added_up_moved_and_saved_together(editor: Any, module: ModulePage) -> None:
    open_page(editor, module)
    table = editor.locator("[data-child-table]")
    sum_of_theory = table.locator("[data-sum=hours_theory]")
    sync_api.expect(sum_of_theory).to_have_text("6")
    sync_api.expect(table.locator("[data-mismatch]")).to_contain_text("9 hours (theory 6")
    rows = table.locator("[data-row]")
    rows.nth(0).locator("[data-column=hours_theory]").fill("6")
    sync_api.expect(sum_of_theory).to_have_text("10")
    sync_api.expect(table.locator("[data-mismatch]")).to_be_hidden()
    # By keyboard …
    rows.nth(0).locator("[data-column=name_en]").press("Alt+ArrowDown")
    sync_api.expect(table.locator("[data-said]")).to_have_text("Now at place 2 of 3")
    # … and by mouse.
    rows.nth(2).scroll_into_view_if_needed()
    handle = rows.nth(2).locator("[data-handle]").bounding_box()
    goal = rows.nth(0).bounding_box()
    editor.mouse.move(handle["x"] + 5, handle["y"] + 15)
    editor.mouse.down()
    editor.mouse.move(goal["x"] + 20, goal["y"] + 4, steps=6)
    editor.mouse.up()
    table.locator("[data-add]").click()
    rows.nth(3).locator("[data-column=name_en]").fill("Tools")
    photograph(editor, "module-table")
    save(editor)
    assert names(module) == ["First aid", "Fire", "Protection", "Tools"]
    editor.set_viewport_size({"width": 360, "height": 800})
    editor.reload()
    assert editor.evaluate(
        "document.querySelector('[data-child-table]').scrollWidth"
        " <= document.documentElement.clientWidth"
    )
    photograph(editor, "module-table-360")


def test_a_text_from_word_becomes_blocks(editor: Any, module: ModulePage) -> None:
    unit = module_unit_page(module, name_en="Joints", name_vi="Mối hàn", source_language="vi")
    open_page(editor, unit)
    box = editor.locator(".curricula-paste").first
    box.locator("summary").click()
    box.locator("textarea").evaluate(
        """(element, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        WORD.read_text(encoding="utf-8"),
    )
    preview = box.locator(".curricula-paste__preview")
    sync_api.expect(preview).to_contain_text("Mặt nạ hàn")
    sync_api.expect(box.locator("[role=status]")).to_contain_text("1 picture was left out")
    photograph(editor, "paste-preview")
    box.get_by_role("button", name="Add to the unit").click()
    grid = editor.locator(".table-grid")
    sync_api.expect(grid.locator("tbody tr")).to_have_count(2)
    grid.get_by_role("button", name="Add a row").click()
    grid.locator("tbody tr").nth(2).locator("textarea[lang=vi]").first.fill("Kìm")
    grid.get_by_role("button", name="Remove row 1").click()
    photograph(editor, "pasted-blocks")
    save(editor)
    body = ModuleUnitPage.objects.get(pk=unit.pk).get_latest_revision_as_object().body
    assert [part.block_type for part in body] == ["heading", "paragraphs", "table"]
    assert "<li" in body[1].value["vi"].source
    rows = [[cell["vi"] for cell in row] for row in body[2].value["rows"]]
    assert rows == [["Mặt nạ hàn", ""], ["Kìm", ""]]
    editor.set_viewport_size({"width": 360, "height": 800})
    editor.reload()
    photograph(editor, "pasted-blocks-360")
