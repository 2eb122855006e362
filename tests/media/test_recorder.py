"""The recorder in a real Chromium, whose fake microphone beeps once a second."""

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from glossary.models import Concept, Term
from media.models import Recording
from tests.factories import AdminFactory, ConceptFactory

from .sounds import tone

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browsers() -> Iterator[Any]:
    """Starts Chromium with a microphone that is allowed, refused or silent."""
    with sync_api.sync_playwright() as playwright:

        def start(*arguments: str) -> Any:
            return playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-background-networking", *arguments],
            )

        yield start


@pytest.fixture
def concept(home: object) -> Concept:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode")
    concept.save_revision().publish()
    return concept


def opened(browser: Any, live_server: Any, **context: Any) -> Any:
    """The worklist, signed in; what the browser complains about fails the test."""
    client = Client()
    client.force_login(AdminFactory())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page = browser.new_context(**context).new_page()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            page.complaints.append(message.text)
            if "Content Security Policy" in message.text
            else None
        ),
    )
    page.goto(live_server.url + reverse("glossary_recordings:worklist"))
    return page


def until(page: Any, expression: str) -> None:
    """Playwright's own waiting evaluates text in the page, which the admin's policy forbids."""
    deadline = time.monotonic() + 8
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        time.sleep(0.05)


def button(page: Any, name: str) -> Any:
    return page.locator("[data-recorder]").get_by_role("button", name=name)


def test_a_word_is_recorded_used_and_played_back(
    browsers: Any, live_server: Any, concept: Concept
) -> None:
    browser = browsers("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    page = opened(browser, live_server)
    page.get_by_label("Speaker or rights holder").fill("Centre")
    page.get_by_label("The speaker agrees").check()

    # By keyboard alone: focus goes from button to button with the work.
    button(page, "Record").focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.dataset.action === 'stop'")
    assert "Recording. Speak now." in page.locator("[data-status]").inner_text()
    until(page, "document.querySelector('[data-level]').value > 0.05")
    page.wait_for_timeout(1500)
    page.keyboard.press("Enter")
    until(page, "document.activeElement.dataset.action === 'listen'")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('[data-playback]').currentTime > 0.2")

    button(page, "Use").click()
    page.get_by_text("Nothing is left to record here").wait_for()
    assert "has a voice" in page.content()
    recording = Recording.objects.get()
    term = Term.objects.get(concept=concept, language="lo")
    assert term.recording == recording
    assert 0.2 <= recording.duration <= 5
    assert recording.opus and recording.mp3

    seconds = page.evaluate(
        """async (address) => {
            const audio = new Audio(address);
            audio.muted = true;
            await audio.play();
            for (let i = 0; i < 100 && !(audio.currentTime && isFinite(audio.duration)); i++) {
                await new Promise((done) => setTimeout(done, 50));
            }
            return [audio.duration, audio.currentTime];
        }""",
        recording.opus.url,
    )
    assert seconds[0] == pytest.approx(recording.duration, abs=0.1)
    assert seconds[1] > 0
    assert page.complaints == []
    browser.close()


def test_the_time_limit_ends_a_recording(
    browsers: Any, live_server: Any, concept: Concept, settings: Any
) -> None:
    settings.RECORDING_TERM_MAX_SECONDS = 2
    browser = browsers("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    page = opened(browser, live_server)
    button(page, "Record").click()
    page.get_by_text("The time is up").wait_for(timeout=8000)
    assert button(page, "Use").is_enabled()
    browser.close()


def test_a_missing_microphone_is_said_and_a_file_can_be_sent(
    browsers: Any, live_server: Any, concept: Concept
) -> None:
    browser = browsers("--use-fake-ui-for-media-stream")
    page = opened(browser, live_server)
    button(page, "Record").click()
    page.get_by_text("No microphone was found").wait_for()
    page.get_by_label("Speaker or rights holder").fill("Centre")
    page.get_by_label("The speaker agrees").check()
    page.get_by_label("Or choose a sound file").set_input_files(
        {"name": "silent.wav", "mimeType": "audio/wav", "buffer": tone(amplitude=0)}
    )
    button(page, "Use").click()
    page.get_by_text("Hardly anything can be heard").wait_for()
    assert page.get_by_label("Speaker or rights holder").input_value() == "Centre"
    page.get_by_label("Or choose a sound file").set_input_files(
        {"name": "word.wav", "mimeType": "audio/wav", "buffer": tone()}
    )
    button(page, "Use").click()
    page.get_by_text("Nothing is left to record here").wait_for()
    assert Recording.objects.get().duration == pytest.approx(1, abs=0.1)
    browser.close()


def test_a_refused_microphone_is_said(browsers: Any, live_server: Any, concept: Concept) -> None:
    browser = browsers("--use-fake-device-for-media-stream", "--deny-permission-prompts")
    page = opened(browser, live_server)
    button(page, "Record").click()
    page.get_by_text("The browser does not allow the microphone").wait_for()
    assert button(page, "Record").is_enabled()
    browser.close()


def test_a_lost_connection_keeps_the_recording(
    browsers: Any, live_server: Any, concept: Concept
) -> None:
    browser = browsers("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    page = opened(browser, live_server)
    page.get_by_label("Speaker or rights holder").fill("Centre")
    page.get_by_label("The speaker agrees").check()
    button(page, "Record").click()
    page.wait_for_timeout(1500)
    button(page, "Stop").click()
    page.context.set_offline(True)
    button(page, "Use").click()
    page.get_by_text("It could not be sent").wait_for()
    page.context.set_offline(False)
    button(page, "Use").click()
    page.get_by_text("Nothing is left to record here").wait_for()
    # The server's own thread has the row by now.
    deadline = time.monotonic() + 5
    while not Recording.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert Recording.objects.count() == 1
    browser.close()


def test_without_script_a_file_is_sent(browsers: Any, live_server: Any, concept: Concept) -> None:
    browser = browsers()
    page = opened(browser, live_server, java_script_enabled=False)
    page.get_by_label("Speaker or rights holder").fill("Centre")
    page.get_by_label("The speaker agrees").check()
    page.get_by_label("Or choose a sound file").set_input_files(
        {"name": "word.wav", "mimeType": "audio/wav", "buffer": tone()}
    )
    page.get_by_role("button", name="Use this sound").click()
    page.get_by_text("Nothing is left to record here").wait_for()
    assert Recording.objects.count() == 1
    browser.close()
