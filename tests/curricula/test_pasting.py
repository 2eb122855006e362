"""Text from the clipboards of the programs that teachers use, and from nobody's friends."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from curricula.blocks import MAX_COLUMNS, MAX_ROWS
from curricula.pasted_rows import PasteError, read_children
from curricula.pasting import Heading, Paragraphs, Pasted, Table, read_pasted

CLIPBOARD = Path(__file__).parent / "clipboard"
ALLOWED = {"p", "b", "i", "a", "br", "ul", "ol", "li", "h3", "h4", "div"}


def pasted(name: str) -> Pasted:
    return read_pasted((CLIPBOARD / f"{name}.html").read_text(encoding="utf-8"))


def test_a_text_from_word_keeps_headings_lists_and_tables() -> None:
    found = pasted("word")
    assert found.parts == [
        Heading("Bài 1: Chuẩn bị mối hàn"),
        Paragraphs(
            "<p>Làm sạch mép hàn rộng <b>20 mm</b> hai bên, diện tích 5 cm²; xem "
            '<a href="https://example.org/han">tài liệu</a>.</p>'
            "<ul><li>Bàn chải sắt<ul><li>loại cứng</li></ul></li><li>Máy mài</li></ul>"
            "<ol><li><i>Kẹp phôi</i> chắc chắn</li></ol>"
            "<h3>Dụng cụ</h3>"
        ),
        Table(["Tên", "Số lượng"], [["Que hàn E6013\nΦ 2,6", "2 kg"], ["Mặt nạ hàn", ""]]),
    ]
    assert found.notes == [
        "1 picture was left out: add it as a drawing.",
        "1 merged cell was taken apart.",
    ]


def test_a_text_from_writer() -> None:
    assert pasted("writer").parts == [
        Heading("ການກະກຽມ"),
        Paragraphs(
            "<p>ທຳຄວາມສະອາດ <b>ຂອບ</b></p>"
            "<ol><li>ວັດແທກ</li><li>ຕັດ<ul><li>ໃຊ້ເລື່ອຍ</li></ul></li></ol>"
        ),
        Table(["ເຄື່ອງມື", "ຈຳນວນ"], [["ຄ້ອນ", "4"]]),
    ]


def test_a_text_from_google_docs() -> None:
    assert pasted("docs").parts == [
        Heading("Safety first"),
        Paragraphs(
            "<p>Wear <b>gloves</b><i> always</i>.</p>"
            "<ul><li>Mask<ul><li>shade 10</li></ul></li><li>Boots</li></ul>"
        ),
    ]


def test_cells_from_excel() -> None:
    assert pasted("excel").parts == [
        Table(["Current", "Electrode"], [["90", "2.6 mm"], ["120", "3.2\nmm"]])
    ]


def test_plain_text_becomes_paragraphs_or_a_table() -> None:
    assert read_pasted("", "One <b>\n\nTwo").parts == [Paragraphs("<p>One &lt;b&gt;</p><p>Two</p>")]
    assert read_pasted("", "a\tb\n1\t2\n").parts == [Table(["a", "b"], [["1", "2"]])]


def test_signs_of_lists_that_are_only_text_make_a_list() -> None:
    html = "<p>·&nbsp;&nbsp; One</p><p class=MsoListParagraph>1.&nbsp;&nbsp; Two</p><p>1. Three</p>"
    assert read_pasted(html).parts == [
        Paragraphs("<ul><li>One</li></ul><ol><li>Two</li></ol><p>1. Three</p>")
    ]


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p onclick=x()>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>"),
        ('<p><a href="https://x.org/&quot;onclick=x">a</a></p>', '<p><a href="https://x.org/&quot;onclick=x">a</a></p>'),
        ("<p>&lt;img src=x onerror=alert(1)&gt;</p>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("<p><svg><a href=x>b</a></svg><math>c</math>a</p>", "<p>a</p>"),
        ("<p>a<img src=//x.org/spy.gif></p>", "<p>a</p>"),
        ("<p>a</p><p style='display:none'>secret</p>", "<p>a</p>"),
        ("<table><tr><td>a<table><tr><td>c</tr></table></td></tr></table>", "<p>a</p><p>c</p>"),
    ],
)  # fmt: skip
def test_nothing_but_text_and_its_form_comes_in(html: str, kept: str) -> None:
    first = read_pasted(html).parts[0]
    assert isinstance(first, Paragraphs)
    assert first.html == kept


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("", "no text"),
        ("<p>&nbsp;</p>", "no text"),
        ("x" * 2_000_001, "too long"),
        ("<div>" * 3000 + "x", "too deeply"),
        (f"<table>{'<tr><td>a<td>b</tr>' * (MAX_ROWS + 2)}</table>", "101 rows"),
        (f"<table><tr>{'<td>a' * (MAX_COLUMNS + 1)}</table>", "columns"),
        ("<table><tr><td colspan=99999999999>a<td>b</tr><tr><td>c</table>", None),
        (f"<table><tr><td>a<td>{'b' * 1001}</table>", "1000 characters"),
        ("<h1>a</h1><p>b</p>" * 150, "too long"),
    ],
)
def test_what_does_not_fit_is_refused(html: str, message: str | None) -> None:
    if message is None:
        assert read_pasted(html).parts
        return
    with pytest.raises(PasteError, match=message):
        read_pasted(html)


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<h1>", "</h1>", "<h3>"),
        *("<table>", "</table>", "<tr>", "<td>", "<td colspan=3 rowspan=9>", "</td>", "<b>"),
        *("</b>", "<i>", "<a href='javascript:x'>", "<a href='http://x.org'>", "</a>", "<br>"),
        *("<p style='mso-list:l0 level9 lfo1'>", "<span style='mso-list:Ignore'>1.</span>"),
        *("<script>", "</script>", "<style>", "<o:p>", "<![if !x]>", "<!--", "-->", "<svg>"),
        *("&lt;script&gt;", "&#0;", "&nbsp;", "\x00", "\udc80", "<img onerror=x src=y>", "]]>"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))
def test_whatever_is_pasted_gives_safe_parts_or_a_message(html: str) -> None:
    try:
        found = read_pasted(html)
    except PasteError as error:
        assert error.messages
        return
    for part in found.parts:
        if isinstance(part, Paragraphs):
            root = lxml_html.fragment_fromstring(part.html, create_parent=True)
            for node in root.iter():
                assert node.tag in ALLOWED
                assert set(node.attrib) <= ({"href"} if node.tag == "a" else set())
                assert node.get("href", "http://x.org") == "http://x.org"
        elif isinstance(part, Table):
            assert {len(row) for row in part.rows} <= {len(part.columns)}
            assert 1 <= len(part.columns) <= MAX_COLUMNS


def test_rows_of_units_and_modules() -> None:
    assert read_children("Tên bài\tLT\tTH\tKT\nAn toàn\t2\t3\t1\n", False) == [
        {"name": "An toàn", "hours_theory": "2", "hours_practice": "3", "hours_test": "1"}
    ]
    assert read_children("MĐ01\tAn toàn\t2,5\t30\t12\t16\t2", True) == [
        {
            "code": "MĐ01",
            "name": "An toàn",
            "credits": "2.5",
            "hours_theory": "12",
            "hours_practice": "16",
            "hours_test": "2",
        }
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", "first"),
        ("Safety\tmany\t1", "Row 1: “many” is no number"),
        ("Safety\t1\t2\t3\nFire\t9\t1\t2\t3", "Row 2: the total is 9, but the hours add up to 6"),
        ("\t1\t2\t3", "missing"),
        ("a\t1\n" * 151, "150 rows"),
    ],
)
def test_rows_that_are_wrong_are_refused_whole(rows: str, message: str) -> None:
    with pytest.raises(PasteError, match=message):
        read_children(rows, False)
