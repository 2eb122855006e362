"""Fetching from another site: only what is new, resumed, from outside only, verified before use."""

import hashlib
import io
import json
import random
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from core.identity import public_id_from
from curricula.models import CurriculumPage
from releases import downloading, store
from releases.downloading import DiskFull
from releases.fetching import FetchError, UnacceptedKey, api_address, fetch, newest_of
from releases.models import ForeignRelease, KnownKey, Release
from releases.package.errors import BadSignature, PackageError, WrongHash
from releases.package.signing import SigningKey
from releases.safe_http import ForbiddenAddress, is_public, opened
from releases.trust import accept_key
from tests.releases.packages import KEY
from tests.releases.processes import Processes
from tests.releases.sample_documents import document
from tests.releases.sources import Source, running_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quickly(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.FETCH_ALLOW_PRIVATE = True
    settings.RELEASES_DIR = tmp_path / "store"
    monkeypatch.setattr(downloading, "PAUSES", (0.01,) * 3)


@pytest.fixture
def source() -> Iterator[Source]:
    with running_source() as running:
        yield running


def picture(seed: int, size: int = 60_000) -> bytes:
    """A PNG of about this size that does not compress."""
    side = int((size / 3) ** 0.5)
    pixels = random.Random(seed).randbytes(side * side * 3)
    target = io.BytesIO()
    Image.frombytes("RGB", (side, side), pixels).save(target, "PNG")
    return target.getvalue()


def content(version: int = 1, pictures: int = 2, **more: Any) -> dict[str, Any]:
    return document(version=version, contents=tuple(map(picture, range(pictures))), **more)


def write_pictures(folder: Path, count: int) -> None:
    (folder / "files").mkdir(exist_ok=True)
    for data in map(picture, range(count)):
        (folder / "files" / hashlib.sha256(data).hexdigest()).write_bytes(data)


@pytest.fixture
def page(source: Source, tmp_path: Path) -> str:
    """The address of a release of the source, whose key is known."""
    write_pictures(tmp_path, 2)
    accept_key(KEY.public, "test")
    return source.offer(tmp_path, content())


# --- What is fetched ------------------------------------------------------------------------------


def test_a_release_is_fetched_verified_and_kept(page: str, source: Source) -> None:
    seen: list[tuple[int, int]] = []
    release = fetch(page, progress=lambda done, total: seen.append((done, total)))
    kept = json.loads(store.read(release.document))
    assert kept["release"]["public_id"] == release.public_id
    assert all(store.size_of(entry["sha256"]) == entry["size"] for entry in kept["files"])
    assert seen[0][0] == 0 and seen[-1][0] == seen[-1][1] == source.sent_of_packages
    # Nothing is left that is not kept.
    assert not list((store.folder() / "fetch").iterdir())


def test_what_is_here_is_not_fetched_again(page: str, source: Source) -> None:
    first = fetch(page)
    sent = source.sent_of_packages
    assert fetch(page) == first and source.sent_of_packages == sent


def test_after_one_changed_unit_a_twentieth_is_fetched(source: Source, tmp_path: Path) -> None:
    write_pictures(tmp_path, 20)
    accept_key(KEY.public, "test")
    first = content(1, 20, modules=6, units=4, blocks=30)
    fetch(source.offer(tmp_path, first))
    source.sent.clear()
    later = content(2, 20, modules=6, units=4, blocks=30)
    later["modules"][2]["units"][1]["texts"]["name"]["vi"] = "Bài mới"
    later["release"]["ancestors"] = []
    release = fetch(source.offer(tmp_path, later))
    assert release.version == 2
    assert source.sent_of_packages <= 0.05 * source.size


def test_a_package_is_fetched_by_its_own_address(page: str, source: Source) -> None:
    source.cuts = [1000, 70_000]
    assert fetch(source.package).version == 1


def test_the_command_says_what_came(page: str) -> None:
    out = io.StringIO()
    call_command("fetch_curriculum", page, stdout=out)
    assert "Basic arc welding, version 1" in out.getvalue()
    assert not CurriculumPage.objects.exists()


def test_the_newest_release_of_a_curriculum_is_asked_for(page: str, source: Source) -> None:
    first = fetch(page)
    address = newest_of(first, first.curriculum_public_id)
    newest = {"id": first.public_id, "version": 3, "state": "published"}
    listed = [{"id": "x", "version": 2, "state": "published"}, newest,
              {"id": "y", "version": 4, "state": "withdrawn"}]  # fmt: skip
    source.files[address.removeprefix(source.url)] = json.dumps({"results": listed}).encode()
    assert fetch(address) == first
    source.files[address.removeprefix(source.url)] = b"{}"
    with pytest.raises(FetchError):
        fetch(address)


# --- Resuming -------------------------------------------------------------------------------------


def test_a_line_that_breaks_again_and_again_costs_nothing_twice(page: str, source: Source) -> None:
    source.cuts = [1, 4095, 4096, 10_000, 0, 30_000, 7]
    fetch(page)
    assert source.sent_of_packages <= source.size


def test_a_line_that_stays_dead_is_told_and_gone_on_with_later(page: str, source: Source) -> None:
    source.cuts = [20_000] + [0] * 20
    with pytest.raises(FetchError, match="broke off"):
        fetch(page)
    source.cuts = []
    fetch(page)
    assert source.sent_of_packages <= source.size


def test_a_source_without_byte_ranges_works_too(page: str, source: Source) -> None:
    source.knows_ranges = False
    source.cuts = [30_000]
    assert fetch(page).version == 1


def test_a_full_disk_is_told_and_what_came_is_kept(page: str, source: Source) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(DiskFull, match="goes on where it stopped"):
            fetch(page)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not ForeignRelease.objects.exists()
    [partial] = (store.folder() / "fetch").glob("*/*")
    assert partial.stat().st_size == 50_000
    fetch(page)


@pytest.mark.django_db(transaction=True)
def test_a_killed_fetch_goes_on_where_it_was(
    transactional_db: None, home: Any, page: str, source: Source, tmp_path: Path
) -> None:
    site = Processes(tmp_path)
    source.speed = 60_000
    for share in (0.3, 0.7):
        process = site.start("fetch_curriculum", page, FETCH_ALLOW_PRIVATE="1")
        while source.sent_of_packages < share * source.size:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.01)
        process.kill()
        process.communicate()
    source.speed = 0
    finished = site.run("fetch_curriculum", page, FETCH_ALLOW_PRIVATE="1")
    assert finished.returncode == 0, finished.stdout
    assert site.count(ForeignRelease) == 1
    # What was on its way at each of the moments.
    assert source.sent_of_packages - source.size < 2 * 16_384


# --- Whom to believe ------------------------------------------------------------------------------


def test_an_unknown_key_is_shown_and_nothing_is_fetched(page: str, source: Source) -> None:
    KnownKey.objects.all().delete()
    with pytest.raises(UnacceptedKey, match=KEY.public.key_id):
        fetch(page)
    with pytest.raises(UnacceptedKey):
        fetch(page, accepted="0123456789ABCDEF")
    with pytest.raises(CommandError, match=f"--accept-key {KEY.public.key_id}"):
        call_command("fetch_curriculum", page, stdout=io.StringIO())
    assert source.sent_of_packages == 0 and not KnownKey.objects.exists()
    call_command("fetch_curriculum", page, accept_key=KEY.public.key_id, stdout=io.StringIO())
    known = KnownKey.objects.get()
    assert (known.key_id, known.source.startswith(source.url)) == (KEY.public.key_id, True)


def test_a_list_that_was_altered_is_refused(page: str, source: Source) -> None:
    [path] = [path for path in source.files if path.endswith("/parts.zip")]
    source.files[path] = source.files[path].replace(b'"size":', b'"sizE":', 1)
    with pytest.raises(BadSignature):
        fetch(page)


def test_another_content_than_was_signed_is_refused(page: str, source: Source) -> None:
    [path] = [path for path in source.files if path.endswith("/package.zip")]
    source.files[path] = source.files[path][:-500] + bytes(500)
    with pytest.raises(WrongHash):
        fetch(page)
    with pytest.raises(WrongHash):
        fetch(source.package)
    assert not ForeignRelease.objects.exists()


def test_a_stranger_who_signs_for_the_offered_key_is_refused(page: str, source: Source,
                                                             tmp_path: Path) -> None:  # fmt: skip
    stranger = SigningKey(KEY.identifier, b"\x09" * 32)
    other = source.offer(tmp_path, content(2), key=stranger)
    with pytest.raises(BadSignature):
        fetch(other)


def test_a_package_of_another_release_is_refused(source: Source, tmp_path: Path) -> None:
    write_pictures(tmp_path, 2)
    accept_key(KEY.public, "test")
    page = source.offer(tmp_path, content())
    wanted = public_id_from("wanted")
    path = page.removeprefix(source.url).replace("/vi/", "/api/v1/")
    answer = json.loads(source.files[path])
    source.files[f"/api/v1/releases/{wanted}/"] = json.dumps({**answer, "id": wanted}).encode()
    with pytest.raises(WrongHash, match="another release"):
        fetch(f"{source.url}/releases/{wanted}/")


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b"[]", b"{}", b'{"files": 3}', b'{"files": [{"kind": "package"}], "id": "x"}',
     b'{"files": [], "keys": []}', b"[" * 100_000, b" " * (3 * 1024**2),
     *(b'{"files": [{"kind": "package", "url": "", "sha256": "", "size": %s}, {"kind": "parts", '
       b'"url": ""}, {"kind": "parts_sig", "url": ""}], "keys": [], "id": "%s"}' % (size, key)
       for size, key in ((b"Infinity", b"bcdfghjkmn"), (b"1", rb"\u0000")))],
)  # fmt: skip
def test_what_is_no_release_is_refused(source: Source, answer: bytes) -> None:
    path = f"/releases/{public_id_from('x')}/"
    source.files[f"/api/v1{path}"] = answer
    with pytest.raises(FetchError):
        fetch(source.url + path)


def test_a_release_of_this_site_is_not_fetched(page: str) -> None:
    public_id = content()["release"]["public_id"]
    Release.objects.create(
        public_id=public_id, curriculum_public_id="bbbbbbbbbb", version=1, dated="2026-11-22"
    )
    with pytest.raises(FetchError, match="very site"):
        fetch(page)


# --- Where from -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://a.org/vi/releases/bbbbbbbbbb/", "https://a.org/api/v1/releases/bbbbbbbbbb/"),
        ("https://a.org/releases/bbbbbbbbbb", "https://a.org/api/v1/releases/bbbbbbbbbb/"),
        ("http://a.org:81/api/v1/releases/bbbbbbbbbb/?x=1#y",
         "http://a.org:81/api/v1/releases/bbbbbbbbbb/"),
        ("https://a.org/lo/releases/bbbbbbbbbb/changes/cccccccccc/",
         "https://a.org/api/v1/releases/bbbbbbbbbb/"),
    ],
)  # fmt: skip
def test_any_address_of_a_release_leads_to_its_description(address: str, expected: str) -> None:
    assert api_address(address) == expected


@pytest.mark.parametrize(
    "address", ["", "x", "https://a.org/", "/releases/bbbbbbbbbb/", "http://["]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(FetchError):
        api_address(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
     "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
     "fc00::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_inner_addresses_are_known_in_every_spelling(address: str) -> None:
    assert not is_public(address)


def test_addresses_of_the_internet_are_let_through() -> None:
    assert all(map(is_public, ("8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808")))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"]
)
def test_nothing_is_asked_of_the_server_itself(source: Source, settings: Any, host: str) -> None:
    settings.FETCH_ALLOW_PRIVATE = False
    source.files["/secret"] = b"secret"
    port = source.server_address[1]
    with pytest.raises(FetchError), opened(f"http://{host}:{port}/secret", {}):
        pass
    assert source.requests == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.org/", "gopher://a.org/", "http://u:p@a.org/", "http://",
            "http://a.org:0/", "http://a.org/\r\nX: y", "//a.org/", "http://a.org:99999/"]
)  # fmt: skip
def test_only_plain_addresses_of_the_web_are_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddress), opened(url, {}):
        pass


def test_a_redirect_is_followed_and_checked_like_the_first(page: str, source: Source) -> None:
    path = f"/releases/{public_id_from('moved')}/"
    target = page.removeprefix(source.url).replace("/vi/", "/api/v1/")
    source.redirects[f"/api/v1{path}"] = target
    assert fetch(source.url + path).version == 1
    for target in ("file:///etc/passwd", f"/api/v1{path}", "http://["):
        source.redirects[f"/api/v1{path}"] = target
        with pytest.raises(PackageError):
            fetch(source.url + path)


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    source: Source, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for another address at the second look gets nowhere."""
    settings.FETCH_ALLOW_PRIVATE = False
    looked_up: list[str] = []

    def rebinding(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        looked_up.append(host)
        address = "93.184.216.34" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("releases.safe_http.TIMEOUT", 0.3)
    with pytest.raises(FetchError), opened(f"http://rebound.test:{source.server_address[1]}/", {}):
        pass
    assert source.requests == [] and looked_up == ["rebound.test"]
