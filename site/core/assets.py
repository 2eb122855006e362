"""One stylesheet from many: css/ORDER.txt names the files, this finder serves them as one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

BUNDLE = "css/site.css"


def build_bundle() -> Path:
    """Write the bundle below VAR_DIR/assets and return its path; unchanged parts cost a stat."""
    source = settings.SITE_DIR / "static" / "css"
    order = source / "ORDER.txt"
    names = [line.strip() for line in order.read_text().splitlines()]
    parts = [source / name for name in names if name and not name.startswith("#")]
    target: Path = settings.VAR_DIR / "assets" / BUNDLE
    newest = max(part.stat().st_mtime for part in [order, *parts])
    if not target.exists() or target.stat().st_mtime < newest:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join(part.read_text() for part in parts))
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
