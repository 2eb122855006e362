"""Packages for tests: good ones, and archives put together by hand to be refused."""

import io
import resource
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from releases.package.bag import write_package
from releases.package.parts import Inventory
from releases.package.signing import SigningKey
from tests.releases.sample_documents import document, file_entry

KEY = SigningKey(b"test-key", b"\7" * 32)
CONTENTS = (b"\x89PNG first drawing" * 50, b"\x89PNG second drawing" * 50)


def stored_files(folder: Path, contents: tuple[bytes, ...] = CONTENTS) -> dict[str, Path]:
    """The files on the disk by their SHA-256."""
    folder.mkdir(exist_ok=True)
    paths = {}
    for content in contents:
        sha256 = file_entry(content)["sha256"]
        paths[sha256] = folder / sha256
        paths[sha256].write_bytes(content)
    return paths


def make_package(
    folder: Path, content: dict[str, Any] | None = None, name: str = "a.zip", **more: Any
) -> tuple[Path, Inventory]:
    content = content or document(contents=CONTENTS)
    path = folder / name
    files = stored_files(folder / "files")
    files |= {path.name: path for path in (folder / "files").iterdir()}
    return path, write_package(path, content, files, more.pop("key", KEY), **more)


Change = Callable[[dict[str, bytes], dict[str, zipfile.ZipInfo]], None]


def repacked(package: Path, target: Path, change: Change) -> Path:
    """The package zipped anew by another program, after `change` of contents and entries."""
    with zipfile.ZipFile(package) as archive:
        contents = {info.filename: archive.read(info) for info in archive.infolist()}
        infos = {info.filename: info for info in archive.infolist()}
    change(contents, infos)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in contents.items():
            archive.writestr(infos.get(name, name), content)
    target.write_bytes(buffer.getvalue())
    return target


@contextmanager
def full_disk(free: int) -> Iterator[None]:
    """No file may grow beyond `free` bytes: writing fails like on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
