"""Releases rendered once a session, and the programs that read them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from releases.rendering.html import Edition, render_html
from tests.releases import samples

#: What every test that starts another program is marked with; no database is needed.
FORMATS = pytest.mark.formats


def needs(program: str) -> pytest.MarkDecorator:
    """Skip where the program is not installed."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def edition(language: str, **parts: Any) -> Edition:
    """The sample in a language."""
    return render_html(samples.document(**parts), language)


def write(
    writer: Callable[..., None], language: str, folder: Path, name: str, **parts: Any
) -> Path:
    """The sample as `writer` writes it."""
    files = samples.write_files(folder / "files")
    target = folder / name
    writer(edition(language, **parts), lambda sha256: files / sha256, target)
    return target
