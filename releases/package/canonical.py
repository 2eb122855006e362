"""Canonical JSON, and the published schema of a release's document.

One document has exactly one form in bytes, so that the same content gives the same package and
the same signature. Reading accepts no other form: what is not canonical was not made by us.
"""

import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from .errors import CyclicAncestors, InvalidDocument, NewerFormat
from .schema import Schema, SchemaError

FORMAT = "mittaphap-curriculum"
VERSION = "1.0"
SCHEMA_FILE = Path(__file__).with_name(f"curriculum-{VERSION}.schema.json")

MAX_BYTES = 64 * 1024 * 1024
# Each value costs Python some hundred bytes, however few the document spends on it.
MAX_VALUES = 2_000_000
MAX_DEPTH = 30
# What every JSON reader holds exactly (RFC 8259, section 6).
MAX_INTEGER = 2**53 - 1


def canonical_bytes(value: Any) -> bytes:
    """`value` as UTF-8 JSON: NFC, keys sorted by code point, no spaces, a line feed at the end.

    Raises InvalidDocument for what has no such form: floats, keys that are no strings or become
    the same, lone surrogates, integers beyond 2 ** 53, more than MAX_DEPTH levels.
    """
    text = json.dumps(
        _normalised(value, 0), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    try:
        return f"{text}\n".encode()
    except UnicodeEncodeError as error:
        raise InvalidDocument(gettext("A text holds half a character.")) from error


def _normalised(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= MAX_INTEGER:
        return value
    if depth >= MAX_DEPTH:
        raise InvalidDocument(gettext("The document is nested too deeply."))
    if isinstance(value, list | tuple):
        return [_normalised(item, depth + 1) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        normalised = {
            _normalised(key, depth): _normalised(item, depth + 1) for key, item in value.items()
        }
        if len(normalised) == len(value):
            return normalised
    raise InvalidDocument(
        gettext("The document holds a value that cannot be written: %(type)s.")
        % {"type": type(value).__name__}
    )


def parse_canonical(data: bytes) -> Any:
    """The value that canonical `data` from outside stands for; InvalidDocument for any other."""
    if len(data) > MAX_BYTES or sum(map(data.count, (b"[", b"{", b","))) > MAX_VALUES:
        raise InvalidDocument(gettext("The document is too large."))
    try:
        value = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument(gettext("The document is not readable JSON.")) from error
    if canonical_bytes(value) != data:
        raise InvalidDocument(gettext("The document is not in its canonical form."))
    return value


def _refuse(number: str) -> None:
    raise ValueError(number[:20])


def parse_document(data: bytes) -> dict[str, Any]:
    """The document of a release from bytes of an unknown sender, checked in every respect.

    Raises NewerFormat, CyclicAncestors or InvalidDocument.
    """
    document = parse_canonical(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InvalidDocument(gettext("This is not the document of a curriculum."))
    version = document.get("version")
    if version != VERSION:
        raise NewerFormat(
            gettext(
                "The package has version %(found)s of the format; this site reads %(known)s. "
                "Ask the operator to update the site."
            )
            % {"found": ascii(version)[:20], "known": VERSION}
        )
    check_document(document)
    return document


def check_document(document: dict[str, Any]) -> None:
    """Raise InvalidDocument where `document` breaks the schema or does not hold together."""
    try:
        _schema().check(document)
    except SchemaError as error:
        raise InvalidDocument(
            gettext("The document does not follow the schema at %(place)s.")
            % {"place": ascii(str(error))[1:-1][:200]}
        ) from error
    _check_ancestors(document["release"])
    _check_identifiers(document)
    _check_references(document)


@cache
def _schema() -> Schema:
    return Schema(json.loads(SCHEMA_FILE.read_bytes()))


def _check_ancestors(release: dict[str, Any]) -> None:
    seen = [release["public_id"], *(one["public_id"] for one in release["ancestors"])]
    if len(set(seen)) != len(seen):
        raise CyclicAncestors(gettext("The release names itself among its ancestors."))


def pages_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The curriculum, then each module followed by its units."""
    yield document["curriculum"]
    for module in document["modules"]:
        yield module
        yield from module["units"]


def _check_identifiers(document: dict[str, Any]) -> None:
    pages = [page["public_id"] for page in pages_of(document)]
    if len(set(pages)) != len(pages):
        raise InvalidDocument(gettext("Two pages of the document have the same identifier."))
    for page in pages_of(document):
        blocks = [block["id"] for stream in page["streams"].values() for block in stream]
        if len(set(blocks)) != len(blocks):
            raise InvalidDocument(gettext("Two blocks of a page have the same identifier."))


def _check_references(document: dict[str, Any]) -> None:
    """Every file and concept that a block names is in the document, and once."""
    known = {
        "file": [one["sha256"] for one in document["files"]],
        "concept": [one["public_id"] for one in document["terms"]],
    }
    used = {kind: set(identifiers) for kind, identifiers in known.items()}
    if any(len(used[kind]) != len(known[kind]) for kind in known):
        raise InvalidDocument(gettext("A file or a term is listed twice."))
    for page in pages_of(document):
        for kind, identifier in references(page["streams"]):
            if identifier not in used[kind]:
                raise InvalidDocument(
                    gettext("The document uses a file or a term that it does not list.")
                )


def references(value: Any) -> Iterator[tuple[str, Any]]:
    """Each ("file", sha256) and ("concept", public_id) below `value`, in order."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        if len(value) == 1:
            [(kind, identifier)] = value.items()
            if kind in ("file", "concept") and isinstance(identifier, str):
                yield kind, identifier
                return
        for item in value.values():
            yield from references(item)
