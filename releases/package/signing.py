"""Ed25519 signatures in the format of minisign, so that its tool signs and verifies them too.

The format is https://jedisct1.github.io/minisign/ : "ED" signatures, over the BLAKE2b-512 hash of
the content; a trusted comment; a second signature over the first and that comment.

A site signs with one key, `signing.key` in its folder of keys. `<key id>.pub` beside it are its
public keys, of today and of before: what an old key signed stays valid after a rotation.
"""

import base64
import hashlib
import os
import re
import secrets
import struct
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.translation import gettext

from .errors import BadSignature, KeyFileError, UnknownKey, Unsigned

ACTIVE_KEY = "signing.key"
MAX_TEXT = 4096

_ALGORITHM = b"Ed"
_PREHASHED = b"ED"
_UNTRUSTED = "untrusted comment: "
_TRUSTED = "trusted comment: "
# Algorithm, derivation of a password (none), checksum, salt and limits of that derivation, then
# key id, seed and public key, checksum.
_SECRET_KEY = struct.Struct("<2s2s2s32sQQ8s32s32s32s")
_PUBLIC_KEY = struct.Struct("<2s8s32s")
_SIGNATURE = struct.Struct("<2s8s64s")


@dataclass(frozen=True)
class PublicKey:
    """What others need to check this site's signatures."""

    identifier: bytes
    key: bytes

    @property
    def key_id(self) -> str:
        """As the minisign tool shows it: sixteen hexadecimal digits."""
        return _key_id(self.identifier)

    @property
    def base64(self) -> str:
        """The line for `minisign -P`."""
        return base64.b64encode(_PUBLIC_KEY.pack(_ALGORITHM, self.identifier, self.key)).decode()

    @property
    def text(self) -> str:
        """A file of minisign."""
        return f"{_UNTRUSTED}minisign public key {self.key_id}\n{self.base64}\n"


@dataclass(frozen=True)
class SigningKey:
    """The site's own key pair. Its `seed` never leaves the server."""

    identifier: bytes
    seed: bytes

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.identifier, self._private.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"<SigningKey {_key_id(self.identifier)}>"

    def sign(self, content: bytes, comment: str) -> str:
        """The text of a .minisig file. The same content and comment give the same signature."""
        if "\n" in comment or "\r" in comment:
            raise ValueError("a trusted comment is one line")
        signature = self._private.sign(_hashed(content))
        packed = _SIGNATURE.pack(_PREHASHED, self.identifier, signature)
        whole = self._private.sign(signature + comment.encode())
        return (
            f"{_UNTRUSTED}signature from minisign secret key {_key_id(self.identifier)}\n"
            f"{base64.b64encode(packed).decode()}\n"
            f"{_TRUSTED}{comment}\n"
            f"{base64.b64encode(whole).decode()}\n"
        )


@dataclass(frozen=True)
class Signed:
    """Who signed, and the comment they signed with it."""

    key: PublicKey
    comment: str


def verify_signature(content: bytes, signature: bytes, keys: Iterable[PublicKey]) -> Signed:
    """Check the .minisig file `signature` of `content` against the keys that this site knows.

    Raises Unsigned, UnknownKey or BadSignature.
    """
    identifier, signed, comment, whole = _parse_signature(signature)
    candidates = [key for key in keys if key.identifier == identifier]
    if not candidates:
        key_id = _key_id(identifier)
        raise UnknownKey(
            gettext(
                "The package is signed with the key %(key)s, which this site does not know. "
                "Compare it with the key that the source publishes, then add that key."
            )
            % {"key": key_id},
            key_id,
        )
    for key in candidates:
        public = Ed25519PublicKey.from_public_bytes(key.key)
        try:
            public.verify(signed, _hashed(content))
            public.verify(whole, signed + comment.encode())
        except InvalidSignature:
            continue
        return Signed(key, comment)
    raise BadSignature(
        gettext("The signature is wrong: the package was altered. Download it again.")
    )


def parse_public_key(text: str) -> PublicKey:
    """A public key from a .pub file of minisign or its second line alone; KeyFileError."""
    lines = [line.strip() for line in text[:MAX_TEXT].splitlines() if line.strip()]
    if lines and lines[0].startswith(_UNTRUSTED):
        del lines[0]
    try:
        [encoded] = lines
        algorithm, identifier, key = _PUBLIC_KEY.unpack(_decode(encoded))
        if algorithm != _ALGORITHM:
            raise ValueError(algorithm)
        Ed25519PublicKey.from_public_bytes(key)
    except (ValueError, struct.error) as error:
        raise KeyFileError(gettext("This is not a public key of minisign.")) from error
    return PublicKey(identifier, key)


def signing_key(folder: Path) -> SigningKey:
    """The key this site signs with; made at the first call, whole or not at all.

    Two processes that make one at once end with the same key: the first to link it wins.
    """
    path = folder / ACTIVE_KEY
    if not path.exists():
        temporary = _write_secret(folder, _new_key())
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass  # Another process was first.
        finally:
            temporary.unlink()
    key = _read_secret(path)
    _publish(folder, key.public)
    return key


def rotate_key(folder: Path) -> SigningKey:
    """Sign with a new key from now on. The old secret is gone, its public key stays known."""
    signing_key(folder)
    key = _new_key()
    _publish(folder, key.public)
    _write_secret(folder, key).replace(folder / ACTIVE_KEY)
    return key


def public_keys(folder: Path) -> list[PublicKey]:
    """This site's public keys: the one it signs with, then those of before."""
    active = signing_key(folder).public
    known = [parse_public_key(path.read_text()) for path in sorted(folder.glob("*.pub"))]
    return [active, *(key for key in known if key != active)]


def _new_key() -> SigningKey:
    return SigningKey(secrets.token_bytes(8), secrets.token_bytes(32))


def _publish(folder: Path, key: PublicKey) -> None:
    path = folder / f"{key.key_id}.pub"
    if not path.exists():
        _write(folder, key.text, mode=0o644).replace(path)


def _write_secret(folder: Path, key: SigningKey) -> Path:
    checked = _ALGORITHM + key.identifier + key.seed + key.public.key
    packed = _SECRET_KEY.pack(
        *(_ALGORITHM, b"\0\0", b"B2", b"", 0, 0, key.identifier, key.seed, key.public.key),
        hashlib.blake2b(checked, digest_size=32).digest(),
    )
    comment = f"{_UNTRUSTED}minisign secret key {key.public.key_id}"
    return _write(folder, f"{comment}\n{base64.b64encode(packed).decode()}\n", mode=0o600)


def _write(folder: Path, text: str, mode: int) -> Path:
    """A new file beside the keys with `text`, on the disk, to be put in its place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".new-", dir=folder)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fchmod(handle, mode)
        os.fsync(handle)
    return Path(name)


def _read_secret(path: Path) -> SigningKey:
    try:
        encoded = path.read_text().splitlines()[1]
        algorithm, derivation, _, _, _, _, identifier, seed, public, _ = _SECRET_KEY.unpack(
            _decode(encoded)
        )
        key = SigningKey(identifier, seed)
        if (algorithm, derivation) != (_ALGORITHM, b"\0\0") or key.public.key != public:
            raise ValueError(algorithm)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise KeyFileError(
            gettext("The file %(name)s in the folder of keys is damaged. Restore it from a backup.")
            % {"name": path.name}
        ) from error
    return key


def _parse_signature(text: bytes) -> tuple[bytes, bytes, str, bytes]:
    try:
        if len(text) > MAX_TEXT:
            raise ValueError(len(text))
        untrusted, encoded, trusted, whole = text.decode().strip("\n").split("\n")
        algorithm, identifier, signature = _SIGNATURE.unpack(_decode(encoded))
        if (
            algorithm != _PREHASHED
            or not untrusted.startswith(_UNTRUSTED)
            or not trusted.startswith(_TRUSTED)
        ):
            raise ValueError(algorithm)
        return identifier, signature, trusted.removeprefix(_TRUSTED), _decode(whole)
    except (ValueError, struct.error) as error:
        raise Unsigned(gettext("The package carries no valid minisign signature.")) from error


def _decode(encoded: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", encoded):
        raise ValueError("no base64")
    return base64.b64decode(encoded, validate=True)


def _hashed(content: bytes) -> bytes:
    return hashlib.blake2b(content).digest()


def _key_id(identifier: bytes) -> str:
    return f"{int.from_bytes(identifier, 'little'):016X}"
