"""What goes into every packaging beside the text: pictures, styles, fonts."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from .html import Edition, RenderError

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
STATIC = HERE / "static"
STYLES = HERE / "styles"
#: The fonts of the site, small enough to go into every book.
WEB_FONTS = settings.SITE_DIR / "static" / "fonts"
WEB_FONT_NAMES = ("noto-sans-lao-400.woff2", "noto-sans-lao-700.woff2", "be-vietnam-pro-700.woff2")
#: Where the file of a SHA-256 stands.
Files = Callable[[str], Path]

_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}
# Drawings that styles name.
_ADDRESS_IN_CSS = re.compile(r'url\("(static/[a-z0-9.-]+)"\)')
_OWN = re.compile(r"(?:(?P<folder>static|fonts)/)?(?P<name>[A-Za-z0-9.-]+)")
_OF_DOCUMENT = re.compile(r"files/(?P<sha256>[0-9a-f]{64})\.[a-z0-9]+")


def source(address: str, edition: Edition, files: Files) -> tuple[Path, str]:
    """The file behind an address of rendered HTML or CSS, and its media type.

    RenderError for anything that is neither the document's nor this package's.
    """
    if match := _OF_DOCUMENT.fullmatch(address):
        found = edition.file(match["sha256"])
        path = files(match["sha256"])
        if not path.is_file():
            raise RenderError(f"The file {match['sha256']} is missing.")
        return path, found["media_type"]
    if match := _OWN.fullmatch(address):
        folder = {"static": STATIC, "fonts": FONTS}.get(match["folder"], STYLES)
        path = folder / match["name"]
        if path.suffix in _MEDIA_TYPES and path.is_file():
            return path, _MEDIA_TYPES[path.suffix]
    raise RenderError(f"No file of the document has the address {address}.")


@dataclass(frozen=True)
class Entry:
    """A file that a packaging carries: its name there, where it comes from, what it is."""

    name: str
    path: Path
    media_type: str


def entries(
    addresses: Iterable[str], styles: Iterable[str], edition: Edition, files: Files
) -> list[Entry]:
    """The pictures at `addresses`, the `styles` and what they name, and the fonts of the site."""
    named = list(dict.fromkeys([*addresses, *styles]))
    for style in styles:
        css = (STYLES / style).read_text()
        named += [found for found in _ADDRESS_IN_CSS.findall(css) if found not in named]
    found = [Entry(address, *source(address, edition, files)) for address in named]
    fonts = [Entry(f"fonts/{name}", WEB_FONTS / name, "font/woff2") for name in WEB_FONT_NAMES]
    return [*found, *fonts]
