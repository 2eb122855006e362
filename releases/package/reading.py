"""Reading a package from an unknown sender: nothing of it is used before all of it is verified.

with verify(path, known_keys) as package:
    package.document, package.signed
    package.copy_file(sha256, target)
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.utils.translation import gettext

from .archive import Archive, Limits
from .bag import BAG_INFO, BAGIT, CRATE, DOCUMENT, FILES, FORMATS, MANIFEST, SIGNATURE, TAG_MANIFEST
from .canonical import parse_document
from .errors import MissingFile, NotAPackage, UnexpectedFile, Unsigned, WrongHash
from .signing import PublicKey, Signed, verify_signature

DEFAULT_LIMITS = Limits()

_MANIFEST_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^\n]{1,300})")

#: Called with the bytes verified so far and the bytes in all.
Progress = Callable[[int, int], None]


class Package:
    """A package on the disk; `document` and `signed` are there once it is verified."""

    document: dict[str, Any]
    signed: Signed

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._archive.close()

    @property
    def formats(self) -> list[str]:
        """The rendered formats that the package carries along."""
        return sorted(
            name.removeprefix(FORMATS) for name in self._archive.payload if name.startswith(FORMATS)
        )

    def copy_file(self, sha256: str, target: Path) -> None:
        """Write a file of the document to the new file `target`; MissingFile, WrongHash."""
        entry = next((one for one in self.document["files"] if one["sha256"] == sha256), None)
        if entry is None:
            raise _missing(sha256)
        digest = hashlib.sha256()
        try:
            with target.open("xb") as file:
                for block in self._archive.blocks(_place(entry)):
                    digest.update(block)
                    file.write(block)
            # The package may have been changed on the disk since it was verified.
            if digest.hexdigest() != sha256:
                raise _wrong_hash(_place(entry))
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def verify(self, known_keys: Iterable[PublicKey], progress: Progress | None = None) -> None:
        """Check signature, lists, every file and the document, in that order."""
        archive = self._archive
        for name in (BAGIT, BAG_INFO, MANIFEST, TAG_MANIFEST, DOCUMENT, CRATE):
            if name not in archive:
                raise _missing(name)
        if SIGNATURE not in archive:
            raise Unsigned(gettext("The package is not signed. Ask the source for a signed one."))
        signed_list = archive.read(TAG_MANIFEST)
        signed = verify_signature(signed_list, archive.read(SIGNATURE), known_keys)
        self._check_tags(_parse_manifest(signed_list))
        hashes = _parse_manifest(archive.read(MANIFEST))
        _compare_names(hashes, archive.payload)
        content = self._check_payload(hashes, progress)
        document = parse_document(content)
        self._check_files(document, hashes)
        self.document, self.signed = document, signed

    def _check_tags(self, hashes: dict[str, str]) -> None:
        if set(hashes) != {BAGIT, BAG_INFO, MANIFEST}:
            raise NotAPackage(gettext("The signed list of the package is not complete."))
        for name, expected in hashes.items():
            if hashlib.sha256(self._archive.read(name)).hexdigest() != expected:
                raise _wrong_hash(name)

    def _check_payload(self, hashes: dict[str, str], progress: Progress | None) -> bytes:
        """Hash every file; returns the document's bytes, so that it is read from disk once."""
        total, done = sum(self._archive.payload.values()), 0
        document = b""
        for name, expected in hashes.items():
            digest = hashlib.sha256()
            for block in self._content(name):
                digest.update(block)
                done += len(block)
                if progress is not None:
                    progress(done, total)
                if name == DOCUMENT:
                    document = block
            if digest.hexdigest() != expected:
                raise _wrong_hash(name)
        return document

    def _check_files(self, document: dict[str, Any], hashes: dict[str, str]) -> None:
        """The document lists exactly the files that are there, with their sizes and hashes."""
        payload = self._archive.payload
        entries = {_place(entry): entry for entry in document["files"]}
        _compare_names(entries, (name for name in payload if name.startswith(FILES)))
        for name, entry in entries.items():
            if (payload[name], hashes[name]) != (entry["size"], entry["sha256"]):
                raise _wrong_hash(name)

    def _content(self, name: str) -> Iterator[bytes]:
        if name == DOCUMENT:
            yield self._archive.read(name)
        else:
            yield from self._archive.blocks(name)


def open_package(path: Path, limits: Limits = DEFAULT_LIMITS) -> Package:
    """A package whose archive is safe to read, of whose content nothing is known yet.

    Raises NotAPackage, UnsafeName, UnsafeEntry, UnexpectedFile, TooLarge or TooManyFiles.
    """
    return Package(Archive(path, limits))


def verify(
    path: Path,
    known_keys: Iterable[PublicKey],
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> Package:
    """The package at `path`, verified from end to end; close it, or use it in a `with`.

    Raises what open_package() raises, Unsigned, UnknownKey, BadSignature, WrongHash, MissingFile,
    NewerFormat, CyclicAncestors or InvalidDocument: all are PackageError.
    """
    package = open_package(path, limits)
    try:
        package.verify(known_keys, progress)
    except BaseException:
        package.close()
        raise
    return package


def _parse_manifest(content: bytes) -> dict[str, str]:
    """BagIt's list: name → SHA-256."""
    hashes: dict[str, str] = {}
    for line in content.decode("utf-8", "replace").split("\n"):
        if not line:
            continue
        match = _MANIFEST_LINE.fullmatch(line)
        if match is None or match[2] in hashes:
            raise NotAPackage(gettext("A list of the package's files is damaged."))
        hashes[match[2]] = match[1]
    return hashes


def _compare_names(listed: Iterable[str], found: Iterable[str]) -> None:
    listed, found = set(listed), set(found)
    if missing := listed - found:
        raise _missing(min(missing))
    if extra := found - listed:
        raise UnexpectedFile(
            gettext("The package holds a file that it does not list: %(name)s.")
            % {"name": min(extra)}
        )


def _place(entry: dict[str, Any]) -> str:
    return f"{FILES}{entry['sha256']}.{entry['extension']}"


def _missing(name: str) -> MissingFile:
    return MissingFile(
        gettext("A file of the package is missing: %(name)s. Download it again.")
        % {"name": ascii(name)[1:-1][:100]}
    )


def _wrong_hash(name: str) -> WrongHash:
    return WrongHash(
        gettext("A file of the package was altered or damaged: %(name)s. Download it again.")
        % {"name": name}
    )
