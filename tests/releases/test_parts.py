"""Fetching by parts: only what is new travels, and the same file comes out."""

import copy
import io
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from releases.package.errors import InvalidDocument, MissingFile, NewerFormat, WrongHash
from releases.package.parts import (
    Inventory,
    Part,
    inventory_bytes,
    missing_runs,
    parse_inventory,
    parts_in,
    rebuild_package,
)
from releases.package.reading import verify
from tests.releases.packages import CONTENTS, KEY, make_package
from tests.releases.sample_documents import document


class Source:
    """A site that answers requests for byte ranges, and counts them."""

    def __init__(self, package: Path, inventory: Inventory) -> None:
        self.content = package.read_bytes()
        self.inventory = inventory
        self.sent = 0

    def fetch(self, have: dict[str, bytes]) -> None:
        for run in missing_runs(self.inventory, have.__contains__):
            self.sent += run.end - run.start
            for offset, part in parts_in(self.inventory, run):
                have[part.sha256] = self.content[offset : offset + part.size]


def opener(have: dict[str, bytes]) -> "object":
    def open_part(part: Part) -> BinaryIO | None:
        return io.BytesIO(have[part.sha256]) if part.sha256 in have else None

    return open_part


def test_the_parts_give_the_same_package_byte_for_byte(tmp_path: Path) -> None:
    package, inventory = make_package(tmp_path)
    source, have = Source(package, inventory), {}
    source.fetch(have)
    rebuild_package(inventory, opener(have), tmp_path / "rebuilt.zip")
    assert (tmp_path / "rebuilt.zip").read_bytes() == package.read_bytes()
    assert source.sent <= inventory.size
    assert len(missing_runs(inventory, lambda sha256: False)) == 1
    with verify(tmp_path / "rebuilt.zip", [KEY.public]) as fetched:
        assert fetched.document["release"]["version"] == 1


def test_after_one_changed_unit_little_is_fetched(tmp_path: Path) -> None:
    first = document(20, 8, blocks=20, contents=CONTENTS)
    package, inventory = make_package(tmp_path, first)
    second = copy.deepcopy(first)
    block = second["modules"][4]["units"][3]["streams"]["body"][2]
    block["value"]["lo"] = "<p>ປ່ຽນແລ້ວ</p>"
    second["release"] |= {"version": 2, "public_id": "2222222222"}
    new_package, new_inventory = make_package(tmp_path, second, "b.zip")

    old_content = package.read_bytes()
    have = {
        sha256: old_content[offset : offset + size]
        for sha256, (offset, size) in inventory.places().items()
    }
    source = Source(new_package, new_inventory)
    source.fetch(have)
    assert source.sent < new_inventory.size * 0.05
    rebuild_package(new_inventory, opener(have), tmp_path / "rebuilt.zip")
    assert (tmp_path / "rebuilt.zip").read_bytes() == new_package.read_bytes()


def test_a_picture_that_is_here_already_is_not_fetched(tmp_path: Path) -> None:
    _, inventory = make_package(tmp_path)
    names = {part.sha256 for part in inventory.parts}
    first, second = document(contents=CONTENTS)["files"]
    assert {first["sha256"], second["sha256"]} <= names
    runs = missing_runs(inventory, lambda sha256: sha256 == second["sha256"])
    assert sum(run.end - run.start for run in runs) <= inventory.size
    asked = {part.sha256 for run in runs for _, part in parts_in(inventory, run)}
    assert first["sha256"] in asked
    have = {second["sha256"]}
    far = Inventory("a.zip", "0" * 64, 30_000, (
        Part(10_000, "1" * 64), Part(10_000, second["sha256"]), Part(10_000, "2" * 64),
    ))  # fmt: skip
    assert [(run.start, run.end) for run in missing_runs(far, have.__contains__)] == [
        (0, 10_000),
        (20_000, 30_000),
    ]


def test_a_missing_or_damaged_part_leaves_nothing_behind(tmp_path: Path) -> None:
    package, inventory = make_package(tmp_path)
    source, have = Source(package, inventory), {}
    source.fetch(have)
    target = tmp_path / "rebuilt.zip"
    sha256, content = next(iter(have.items()))
    for damage in (content[:-1], content[:-1] + b"?", content[:-1] + b"??"):
        with pytest.raises(WrongHash, match=sha256):
            rebuild_package(inventory, opener(have | {sha256: damage}), target)
        assert not target.exists()
    reordered = replace(inventory, parts=inventory.parts[::-1])
    with pytest.raises(WrongHash, match="not the one of the source"):
        rebuild_package(reordered, opener(have), target)
    assert not target.exists()
    have.pop(sha256)
    with pytest.raises(MissingFile):
        rebuild_package(inventory, opener(have), target)
    assert not target.exists()


def test_the_list_is_read_back_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    _, inventory = make_package(tmp_path)
    data = inventory_bytes(inventory)
    assert parse_inventory(data) == inventory
    newer = data.replace(b'"version":"1.0"', b'"version":"2.0"')
    with pytest.raises(NewerFormat):
        parse_inventory(newer)
    size = str(inventory.size).encode()
    for broken in (
        b"[]\n",
        b"{}\n",
        data[:-20],
        data.replace(b'"size":' + size, b'"size":1' + size),
        data.replace(b'"name":"basic', b'"name":"../basic'),
        data.replace(b'"data":"', b'"data":"?'),
        data.replace(inventory.sha256.encode(), b"x" * 64),
    ):
        assert broken != data
        with pytest.raises(InvalidDocument):
            parse_inventory(broken)
