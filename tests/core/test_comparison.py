"""Comparing revisions: Lao is not cut inside a syllable."""

import pytest
from django.test import Client
from django.urls import reverse

from core.comparison import text_difference
from portal.models import ContentPage, HomePage
from tests.core.editor import signed_in, soup
from tests.factories import content_page

ONE = "11111111-1111-4111-8111-111111111111"


def test_a_changed_syllable_is_marked_whole() -> None:
    html = text_difference("ໄຟຟ້າດີ", "ໄຟຟ້າດີ່")
    assert html == ('ໄຟຟ້າ<span class="deletion">ດີ</span><span class="addition">ດີ່</span>')


def test_vietnamese_words_stay_whole_and_html_is_escaped() -> None:
    html = text_difference("đường dây", "đường <b>")
    assert html.startswith("đường ")
    assert '<span class="deletion">dây</span>' in html
    assert "&lt;" in html and "<b>" not in html


def test_no_text_at_all_is_no_error() -> None:
    assert text_difference("", "") == ""
    assert "addition" in text_difference(None, "ກ")  # type: ignore[arg-type]


@pytest.fixture
def page(home: HomePage) -> ContentPage:
    value = {"lo": "<p>ໄຟຟ້າດີ</p>", "vi": "", "en": "<p>Good power</p>"}
    page = content_page(
        home,
        name_en="Power",
        name_lo="ໄຟຟ້າດີ",
        body=[{"type": "paragraphs", "id": ONE, "value": value}],
    )
    page.save_revision()
    page.name_lo = "ໄຟຟ້າດີ່"
    page.body[0].value["lo"].source = "<p>ໄຟຟ້າດີ່</p>"
    page.save_revision()
    return page


def test_revisions_of_fields_and_blocks_are_compared_by_syllables(
    client: Client, page: ContentPage
) -> None:
    first, second = page.revisions.order_by("pk")
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk])
    html = soup(signed_in(client).get(url))
    assert [span.text for span in html.select(".addition")] == ["ດີ່", "ດີ່"]
    assert [span.text for span in html.select(".deletion")] == ["ດີ", "ດີ"]
    tags = [tag.text for tag in html.select(".language-list .language-tag")]
    assert tags == ["ລາວ", "ENG"]
    assert html.select_one(".language-list dd")["lang"] == "lo"
