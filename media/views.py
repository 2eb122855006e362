"""Serves pictures and recordings below /uploads/, and nothing else that lies there.

Documents have Wagtail's own view, which asks for the rights of their collection; originals of
recordings and half-finished uploads are for nobody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

_PICTURES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_SOUNDS = {".mp3": "audio/mpeg", ".opus": "audio/ogg; codecs=opus"}
#: Folder below the uploads → file ending → content type. Not original_images: pages and the admin
#: show resized copies, and an original may be large or say more than its author meant.
SERVED = {"images": _PICTURES, "avatar_images": _PICTURES, "recordings": _SOUNDS}

# Recordings are named by their content. A picture's name may come back with another picture.
_CACHING = {"recordings": "public, max-age=31536000, immutable"}
_PICTURE_CACHING = "public, max-age=86400"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_CHUNK = 64 * 1024


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """One uploaded file, or the part of it that `Range` asks for (RFC 9110, section 14)."""
    folder, content_type = _allowed(path)
    try:
        file = default_storage.open(path)
        status = os.fstat(file.fileno())
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    headers = {
        "Content-Type": content_type,
        "Accept-Ranges": "bytes",
        "Cache-Control": _CACHING.get(folder, _PICTURE_CACHING),
        "ETag": etag,
        "Last-Modified": http_date(status.st_mtime),
        "X-Content-Type-Options": "nosniff",
    }
    # These kinds are compressed already; gzip on top would also break the byte ranges.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    size = status.st_size
    part = _range(request, size, etag, int(status.st_mtime))
    if part is not None and part[0] >= part[1]:
        file.close()
        headers["Content-Range"] = f"bytes */{size}"
        return HttpResponse(status=416, headers=headers)
    start, end = part or (0, size)
    headers["Content-Length"] = str(end - start)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    code = 200 if part is None else 206
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=code, headers=headers)
    return StreamingHttpResponse(_bytes(file, start, end), status=code, headers=headers)


def _allowed(path: str) -> tuple[str, str]:
    """The folder and the content type of a path that may be served. Raises Http404."""
    # What does not read as it is written (`..`, `//`, `\\`, NUL) is no file of ours.
    parts = PurePosixPath(path).parts
    folder = parts[0] if parts else ""
    content_type = SERVED.get(folder, {}).get(PurePosixPath(path).suffix.lower())
    if (
        content_type is None
        or "/".join(parts) != path
        or ".." in parts
        or re.search(r"[\\\0]", path)
    ):
        raise Http404
    return folder, content_type


def _range(request: HttpRequest, size: int, etag: str, modified: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole, an empty range for none."""
    condition = request.headers.get("If-Range")
    if condition and condition != etag and parse_http_date_safe(condition) != modified:
        return None
    # Several ranges at once, or other units, may be ignored: then the whole file is sent.
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or request.method not in ("GET", "HEAD"):
        return None
    # No file has a size of more than twelve digits.
    first, last = (digits[:12] for digits in match.groups())
    if not first and not last:
        return None
    if not first:
        return max(0, size - int(last)), size if int(last) else 0
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def _bytes(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start
        while left and (chunk := file.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk
