"""Serves files with the byte ranges that resumed downloads and players ask for (RFC 9110, 14).

Django's FileResponse knows no ranges, and WhiteNoise ignores If-Range: a download that is resumed
after the file changed would be spoilt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_CHUNK = 64 * 1024


def file_response(
    request: HttpRequest, file: BinaryIO, headers: Mapping[str, str]
) -> HttpResponseBase:
    """The whole of an open file, or the part that `Range` asks for; closes it.

    `headers` name the content type and the caching, and may bring an `ETag` of their own.
    """
    status = os.fstat(file.fileno())
    size = status.st_size
    all_headers = {
        "ETag": f'"{status.st_mtime_ns:x}-{size:x}"',
        "Last-Modified": http_date(status.st_mtime),
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        **headers,
    }
    # These files are compressed already; gzip on top would also break the byte ranges.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    part = _range(request, size, all_headers["ETag"], int(status.st_mtime))
    if part is not None and part[0] >= part[1]:
        file.close()
        all_headers["Content-Range"] = f"bytes */{size}"
        return HttpResponse(status=416, headers=all_headers)
    start, end = part or (0, size)
    all_headers["Content-Length"] = str(end - start)
    if part is not None:
        all_headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    code = 200 if part is None else 206
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=code, headers=all_headers)
    return StreamingHttpResponse(_bytes(file, start, end), status=code, headers=all_headers)


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
