"""The zip archive of a package from an unknown sender: its structure, before anything is read.

Names are held against the short list of what a package may contain, so that nothing leads
outside; sizes are bounded by what the directory of the archive declares, and no entry yields more
than it declares.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from django.utils.translation import gettext

from .bag import (
    BAG_INFO,
    BAGIT,
    CRATE,
    DOCUMENT,
    FILES,
    FORMAT_NAME,
    FORMATS,
    MANIFEST,
    SIGNATURE,
    TAG_MANIFEST,
)
from .errors import NotAPackage, TooLarge, TooManyFiles, UnexpectedFile, UnsafeEntry, UnsafeName

BUFFER = 1024 * 1024

_END = struct.Struct("<4s4H2LH")
_MAX_COMMENT = 65535
_ZIP64_LOCATOR, _ZIP64_LOCATOR_SIZE = b"PK\6\7", 20
_MAX_DIRECTORY_LINE = 512
_LOCAL_HEADER_SIZE = 30
_ENCRYPTED = 0x1 | 0x40

_BAG = re.compile(r"[a-z0-9][a-z0-9.-]{0,120}")
_TAGS = {BAGIT, BAG_INFO, MANIFEST, TAG_MANIFEST, SIGNATURE}
_PAYLOAD = re.compile(
    "|".join(
        (
            re.escape(DOCUMENT),
            re.escape(CRATE),
            re.escape(FILES) + r"[0-9a-f]{64}\.[a-z0-9]{1,8}",
            re.escape(FORMATS) + FORMAT_NAME.pattern,
        )
    )
)
_FOLDERS = {"", "data/", FILES, FORMATS}


@dataclass(frozen=True)
class Limits:
    """What this site takes. All are checked before content is read."""

    total_size: int = 4 * 1024**3
    files: int = 10_000
    #: A text compresses to a twentieth; a bomb to a thousandth.
    ratio: int = 100
    #: Each of the lists and of the documents, which are read into memory whole.
    text_size: int = 64 * 1024**2


class Archive:
    """An open zip archive whose names and sizes are safe. Its content is not yet trusted."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise NotAPackage(gettext("The file cannot be read.")) from error
        try:
            _check_directory(self._file, limits)
            self._zip = zipfile.ZipFile(self._file)
            self._entries = self._checked_entries(path.stat().st_size)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            ValueError,
            struct.error,
            EOFError,
        ) as error:
            self._file.close()
            raise _damaged() from error
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        self._file.close()

    @property
    def payload(self) -> dict[str, int]:
        """The names below data/ and the sizes they declare."""
        return {
            name: entry.file_size
            for name, entry in self._entries.items()
            if name.startswith("data/")
        }

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """A whole file of moderate size."""
        if self._entries[name].file_size > self._limits.text_size:
            raise TooLarge(gettext("%(name)s in the package is too large.") % {"name": name})
        return b"".join(self.blocks(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """The content of a file bit by bit, no more than it declares."""
        try:
            with self.open(name) as file:
                while block := file.read(BUFFER):
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _damaged() from error

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(self._entries[name])

    def _checked_entries(self, size: int) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > self._limits.files:
            raise _too_many()
        if not infos:
            raise NotAPackage(gettext("The archive is empty."))
        for info in infos:
            _check_name(info.orig_filename)
            _check_kind(info)
        _check_places(infos, size)
        self._check_sizes(infos)
        bag = infos[0].filename.partition("/")[0]
        if not _BAG.fullmatch(bag):
            raise _unexpected(infos[0].filename)
        entries: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            folder, _, name = info.filename.partition("/")
            if folder == bag and info.is_dir() and name in _FOLDERS and not info.file_size:
                continue
            if folder != bag or not (name in _TAGS or _PAYLOAD.fullmatch(name)):
                raise _unexpected(info.filename)
            if name in entries:
                raise UnsafeName(
                    gettext("The package holds the name %(name)s twice.")
                    % {"name": _shown(info.filename)}
                )
            entries[name] = info
        return entries

    def _check_sizes(self, infos: list[zipfile.ZipInfo]) -> None:
        if sum(info.file_size for info in infos) > self._limits.total_size:
            raise TooLarge(gettext("The package unpacks to more than this site takes."))
        for info in infos:
            if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
                raise _damaged()
            if info.file_size > BUFFER + self._limits.ratio * info.compress_size:
                raise TooLarge(
                    gettext("%(name)s unpacks to far more than it should.")
                    % {"name": _shown(info.filename)}
                )


def _check_directory(file: BinaryIO, limits: Limits) -> None:
    """Bound the archive's directory by its last record, before zipfile reads it into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - _MAX_COMMENT - _ZIP64_LOCATOR_SIZE))
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < _END.size:
        raise _damaged()
    _, _, _, _, count, directory_size, offset, _ = _END.unpack_from(tail, place)
    # The 64-bit extension is for more than a package may hold.
    is_zip64 = tail[max(0, place - _ZIP64_LOCATOR_SIZE) : place].startswith(_ZIP64_LOCATOR)
    if is_zip64 or count > limits.files:
        raise _too_many()
    if directory_size > limits.files * _MAX_DIRECTORY_LINE:
        raise _too_many()
    if offset + directory_size > size:
        raise _damaged()
    file.seek(0)


def _check_kind(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
        raise UnsafeEntry(
            gettext("%(name)s in the package is a link or a device.")
            % {"name": _shown(info.filename)}
        )
    if info.flag_bits & _ENCRYPTED:
        raise UnsafeEntry(gettext("The package is encrypted. Ask for one that is not."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnsafeEntry(gettext("The package is compressed in a way this site does not read."))


def _check_name(name: str) -> None:
    """`name` as the archive has it: zipfile itself cuts names at a NUL and turns backslashes."""
    steps = name.removesuffix("/").split("/")
    if (
        "\\" in name
        or ":" in name
        or any(step in ("", ".", "..") for step in steps)
        or not name.isprintable()
    ):
        raise UnsafeName(
            gettext("The package holds a name that leads outside it: %(name)s.")
            % {"name": _shown(name)}
        )


def _check_places(infos: list[zipfile.ZipInfo], size: int) -> None:
    """No two entries share bytes: that is how a bomb keeps within every other bound."""
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise _damaged()
        end = info.header_offset + _LOCAL_HEADER_SIZE + len(info.filename) + info.compress_size
    if end > size:
        raise _damaged()


def _damaged() -> NotAPackage:
    return NotAPackage(gettext("The file is incomplete, damaged or no package. Download it again."))


def _too_many() -> TooManyFiles:
    return TooManyFiles(gettext("The package holds more files than this site takes."))


def _unexpected(name: str) -> UnexpectedFile:
    return UnexpectedFile(
        gettext("The package holds a file that does not belong there: %(name)s.")
        % {"name": _shown(name)}
    )


def _shown(name: str) -> str:
    """A name from outside for a message: short, and nothing that acts on a terminal."""
    return ascii(name)[1:-1][:100]
