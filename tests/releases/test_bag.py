"""Writing packages: the programs of others read them, and the same content is the same bytes."""

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path
from typing import BinaryIO

import bagit
import pytest

from releases.package.bag import write_package
from releases.package.errors import InvalidDocument, MissingFile, UnsafeName, WrongHash
from releases.package.parts import Part, rebuild_package
from releases.package.signing import SigningKey
from tests.releases.packages import CONTENTS, KEY, full_disk, make_package, stored_files
from tests.releases.sample_documents import document, file_entry

FOLDER = "basic-arc-welding-1"


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A package unpacked by Info-ZIP."""
    (tmp_path / "guide.epub").write_bytes(b"PK epub")
    package, _ = make_package(tmp_path, formats={"vi.epub": tmp_path / "guide.epub"})
    subprocess.run(["unzip", "-q", package, "-d", tmp_path / "out"], check=True)
    return tmp_path / "out" / FOLDER


@pytest.mark.formats
def test_the_bagit_library_validates_the_bag_and_finds_a_changed_byte(bag: Path) -> None:
    read = bagit.Bag(str(bag))
    read.validate()
    assert read.version_info == (1, 0)
    assert read.info["Payload-Oxum"].endswith(".5")
    assert read.info["Bagging-Date"] == "2026-11-22"
    drawing = next((bag / "data/files").iterdir())
    drawing.write_bytes(drawing.read_bytes()[:-1] + b"?")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bag)).validate()


@pytest.mark.formats
def test_sha256sum_and_minisign_check_the_bag(bag: Path) -> None:
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "-c", "--quiet", "--strict", manifest], cwd=bag, check=True)
    verify = ["minisign", "-V", "-P", KEY.public.base64, "-m", "tagmanifest-sha256.txt"]
    done = subprocess.run(verify, cwd=bag, check=True, capture_output=True, text=True)
    assert f"{FOLDER} 2026-11-22" in done.stdout
    with (bag / "tagmanifest-sha256.txt").open("a") as manifest:
        manifest.write("\n")
    assert subprocess.run(verify, cwd=bag, check=False, capture_output=True).returncode == 1


@pytest.mark.formats
def test_other_zip_programs_find_no_fault(tmp_path: Path) -> None:
    package, _ = make_package(tmp_path)
    subprocess.run(["unzip", "-tq", package], check=True, capture_output=True)
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == sorted(names)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first, one = make_package(tmp_path, document(contents=CONTENTS))
    shuffled = dict(reversed(document(contents=CONTENTS).items()))
    second, other = make_package(tmp_path, shuffled, "b.zip")
    assert first.read_bytes() == second.read_bytes()
    assert one == other
    third, _ = make_package(tmp_path, document(version=2, contents=CONTENTS), "c.zip")
    assert third.read_bytes() != first.read_bytes()
    assert make_package(tmp_path, name="d.zip", key=SigningKey(b"8" * 8, b"8" * 32))[1] != one


def test_files_are_named_by_their_hash_and_kept_as_they_are(bag: Path) -> None:
    found = {path.name for path in (bag / "data/files").iterdir()}
    assert found == {f"{hashlib.sha256(content).hexdigest()}.png" for content in CONTENTS}
    assert (bag / "data/formats/vi.epub").read_bytes() == b"PK epub"


def test_a_file_that_is_gone_or_changed_stops_the_package_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    content = document(contents=CONTENTS)
    files = stored_files(tmp_path / "files")
    target = tmp_path / "a.zip"
    changed = next(iter(files.values()))
    for damage in (b"other", CONTENTS[0][:-1] + b"?"):
        changed.write_bytes(damage)
        with pytest.raises(WrongHash):
            write_package(target, content, files, KEY)
        assert not target.exists()
    changed.unlink()
    with pytest.raises(MissingFile, match="Drawing"):
        write_package(target, content, files, KEY)
    assert not target.exists()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    package, inventory = make_package(tmp_path)
    content = package.read_bytes()
    places = inventory.places()

    def open_part(part: Part) -> BinaryIO:
        offset, size = places[part.sha256]
        return io.BytesIO(content[offset : offset + size])

    files = stored_files(tmp_path / "files")
    for free in (0, 500, len(content) - 1):
        with full_disk(free), pytest.raises(OSError):
            write_package(tmp_path / "b.zip", document(contents=CONTENTS), files, KEY)
        with full_disk(free), pytest.raises(OSError):
            rebuild_package(inventory, open_part, tmp_path / "b.zip")
        assert not (tmp_path / "b.zip").exists()


def test_a_document_that_breaks_the_schema_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument):
        make_package(tmp_path, document() | {"modules": None})
    with pytest.raises(UnsafeName):
        make_package(tmp_path, formats={"../a.pdf": tmp_path})


def test_names_of_centres_cannot_add_lines_to_the_bag_s_information(tmp_path: Path) -> None:
    content = document()
    content["centre"]["texts"]["name"]["en"] = "College\r\nBag-Count: 7\u2028x"
    package, _ = make_package(tmp_path, content)
    with zipfile.ZipFile(package) as archive:
        lines = archive.read(f"{FOLDER}/bag-info.txt").decode().splitlines()
    assert "Source-Organization: College Bag-Count: 7 x" in lines


def test_an_empty_file_is_no_special_case(tmp_path: Path) -> None:
    content = document(contents=(b"",))
    files = stored_files(tmp_path / "files", (b"",))
    write_package(tmp_path / "a.zip", content, files, KEY)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        name = f"{FOLDER}/data/files/{file_entry(b'')['sha256']}.png"
        assert archive.read(name) == b""
