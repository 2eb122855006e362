"""Recordings: checked and encoded whichever way they come, their files kept in order."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from media.models import Recording
from media.sound import TooQuiet
from tests.factories import AdminFactory

from .sounds import coded, tone


def wav(name: str = "word.wav", **kwargs: float) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, tone(**kwargs))


@pytest.fixture
def admin(client: Client, home: object) -> Client:
    client.force_login(AdminFactory())
    return client


def form_data(**kwargs: object) -> dict[str, object]:
    data = {"title": "ທູບຈອດ", "language": "lo", "licence": "CC BY-SA 4.0", "consent": "on"}
    return {**data, "collection": Collection.get_first_root_node().pk, **kwargs}


def files_of(recording: Recording) -> list[str]:
    return [recording.file.name, recording.opus.name, recording.mp3.name]


@pytest.mark.django_db
def test_saving_a_recording_makes_its_copies() -> None:
    recording = Recording.objects.create(title="A", file=ContentFile(tone(), "a.wav"))
    recording.refresh_from_db()
    assert recording.type == "audio"
    assert recording.duration == pytest.approx(1, abs=0.1)
    assert recording.loudness == pytest.approx(-18, abs=1)
    assert recording.opus.name.startswith("recordings/")
    assert recording.opus.name.endswith(".opus")
    assert recording.url == recording.mp3.url
    assert [source["type"] for source in recording.sources] == [
        "audio/ogg; codecs=opus",
        "audio/mpeg",
    ]
    assert recording.kilobytes and recording.kilobytes < 20


@pytest.mark.django_db
def test_a_refused_sound_leaves_no_row_and_no_file() -> None:
    before = (
        default_storage.listdir("recordings")[1] if default_storage.exists("recordings") else []
    )
    with pytest.raises(TooQuiet):
        Recording.objects.create(title="A", file=ContentFile(tone(amplitude=0), "a.wav"))
    assert not Recording.objects.exists()
    after = default_storage.listdir("recordings")[1] if default_storage.exists("recordings") else []
    assert after == before


def test_the_media_library_takes_what_a_browser_records(admin: Client) -> None:
    file = SimpleUploadedFile("voice.webm", coded("webm", "libopus", 48_000), "audio/webm")
    url = reverse("wagtailmedia:add", args=("audio",))
    assert admin.post(url, form_data(file=file)).status_code == 302
    recording = Recording.objects.get()
    assert recording.opus
    assert recording.consent_on is not None
    assert recording.language == "lo"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (lambda: wav(amplitude=0), "Hardly anything can be heard"),
        (lambda: wav(amplitude=5), "too loud"),
        (lambda: wav(seconds=0.05), "too short"),
        (lambda: SimpleUploadedFile("a.mp3", b"<html>" * 99), "not a sound file"),
        (lambda: SimpleUploadedFile("a.mp4", coded("mp4", "aac", 44_100, film=True)), "a video"),
        (lambda: SimpleUploadedFile("a.exe", tone()), "exe"),
    ],
)
def test_unusable_sound_is_a_form_error(admin: Client, file, message: str) -> None:  # type: ignore[no-untyped-def]
    url = reverse("wagtailmedia:add", args=("audio",))
    response = admin.post(url, form_data(file=file()))
    assert response.status_code == 200
    assert message in str(response.context["form"].errors["file"])
    assert not Recording.objects.exists()


def test_consent_is_asked_for_a_human_voice_only(admin: Client) -> None:
    url = reverse("wagtailmedia:add", args=("audio",))
    data = form_data(file=wav())
    del data["consent"]
    assert "consent" in admin.post(url, data).context["form"].errors
    data = form_data(file=wav(), is_synthetic="on")
    del data["consent"]
    assert admin.post(url, data).status_code == 302
    assert Recording.objects.get().consent_on is None


def test_replacing_the_sound_removes_the_old_files(
    admin: Client, django_capture_on_commit_callbacks: object
) -> None:
    recording = Recording.objects.create(title="A", file=ContentFile(tone(), "a.wav"))
    old = files_of(recording)
    url = reverse("wagtailmedia:edit", args=(recording.pk,))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert admin.post(url, form_data(file=wav(seconds=2))).status_code == 302
    recording.refresh_from_db()
    assert recording.duration == pytest.approx(2, abs=0.1)
    assert all(default_storage.exists(name) for name in files_of(recording))
    assert not any(default_storage.exists(name) for name in old)


def test_a_change_without_a_new_file_keeps_the_copies(admin: Client) -> None:
    recording = Recording.objects.create(title="A", file=ContentFile(tone(), "a.wav"))
    url = reverse("wagtailmedia:edit", args=(recording.pk,))
    assert admin.post(url, form_data(title="B")).status_code == 302
    changed = Recording.objects.get()
    assert (changed.title, files_of(changed)) == ("B", files_of(recording))


@pytest.mark.django_db
def test_deleting_removes_every_file(django_capture_on_commit_callbacks: object) -> None:
    recording = Recording.objects.create(title="A", file=ContentFile(tone(), "a.wav"))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        Recording.objects.all().delete()
    assert not any(default_storage.exists(name) for name in files_of(recording))


def test_the_library_offers_no_video(admin: Client) -> None:
    index = admin.get(reverse("wagtailmedia:index")).content.decode()
    assert "media/audio/add" in index
    assert "media/video/add" not in index
    assert admin.get(reverse("wagtailmedia:add", args=("video",))).status_code == 404
    chooser = admin.get(reverse("wagtailmedia:chooser")).json()["html"]
    assert "upload-audio" in chooser
    assert "upload-video" not in chooser


def test_a_refused_upload_in_the_chooser_shows_why_and_offers_no_video(admin: Client) -> None:
    url = reverse("wagtailmedia:chooser_upload", args=("audio",))
    data = {f"media-chooser-upload-{name}": value for name, value in form_data().items()}
    silent = {**data, "media-chooser-upload-file": wav(amplitude=0)}
    refused = admin.post(url, silent).json()["html"]
    assert "Hardly anything can be heard" in refused
    assert "upload-video" not in refused
    answer = admin.post(url, {**data, "media-chooser-upload-file": wav()}).json()
    assert answer["step"] == "media_chosen"
