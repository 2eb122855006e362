"""The list of trades and the hub of one."""

from typing import Any

import pytest
from django.test import Client

from glossary.search import index_concepts
from tests.factories import ConceptFactory, TradeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def welder(home: Any) -> Any:
    trade = TradeFactory(isco08="7212", pictogram="welder", summary_en="Joins metal.")
    concepts = [ConceptFactory(vi=f"que hàn {n}", trades=[trade]) for n in range(14)]
    concepts.append(ConceptFactory(vi="bản nháp", trades=[trade], live=False))
    index_concepts([concept.pk for concept in concepts])
    return trade


def test_the_list_names_trades_in_two_languages_and_counts_what_is_published(
    client: Client, welder: Any
) -> None:
    page = client.get("/vi/trades/").content.decode()
    assert '<span class="trade-tile__name" lang="vi">Hàn</span>' in page
    assert '<span class="trade-tile__second" lang="lo">ຊ່າງເຊື່ອມ</span>' in page
    assert "14 terms" in client.get("/en/trades/").content.decode()
    assert 'viewBox="0 0 48 48"' in page


def test_the_hub_shows_names_codes_and_terms(client: Client, welder: Any) -> None:
    page = client.get("/en/trades/welder/").content.decode()
    assert '<h1 lang="en">Welder</h1>' in page
    assert '<span class="term lang-lo" lang="lo">ຊ່າງເຊື່ອມ</span>' in page
    assert "7212" in page
    assert "que hàn 0" in page
    assert "All 14 terms of this trade" in page
    assert "/en/glossary/?trade=welder&amp;language=vi" in page
    assert "bản nháp" not in page


def test_a_summary_in_another_language_says_so(client: Client, welder: Any) -> None:
    page = client.get("/lo/trades/welder/").content.decode()
    assert '<p class="lead" lang="en">Joins metal.</p>' in page
    assert "fallback-note" in page


def test_a_trade_without_anything_still_has_its_page(client: Client, home: Any) -> None:
    TradeFactory(slug="cook", name_en="Cook")
    page = client.get("/en/trades/cook/").content.decode()
    assert "Nothing stands here yet." in page


@pytest.mark.parametrize("slug", ["nobody", "a" * 300, "%00", "%ED%A0%80", "W%20x"])
def test_an_unknown_trade_is_not_found(client: Client, welder: Any, slug: str) -> None:
    response = client.get(f"/en/trades/{slug}/")
    assert response.status_code == 404
    assert 'href="/en/trades/"' in response.content.decode()
