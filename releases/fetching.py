"""Fetches releases of other Mittaphap sites: only what is new here, resumed, verified before use.

First comes the signed list of the package's parts (releases.package.parts). Parts whose hashes are
in the store are not asked for; the others come as byte ranges. From both the package is put
together as the source has it, verified like any other, and its content kept.
"""

import errno
import fcntl
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from . import downloading, store
from .downloading import disk_full, download
from .importing import receive
from .models import ForeignRelease, Release
from .package.errors import KeyFileError, UnknownKey, WrongHash
from .package.parts import (
    Inventory,
    Part,
    Run,
    missing_runs,
    parse_inventory,
    parts_in,
    rebuild_package,
)
from .package.reading import DEFAULT_LIMITS, verify
from .package.signing import PublicKey, parse_public_key, verify_signature
from .safe_http import FetchError, Interrupted, check_status, opened, read_small
from .trust import accept_key, trusted_keys

MAX_ANSWER = 2 * 1024**2
MAX_LIST = 16 * 1024**2
MAX_SIGNATURE = 4096
_ATTEMPTS = 3
#: A download that was cut off can be gone on with for so long.
KEPT_SECONDS = 30 * 24 * 3600

_RELEASE = re.compile(
    r"(?P<prefix>(?:/[\w.~-]+)*?)(?:/api/v1|/lo|/vi|/en)?/releases/(?P<id>[2-9b-z]{10})(?:/.*)?",
    re.ASCII,
)
_LIST = re.compile(r"(?:/[\w.~-]+)*/api/v1/releases/", re.ASCII)
_PACKAGE = re.compile(r"(?:/[\w.~-]+)*/files/(?P<sha256>[0-9a-f]{64})/[\w.-]+\.zip", re.ASCII)

#: Called with the bytes fetched and the bytes to fetch in all.
Progress = Callable[[int, int], None]


class UnacceptedKey(UnknownKey):
    """The source signs with a key that nobody here has accepted; `key` is what it offers."""

    def __init__(self, message: str, key: PublicKey | None, key_id: str) -> None:
        super().__init__(message, key_id)
        self.key = key


@dataclass(frozen=True)
class Offer:
    """What a site says of a release."""

    address: str
    public_id: str
    package: str
    package_sha256: str
    package_size: int
    parts: str
    signature: str
    keys: tuple[PublicKey, ...]


def fetch(
    address: str, accepted: str = "", progress: Progress | None = None, user: Any = None
) -> ForeignRelease:
    """Fetch the release at `address`: its page, its address in the API, or its package.

    The address of a list in the API (newest_of) stands for the newest release in it.

    `accepted` is the id of a key that may be unknown until now; it is known afterwards. Raises
    PackageError: FetchError where it can be tried again, UnacceptedKey where a key is to be
    accepted first.
    """
    tidy()
    try:
        if match := _PACKAGE.fullmatch(_path(address)):
            return _fetch_package(address, match["sha256"], progress or _silent)
        if _LIST.fullmatch(_path(address)):
            address = _newest_in(address)
        return _fetch_release(look_up(address), accepted, progress or _silent, user)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full() from error
        raise


def _silent(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def tidy() -> None:
    """Delete what was left of downloads that nobody went on with."""
    folder = store.folder() / "fetch"
    for path in folder.iterdir() if folder.is_dir() else ():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def newest_of(release: ForeignRelease, curriculum: str) -> str:
    """Where the site of a fetched release lists those of a curriculum; "" where it is unknown."""
    prefix, found, _rest = release.address.partition("/api/v1/releases/")
    return f"{prefix}{found}?curriculum={curriculum}" if found else ""


# --- What the site offers -------------------------------------------------------------------------


def look_up(address: str) -> Offer:
    """Ask the site at `address` what belongs to the release. Raises FetchError."""
    api = api_address(address)
    try:
        answer = json.loads(_read(api, MAX_ANSWER))
        files = {file["kind"]: file for file in answer["files"]}
        package = files.get("package")
        if package is None:
            raise FetchError(_("The site does not offer this release for transfer (any more)."))
        if not re.fullmatch("[2-9b-z]{10}", answer["id"]):
            raise ValueError("id")
        return Offer(
            address=api,
            public_id=answer["id"],
            package=urljoin(api, package["url"]),
            package_sha256=str(package["sha256"]),
            package_size=int(package["size"]),
            parts=urljoin(api, files["parts"]["url"]),
            signature=urljoin(api, files["parts_sig"]["url"]),
            keys=tuple(_offered_keys(answer["keys"])),
        )
    except (
        *(ValueError, TypeError, KeyError, AttributeError),
        *(RecursionError, OverflowError),
    ) as error:
        raise FetchError(_("This is no release of a Mittaphap site.")) from error


def _read(url: str, limit: int) -> bytes:
    """A small answer, after some attempts over a bad line. Raises FetchError."""
    for pause in downloading.PAUSES[:3]:
        try:
            return read_small(url, limit)
        except Interrupted:
            time.sleep(pause)
    return read_small(url, limit)


def _path(address: str) -> str:
    try:
        return urlsplit(address.strip()).path
    except ValueError:
        return ""


def _newest_in(address: str) -> str:
    """The release with the highest version in a list of the API."""
    try:
        found = json.loads(_read(address, MAX_ANSWER))["results"]
        offered = [one for one in found if one["state"] == "published"]
        if not offered:
            raise FetchError(_("The site does not offer this release for transfer (any more)."))
        newest = max(offered, key=lambda one: int(one["version"]))
        return urljoin(address, f"{_path(address)}{newest['id']}/")
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise FetchError(_("This is no release of a Mittaphap site.")) from error


def api_address(address: str) -> str:
    """The release in the JSON API of its site. Raises FetchError."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        parts = urlsplit("")
    match = _RELEASE.fullmatch(parts.path)
    if not parts.netloc or match is None:
        raise FetchError(_("Give the address of a release's page, as your browser shows it."))
    return f"{parts.scheme}://{parts.netloc}{match['prefix']}/api/v1/releases/{match['id']}/"


def _offered_keys(given: Any) -> Iterator[PublicKey]:
    for one in given[:50]:
        try:
            yield parse_public_key(one["public_key"] if isinstance(one, dict) else str(one))
        except KeyFileError:
            continue


def _signed_inventory(offer: Offer, accepted: str, user: Any) -> Inventory:
    """The list of parts, its signature verified. Raises UnacceptedKey, BadSignature …"""
    listed = _read(offer.parts, MAX_LIST)
    signature = _read(offer.signature, MAX_SIGNATURE)
    try:
        verify_signature(listed, signature, trusted_keys())
    except UnknownKey as error:
        key = next((key for key in offer.keys if key.key_id == error.key_id), None)
        if key is None or accepted.upper() != key.key_id:
            raise UnacceptedKey(_unknown_key(offer, error.key_id), key, error.key_id) from error
        verify_signature(listed, signature, [key])
        accept_key(key, offer.address, user)
    return parse_inventory(listed)


def _unknown_key(offer: Offer, key_id: str) -> str:
    return _(
        "The release is signed with the key %(key)s, which this site does not know. It was offered "
        "by %(site)s. Ask the source by another way, such as a telephone call, whether this is its "
        "key, then accept it."
    ) % {"key": key_id, "site": urlsplit(offer.address).netloc}


# --- Fetching -------------------------------------------------------------------------------------


def _fetch_release(offer: Offer, accepted: str, progress: Progress, user: Any) -> ForeignRelease:
    if Release.objects.filter(public_id=offer.public_id).exists():
        raise FetchError(_("This is a release of this very site."))
    inventory = _signed_inventory(offer, accepted, user)
    if (inventory.sha256, inventory.size) != (offer.package_sha256, offer.package_size):
        raise WrongHash(_("The source's list of parts does not belong to its package."))
    if inventory.size > DEFAULT_LIMITS.total_size:
        raise FetchError(_("The package is larger than this site takes."))
    if here := _already_here(offer.public_id):
        return here
    with _work_folder(inventory.sha256) as folder:
        _fetch_parts(offer.package, inventory, folder, progress)
        package = folder / "package.zip"
        package.unlink(missing_ok=True)
        rebuild_package(inventory, _stored_part, package)
        return _keep(package, offer.address, offer.public_id)


def _already_here(public_id: str) -> ForeignRelease | None:
    """A release that was fetched before, unless its files were deleted since."""
    found = ForeignRelease.objects.filter(public_id=public_id).first()
    if found is None or store.size_of(found.document) is None:
        return None
    document = json.loads(store.read(found.document))
    there = all(store.size_of(entry["sha256"]) == entry["size"] for entry in document["files"])
    return found if there else None


def _fetch_parts(url: str, inventory: Inventory, folder: Path, progress: Progress) -> None:
    """Put into the store every part that it does not have."""
    runs = missing_runs(inventory, lambda sha256: store.size_of(sha256) is not None)
    total = sum(run.end - run.start for run in runs)
    done = sum(_there(folder, run) for run in runs)
    _check_room(total - done)
    progress(done, total)

    def received(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    for run in runs:
        for attempt in range(_ATTEMPTS):
            download(url, _run_file(folder, run), run.start, run.end, received)
            if _store_parts(inventory, folder, run):
                break
            if attempt == _ATTEMPTS - 1:
                raise WrongHash(_("The source sends something else than what it signed."))
            done -= run.end - run.start


def _run_file(folder: Path, run: Run) -> Path:
    return folder / f"{run.start}-{run.end}"


def _there(folder: Path, run: Run) -> int:
    path = _run_file(folder, run)
    return path.stat().st_size if path.exists() else 0


def _check_room(needed: int) -> None:
    # The parts, the package put together from them, and the files in it.
    if shutil.disk_usage(store.folder()).free < 3 * needed:
        raise disk_full()


def _store_parts(inventory: Inventory, folder: Path, run: Run) -> bool:
    """Move the parts of a finished run into the store; False if one is not what it should be."""
    path = _run_file(folder, run)
    sound = True
    with path.open("rb") as file:
        for offset, part in parts_in(inventory, run):
            digest = hashlib.sha256()
            file.seek(offset - run.start)
            for block in _blocks(file, part.size):
                digest.update(block)
            if digest.hexdigest() == part.sha256:
                file.seek(offset - run.start)
                store.put_chunks(_blocks(file, part.size))
            else:
                sound = False
    path.unlink()
    return sound


def _blocks(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (block := file.read(min(size, 1024 * 1024))):
        size -= len(block)
        yield block


def _stored_part(part: Part) -> BinaryIO | None:
    try:
        return store.open_file(part.sha256)
    except store.MissingFileError:
        return None


def _fetch_package(address: str, sha256: str, progress: Progress) -> ForeignRelease:
    """A package by its own address, which names its hash; its key has to be known."""
    with _work_folder(sha256) as folder:
        package = folder / "whole.zip"
        size = _size_at(address)
        if size > DEFAULT_LIMITS.total_size:
            raise FetchError(_("The package is larger than this site takes."))
        done = package.stat().st_size if package.exists() else 0
        _check_room(size - done)

        def received(count: int) -> None:
            nonlocal done
            done += count
            progress(done, size)

        progress(done, size)
        download(address, package, 0, size, received)
        with package.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            package.unlink()
            raise WrongHash(_("The source sends something else than what it signed."))
        return _keep(package, address, "")


def _size_at(address: str) -> int:
    with opened(address, {"Range": "bytes=0-0"}) as response:
        check_status(response)
        told = response.getheader("Content-Range" if response.status == 206 else "Content-Length")
    match = re.fullmatch(r"(?:bytes 0-0/)?(\d{1,12})", told or "", re.ASCII)
    if match is None:
        raise FetchError(_("The site does not say how large the package is."))
    return int(match[1])


def _keep(path: Path, address: str, public_id: str) -> ForeignRelease:
    """Verify a package from end to end and keep its content."""
    with verify(path, trusted_keys()) as package:
        found = package.document["release"]["public_id"]
        if public_id and found != public_id:
            raise WrongHash(_("The package holds another release than the site says."))
        received = receive(package, address)
    shutil.rmtree(path.parent, ignore_errors=True)
    return received


@contextmanager
def _work_folder(name: str) -> Iterator[Path]:
    """Where the pieces of one package wait, for one process at a time; kept if it is cut off."""
    if not re.fullmatch("[0-9a-f]{64}", name):
        raise FetchError(_("This is no release of a Mittaphap site."))
    locks = store.folder() / "locks"
    locks.mkdir(exist_ok=True)
    with (locks / f"fetch-{name}").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError(_("This package is being fetched already.")) from error
        folder = store.folder() / "fetch" / name
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
