"""One stylesheet from many: css/ORDER.txt names the files, this finder serves them as one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

BUNDLE = "css/site.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
# Not before a colon, where a space tells `a :hover` from `a:hover`, and not around + and -.
_NEEDLESS_SPACE = re.compile(r" ?([{};,>]) ?|(?<=:) ")
_LAST_SEMICOLON = re.compile(r";}")
_STRING = re.compile(r"""("[^"]*"|'[^']*')""")


def minify(css: str) -> str:
    """Leave out comments and the white space that no browser needs; strings stay as they are."""
    pieces = _STRING.split(_COMMENT.sub("", css))
    # Every second piece is a string.
    pieces[::2] = [_NEEDLESS_SPACE.sub(r"\1", _SPACE.sub(" ", piece)) for piece in pieces[::2]]
    return _LAST_SEMICOLON.sub("}", "".join(pieces)).strip()


def build_bundle() -> Path:
    """Write the bundle below VAR_DIR/assets and return its path; unchanged parts cost a stat."""
    source = settings.SITE_DIR / "static" / "css"
    order = source / "ORDER.txt"
    names = [line.strip() for line in order.read_text().splitlines()]
    parts = [source / name for name in names if name and not name.startswith("#")]
    target: Path = settings.VAR_DIR / "assets" / BUNDLE
    # This module is among them: it decides what the bundle looks like.
    newest = max(part.stat().st_mtime for part in [order, Path(__file__), *parts])
    if not target.exists() or target.stat().st_mtime < newest:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(minify("\n".join(part.read_text() for part in parts)))
    return target


class BundleFinder(BaseFinder):
    """Finds css/site.css, made on demand."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        if path != BUNDLE:
            return []
        found = str(build_bundle())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        build_bundle()
        yield BUNDLE, FileSystemStorage(location=str(settings.VAR_DIR / "assets"))
