"""From submission to approval in a real Chromium, on a phone and on a desk."""

import os
import shutil
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from curricula.models import ModuleUnitPage
from tests.core.editor import edit_url
from tests.factories import (
    UserFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


def signed_in_as(browser: Any, live_server: Any, user: Any, width: int, errors: list[str]) -> Any:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    tab = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    tab.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    tab.on("pageerror", lambda error: errors.append(str(error)))
    return tab


def picture(tab: Any, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        tab.wait_for_timeout(800)
        tab.screenshot(path=f"{folder}/review-{name}.png", full_page=True)


def test_an_editor_submits_and_a_publisher_approves(home: Any, live_server: Any) -> None:
    centre = centre_page(home)
    editor, publisher = UserFactory(first_name="Noy"), UserFactory(first_name="Lan")
    editor.groups.add(centre.space.editors)
    publisher.groups.add(centre.space.publishers)
    curriculum = curriculum_page(centre, name_vi="Hàn", live=False, owner=editor)
    module = module_page(curriculum, live=False, owner=editor)
    unit = module_unit_page(module, live=False, owner=editor)
    errors: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        writing = signed_in_as(browser, live_server, editor, 360, errors)
        writing.goto(live_server.url + edit_url(unit))
        # The link stands among the buttons at the foot, behind "Save draft".
        writing.locator("footer").get_by_role("button", name="More actions").click()
        writing.get_by_role("link", name="Submit the curriculum for review").click()
        picture(writing, "submit")
        writing.get_by_role("button", name="Submit for review").click()
        picture(writing, "submitted")
        writing.get_by_text("was submitted for review").wait_for()

        reading = signed_in_as(browser, live_server, publisher, 1280, errors)
        reading.goto(live_server.url + reverse("wagtailadmin_home"))
        panel = reading.locator("section", has_text="Awaiting your review").last
        panel.get_by_role("link", name="Welding").click()
        picture(reading, "editor")
        reading.get_by_role("link", name="What was submitted").click()
        picture(reading, "approve")
        reading.get_by_label("Comment").fill("Good.")
        reading.get_by_role("button", name="Approve and publish").click()
        reading.get_by_text("Approved and published.").wait_for()
        picture(reading, "done")

        browser.close()
    assert errors == []
    assert ModuleUnitPage.objects.get(pk=unit.pk).live
