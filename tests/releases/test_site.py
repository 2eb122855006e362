"""The site for USB sticks, opened from file:// in a real browser."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from releases.rendering.site import write_site
from tests.releases import samples
from tests.releases.rendered import FORMATS, needs, write

pytestmark = FORMATS


def unpacked(language: str, folder: Path) -> Path:
    with zipfile.ZipFile(write(write_site, language, folder, f"{language}.zip")) as archive:
        archive.extractall(folder / language)
    [site] = (folder / language).iterdir()
    return site


@pytest.fixture(scope="module")
def lao(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked("lo", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def vietnamese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked("vi", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def phone() -> Iterator[Any]:
    """A page at 360 px; an error, or a request that leaves the folder, fails the test."""
    with sync_playwright() as playwright:
        options = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"]}
        browser = playwright.chromium.launch(**options)
        page = browser.new_page(viewport={"width": 360, "height": 740})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(request.url))
        page.on(
            "request",
            lambda request: request.url.startswith("file:") or problems.append(request.url),
        )
        yield page
        browser.close()
        assert problems == []


def test_it_is_one_folder_whose_links_lead_somewhere(lao: Path) -> None:
    assert lao.name == "basic-welding-2-lo"
    assert (lao / f"files/{samples.SHEET['sha256']}.pdf").read_bytes() == samples.PDF
    for page in lao.glob("*.html"):
        text = page.read_text()
        for address in re.findall(r'(?:href|src)="([^"]+)"', text):
            if address.startswith(("http", "#")):
                continue
            name, _hash, place = address.partition("#")
            assert (lao / name).is_file(), f"{page.name} leads to {address}"
            if place:
                assert f'id="{place}"' in (lao / name).read_text()


@needs("chromium")
def test_every_page_fits_a_phone(lao: Path, phone: Any) -> None:
    for page in sorted(lao.glob("*.html")):
        phone.goto(page.as_uri())
        assert phone.evaluate("document.documentElement.scrollWidth") == 360, page.name
        assert phone.locator("h1").count() == 1
        assert phone.evaluate("document.documentElement.lang") == "lo"


@needs("chromium")
@pytest.mark.parametrize(
    ("language", "query", "title"),
    [
        ("vi", "ho quang", "1. Bài 1. Mồi hồ quang"),
        ("vi", "DIEN AP KHONG", "1. Bài 1. Mồi hồ quang"),
        ("vi", "đường thẳng dài", "2. Bài 2. Mồi hồ quang"),
        ("vi", "ທູບເຊື່ອມ", "Bảng thuật ngữ"),
        ("lo", "ທູບ ເຊື່ອມ", "ປະມວນຄຳສັບ"),
        ("lo", "ທຸບເຊືອມ", None),
        ("lo", "ສະໝໍ່າສະເໝີ", "1. ບົດທີ 1. ການຈຸດປະກາຍໄຟ"),
        ("lo", "ນໍາແລະຄວາມ", "ຫຼັກສູດ"),
        ("lo", "ຫນ້າກາກ", "1. ບົດທີ 1. ການຈຸດປະກາຍໄຟ"),
        ("lo", '" <script>', None),
    ],
)
def test_the_search_finds_it(
    lao: Path, vietnamese: Path, phone: Any, language: str, query: str, title: str | None
) -> None:
    phone.goto(({"lo": lao, "vi": vietnamese}[language] / "search.html").as_uri())
    phone.fill("input[type=search]", query)
    phone.press("input[type=search]", "Enter")
    found = phone.locator(".found a").all_inner_texts()
    if title is None:
        assert found == []
        assert phone.locator("[role=status]").inner_text()
    else:
        assert title in found


@needs("chromium")
def test_what_was_searched_is_marked_and_leads_to_its_page(lao: Path, phone: Any) -> None:
    phone.goto((lao / "search.html").as_uri())
    phone.fill("input[type=search]", "ຕາ ເປົ່າ")
    phone.press("input[type=search]", "Enter")
    assert phone.locator(".found mark").first.inner_text() == "ຕາເປົ່າ"
    phone.locator(".found a").first.click()
    assert phone.url.endswith("/module-01-unit-01.html")
    phone.locator("a[rel=next]").click()
    assert phone.url.endswith("/module-01-unit-02.html")


def test_the_same_document_is_the_same_bytes(tmp_path: Path) -> None:
    files = [write(write_site, "vi", tmp_path, f"{number}.zip") for number in range(2)]
    assert files[0].read_bytes() == files[1].read_bytes()
