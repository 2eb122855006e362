"""A zip archive in the same bytes for the same content, and the parts it is put together from.

zipfile cannot do the second: compress a document piece by piece, so that a page that did not
change is the same run of bytes in the next release and need not be fetched again.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable
from typing import BinaryIO

from django.utils.translation import gettext

from .errors import TooLarge, WrongHash
from .parts import Part

BUFFER = 1024 * 1024
# Above this the format needs its 64-bit extension, which old tools lack.
MAX_SIZE = 2**32 - 2

_STORED, _DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_MADE_ON_UNIX = 3 << 8 | _VERSION
_NO_TIME, _FIRST_OF_1980 = 0, 1 << 5 | 1
_REGULAR_FILE = 0o100644 << 16
# Deflate's last block, empty.
_LAST_BLOCK = b"\x03\x00"


class ZipWriter:
    """Writes entries one after the other to a new file; `parts` tells what it consists of."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._directory: list[bytes] = []
        self.parts: list[Part] = []

    def add_compressed(self, name: str, chunks: Iterable[bytes]) -> None:
        """A text. Each of its chunks is compressed alone and becomes a part."""
        checksum = size = 0
        parts = []
        for chunk in chunks:
            checksum = zlib.crc32(chunk, checksum)
            size += len(chunk)
            compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
            # A flush ends on a whole byte, so that the next chunk can simply follow.
            parts.append(compressor.compress(chunk) + compressor.flush(zlib.Z_FULL_FLUSH))
        compressed = sum(map(len, parts)) + len(_LAST_BLOCK)
        self._literal(self._header(name, _DEFLATED, checksum, compressed, size))
        for part in parts:
            self._target.write(part)
            self.parts.append(Part(len(part), hashlib.sha256(part).hexdigest()))
        self._literal(_LAST_BLOCK)

    def add_stored(self, name: str, source: BinaryIO, size: int, sha256: str | None = None) -> str:
        """A file as it is; returns its SHA-256. WrongHash if it has not the size and hash given."""
        start = self._target.tell()
        placeholder = _LOCAL.size + len(name)
        self._target.seek(placeholder, 1)
        digest, checksum, copied = hashlib.sha256(), 0, 0
        while block := source.read(BUFFER):
            digest.update(block)
            checksum = zlib.crc32(block, checksum)
            copied += len(block)
            self._target.write(block)
        found = digest.hexdigest()
        if copied != size or (sha256 is not None and found != sha256):
            raise WrongHash(
                gettext("The file %(name)s is not what it was when it was uploaded.")
                % {"name": name}
            )
        self._target.seek(start)
        self._literal(self._header(name, _STORED, checksum, size, size))
        self._target.seek(size, 1)
        if size:
            self.parts.append(Part(size, found))
        return found

    def finish(self) -> None:
        """Write the directory of the archive."""
        start = self._target.tell()
        directory = b"".join(self._directory)
        end = _END.pack(
            b"PK\5\6", 0, 0, len(self._directory), len(self._directory), len(directory), start, 0
        )
        if start + len(directory) > MAX_SIZE:
            raise TooLarge(gettext("The package would be larger than 4 GB."))
        self._target.write(directory + end)
        content = directory + end
        self.parts.append(Part(len(content), hashlib.sha256(content).hexdigest()))

    def _header(self, name: str, method: int, checksum: int, compressed: int, size: int) -> bytes:
        """The header in front of an entry, its line in the directory being noted."""
        offset = self._target.tell()
        if max(size, offset + compressed) > MAX_SIZE:
            raise TooLarge(gettext("The package would be larger than 4 GB."))
        encoded = name.encode("ascii")
        common = (_VERSION, 0, method, _NO_TIME, _FIRST_OF_1980, checksum, compressed, size)
        self._directory.append(
            _CENTRAL.pack(
                *(b"PK\1\2", _MADE_ON_UNIX, *common, len(encoded), 0, 0, 0, 0),
                *(_REGULAR_FILE, offset),
            )
            + encoded
        )
        return _LOCAL.pack(b"PK\3\4", *common, len(encoded), 0) + encoded

    def _literal(self, content: bytes) -> None:
        self._target.write(content)
        self.parts.append(Part(len(content), literal=content))
