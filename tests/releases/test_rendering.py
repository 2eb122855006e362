"""Rendering everything, in processes of its own."""

from pathlib import Path

import pytest

from releases.rendering import FORMATS, render_all
from releases.rendering.html import RenderError
from tests.releases import samples
from tests.releases.rendered import FORMATS as marked

pytestmark = marked
WANTED = [(kind, language) for language in ("lo", "vi") for kind in FORMATS]


def test_every_format_in_every_language_is_written_and_told(tmp_path: Path) -> None:
    files = samples.write_files(tmp_path / "files")
    told: dict[tuple[str, str], Path] = {}
    out = tmp_path / "out"
    render_all(
        samples.document(),
        lambda sha256: files / sha256,
        WANTED,
        out,
        lambda kind, language, path: told.update({(kind, language): path}),
    )
    assert set(told) == set(WANTED)
    assert sorted(told.values()) == sorted(out.iterdir())
    for kind, start in (("pdf", b"%PDF-1.7"), ("epub", b"PK"), ("docx", b"PK"), ("html", b"PK")):
        assert told[kind, "lo"].read_bytes().startswith(start)


def test_a_missing_file_stops_it_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="is missing"):
        render_all(
            samples.document(),
            lambda sha256: tmp_path / "nowhere" / sha256,
            [("epub", "lo")],
            tmp_path / "out",
            lambda *told: pytest.fail(f"told {told}"),
        )
    assert [path for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")] == []


def test_nothing_wanted_is_nothing_done(tmp_path: Path) -> None:
    render_all(samples.document(), lambda sha256: tmp_path, [], tmp_path / "out", print)
    assert not (tmp_path / "out").exists()
