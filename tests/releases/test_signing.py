"""Keys and signatures, with the real minisign tool on the other side."""

import multiprocessing
import stat
import subprocess
from pathlib import Path

import pytest

from releases.package.errors import BadSignature, KeyFileError, UnknownKey, Unsigned
from releases.package.signing import (
    SigningKey,
    parse_public_key,
    public_keys,
    rotate_key,
    signing_key,
    verify_signature,
)

CONTENT = "ສະບາຍດີ".encode()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def minisign(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["minisign", *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.formats
def test_the_minisign_tool_verifies_our_signature_and_refuses_what_was_altered(
    keys: Path, tmp_path: Path
) -> None:
    key = signing_key(keys)
    (tmp_path / "list.txt").write_bytes(CONTENT)
    (tmp_path / "list.txt.minisig").write_text(key.sign(CONTENT, "release 1 ສະບາຍດີ"))

    verified = minisign("-Vm", "list.txt", "-P", key.public.base64, folder=tmp_path)
    assert verified.returncode == 0, verified.stderr
    assert "release 1 ສະບາຍດີ" in verified.stdout
    by_file = minisign("-Vm", "list.txt", "-p", keys / f"{key.public.key_id}.pub", folder=tmp_path)
    assert by_file.returncode == 0

    (tmp_path / "list.txt").write_bytes(CONTENT + b"!")
    assert minisign("-Vm", "list.txt", "-P", key.public.base64, folder=tmp_path).returncode == 1


@pytest.mark.formats
def test_we_verify_what_the_minisign_tool_signs_with_its_key_and_with_ours(
    keys: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.txt").write_bytes(CONTENT)
    made = minisign("-GW", "-p", "tool.pub", "-s", "tool.key", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    signing_key(keys)
    for secret, public in (
        (tmp_path / "tool.key", parse_public_key((tmp_path / "tool.pub").read_text())),
        (keys / "signing.key", signing_key(keys).public),
    ):
        done = minisign("-S", "-s", secret, "-m", "list.txt", "-t", "by tool", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        signature = (tmp_path / "list.txt.minisig").read_bytes()
        signed = verify_signature(CONTENT, signature, [public])
        assert (signed.key, signed.comment) == (public, "by tool")
        with pytest.raises(BadSignature):
            verify_signature(CONTENT + b"!", signature, [public])


def test_a_signature_is_refused_when_any_part_of_it_was_altered(keys: Path) -> None:
    key = signing_key(keys)
    signature = key.sign(CONTENT, "version 1")
    assert key.sign(CONTENT, "version 1") == signature
    with pytest.raises(BadSignature):
        changed = signature.replace("version 1", "version 2").encode()
        verify_signature(CONTENT, changed, [key.public])
    for broken in (b"", b"x", signature.encode()[:-30], signature.encode() * 2, b"\xff" * 5000):
        with pytest.raises(Unsigned):
            verify_signature(CONTENT, broken, [key.public])
    # A key that only claims the same identifier.
    impostor = SigningKey(key.identifier, b"\1" * 32)
    with pytest.raises(BadSignature):
        verify_signature(CONTENT, impostor.sign(CONTENT, "version 1").encode(), [key.public])


def test_an_unknown_key_is_named(keys: Path, tmp_path: Path) -> None:
    key = signing_key(keys)
    other = signing_key(tmp_path / "other")
    with pytest.raises(UnknownKey) as refusal:
        verify_signature(CONTENT, other.sign(CONTENT, "1").encode(), [key.public])
    assert refusal.value.key_id == other.public.key_id
    assert other.public.key_id in str(refusal.value)


def test_the_private_key_is_for_the_owner_alone(keys: Path) -> None:
    signing_key(keys)
    assert stat.S_IMODE((keys / "signing.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert not list(keys.glob(".new-*"))


def _key_in_child(folder: Path) -> str:
    return signing_key(folder).public.key_id


def test_processes_that_need_a_key_at_once_agree_on_one(keys: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_key_in_child, [keys] * 16, chunksize=1))) == 1
    assert len(list(keys.glob("*.pub"))) == 1


def test_after_a_rotation_old_signatures_stay_valid(keys: Path) -> None:
    old = signing_key(keys)
    signature = old.sign(CONTENT, "1").encode()
    new = rotate_key(keys)
    assert signing_key(keys) == new != old
    assert public_keys(keys) == [new.public, old.public]
    assert verify_signature(CONTENT, signature, public_keys(keys)).key == old.public


def test_a_damaged_key_file_is_reported_and_never_replaced(keys: Path) -> None:
    signing_key(keys)
    (keys / "signing.key").write_text("untrusted comment: x\nAAAA\n")
    for function in (signing_key, rotate_key, public_keys):
        with pytest.raises(KeyFileError):
            function(keys)
    assert "AAAA" in (keys / "signing.key").read_text()
    for text in ("", "RW", "untrusted comment: only", "A" * 56):
        with pytest.raises(KeyFileError):
            parse_public_key(text)
