"""Whether an uploaded picture or document is what its name says. Nothing here trusts the name."""

from __future__ import annotations

import codecs
import warnings
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageSequence

from .svg import MOST_BYTES, check_svg

_PILLOW_FORMATS = {
    "gif": "GIF",
    "jpeg": "JPEG",
    "jpg": "JPEG",
    "png": "PNG",
    "webp": "WEBP",
}

# Office files are archives; larger ones than these are made to exhaust who unpacks them.
MOST_MEMBERS = 10_000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
LARGE_MEMBER = 10 * 1024 * 1024
_SMALL_MEMBER = 64 * 1024

_OFFICE_MEMBERS = {
    "docx": "word/document.xml",
    "pptx": "ppt/presentation.xml",
    "xlsx": "xl/workbook.xml",
}
_MIMETYPES = {
    "epub": b"application/epub+zip",
    "odt": b"application/vnd.oasis.opendocument.text",
}
_MARKUP = ("<!doctype", "<html", "<script", "<?xml", "<svg", "<head", "<body")


def extension(name: str) -> str:
    """The ending of a file name in lower case, without its dot."""
    return PurePosixPath(name or "").suffix.lower()[1:]


# --- Pictures -----------------------------------------------------------------------------------


def check_image(file: BinaryIO) -> None:
    """Decode every pixel of a picture. Raises ValidationError; leaves `file` at its start."""
    ending = extension(file.name)
    if ending == "svg":
        file.seek(0)
        check_svg(file.read(MOST_BYTES + 1))
        file.seek(0)
        return
    expected = _PILLOW_FORMATS.get(ending)
    if expected is None:
        raise ValidationError(
            _("Use a JPEG, PNG, WebP or GIF picture, or an SVG drawing."),
            code="invalid_image_extension",
        )
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # Pillow only warns below twice its own limit.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=[expected]) as image:
                pixels = 0
                for frame in ImageSequence.Iterator(image):
                    pixels += frame.width * frame.height
                    if pixels > most:
                        raise ValidationError(
                            _("This picture has over %(count)s million pixels: make it smaller.")
                            % {"count": most // 1_000_000},
                            code="file_too_many_pixels",
                        )
                    frame.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(
            _("This picture has far too many pixels: make it smaller."),
            code="file_too_many_pixels",
        ) from error
    except ValidationError:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds of errors on broken files.
        raise ValidationError(
            _("This is not a readable %(kind)s picture. It may be damaged, or something else.")
            % {"kind": expected},
            code="invalid_image",
        ) from error
    finally:
        file.seek(0)


# --- Documents ----------------------------------------------------------------------------------


def check_document(file: BinaryIO) -> None:
    """Compare a document with its ending. Raises ValidationError; leaves `file` at its start."""
    ending = extension(file.name)
    checks: dict[str, Callable[[BinaryIO, str], None]] = {
        "csv": _check_csv,
        "pdf": _check_pdf,
        "zip": _check_zip,
        **dict.fromkeys(_OFFICE_MEMBERS, _check_office),
        **dict.fromkeys(_MIMETYPES, _check_mimetype),
    }
    if ending not in checks:
        raise ValidationError(
            _("Use one of these kinds of file: %(kinds)s.") % {"kinds": ", ".join(sorted(checks))},
            code="invalid_document_extension",
        )
    file.seek(0)
    try:
        checks[ending](file, ending)
    finally:
        file.seek(0)


def _refuse(ending: str) -> ValidationError:
    return ValidationError(
        _("The content is not that of a .%(ending)s file. Export it again from your program.")
        % {"ending": ending},
        code="content_mismatch",
    )


def _check_pdf(file: BinaryIO, ending: str) -> None:
    if not file.read(5) == b"%PDF-":
        raise _refuse(ending)
    size = file.seek(0, 2)
    file.seek(max(0, size - 4096))
    if b"%%EOF" not in file.read():
        raise ValidationError(_("This PDF is incomplete. Export or send it again."), code="damaged")


def _check_csv(file: BinaryIO, ending: str) -> None:
    start = file.read(_SMALL_MEMBER)
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        # Not final: the last character may be cut through.
        text = codecs.getincrementaldecoder(encoding)().decode(start)
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("This CSV file is not in UTF-8. Save it as “CSV UTF-8”."), code="encoding"
        ) from error
    if "\0" in text or text.lstrip().lower().startswith(_MARKUP):
        raise _refuse(ending)


def _opened(file: BinaryIO, ending: str) -> zipfile.ZipFile:
    """The archive, its directory checked: nothing is unpacked for that."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _refuse(ending) from error
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    swollen = any(
        member.file_size > LARGE_MEMBER
        and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or swollen:
        raise ValidationError(
            _("This file unpacks to far more than it holds, so it is not accepted."),
            code="zip_bomb",
        )
    if not members or any(_leads_outside(member.filename) for member in members):
        raise _refuse(ending)
    return archive


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name.partition("/")[0]


def _start(archive: zipfile.ZipFile, name: str, ending: str) -> bytes:
    """The first bytes of a member."""
    try:
        with archive.open(name) as member:
            return member.read(_SMALL_MEMBER)
    except Exception as error:  # zlib, zipfile and lookups each raise their own on broken files.
        raise _refuse(ending) from error


def _check_zip(file: BinaryIO, ending: str) -> None:
    with _opened(file, ending):
        pass


def _check_office(file: BinaryIO, ending: str) -> None:
    with _opened(file, ending) as archive:
        for name in ("[Content_Types].xml", _OFFICE_MEMBERS[ending]):
            if not _start(archive, name, ending).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
                raise _refuse(ending)


def _check_mimetype(file: BinaryIO, ending: str) -> None:
    with _opened(file, ending) as archive:
        if _start(archive, "mimetype", ending).strip() != _MIMETYPES[ending]:
            raise _refuse(ending)
        content = {"epub": "META-INF/container.xml", "odt": "content.xml"}[ending]
        _start(archive, content, ending)
