"""Downloads byte ranges into files and goes on where it stopped, whatever it was stopped by."""

import errno
import http.client
import re
import time
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from .safe_http import FetchError, Interrupted, check_status, opened

#: Seconds to wait after the first, second … attempt in a row that brought nothing.
PAUSES: tuple[float, ...] = (1, 2, 5, 10, 30)
MAX_SECONDS = 12 * 3600
_BLOCK = 16 * 1024
_CONTENT_RANGE = re.compile(r"bytes (\d{1,12})-\d{1,12}/(?:\d{1,12}|\*)", re.ASCII)

#: Called with the number of bytes that just came.
Received = Callable[[int], None]


class DiskFull(FetchError):
    """There is no room for what is fetched."""


def download(url: str, target: Path, start: int, end: int, received: Received) -> None:
    """Bytes `start` to before `end` of `url` in `target`, of which the beginning may be there.

    Raises FetchError when the line stays dead; what came by then is kept for the next time.
    """
    deadline = time.monotonic() + MAX_SECONDS
    failures = 0
    while (there := _size(target)) < end - start:
        try:
            _go_on(url, target, start + there, end, received, deadline)
            continue
        except Interrupted:
            failures = failures + 1 if _size(target) == there else 1
            if failures > len(PAUSES) or time.monotonic() > deadline:
                raise
        time.sleep(PAUSES[failures - 1])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _go_on(
    url: str, target: Path, start: int, end: int, received: Received, deadline: float
) -> None:
    with opened(url, {"Range": f"bytes={start}-{end - 1}"}) as response:
        check_status(response)
        skipped = _first_byte(response, start)
        left = end - start
        # Unbuffered: what was read is in the file when the process is killed.
        with target.open("ab", buffering=0) as file:
            while left:
                if time.monotonic() > deadline:
                    raise Interrupted(_("The site is too slow."))
                block = _block(response, min(_BLOCK, left + skipped))
                if skipped:
                    block, skipped = block[skipped:], max(0, skipped - len(block))
                if block:
                    _write(file.write, block)
                    left -= len(block)
                    received(len(block))


def _first_byte(response: http.client.HTTPResponse, start: int) -> int:
    """How many bytes come before the one that was asked for: a site may ignore the range."""
    if response.status == 200:
        return start
    match = _CONTENT_RANGE.fullmatch(response.getheader("Content-Range") or "")
    if match is None or int(match[1]) != start:
        raise FetchError(_("The site sends another part of the file than was asked for."))
    return 0


def _block(response: http.client.HTTPResponse, size: int) -> bytes:
    try:
        block = response.read1(size)
    except (OSError, http.client.HTTPException) as error:
        raise Interrupted(_("The connection broke off.")) from error
    if not block:
        raise Interrupted(_("The connection broke off."))
    return block


def _write(write: Callable[[bytes], int | None], block: bytes) -> None:
    try:
        while block:
            block = block[write(block) or 0 :]
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full() from error
        raise


def disk_full() -> DiskFull:
    return DiskFull(
        _("The disk of the server is full. Make room and start again: it goes on where it stopped.")
    )
