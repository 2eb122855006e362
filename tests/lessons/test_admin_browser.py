"""Writing a lesson in a real Chromium: pasting a dialogue, choosing a term, the checklist."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lessons.models import LessonPage
from tests.factories import AdminFactory, ConceptFactory, course_page, lesson_page, unit_page

from .editing import opened

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

DIALOGUE = ("dialogue", {"lines": [{"speaker": "", "text": ""}]})
VOCABULARY = ("vocabulary", {"entries": [{"text": ""}]})
DRAFT = ("order", {"pieces": ["ດີ"]})
SPEAK = ("speak", {"say": {"text": "ຂອບໃຈ"}})


@pytest.fixture
def lesson(home: Any) -> LessonPage:
    ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode")
    return opened(lesson_page(unit_page(course_page(home)), DIALOGUE, VOCABULARY, DRAFT, SPEAK))


@pytest.fixture
def editor(live_server: Any, lesson: LessonPage) -> Iterator[Any]:
    """The lesson's editor, signed in; a script error fails the test."""
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
        tab.goto(live_server.url + reverse("wagtailadmin_pages:edit", args=[lesson.pk]))
        yield tab
        assert errors == []
        browser.close()


def photograph(tab: Any, name: str) -> None:
    """A picture for the eye, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        tab.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_pasted_dialogue_becomes_lines(editor: Any, lesson: LessonPage) -> None:
    editor.locator(".lesson-paste summary").click()
    box = editor.locator(".lesson-paste textarea")
    box.fill("ຄູ ສະບາຍດີ")
    editor.locator(".lesson-paste button").click()
    sync_api.expect(editor.locator(".lesson-paste__errors")).to_contain_text("Line 1")
    assert box.input_value() == "ຄູ ສະບາຍດີ"
    photograph(editor, "paste-error")
    box.fill("ຄູ: ສະບາຍດີ = Xin chào | Hello\nລານ: ສະບາຍດີ ຄູ = Chào cô")
    editor.locator(".lesson-paste button").click()
    sync_api.expect(editor.locator("[name$='-speaker']:visible")).to_have_count(2)
    photograph(editor, "pasted")
    editor.locator("button[type=submit].action-save").first.click()
    editor.wait_for_load_state("networkidle")
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    lines = draft.body[0].value["lines"]
    assert [(line["speaker"], line["text"]) for line in lines] == [
        ("ຄູ", "ສະບາຍດີ"),
        ("ລານ", "ສະບາຍດີ ຄູ"),
    ]
    assert lines[0]["translation"]["vi"] == "Xin chào"
    assert lines[0]["translation"]["en"] == "Hello"


def test_a_term_is_found_by_any_spelling_and_chosen(editor: Any, lesson: LessonPage) -> None:
    editor.get_by_role("button", name="Choose concept").first.click()
    editor.locator(".modal-body input[name=q]").fill("que han")
    choice = editor.locator(".modal-body").get_by_role("link", name="ທູບຈອດ")
    choice.first.click()
    sync_api.expect(editor.locator("[name$='-concept']").first).not_to_have_value("")
    photograph(editor, "chosen")


def test_the_checklist_leads_to_the_block(editor: Any, lesson: LessonPage) -> None:
    link = editor.locator("[data-lesson-checklist] a", has_text="Put in order").first
    link.click()
    block = editor.locator(link.get_attribute("href"))
    sync_api.expect(block).to_be_in_viewport()
    for width in (1280, 360):
        editor.set_viewport_size({"width": width, "height": 900})
        # The menu opens and closes for the width that it finds.
        editor.reload()
        editor.locator("[data-lesson-checklist] summary").first.click()
        editor.locator("[data-lesson-checklist]").scroll_into_view_if_needed()
        photograph(editor, f"editor-{width}")
        assert editor.evaluate(
            "document.querySelector('[data-lesson-checklist]').scrollWidth"
            " <= document.documentElement.clientWidth"
        )
