"""The listen button on public pages: a link without script, a button with it."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from django.utils import translation

import media
from media.models import Recording

from .sounds import tone

SCRIPT = Path(media.__file__).parent / "static/media/player.js"


@pytest.fixture
def recording(db: None) -> Recording:
    return Recording.objects.create(title="A", language="lo", file=ContentFile(tone(2), "a.wav"))


def rendered(recording: Recording | None, **context: Any) -> str:
    with translation.override("en"):
        return render_to_string("media/player.html", {"recording": recording, **context})


def test_the_button_is_a_link_with_length_and_size(recording: Recording) -> None:
    html = rendered(recording, text="ທູບຈອດ")
    assert f'href="{recording.mp3.url}"' in html
    assert f'data-opus="{recording.opus.url}"' in html
    assert 'aria-label="Listen in Lao: ທູບຈອດ"' in html
    assert "2 s" in html
    assert f"{recording.kilobytes} KB" in html
    assert "Synthetic voice" not in html


def test_a_synthetic_voice_says_so(recording: Recording) -> None:
    recording.is_synthetic = True
    assert "Synthetic voice" in rendered(recording)


def test_a_lost_file_leaves_out_its_size(recording: Recording) -> None:
    for name in Recording.copies:
        getattr(recording, name).storage.delete(getattr(recording, name).name)
    html = rendered(recording)
    assert "2 s" in html
    assert "KB" not in html


def test_nothing_is_shown_without_a_recording() -> None:
    assert rendered(None).strip() == ""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_button_plays_in_place_one_at_a_time(live_server: Any, recording: Recording) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    page_html = (
        f"<body>{rendered(recording)}{rendered(recording)}"
        '<a class="audio-button" data-audio data-error="Lost" href="/uploads/no.mp3">x</a>'
        f'<script type="module">{SCRIPT.read_text()}</script></body>'
    )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--mute-audio", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.route(
            f"{live_server.url}/test",
            lambda route: route.fulfill(body=page_html, content_type="text/html"),
        )
        page.route("**/no.mp3", lambda route: route.fulfill(status=404, body=""))
        page.goto(f"{live_server.url}/test")
        first, second, broken = page.locator(".audio-button").all()

        def reaches(button: Any, state: str | None) -> bool:
            deadline = time.monotonic() + 8
            while button.get_attribute("data-state") != state and time.monotonic() < deadline:
                time.sleep(0.05)
            return button.get_attribute("data-state") == state

        assert first.get_attribute("role") == "button"
        first.focus()
        page.keyboard.press("Space")
        assert reaches(first, "playing")
        second.click()
        assert reaches(second, "playing")
        assert reaches(first, None)
        second.click()
        assert reaches(second, None)
        first.click()
        assert reaches(first, "playing")
        assert reaches(first, None)  # It ends by itself.
        broken.click()
        assert reaches(broken, "error")
        assert page.get_by_role("alert").inner_text() == "Lost"
        assert page.url == f"{live_server.url}/test"
        browser.close()
