"""Making a centre in a real Chromium, and reading about it on a phone."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from centres.loading import load_centres
from centres.models import CentrePage
from core.search import rebuild_all
from tests.factories import AdminFactory, TradeFactory

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
AXE = Path(pytest.importorskip("axe_playwright_python").__file__).parent / "axe.min.js"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
PUBLIC = ("/centres/", "/centres/?q=zzz", "/centres/example-college-vietnam/", "/trades/welder/")


@pytest.fixture
def examples(home: Any) -> None:
    TradeFactory(pictogram="welder")
    load_centres(lambda _line: None)
    rebuild_all(kinds=["centre"])


def picture(tab: Any, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        tab.wait_for_timeout(500)
        tab.screenshot(path=f"{folder}/centres-{name}.png", full_page=True)


def test_an_administrator_makes_a_centre_and_readers_see_it(
    examples: None, live_server: Any
) -> None:
    client = Client()
    client.force_login(AdminFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    errors: list[str] = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        tab.goto(f"{live_server.url}/admin/centres/")
        picture(tab, "admin-list")
        tab.get_by_role("link", name="New centre").first.click()
        tab.fill("#id_name_en", "Salavan College")
        tab.fill("#id_name_vi", "Trường Salavan")
        tab.select_option("#id_kind", "tvet_college")
        tab.select_option("#id_country", "LA")
        picture(tab, "admin-new")
        tab.get_by_role("button", name="Make the centre").click()
        tab.wait_for_url("**/members/")
        picture(tab, "admin-members")
        assert CentrePage.objects.filter(slug="salavan-college", live=True).exists()
        tab.goto(f"{live_server.url}/vi/centres/salavan-college/")
        assert tab.locator("h1").inner_text() == "Trường Salavan"
        tab.set_viewport_size({"width": 360, "height": 740})
        tab.goto(f"{live_server.url}/admin/centres/")
        picture(tab, "admin-list-360")
        browser.close()
    assert not errors


def test_public_pages_fit_a_phone_and_pass_axe(examples: None, live_server: Any) -> None:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        # The strict policy of public pages would refuse the checker's own script.
        context = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
        tab = context.new_page()
        for language in ("lo", "vi", "en"):
            for number, address in enumerate(PUBLIC):
                tab.goto(f"{live_server.url}/{language}{address}")
                wide = "document.documentElement.scrollWidth"
                assert tab.evaluate(wide) <= 360, (language, address)
                tab.evaluate(AXE.read_text())
                found = tab.evaluate("axe.run()")["violations"]
                assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
                picture(tab, f"{language}-{number}-360")
                if os.environ.get("SCREENSHOTS"):
                    tab.set_viewport_size({"width": 1280, "height": 900})
                    picture(tab, f"{language}-{number}-1280")
                    tab.set_viewport_size({"width": 360, "height": 740})
        browser.close()
