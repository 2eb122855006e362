"""DOCX, opened by LibreOffice."""

import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from releases.rendering.docx import write_docx
from tests.releases import samples
from tests.releases.rendered import FORMATS, needs, write

pytestmark = FORMATS
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(write_docx, "lo", tmp_path_factory.mktemp("docx"), "lo.docx")


@needs("soffice")
def test_libreoffice_opens_it_and_reads_the_text(file: Path, tmp_path: Path) -> None:
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(file)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    text = (tmp_path / "lo.txt").read_text()
    for line in (samples.LAO_PARAGRAPH, "Thang điểm 10.", "ເຊື່ອມສາມເສັ້ນຊື່ຍາວ 100 mm.", "2,5 mm"):
        assert line in text


def test_headings_boxes_and_tables_have_styles(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
        styles = archive.read("word/styles.xml").decode()
    used = {element.get(f"{W}val") for element in body.iter(f"{W}pStyle")}
    assert used >= {"Heading1", "Heading2", "Heading3", "Heading4", "Danger", "FirstAid", "Notice"}
    assert {element.get(f"{W}val") for element in body.iter(f"{W}tblStyle")} == {"Table"}
    assert all(f'w:styleId="{name}"' in styles for name in used)
    headings = [
        "".join(paragraph.itertext())
        for paragraph in body.iter(f"{W}p")
        for style in paragraph.iter(f"{W}pStyle")
        if style.get(f"{W}val") == "Heading2"
    ]
    assert headings[2] == "MĐ01 ການເຊື່ອມໄຟຟ້າດ້ວຍມື 1"


def test_drawings_arrive_as_pictures_that_old_word_shows(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert len(media) == 3
        assert all(archive.read(name).startswith(b"\x89PNG") for name in media)
        document = archive.read("word/document.xml").decode()
    assert 'descr="ທູບເຊື່ອມ ແລະ ປະກາຍໄຟ"' in document


def test_the_same_document_is_the_same_bytes(file: Path, tmp_path: Path) -> None:
    again = write(write_docx, "lo", tmp_path, "again.docx")
    assert again.read_bytes() == file.read_bytes()
    with zipfile.ZipFile(again) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:title>ການເຊື່ອມໄຟຟ້າພື້ນຖານ</dc:title>" in core
    assert "2026-11-22T00:00:00Z</dcterms:modified>" in core
