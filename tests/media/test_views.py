"""/uploads/: what is served, with byte ranges and caching, and what never is."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

CONTENT = bytes(range(256)) * 40


def put(name: str, content: bytes = CONTENT) -> str:
    """Store a file and return its address."""
    default_storage.delete(name)
    return f"/uploads/{default_storage.save(name, ContentFile(content))}"


@pytest.fixture
def sound() -> str:
    return put("recordings/sound.opus")


def body(response) -> bytes:  # type: ignore[no-untyped-def]
    return b"".join(response) if response.streaming else response.content


def test_a_recording_is_served_whole_and_cached_for_good(client: Client, sound: str) -> None:
    response = client.get(sound, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Type"] == "audio/ogg; codecs=opus"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(len(CONTENT))
    assert "Content-Encoding" not in response


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-", 0, 10240),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-99999", 10000, 10240),
        ("bytes=-40", 10200, 10240),
        ("bytes=-99999", 0, 10240),
    ],
)
def test_a_part_is_served(client: Client, sound: str, header: str, start: int, end: int) -> None:
    response = client.get(sound, headers={"range": header, "accept-encoding": "gzip"})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/10240"
    assert response["Content-Length"] == str(end - start)
    assert body(response) == CONTENT[start:end]


@pytest.mark.parametrize("header", ["bytes=10240-", "bytes=99999999999999999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_416(client: Client, sound: str, header: str) -> None:
    response = client.get(sound, headers={"range": header})
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10240"


@pytest.mark.parametrize(
    "header", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "chars=0-1", "bytes=a-b", "bytes=٣-٤"]
)
def test_an_odd_range_gets_the_whole(client: Client, sound: str, header: str) -> None:
    assert client.get(sound, headers={"range": header}).status_code == 200


def test_if_range_gives_the_part_only_of_the_same_file(client: Client, sound: str) -> None:
    whole = client.get(sound)
    for condition in (whole["ETag"], whole["Last-Modified"]):
        same = client.get(sound, headers={"range": "bytes=0-9", "if-range": condition})
        assert same.status_code == 206
    for condition in ('"other"', "Mon, 01 Jan 2001 00:00:00 GMT", "nonsense"):
        other = client.get(sound, headers={"range": "bytes=0-9", "if-range": condition})
        assert other.status_code == 200


def test_head_has_the_length_and_no_body(client: Client, sound: str) -> None:
    response = client.head(sound)
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == "10240"


def test_an_unchanged_file_is_304(client: Client, sound: str) -> None:
    etag = client.get(sound)["ETag"]
    assert client.get(sound, headers={"if-none-match": etag}).status_code == 304


def test_pictures_are_served_and_checked_daily(client: Client) -> None:
    response = client.get(put("images/a.width-320.webp"))
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "name",
    [
        "documents/plan.pdf",
        "documents/plan.png",
        "media/original.mp3",
        "wagtail_uploads/a.png",
        "images/page.html",
        "avatar_images/drawing.svg",
        "recordings/notes.txt",
        "recordings/picture.png",
        "secret.png",
    ],
)
def test_nothing_else_is_served(client: Client, home: object, name: str) -> None:
    assert client.get(put(name)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "recordings/../documents/plan.png",
        "recordings/%2e%2e/%2e%2e/secret.mp3",
        "images/..%2fdocuments%2fplan.png",
        "images//a.png",
        "images/%00.png",
        "images/a%5c..%5cb.png",
        "/etc/a.png",
        "images/" + "a" * 5000 + ".png",
        "images/missing.png",
        "images/.png",
        "images/",
    ],
)
def test_paths_that_lead_elsewhere_are_404(client: Client, home: object, path: str) -> None:
    put("documents/plan.png")
    (settings.VAR_DIR / "secret.mp3").write_bytes(b"secret")
    assert client.get(f"/uploads/{path}", follow=True).status_code == 404


def test_only_reading_is_allowed(client: Client, sound: str) -> None:
    assert client.post(sound).status_code == 405
