"""A terminologist imports a spreadsheet in a real Chromium: preview, problems, import."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from glossary.models import Concept
from tests.factories import AdminFactory, TradeFactory

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
IMPORT = "/admin/glossary-exchange/"
ROWS = """concept_id,trades,language,term,status
new-1,welder,lo,ຄ້ອນຕີ,preferred
new-2,nowhere,vi,búa,preferred
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def tab(live_server: Any) -> Iterator[Any]:
    """The import page, signed in; a script error fails the test."""
    client = Client()
    client.force_login(AdminFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    TradeFactory()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        tab.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(live_server.url + IMPORT)
        yield tab
        assert errors == []
        browser.close()


def test_a_file_is_previewed_and_then_imported(tab: Any, tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    file.write_text(ROWS, encoding="utf-8-sig")
    tab.locator("input[type=file]").set_input_files(str(file))
    tab.get_by_role("button", name="Show the preview").click()
    tab.get_by_text("nowhere").first.wait_for()
    # The unknown trade is refused with the names of the known ones; nothing is written yet.
    assert tab.get_by_text("welder").first.is_visible()
    assert not Concept.objects.exists()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download the file with its problems marked").click()
    assert "nowhere" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    tab.get_by_role("button", name="Import 1 concept").click()
    tab.get_by_text("1 new and 0 changed").wait_for()
    assert [term.text for term in Concept.objects.get().terms.all()] == ["ຄ້ອນຕີ"]
