"""Serves pictures and recordings below /uploads/, and nothing else that lies there.

Documents have Wagtail's own view, which asks for the rights of their collection; originals of
recordings and half-finished uploads are for nobody.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.byte_ranges import file_response

_PICTURES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
# Those of the media library, which media.svg looks into.
_DRAWINGS = {".svg": "image/svg+xml"}
# A drawing opened by itself is a document of this site: it may run and load nothing.
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SOUNDS = {".mp3": "audio/mpeg", ".opus": "audio/ogg; codecs=opus"}
#: Folder below the uploads → file ending → content type. Not original_images: pages and the admin
#: show resized copies, and an original may be large or say more than its author meant.
SERVED = {
    "images": {**_PICTURES, **_DRAWINGS},
    "avatar_images": _PICTURES,
    "recordings": _SOUNDS,
}

# Recordings are named by their content. A picture's name may come back with another picture.
_CACHING = {"recordings": "public, max-age=31536000, immutable"}
_PICTURE_CACHING = "public, max-age=86400"


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """One uploaded file, or the part of it that `Range` asks for."""
    folder, content_type = _allowed(path)
    try:
        file = default_storage.open(path)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error
    headers = {
        "Content-Type": content_type,
        "Cache-Control": _CACHING.get(folder, _PICTURE_CACHING),
    }
    if content_type in _DRAWINGS.values():
        headers["Content-Security-Policy"] = _DRAWING_POLICY
    return file_response(request, file, headers)


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
