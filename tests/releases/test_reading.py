"""Reading packages of unknown senders: each fault has its name, and nothing is used before."""

import hashlib
import os
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.package import errors
from releases.package.archive import Limits
from releases.package.bag import _manifest
from releases.package.canonical import canonical_bytes
from releases.package.reading import open_package, verify
from releases.package.signing import SigningKey
from tests.releases.packages import CONTENTS, KEY, Change, make_package, repacked, stored_files
from tests.releases.sample_documents import document

BAG = "basic-arc-welding-1/"
DOCUMENT = f"{BAG}data/curriculum.json"
FIRST_FILE = f"{BAG}data/files/{document(contents=CONTENTS)['files'][0]['sha256']}.png"
KEYS = [KEY.public]
Contents = dict[str, bytes]
Infos = dict[str, zipfile.ZipInfo]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_package(tmp_path_factory.mktemp("package"))[0]


def resigned(contents: Contents, key: SigningKey = KEY) -> None:
    """Make manifests and signature fit the contents again, as a hostile but known centre can."""
    payload = {
        name.removeprefix(BAG): hashlib.sha256(content).hexdigest()
        for name, content in contents.items()
        if name.startswith(f"{BAG}data/")
    }
    contents[f"{BAG}manifest-sha256.txt"] = _manifest(payload)
    tags = {
        name: hashlib.sha256(contents[BAG + name]).hexdigest()
        for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
    }
    signed = contents[f"{BAG}tagmanifest-sha256.txt"] = _manifest(tags)
    contents[f"{BAG}tagmanifest-sha256.txt.minisig"] = key.sign(signed, "1").encode()


def test_a_good_package_is_verified_and_its_files_are_read_by_hash(
    package: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    with verify(package, KEYS, progress=lambda done, total: seen.append((done, total))) as read:
        assert read.document == document(contents=CONTENTS)
        assert read.signed.key == KEY.public
        assert read.formats == []
        for content in CONTENTS:
            sha256 = hashlib.sha256(content).hexdigest()
            read.copy_file(sha256, tmp_path / sha256)
            assert (tmp_path / sha256).read_bytes() == content
        with pytest.raises(errors.MissingFile):
            read.copy_file("0" * 64, tmp_path / "none")
    assert seen[-1][0] == seen[-1][1]


def test_a_package_zipped_anew_by_another_program_is_still_good(
    package: Path, tmp_path: Path
) -> None:
    def add_folders(contents: Contents, infos: Infos) -> None:
        for info in infos.values():
            info.compress_type = zipfile.ZIP_DEFLATED
        for folder in ("", "data/", "data/files/"):
            contents[BAG + folder] = b""

    verify(repacked(package, tmp_path / "b.zip", add_folders), KEYS).close()


def test_a_file_changed_after_verification_is_not_handed_out(tmp_path: Path) -> None:
    # Larger than what an open file keeps in memory.
    film = os.urandom(300_000)
    sha256 = hashlib.sha256(film).hexdigest()
    stored_files(tmp_path / "files", (film,))
    path, _ = make_package(tmp_path, document(contents=(film,)))
    place = path.read_bytes().index(film) + 200_000
    # XOR with the generator of CRC-32 leaves the checksum of the archive as it is.
    unnoticed = bytes(a ^ b for a, b in zip(film[200_000:], b"\x41\x06\x71\xdb\x01", strict=False))
    for change, error in ((b"????", errors.NotAPackage), (unnoticed, errors.WrongHash)):
        with verify(path, KEYS) as read:
            with path.open("r+b") as file:
                file.seek(place)
                file.write(change)
            with pytest.raises(error):
                read.copy_file(sha256, tmp_path / "out")
            with path.open("r+b") as file:
                file.seek(place)
                file.write(film[200_000:200_005])
        assert not (tmp_path / "out").exists()


def test_unsigned_unknown_and_altered_packages_are_told_apart(
    package: Path, tmp_path: Path
) -> None:
    def unsign(contents: Contents, infos: Infos) -> None:
        del contents[f"{BAG}tagmanifest-sha256.txt.minisig"]

    with pytest.raises(errors.Unsigned):
        verify(repacked(package, tmp_path / "a.zip", unsign), KEYS)
    with pytest.raises(errors.UnknownKey) as refusal:
        verify(package, [])
    assert refusal.value.key_id == KEY.public.key_id
    with pytest.raises(errors.BadSignature):
        verify(package, [SigningKey(KEY.identifier, b"1" * 32).public])


def _alter(name: str) -> Change:
    def change(contents: Contents, infos: Infos) -> None:
        contents[name] = contents[name][:-1] + b" "

    return change


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (DOCUMENT, errors.WrongHash),
        (FIRST_FILE, errors.WrongHash),
        (f"{BAG}data/ro-crate-metadata.json", errors.WrongHash),
        (f"{BAG}bag-info.txt", errors.WrongHash),
        (f"{BAG}bagit.txt", errors.WrongHash),
        (f"{BAG}manifest-sha256.txt", errors.WrongHash),
        (f"{BAG}tagmanifest-sha256.txt", errors.BadSignature),
        (f"{BAG}tagmanifest-sha256.txt.minisig", errors.PackageError),
    ],
)
def test_an_altered_byte_in_any_file_is_found(
    package: Path, tmp_path: Path, name: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        verify(repacked(package, tmp_path / "a.zip", _alter(name)), KEYS)


def _without(name: str) -> Change:
    def change(contents: Contents, infos: Infos) -> None:
        del contents[name]

    return change


def _with(name: str, content: bytes = b"x") -> Change:
    def change(contents: Contents, infos: Infos) -> None:
        contents[name] = content

    return change


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_without(FIRST_FILE), errors.MissingFile),
        (_without(DOCUMENT), errors.MissingFile),
        (_without(f"{BAG}manifest-sha256.txt"), errors.MissingFile),
        (_with(f"{BAG}data/files/{'0' * 64}.png"), errors.UnexpectedFile),
        (_with(f"{BAG}data/formats/extra.pdf"), errors.UnexpectedFile),
        (_with(f"{BAG}data/setup.exe"), errors.UnexpectedFile),
        (_with(f"{BAG}tagmanifest-md5.txt"), errors.UnexpectedFile),
        (_with("other/bagit.txt"), errors.UnexpectedFile),
        (_with(f"{BAG}data/Curriculum.json"), errors.UnexpectedFile),
        (_with(f"{BAG}data/files/ກ.png"), errors.UnexpectedFile),
        (_with(f"{BAG}data/files/", b"content"), errors.UnexpectedFile),
    ],
)
def test_missing_and_extra_files_are_found(
    package: Path, tmp_path: Path, change: Change, error: type[Exception]
) -> None:
    with pytest.raises(error):
        verify(repacked(package, tmp_path / "a.zip", change), KEYS)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        f"{BAG}../../evil",
        f"{BAG}data/../../evil",
        "/etc/passwd",
        "C:/evil",
        "C:\\evil",
        f"{BAG}data\\evil",
        f"{BAG}/data/x",
        f"{BAG}./x",
        f"{BAG}data/evil\n",
        f"{BAG}data/\u202egnp.exe",
        ".",
    ],
)
def test_names_that_lead_outside_are_refused(package: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.UnsafeName):
        open_package(repacked(package, tmp_path / "a.zip", _with(name)))


def test_a_file_without_a_name_is_refused(tmp_path: Path) -> None:
    line = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 16)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(line), 0, 0)
    (tmp_path / "a.zip").write_bytes(line + end)
    with pytest.raises(errors.UnsafeName):
        open_package(tmp_path / "a.zip")


def test_a_name_cut_by_a_nul_is_refused(package: Path, tmp_path: Path) -> None:
    shown = FIRST_FILE.encode()
    hidden = shown[:-4] + b"\0png"
    (tmp_path / "a.zip").write_bytes(package.read_bytes().replace(shown, hidden))
    with pytest.raises(errors.UnsafeName):
        open_package(tmp_path / "a.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(package: Path, tmp_path: Path) -> None:
    copy = tmp_path / "a.zip"
    copy.write_bytes(package.read_bytes())
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr(DOCUMENT, b"{}")
    with pytest.raises(errors.UnsafeName):
        open_package(copy)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR])
def test_links_and_devices_are_refused(package: Path, tmp_path: Path, kind: int) -> None:
    def change(contents: Contents, infos: Infos) -> None:
        infos[FIRST_FILE].external_attr = (kind | 0o777) << 16

    with pytest.raises(errors.UnsafeEntry):
        open_package(repacked(package, tmp_path / "a.zip", change))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compression_is_refused(package: Path, tmp_path: Path, method: int) -> None:
    def change(contents: Contents, infos: Infos) -> None:
        infos[DOCUMENT].compress_type = method

    with pytest.raises(errors.UnsafeEntry):
        open_package(repacked(package, tmp_path / "a.zip", change))


def _patched_directory(package: Path, target: Path, offset: int, value: bytes) -> Path:
    """Overwrite bytes of the first line of the archive's directory."""
    data = bytearray(package.read_bytes())
    place = data.index(b"PK\1\2") + offset
    data[place : place + len(value)] = value
    target.write_bytes(data)
    return target


def test_encrypted_entries_are_refused(package: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.UnsafeEntry):
        open_package(_patched_directory(package, tmp_path / "a.zip", 8, b"\1\0"))


def test_bombs_are_refused_before_anything_is_read(package: Path, tmp_path: Path) -> None:
    def swell(contents: Contents, infos: Infos) -> None:
        contents[FIRST_FILE] = b"\0" * 30_000_000
        infos[FIRST_FILE].compress_type = zipfile.ZIP_DEFLATED

    with pytest.raises(errors.TooLarge):
        open_package(repacked(package, tmp_path / "a.zip", swell))
    for limits in (Limits(total_size=1000), Limits(text_size=1000)):
        with pytest.raises(errors.TooLarge):
            verify(package, KEYS, limits)
    with pytest.raises(errors.TooManyFiles):
        open_package(package, Limits(files=5))


def test_an_entry_yields_no_more_than_it_declares(package: Path, tmp_path: Path) -> None:
    """The declared size, 100 bytes, is a lie; nothing beyond it is unpacked."""
    # The first entry is bag-info.txt, compressed.
    lying = _patched_directory(package, tmp_path / "a.zip", 24, struct.pack("<L", 100))
    with pytest.raises(errors.PackageError):
        verify(lying, KEYS)


def test_entries_that_share_their_bytes_are_refused(package: Path, tmp_path: Path) -> None:
    data = bytearray(package.read_bytes())
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    # The second entry begins where the first does.
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(errors.NotAPackage):
        open_package(tmp_path / "a.zip")


def test_a_directory_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """It is none at all, as reading it would show."""
    directory = b"\0" * 6_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, len(directory), 0, 0)
    (tmp_path / "a.zip").write_bytes(directory + end)
    with pytest.raises(errors.TooManyFiles):
        open_package(tmp_path / "a.zip")
    # The 64-bit extension says the same of a directory anywhere.
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 3, 3, 10, 0, 0)
    (tmp_path / "a.zip").write_bytes(b"\0" * 10 + b"PK\6\7" + b"\0" * 16 + end)
    with pytest.raises(errors.TooManyFiles):
        open_package(tmp_path / "a.zip")


def test_a_hundred_thousand_files_are_refused(tmp_path: Path) -> None:
    line = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 9, 1, *[0] * 6) + b"x"
    count = 100_000
    for said in (count & 0xFFFF, 3):
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, said, said, len(line) * count, 0, 0)
        (tmp_path / "a.zip").write_bytes(line * count + end)
        with pytest.raises(errors.TooManyFiles):
            open_package(tmp_path / "a.zip")


def test_a_package_cut_anywhere_is_refused(package: Path, tmp_path: Path) -> None:
    data = package.read_bytes()
    cut = tmp_path / "a.zip"
    for length in (0, 1, 21, 22, 100, len(data) // 2, len(data) - 23, len(data) - 1):
        cut.write_bytes(data[:length])
        with pytest.raises(errors.NotAPackage):
            verify(cut, KEYS)
    for other in (b"", b"<html>not found</html>", os.urandom(5000), b"PK\5\6" + b"\0" * 18):
        cut.write_bytes(other)
        with pytest.raises(errors.NotAPackage):
            verify(cut, KEYS)
    with pytest.raises(errors.NotAPackage):
        verify(tmp_path / "none.zip", KEYS)


def _signed_document(change: Any) -> Change:
    def repack(contents: Contents, infos: Infos) -> None:
        content = document(contents=CONTENTS)
        contents[DOCUMENT] = change(content)
        resigned(contents)

    return repack


def _newer(content: dict[str, Any]) -> bytes:
    return canonical_bytes(content | {"version": "1.1"})


def _cyclic(content: dict[str, Any]) -> bytes:
    own = {"public_id": content["release"]["public_id"], "version": 1, "date": "2026-01-01"}
    content["release"]["ancestors"] = [own]
    return canonical_bytes(content)


def _file_not_listed(content: dict[str, Any]) -> bytes:
    content["files"].pop()
    content["curriculum"]["streams"] = {}
    return canonical_bytes(content)


def _file_of_other_size(content: dict[str, Any]) -> bytes:
    content["files"][0]["size"] += 1
    return canonical_bytes(content)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_newer, errors.NewerFormat),
        (_cyclic, errors.CyclicAncestors),
        (_file_not_listed, errors.UnexpectedFile),
        (_file_of_other_size, errors.WrongHash),
        (lambda content: b"[" * 500_000, errors.InvalidDocument),
        (lambda content: b"{}\n", errors.InvalidDocument),
        (lambda content: b"", errors.InvalidDocument),
    ],
)
def test_a_known_centre_cannot_sign_what_is_wrong_either(
    package: Path, tmp_path: Path, change: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        verify(repacked(package, tmp_path / "a.zip", _signed_document(change)), KEYS)


def test_a_file_that_is_not_what_its_name_says_is_refused(package: Path, tmp_path: Path) -> None:
    def swap(contents: Contents, infos: Infos) -> None:
        contents[FIRST_FILE] = contents[FIRST_FILE][::-1]
        resigned(contents)

    with pytest.raises(errors.WrongHash):
        verify(repacked(package, tmp_path / "a.zip", swap), KEYS)


@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_damage_is_refused_by_name_or_harmless(
    package: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Bytes overwritten anywhere: the content that comes out is the signed one, or none does."""
    content = bytearray(package.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        # Half of the damage hits the directory at the end.
        first = data.draw(st.sampled_from([0, len(content) - 1200]))
        place = data.draw(st.integers(first, len(content) - 1))
        content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
    (tmp_path / "a.zip").write_bytes(content)
    try:
        with verify(tmp_path / "a.zip", KEYS) as read:
            assert read.document == document(contents=CONTENTS)
    except errors.PackageError as error:
        assert str(error)
