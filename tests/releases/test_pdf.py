"""PDF, read back by the programs that people and checkers use."""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from releases.rendering import pdf
from releases.rendering.html import RenderError, render_html
from tests.releases import samples
from tests.releases.rendered import FORMATS, edition, needs, write

pytestmark = FORMATS
# Tone marks with ຳ, ໍ with tone marks, stacks: what fonts draw joined.
VIETNAMESE = (
    "AĂÂĐEÊIOÔƠUƯY aăâđeêioôơuưy ÀẰẦÈỀÌÒỒỜÙỪỲ àằầèềìòồờùừỳ ÁẮẤÉẾÍÓỐỚÚỨÝ áắấéếíóốớúứý "
    "ẢẲẨẺỂỈỎỔỞỦỬỶ ảẳẩẻểỉỏổởủửỷ ÃẴẪẼỄĨÕỖỠŨỮỸ ãẵẫẽễĩõỗỡũữỹ ẠẶẬẸỆỊỌỘỢỤỰỴ ạặậẹệịọộợụựỵ"
)
WORDS = "ນ້ຳ ປ້ຳ ສະໝ່ຳສະເໝີ ບໍ່ ບໍ້ ນຳ ການ ຊົ່ວໂມງ ກິ່ນ ຫຼັກ ຊ໋ອດ ໜ້າກາກ ຢູ່"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pdf")
    return {code: write(pdf.write_pdf, code, folder, f"{code}.pdf") for code in ("lo", "vi")}


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Lao sample, every module laid out by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "PART_SIZE", 1)
        return write(pdf.write_pdf, "lo", tmp_path_factory.mktemp("parts"), "parts.pdf")


def text_of(path: Path, *options: str) -> str:
    """What pdftotext reads, with breaks of lines taken out."""
    command = ["pdftotext", *options, str(path), "-"]
    found = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return re.sub(r"\s+", " ", found.replace("\u200b", ""))


def without_spaces(text: str) -> str:
    """A line may end between two Lao words, where no space was written."""
    return re.sub(r"\s", "", text)


def structure(element: Any) -> Iterator[Any]:
    """Every element of the structure below `element`."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield kid
            yield from structure(kid)


@needs("pdftotext")
@pytest.mark.parametrize("options", [(), ("-raw",), ("-layout",)])
def test_lao_comes_out_as_it_was_written(
    tmp_path: Path, files: dict[str, Path], options: tuple[str, ...]
) -> None:
    assert without_spaces(samples.LAO_PARAGRAPH) in without_spaces(text_of(files["lo"], *options))
    document = samples.document([samples.module(made_units=[samples.unit(body=[])])])
    nasty = {"name": samples.texts(VIETNAMESE, WORDS), "introduction": samples.texts("", WORDS)}
    document["modules"][0]["texts"] = nasty
    value = samples.texts(
        f"<p>{VIETNAMESE}</p><p><b>{VIETNAMESE}</b></p><p><i>{VIETNAMESE}</i></p>"
    )
    document["curriculum"]["streams"] = {"usage": samples.stream("paragraphs", value)}
    target = tmp_path / "words.pdf"
    pdf.write_pdf(render_html(document, "lo"), no_files, target)
    text = text_of(target, *options)
    # In the contents, the table of modules, its heading, its pages' heads, and in the text.
    assert text.count(WORDS) >= 1
    assert without_spaces(text).count(without_spaces(WORDS)) >= 4
    assert without_spaces(text).count(without_spaces(VIETNAMESE)) == 3
    pdf.write_pdf(render_html(document, "vi"), no_files, target)
    # Once in each of the fonts, and as a heading.
    assert without_spaces(text_of(target, *options)).count(without_spaces(VIETNAMESE)) >= 5


def no_files(sha256: str) -> Path:
    raise AssertionError(sha256)


@needs("pdftotext")
def test_vietnamese_and_signs_come_out_as_they_were_written(files: dict[str, Path]) -> None:
    assert samples.VIET_PARAGRAPH in text_of(files["vi"])


@needs("pdftotext")
def test_no_line_runs_over_the_margin(files: dict[str, Path]) -> None:
    for path in files.values():
        boxes = subprocess.run(
            ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True
        ).stdout.decode()
        edges = [float(x) for x in re.findall(r'<word [^>]*xMax="([0-9.]+)"', boxes)]
        # A4 is 595 points wide, the margin 57.
        assert max(edges) < 595 - 56


@pytest.mark.parametrize("name", ["lo", "vi", "parts"])
def test_a_checker_of_accessibility_finds_nothing(
    files: dict[str, Path], in_parts: Path, name: str
) -> None:
    path = files.get(name, in_parts)
    found = subprocess.run([sys.executable, "-m", "pdfua", "check", str(path)], capture_output=True)
    assert b"PASS (no findings)" in found.stdout, found.stdout.decode()


def test_the_file_says_which_standards_it_keeps(files: dict[str, Path]) -> None:
    with pikepdf.open(files["lo"]) as opened, opened.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert "pdfaExtension" in str(metadata)
        root = opened.Root
        assert root.ViewerPreferences.DisplayDocTitle
        assert root.MarkInfo.Marked
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert (str(root.Lang), opened.docinfo["/Title"]) == ("lo", "ການເຊື່ອມໄຟຟ້າພື້ນຖານ")
        assert opened.docinfo["/CreationDate"] == "D:20261122000000Z"
        fonts = {str(font.BaseFont) for page in opened.pages for font in fonts_of(page)}
        assert all(re.match(r"/[A-Z]{6}\+", name) for name in fonts)
        assert not any(
            picture.get("/Interpolate") for page in opened.pages for picture in pictures_of(page)
        )


def fonts_of(page: Any) -> list[Any]:
    return list(page.Resources.Font.values())


def pictures_of(page: Any) -> list[Any]:
    return list(page.Resources.get("/XObject", {}).values())


def test_every_part_of_the_text_carries_its_language(files: dict[str, Path]) -> None:
    with pikepdf.open(files["lo"]) as opened:
        languages = {
            str(element.Lang)
            for element in structure(opened.Root.StructTreeRoot)
            if "/Lang" in element
        }
    assert languages >= {"vi", "lo", "en"}


def test_pictures_have_alternative_text_and_headers_a_scope(files: dict[str, Path]) -> None:
    with pikepdf.open(files["lo"]) as opened:
        elements = list(structure(opened.Root.StructTreeRoot))
        alternatives = {str(e.Alt) for e in elements if e.S == "/Figure"}
        scopes = {str(e.A.Scope) for e in elements if e.S == "/TH"}
        headings = [int(str(e.S)[2]) for e in elements if re.fullmatch(r"/H[1-6]", str(e.S))]
    assert alternatives == {"Mittaphap", "ທູບເຊື່ອມ ແລະ ປະກາຍໄຟ", "ແນວເຊື່ອມສອງແນວ"}
    assert scopes == {"/Row", "/Column"}
    assert headings[0] == 1
    # No heading is more than one level below the one before it.
    assert all(below - above <= 1 for above, below in pairwise(headings))


def test_parts_make_one_document(in_parts: Path) -> None:
    with pikepdf.open(in_parts) as opened:
        root = opened.Root.StructTreeRoot
        assert [str(kid.S) for kid in root.K[0].K] == ["/Part"] * 5
        keys = [int(key) for kid in root.ParentTree.Kids for key in list(kid.Nums)[::2]]
        assert keys == sorted(set(keys))
        assert {int(page.StructParents) for page in opened.pages} <= set(keys)
        identifiers = [str(e.ID) for e in structure(root) if "/ID" in e]
        assert len(identifiers) == len(set(identifiers)) > 20
        names = [str(name) for name in list(opened.Root.Names.Dests.Names)[::2]]
        assert names == sorted(set(names))
        links = [
            link for page in opened.pages for link in page.get("/Annots", []) if "/Dest" in link
        ]
        assert {str(link.Dest) for link in links} <= set(names)
        assert {"term-1", "module-02", "about"} <= {str(link.Dest) for link in links}
        assert not any("elsewhere" in str(link.Contents) for link in links)
        assert {str(link.Contents) for link in links} >= {"MĐ01 ການເຊື່ອມໄຟຟ້າດ້ວຍມື 1"}


@needs("pdftotext")
@pytest.mark.parametrize("name", ["lo", "parts"])
def test_contents_bookmarks_and_page_numbers_agree(
    files: dict[str, Path], in_parts: Path, name: str
) -> None:
    path = files.get(name, in_parts)
    contents = text_of(path, "-f", "2", "-l", "2")
    with pikepdf.open(path) as opened, opened.open_outline() as outline:
        names = list(opened.Root.Names.Dests.Names)
        pages = {str(n): opened.pages.index(pikepdf.Page(d[0])) + 1
                 for n, d in zip(names[::2], names[1::2], strict=True)}  # fmt: skip
        assert [line.title for line in outline.root][2:4] == [
            "MĐ01 ການເຊື່ອມໄຟຟ້າດ້ວຍມື 1",
            "MĐ02 ການເຊື່ອມໄຟຟ້າດ້ວຍມື 2",
        ]
        assert [len(line.children) for line in outline.root] == [0, 0, 2, 1, 0, 0]
    for title, target in (
        ("MĐ02 ການເຊື່ອມໄຟຟ້າດ້ວຍມື 2", "module-02"),
        ("ປະມວນຄຳສັບ", "glossary"),
    ):
        number = pages[target]
        assert re.search(rf"{title} ?\.+ {number} ", contents), contents
        on_page = text_of(path, "-f", str(number), "-l", str(number))
        assert title in on_page
        assert on_page.rstrip("\f ").endswith(str(number))


def test_the_same_document_is_the_same_bytes(files: dict[str, Path], tmp_path: Path) -> None:
    again = write(pdf.write_pdf, "vi", tmp_path, "again.pdf")
    assert again.read_bytes() == files["vi"].read_bytes()


def test_nothing_is_fetched_from_elsewhere(tmp_path: Path) -> None:
    fetcher = pdf._OwnFiles(edition("lo"), lambda sha256: tmp_path / sha256)
    for address in (
        *("http://127.0.0.1/", "file:///etc/passwd", "document:/../../manage.py"),
        *("document:/static/../html.py", "document:/files/x.svg", "data:text/plain,a"),
        f"document:/files/{samples.DRAWING['sha256']}.svg",
    ):
        with pytest.raises(RenderError):
            fetcher.fetch(address)
