"""The store: files named by the SHA-256 of their content, below VAR_DIR/releases.

A file appears whole or not at all, and is never changed; the same content is kept once.
"""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHUNK = 1024 * 1024
#: Seconds.
ABANDONED = 3600


class MissingFileError(Exception):
    """The store does not have the file (it was deleted, or never came)."""


def folder() -> Path:
    """Where the files stand; made on first use."""
    path = Path(settings.RELEASES_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(sha256: str) -> Path:
    """Where the file of this hash stands, or would. Raises ValueError for what is no hash."""
    if not _HASH.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
    return folder() / sha256[:2] / sha256


def size_of(sha256: str) -> int | None:
    """The size in bytes, None where the store has no such file."""
    try:
        return path_of(sha256).stat().st_size
    except (OSError, ValueError):
        return None


def open_file(sha256: str) -> BinaryIO:
    """The content. Raises MissingFileError."""
    try:
        return path_of(sha256).open("rb")
    except (OSError, ValueError) as error:
        raise MissingFileError(sha256) from error


def read(sha256: str) -> bytes:
    """The whole content of a small file. Raises MissingFileError."""
    with open_file(sha256) as file:
        return file.read()


def put_bytes(content: bytes) -> str:
    """Keep the content; return its hash."""
    return put_chunks([content])[0]


def put_file(path: Path) -> tuple[str, int]:
    """Keep a copy of a file; return its hash and size."""
    with path.open("rb") as file:
        return put_chunks(iter(lambda: file.read(_CHUNK), b""))


def put_chunks(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Keep what the chunks hold together; return its hash and size. Raises OSError (disk full)."""
    digest, size = hashlib.sha256(), 0
    with temporary_file() as (file, path):
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        sha256 = digest.hexdigest()
        target = path_of(sha256)
        target.parent.mkdir(exist_ok=True)
        os.replace(path, target)
    return sha256, size


def clean_up() -> None:
    """Remove unfinished files that nobody has written to for an hour: their writer was killed."""
    for path in (folder() / "incoming").glob("*"):
        if path.is_file() and path.stat().st_mtime < time.time() - ABANDONED:
            path.unlink(missing_ok=True)


@contextmanager
def temporary_file() -> Iterator[tuple[BinaryIO, Path]]:
    """A file beside the store's, gone at the end unless it was moved to its place."""
    incoming = folder() / "incoming"
    incoming.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=incoming)
    path = Path(name)
    # Readable for the web server that may send it (RELEASES_ACCEL).
    os.fchmod(handle, 0o644)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, path
    finally:
        path.unlink(missing_ok=True)
