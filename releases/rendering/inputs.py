"""What goes into every packaging beside the text: pictures, styles, fonts."""

import re
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from .html import Edition, RenderError

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
STATIC = HERE / "static"
STYLES = HERE / "styles"
#: The fonts of the site, small enough to go into every book.
WEB_FONTS = settings.SITE_DIR / "static" / "fonts"
#: SHA-256 → the file.
Files = Mapping[str, Path]

_MEDIA_TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
_OWN = re.compile(r"(?:(?P<folder>static|fonts)/)?(?P<name>[A-Za-z0-9.-]+)")
_OF_DOCUMENT = re.compile(r"files/(?P<sha256>[0-9a-f]{64})\.[a-z0-9]+")


def source(address: str, edition: Edition, files: Files) -> tuple[Path, str]:
    """The file behind an address of rendered HTML or CSS, and its media type.

    RenderError for anything that is neither the document's nor this package's.
    """
    if match := _OF_DOCUMENT.fullmatch(address):
        found = edition.file(match["sha256"])
        try:
            return files[match["sha256"]], found["media_type"]
        except KeyError as error:
            raise RenderError(f"The file {match['sha256']} is missing.") from error
    if match := _OWN.fullmatch(address):
        folder = {"static": STATIC, "fonts": FONTS}.get(match["folder"], STYLES)
        path = folder / match["name"]
        if path.suffix in _MEDIA_TYPES and path.is_file():
            return path, _MEDIA_TYPES[path.suffix]
    raise RenderError(f"No file of the document has the address {address}.")
