"""The one rendering that every format is made from."""

import copy
from typing import Any

import pytest
from django.utils import translation

from releases.rendering import trees
from releases.rendering.html import RenderError, render_html
from releases.rendering.rich_text import clean
from tests.releases import samples


def unit_with(*blocks: tuple[str, Any]) -> dict[str, Any]:
    """A document of one unit that holds `blocks`."""
    body = [{"type": kind, "id": str(n), "value": value} for n, (kind, value) in enumerate(blocks)]
    module = samples.module(made_units=[samples.unit(body=body)])
    return samples.document([module])


def shown(document: dict[str, Any], language: str, id: str) -> str:
    [section] = [s for s in render_html(document, language).walk() if s.id == id]
    return section.html


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
def test_every_section_is_well_formed_and_whole(language: str) -> None:
    edition = render_html(samples.document(), language)
    sections = list(edition.walk())
    assert [section.id for section in sections] == [
        *("programme", "modules", "module-01", "module-01-unit-01", "module-01-unit-02"),
        *("module-02", "module-02-unit-01", "glossary", "about"),
    ]
    for xhtml in (edition.cover, *(section.html for section in sections)):
        assert trees.parse(xhtml).tag == "section"


def test_every_kind_of_block_is_shown() -> None:
    html = shown(samples.document(), "vi", "module-01-unit-01")
    for text in (
        *("Chuẩn bị", "điện áp không tải ≤ 80 V", "Không nhìn hồ quang", "Kẹp que hàn vào kìm."),
        *("Que hàn không lung lay.", "Kẹp lỏng: kẹp lại.", "60–90 A", "Hai mối hàn"),
        *("Mối hàn đẹp và mối hàn xấu", "Hàn ba đường thẳng", "Mối hàn đều", "45 "),
        *("Đeo mặt nạ.", "que hàn</a>", "Phiếu luyện tập</a>"),
    ):
        assert text in html
    assert f'src="files/{samples.DRAWING["sha256"]}.svg"' in html


def test_a_block_of_a_kind_from_the_future_is_left_out() -> None:
    document = unit_with(("../cover", {"x": 1}), ("heading", samples.texts("Sau")))
    assert "Sau" in shown(document, "vi", "module-01-unit-01")


def test_text_of_another_language_says_so() -> None:
    html = shown(samples.document(), "lo", "module-01-unit-01")
    assert '<div class="other" lang="vi"><p class="other-tag"><span class="tag tag-vi"' in html
    assert 'class="small borrowed"' in html
    assert "borrowed" not in shown(samples.document(), "vi", "module-01-unit-01")


def test_text_that_is_not_ready_is_not_shown() -> None:
    document = samples.document()
    document["modules"][0]["ready_languages"] = ["vi"]
    html = shown(document, "lo", "module-01")
    assert "ການເຊື່ອມໄຟຟ້າ" not in html
    assert '<span class="other" lang="vi">Hàn hồ quang tay 1</span>' in html


@pytest.mark.parametrize(
    ("source", "harmless"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p>a</p>"),
        ('<p><a href="https://a.la/" onclick="x">a</a></p>', '<p><a href="https://a.la/">a</a></p>'),
        ('<p><img src="file:///etc/passwd">a</p>', "<p>a</p>"),
        ('<p>a<iframe src="x"></iframe></p>', "<p>a</p>"),
        ("<h3>a</h3><h1>b</h1>", "<h5>a</h5><p>b</p>"),
        ("<p>a<b>b", "<p>a<strong>b</strong></p>"),
        ("a <i>b</i><ul><li>c", "<p>a <em>b</em></p><ul><li>c</li></ul>"),
        ('<p><span lang="lo">ກ</span></p>', '<p><span lang="lo">ກ</span></p>'),
        ('<p><span lang="x">a</span></p>', "<p>a</p>"),
        ("<p>a\x00\x0b&amp;&lt;\ufffe</p>", "<p>a&amp;&lt;</p>"),
        ("<!-- a --><?php x ?>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_rich_text_is_made_harmless(source: str, harmless: str) -> None:
    assert clean(source) == harmless
    trees.parse(f"<div>{clean(source)}</div>")


def test_plain_text_is_escaped_in_text_and_attributes() -> None:
    nasty = samples.texts('"><script>x</script>&\x01')
    value = {"image": {"file": samples.PHOTO["sha256"]}, "alternative": nasty, "caption": nasty}
    document = unit_with(("heading", nasty), ("drawing", value))
    html = shown(document, "vi", "module-01-unit-01")
    assert "<script>" not in html
    assert trees.parse(html).find(".//img").get("alt") == '"><script>x</script>&'


def test_hours_and_credits_are_added_up() -> None:
    root = trees.parse(shown(samples.document(), "vi", "modules"))
    total = root.find(".//tfoot/tr")
    assert [cell.text for cell in total][2:] == ["5", "36", "8", "24", "4", "6"]


def test_the_cover_says_what_the_file_is() -> None:
    document = samples.document()
    with translation.override("en"):
        cover = render_html(document, "en").cover
    for text in ("Basic arc welding", "ການເຊື່ອມໄຟຟ້າພື້ນຖານ"):
        assert (text in cover) == (text != "Basic arc welding")  # English is not ready
    document["curriculum"]["ready_languages"] = ["en", "vi", "lo"]
    cover = render_html(document, "en").cover
    for text in (
        *("<h1>Basic arc welding</h1>", "ການເຊື່ອມໄຟຟ້າພື້ນຖານ", "Trường mẫu Huế", "<td>2</td>"),
        *("Nov. 22, 2026", "CC BY-SA 4.0", "licenses/by-sa/4.0/", "Draft", "Tiếng Việt"),
    ):
        assert text in cover
    assert "not translated" not in cover
    document["curriculum"]["values"]["is_draft_content"] = False
    assert "Draft" not in render_html(document, "en").cover


def test_the_cover_says_what_is_missing_in_its_language() -> None:
    assert render_html(samples.document(), "lo").cover.count("notice incomplete") == 2
    assert "notice incomplete" not in render_html(samples.document(), "vi").cover


def test_the_glossary_is_in_the_order_of_its_language_without_deprecated_terms() -> None:
    vietnamese = shown(samples.document(), "vi", "glossary")
    assert vietnamese.index("găng tay") < vietnamese.index("que hàn")
    lao = shown(samples.document(), "lo", "glossary")
    assert lao.index("ຖົງມື") < lao.index("ທູບເຊື່ອມ")
    assert "đũa hàn" not in vietnamese


def test_sources_and_owners_are_named() -> None:
    html = shown(samples.document(), "vi", "about")
    for text in ("Trường mẫu Vinh", "Họa sĩ A: Hồ quang", "CC BY 4.0: Ảnh", "Thêm bài 2."):
        assert text in html


def test_headings_are_numbered_without_gaps() -> None:
    root = trees.parse("<x><h2/><h5/><h6/><h3/><h4/><h2/><h6/></x>")
    trees.level_headings(root)
    assert [element.tag for element in root] == ["h1", "h2", "h3", "h2", "h3", "h1", "h2"]


def test_lines_may_break_between_lao_words_only() -> None:
    root = trees.parse("<p>ພາສາລາວ <b>ນ້ຳແລະໄຟ</b> tiếng Việt</p>")
    text = "".join(root.itertext())
    trees.break_lao_lines(root)
    assert "".join(root.itertext()).replace("\u200b", "") == text
    assert root.text.count("\u200b") == 1
    assert "\u200b" not in (root[0].tail or "")


def test_a_file_that_the_document_lacks_is_an_error() -> None:
    document = samples.document()
    document["files"] = []
    with pytest.raises(RenderError, match=samples.DRAWING["sha256"]):
        render_html(document, "vi")


def test_a_document_with_nothing_in_it_is_rendered() -> None:
    document = copy.deepcopy(samples.document([]))
    document.update({"terms": [], "files": [], "levels": [], "trade": None})
    document["curriculum"]["streams"] = {}
    document["curriculum"]["values"] = {}
    document["release"] = {
        key: document["release"][key] for key in ("public_id", "version", "date", "languages")
    } | {"ancestors": []}
    edition = render_html(document, "lo")
    assert [section.id for section in edition.sections] == ["programme", "modules", "about"]
