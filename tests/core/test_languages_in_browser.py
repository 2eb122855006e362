"""The languages side by side in a real Chromium: hiding, marks of new blocks, errors."""

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal.models import ContentPage, HomePage
from tests.core.editor import edit_url
from tests.factories import AdminFactory, content_page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
ONE = "11111111-1111-4111-8111-111111111111"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def page(home: HomePage) -> ContentPage:
    value = {"lo": "", "vi": "Ai", "en": "Who"}
    page = content_page(
        home, name_en="About", body=[{"type": "heading", "id": ONE, "value": value}]
    )
    page.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk)


@pytest.fixture
def editor(live_server: Any, page: ContentPage) -> Iterator[Any]:
    """The page's editor, signed in; a script error fails the test."""
    client = Client()
    client.force_login(AdminFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
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
        tab.goto(live_server.url + edit_url(page))
        yield tab
        assert errors == []
        browser.close()


def shown(tab: Any, code: str) -> int:
    """How many columns of a language can be seen."""
    columns = tab.locator(f'.language-column[data-language="{code}"]')
    return sum(column.is_visible() for column in columns.all())


def until(tab: Any, condition: Any) -> None:
    deadline = time.monotonic() + 8
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_editor_hides_a_language_and_the_browser_remembers(
    editor: Any, page: ContentPage
) -> None:
    # Name, introduction and the heading; the other tab's fields are out of sight.
    until(editor, lambda: shown(editor, "lo") == 3)
    assert editor.locator(".language-mark--missing").first.inner_text() == "missing"
    editor.locator("[data-language-toggle=lo]").uncheck()
    until(editor, lambda: shown(editor, "lo") == 0)
    assert shown(editor, "vi") == 3
    editor.reload()
    until(editor, lambda: shown(editor, "vi") == 3 and shown(editor, "lo") == 0)
    # Hidden is not gone: the form still posts it.
    assert editor.evaluate("new FormData(document.querySelector('#page-edit-form')).has('name_lo')")
    # Choosing what to see is no change of the document.
    assert page.revisions.count() == 1


def test_an_error_shows_a_hidden_language_again(editor: Any) -> None:
    editor.locator("[data-language-toggle=lo]").uncheck()
    until(editor, lambda: shown(editor, "lo") == 0)
    editor.locator("[name=source_language]").select_option("lo")
    editor.get_by_role("button", name="More actions").last.click()
    editor.get_by_role("button", name="Publish").click()
    until(editor, lambda: shown(editor, "lo") == 1)
    assert editor.locator("#id_name_lo").is_visible()
    source = editor.locator('[data-unit="name"] .language-mark--source')
    assert source.count() == 1
    assert "ລາວ" in editor.locator('[data-unit="name"]:has(.language-mark--source)').inner_text()


def test_a_new_block_gets_its_columns(editor: Any) -> None:
    until(editor, lambda: shown(editor, "en") == 3)
    editor.locator("button.c-sf-add-button").last.click()
    editor.get_by_role("option", name="Paragraphs").click()
    until(editor, lambda: shown(editor, "en") == 4)
    block = editor.locator(".translated-block").last
    assert block.locator('[lang="lo"] > label').inner_text() == "ລາວ"
    assert "source" in block.locator('[data-language="en"]').inner_text()
