"""Writing the transfer package: a signed BagIt 1.0 bag (RFC 8493), zipped.

<slug>-<version>/
  bag-info.txt  bagit.txt  data/…  manifest-sha256.txt  tagmanifest-sha256.txt
  tagmanifest-sha256.txt.minisig
  data/curriculum.json  data/files/<sha256>.<extension>  data/formats/…  data/ro-crate-metadata.json
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from .canonical import canonical_bytes, check_document
from .crate import crate_metadata
from .errors import MissingFile, UnsafeName
from .parts import Inventory, inventory_of
from .signing import SigningKey
from .zip_writing import ZipWriter

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = f"{TAG_MANIFEST}.minisig"
DOCUMENT = "data/curriculum.json"
CRATE = "data/ro-crate-metadata.json"
FILES = "data/files/"
FORMATS = "data/formats/"
FORMAT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
# Where a page, the release or the list of terms begins in canonical JSON: quotes within texts are
# escaped. The release differs every time, so it is always a part of its own.
_CHUNK_START = re.compile(rb'(?P<always>,"release":\{|(?<=\}),"terms":\[)|\{"fingerprints":')
# Smaller ones would compress badly, each being compressed alone.
_MIN_CHUNK = 32 * 1024


def write_package(
    target: Path,
    document: dict[str, Any],
    files: Mapping[str, Path],
    key: SigningKey,
    formats: Mapping[str, Path] | None = None,
) -> Inventory:
    """Write the package of `document` to the new file `target`: the same content, the same bytes.

    `files` has the path of every file of the document by its SHA-256, `formats` the rendered
    formats to carry along by their names. In constant memory beside the document itself. Raises
    InvalidDocument, MissingFile, WrongHash or TooLarge, and leaves nothing behind then.
    """
    check_document(document)
    name = package_name(document)
    payload = _payload(document, files, formats or {})
    try:
        with target.open("xb") as file:
            writer = ZipWriter(file)
            _write_bag(writer, name, document, payload, key)
            writer.finish()
        return inventory_of(target, f"{name}.zip", writer.parts)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def package_name(document: dict[str, Any]) -> str:
    """The bag's folder, and the package's name without its ending: slug and version."""
    slug = re.sub(r"[^a-z0-9]+", "-", document["curriculum"]["slug"].lower()).strip("-")[:80]
    return f"{slug or 'curriculum'}-{document['release']['version']}"


class _Payload:
    """A payload file: bytes in memory, or a file whose size, and perhaps hash, is known."""

    def __init__(
        self, content: bytes = b"", path: Path | None = None, size: int = 0,
        sha256: str | None = None,
    ) -> None:  # fmt: skip
        self.content = content
        self.path = path
        self.size = len(content) if path is None else size
        self.sha256 = sha256


def _payload(
    document: dict[str, Any], files: Mapping[str, Path], formats: Mapping[str, Path]
) -> dict[str, _Payload]:
    payload = {DOCUMENT: _Payload(canonical_bytes(document))}
    for entry in document["files"]:
        sha256 = entry["sha256"]
        path = files.get(sha256)
        if path is None or not path.is_file():
            raise MissingFile(
                gettext("The file “%(title)s” is gone from this site. Upload it again.")
                % {"title": entry.get("title") or sha256}
            )
        place = f"{FILES}{sha256}.{entry['extension']}"
        payload[place] = _Payload(path=path, size=entry["size"], sha256=sha256)
    for name, path in formats.items():
        if not FORMAT_NAME.fullmatch(name):
            raise UnsafeName(gettext("“%(name)s” is no name for a file.") % {"name": name})
        payload[FORMATS + name] = _Payload(path=path, size=path.stat().st_size)
    sizes = {name: path.stat().st_size for name, path in formats.items()}
    payload[CRATE] = _Payload(canonical_bytes(crate_metadata(document, sizes)))
    return payload


def _write_bag(
    writer: ZipWriter, name: str, document: dict[str, Any], payload: dict[str, _Payload],
    key: SigningKey,
) -> None:  # fmt: skip
    """In the order of the names, which also puts each manifest behind what it lists."""
    tags = {BAG_INFO: _bag_info(document, payload), BAGIT: _DECLARATION}
    for tag in sorted(tags):
        writer.add_compressed(f"{name}/{tag}", [tags[tag]])
    hashes = {}
    for place in sorted(payload):
        hashes[place] = _write_payload(writer, f"{name}/{place}", payload[place])
    tags[MANIFEST] = _manifest(hashes)
    writer.add_compressed(f"{name}/{MANIFEST}", [tags[MANIFEST]])
    signed = _manifest({tag: hashlib.sha256(content).hexdigest() for tag, content in tags.items()})
    writer.add_compressed(f"{name}/{TAG_MANIFEST}", [signed])
    release = document["release"]
    comment = f"{name} {release['date']} {release['public_id']}"
    writer.add_compressed(f"{name}/{SIGNATURE}", [key.sign(signed, comment).encode()])


def _write_payload(writer: ZipWriter, name: str, payload: _Payload) -> str:
    if payload.path is None:
        writer.add_compressed(name, _chunks(payload.content))
        return hashlib.sha256(payload.content).hexdigest()
    with payload.path.open("rb") as source:
        return writer.add_stored(name, source, payload.size, payload.sha256)


def _chunks(content: bytes) -> Iterator[bytes]:
    """Cut a document between its pages, so that a page that stays the same is the same part."""
    start = 0
    for match in _CHUNK_START.finditer(content):
        if match["always"] or match.start() - start >= _MIN_CHUNK:
            yield content[start : match.start()]
            start = match.start()
    yield content[start:]


def _manifest(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()


def _bag_info(document: dict[str, Any], payload: Mapping[str, _Payload]) -> bytes:
    release, curriculum = document["release"], document["curriculum"]
    language = curriculum["source_language"]
    size = sum(one.size for one in payload.values())
    lines = {
        "Bag-Software-Agent": "Mittaphap",
        "Bagging-Date": release["date"],
        "External-Description": curriculum["texts"].get("name", {}).get(language, ""),
        "External-Identifier": release["public_id"],
        "Payload-Oxum": f"{size}.{len(payload)}",
        "Source-Organization": document["centre"]["texts"].get("name", {}).get("en", ""),
    }
    # A line end within a value would begin another field.
    return "".join(
        f"{label}: {' '.join(value.split())}\n" for label, value in lines.items() if value
    ).encode()
