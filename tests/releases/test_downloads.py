"""Files of releases by their hash: in parts, resumed, and never what is not published."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from releases import store
from releases.building import create_release, withdraw
from releases.models import DOCUMENT_NAME, Release, ReleaseFile

from .processes import Processes
from .serving import CURL, NGINX, curl, gunicorn, nginx
from .tiny import released, tiny_curriculum

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.RELEASES_DIR = tmp_path / "releases"


@pytest.fixture
def release(home: Any) -> Release:
    return released(tiny_curriculum(home))


@pytest.fixture
def file(release: Release) -> ReleaseFile:
    return release.files.get(kind="pdf", language="vi")


def body(response: Any) -> bytes:
    return response.getvalue() if response.streaming else response.content


# --- Django alone ---------------------------------------------------------------------------------


def test_the_whole_file_comes_with_what_a_later_download_needs(
    client: Client, file: ReleaseFile
) -> None:
    response = client.get(file.url)
    assert body(response) == store.read(file.sha256)
    assert response["ETag"] == f'"{file.sha256}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(file.size)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="han-dien-1-vi.pdf"'
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response.cookies
    assert "Accept-Language" not in response.get("Vary", "")
    head = client.head(file.url)
    assert (head["Content-Length"], body(head)) == (str(file.size), b"")


@pytest.mark.parametrize(
    ("headers", "status", "part"),
    [
        ({"Range": "bytes=5-9"}, 206, slice(5, 10)),
        ({"Range": "bytes=5-"}, 206, slice(5, None)),
        ({"Range": "bytes=-7"}, 206, slice(-7, None)),
        ({"Range": "bytes=99999999-"}, 416, slice(0, 0)),
        ({"Range": "bytes=5-9", "If-Range": '"{sha256}"'}, 206, slice(5, 10)),
        ({"Range": "bytes=5-9", "If-Range": '"another"'}, 200, slice(None)),
        ({"Range": "bytes=5-9", "If-Range": "Sun, 01 Nov 2015 00:00:00 GMT"}, 200, slice(None)),
        ({"Range": "pages=1-2"}, 200, slice(None)),
        ({"If-None-Match": '"{sha256}"'}, 304, slice(0, 0)),
    ],
)
def test_parts_are_sent_as_asked(
    client: Client, file: ReleaseFile, headers: dict[str, str], status: int, part: slice
) -> None:
    sent = {name: value.format(sha256=file.sha256) for name, value in headers.items()}
    response = client.get(file.url, headers=sent)
    assert response.status_code == status
    assert body(response) == store.read(file.sha256)[part]


def test_only_files_of_published_releases_are_sent(client: Client, release: Release) -> None:
    curriculum = release.curriculum
    assert curriculum is not None
    file = release.files.get(kind="package")
    document = f"/releases/files/{release.document}/{DOCUMENT_NAME}"
    assert client.get(document).status_code == 200
    # Pictures and work that only stand in the store are nobody's download.
    stray = store.put_bytes(b"a picture")
    unfinished = create_release(curriculum, ["vi"])
    own = ReleaseFile(release=unfinished, kind="pdf", language="vi", name="a.pdf", size=1)
    own.sha256 = stray
    own.save()
    for url in (
        own.url,
        f"/releases/files/{stray}/{DOCUMENT_NAME}",
        f"/releases/files/{'0' * 64}/{file.name}",
        f"/releases/files/{file.sha256.upper()}/{file.name}",
        f"/releases/files/{file.sha256}/evil.html",
        f"/releases/files/{file.sha256}/..%2f..%2fdb.sqlite3",
        f"/releases/files/{file.sha256}/",
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(file.url).status_code == 405
    withdraw(release, {"en": "A mistake."})
    assert client.get(file.url).status_code == 404
    assert client.get(document).status_code == 404


def test_a_file_costs_few_queries(
    client: Client, file: ReleaseFile, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        client.get(file.url)


def test_nginx_is_told_where_the_file_is(client: Client, file: ReleaseFile, settings: Any) -> None:
    settings.RELEASES_ACCEL = "/_releases"
    response = client.get(file.url)
    assert response["X-Accel-Redirect"] == f"/_releases/{file.sha256[:2]}/{file.sha256}"
    assert response["Content-Type"] == "application/pdf"
    assert body(response) == b""
    store.path_of(file.sha256).unlink()
    assert client.get(file.url).status_code == 404


# --- Real servers ---------------------------------------------------------------------------------


@pytest.fixture
def processes(release: Release, tmp_path: Path) -> Processes:
    return Processes(tmp_path)


def check_resuming(address: str, file: ReleaseFile, folder: Path) -> None:
    """curl ends with the right bytes wherever it was cut off, and gets no byte twice."""
    url, content = f"{address}{file.url}", store.read(file.sha256)
    target = folder / file.name
    for cut in (0, 1, 1000, 4096, file.size // 2, file.size - 1, file.size):
        target.write_bytes(content[:cut])
        told = curl("-f", "-C", "-", "-o", target, "-w", "%{size_download}", url)
        assert target.read_bytes() == content, (cut, told.stderr)
        assert int(told.stdout) == file.size - cut or cut == file.size
    # The file it began is another one by now: everything comes anew.
    stale = curl("-r", "5-9", "-H", 'If-Range: "another"', "-w", "%{http_code}", "-o", target, url)
    assert stale.stdout == "200"
    assert target.read_bytes() == content
    etag = curl("-I", url).stdout.lower().split("etag: ")[1].split("\n")[0]
    fresh = curl("-r", "5-9", "-H", f"If-Range: {etag}", "-w", "%{http_code}", "-o", target, url)
    assert (fresh.stdout, target.read_bytes()) == ("206", content[5:10])
    head = curl("-I", url).stdout.lower()
    assert f"content-length: {file.size}" in head
    assert 'filename="' in head
    assert "content-security-policy: default-src 'none'; sandbox" in head
    assert "x-content-type-options: nosniff" in head
    assert "immutable" in head


@pytest.mark.formats
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not CURL or not NGINX, reason="curl or nginx is not installed")
def test_curl_resumes_at_any_byte_from_gunicorn_and_from_nginx(
    transactional_db: None,
    file: ReleaseFile,
    processes: Processes,
    settings: Any,
    tmp_path: Path,
) -> None:
    with gunicorn(processes) as address:
        check_resuming(address, file, tmp_path)
    with (
        gunicorn(processes, RELEASES_ACCEL="/_releases") as behind,
        nginx(tmp_path, behind, settings.RELEASES_DIR) as address,
    ):
        check_resuming(address, file, tmp_path)
        inside = f"{address}/_releases/{file.sha256[:2]}/{file.sha256}"
        assert curl("-w", "%{http_code}", "-o", tmp_path / "x", inside).stdout == "404"


@pytest.mark.formats
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not shutil.which("minisign"), reason="minisign is not installed")
def test_the_commands_on_the_page_do_what_they_say(
    transactional_db: None, release: Release, processes: Processes, tmp_path: Path
) -> None:
    from bs4 import BeautifulSoup

    with gunicorn(processes) as address:
        page = BeautifulSoup(curl(f"{address}/en{release.lasting_path}").stdout, "html.parser")

        def run(name: str) -> str:
            command = page.select_one(f"[data-howto={name}]")
            assert command is not None
            text = command.get_text().replace("manage.py", f"{processes.manage}")
            done = subprocess.run(
                ["bash", "-ec", text],
                cwd=tmp_path,
                env=processes.environment,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        run("resume")
        assert release.files.get(kind="package").sha256 in run("whole")
        assert "Signature and comment signature verified" in run("genuine")
        assert "genuine and whole" in run("command")
