"""The list of parts of a package, with which a site fetches only what it does not have.

A package file is a sequence of parts. A part is a picture or another file as it is, a compressed
run of the document's pages, or the archive's directory: each has a SHA-256 by which it is looked
for in what is here already. The few bytes between them stand in the list itself. So the fetching
site asks for byte ranges of the one package file, puts the same file together and compares its
SHA-256; then it verifies it like any other. The list is signed like the package
(`<name>.parts.json.minisig`) so that nothing is fetched on a stranger's word.

{"format": "mittaphap-parts", "version": "1.0", "name": "<slug>-<version>.zip", "sha256", "size",
 "parts": [{"data": "<base64>"} | {"sha256", "size"}, …]}
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext

from .canonical import canonical_bytes, parse_canonical
from .errors import InvalidDocument, MissingFile, NewerFormat, WrongHash
from .schema import Schema, SchemaError

FORMAT = "mittaphap-parts"
VERSION = "1.0"
BUFFER = 1024 * 1024
#: Asking once for what lies between two missing parts is cheaper than asking twice.
MAX_GAP = 4096

_SCHEMA = Schema(
    {
        "type": "object",
        "required": ["format", "version", "name", "sha256", "size", "parts"],
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "name": {"type": "string", "pattern": r"[a-z0-9][a-z0-9.-]{0,120}\.zip"},
            "sha256": {"$ref": "#/$defs/sha256"},
            "size": {"$ref": "#/$defs/size"},
            "parts": {"type": "array", "maxItems": 50_000, "items": {"$ref": "#/$defs/part"}},
        },
        "$defs": {
            "sha256": {"type": "string", "pattern": "[0-9a-f]{64}"},
            "size": {"type": "integer", "minimum": 1, "maximum": 2**32},
            "part": {
                "type": "object",
                "maxProperties": 2,
                "additionalProperties": False,
                "properties": {
                    "data": {"type": "string", "maxLength": 4096, "pattern": "[A-Za-z0-9+/]+=*"},
                    "sha256": {"$ref": "#/$defs/sha256"},
                    "size": {"$ref": "#/$defs/size"},
                },
            },
        },
    }
)


@dataclass(frozen=True)
class Part:
    """A run of bytes of the package: known by its hash, or given as it is."""

    size: int
    sha256: str = ""
    literal: bytes = b""


@dataclass(frozen=True)
class Inventory:
    """What a package consists of, in order."""

    name: str
    sha256: str
    size: int
    parts: tuple[Part, ...]

    def offsets(self) -> Iterator[tuple[int, Part]]:
        """Each part with the place in the package where it begins."""
        offset = 0
        for part in self.parts:
            yield offset, part
            offset += part.size

    def places(self) -> dict[str, tuple[int, int]]:
        """Where each part is in the package: its SHA-256 → offset and size."""
        return {part.sha256: (offset, part.size) for offset, part in self.offsets() if part.sha256}


@dataclass(frozen=True)
class Run:
    """Bytes `start` to before `end` of the package, to be asked for at once."""

    start: int
    end: int


def inventory_of(package: Path, name: str, parts: Iterable[Part]) -> Inventory:
    """The inventory of the file just written."""
    with package.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Inventory(name, sha256, package.stat().st_size, tuple(parts))


def inventory_bytes(inventory: Inventory) -> bytes:
    """The list as it is published, canonical, so that the same package has the same list."""
    parts = [
        {"sha256": part.sha256, "size": part.size}
        if part.sha256
        else {"data": base64.b64encode(part.literal).decode()}
        for part in inventory.parts
    ]
    head = {"name": inventory.name, "sha256": inventory.sha256, "size": inventory.size}
    return canonical_bytes({"format": FORMAT, "version": VERSION, **head, "parts": parts})


def parse_inventory(data: bytes) -> Inventory:
    """A list from outside. Raises NewerFormat or InvalidDocument."""
    value = parse_canonical(data)
    if (
        isinstance(value, dict)
        and value.get("format") == FORMAT
        and value.get("version") != VERSION
    ):
        raise NewerFormat(
            gettext("The source uses a newer format. Ask the operator to update this site.")
        )
    try:
        _SCHEMA.check(value)
        parts = tuple(_parse_part(part) for part in value["parts"])
        inventory = Inventory(value["name"], value["sha256"], value["size"], parts)
        if sum(part.size for part in parts) != inventory.size:
            raise ValueError("sizes")
    except (SchemaError, ValueError, KeyError) as error:
        raise InvalidDocument(gettext("The source's list of parts is damaged.")) from error
    return inventory


def _parse_part(part: dict[str, str | int]) -> Part:
    if "data" in part:
        if len(part) > 1:
            raise ValueError("both data and hash")
        literal = base64.b64decode(str(part["data"]), validate=True)
        return Part(len(literal), literal=literal)
    return Part(int(part["size"]), str(part["sha256"]))


def missing_runs(inventory: Inventory, has: Callable[[str], bool]) -> list[Run]:
    """The byte ranges to ask for, given which parts are `has` here by their SHA-256.

    A part that comes twice is asked for once.
    """
    runs: list[Run] = []
    asked: set[str] = set()
    for offset, part in inventory.offsets():
        if not part.sha256 or part.sha256 in asked or has(part.sha256):
            continue
        asked.add(part.sha256)
        end = offset + part.size
        if runs and offset - runs[-1].end <= MAX_GAP:
            runs[-1] = Run(runs[-1].start, end)
        else:
            runs.append(Run(offset, end))
    return runs


def parts_in(inventory: Inventory, run: Run) -> list[tuple[int, Part]]:
    """The parts with a hash that lie in `run`, each with its place in the package."""
    return [
        (offset, part)
        for offset, part in inventory.offsets()
        if part.sha256 and run.start <= offset and offset + part.size <= run.end
    ]


def rebuild_package(
    inventory: Inventory, open_part: Callable[[Part], BinaryIO | None], target: Path
) -> None:
    """Put the package together in the new file `target`, byte for byte as the source has it.

    `open_part` gives a file positioned at the part, of which its size is read. Raises
    MissingFile (with the part's hash) or WrongHash, and leaves nothing behind then.
    """
    whole = hashlib.sha256()
    try:
        with target.open("xb") as file:
            for part in inventory.parts:
                for block in _content(part, open_part):
                    whole.update(block)
                    file.write(block)
        if whole.hexdigest() != inventory.sha256:
            raise WrongHash(gettext("The package put together here is not the one of the source."))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _content(part: Part, open_part: Callable[[Part], BinaryIO | None]) -> Iterator[bytes]:
    if not part.sha256:
        yield part.literal
        return
    source = open_part(part)
    if source is None:
        raise MissingFile(gettext("A part of the package is missing: %s.") % part.sha256)
    digest, left = hashlib.sha256(), part.size
    with source:
        while left and (block := source.read(min(left, BUFFER))):
            digest.update(block)
            left -= len(block)
            yield block
    if left or digest.hexdigest() != part.sha256:
        raise WrongHash(gettext("A part of the package is damaged: %s.") % part.sha256)
