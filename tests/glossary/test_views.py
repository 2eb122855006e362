"""The public glossary: list, search, suggestions, concept page."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from core.search.index import refresh_statistics
from glossary.models import Concept, ConceptRelation, Term
from glossary.public_list import PAGE_SIZE
from glossary.search import index_concepts
from tests.factories import ConceptFactory, TradeFactory, content_page

MAX_QUERIES = 12

pytestmark = pytest.mark.django_db


def concept(**kwargs: Any) -> Concept:
    """A concept that can be found."""
    made = ConceptFactory(**kwargs)
    index_concepts([made.pk])
    return made


@pytest.fixture
def welding(home: Any) -> Concept:
    return concept(
        lo="ເຄື່ອງເຊື່ອມ", vi="máy hàn", en="welding machine", trades=[TradeFactory()],
        definition_vi="Máy nối kim loại.",
    )  # fmt: skip


def test_the_list_shows_pairs_with_their_languages(client: Client, welding: Concept) -> None:
    page = client.get("/vi/glossary/").content.decode()
    assert re.search(r'<h3 class="term" lang="vi"><a [^>]*>máy hàn</a>', page)
    assert '<p class="term" lang="lo">ເຄື່ອງເຊື່ອມ</p>' in page
    assert '<span lang="en">welding machine</span>' in page


@pytest.mark.parametrize("query", ["máy hàn", "may han", "ເຄື່ອງເຊື່ອມ", "WELDING"])
def test_search_finds_a_term_of_any_language(client: Client, welding: Concept, query: str) -> None:
    page = client.get("/en/glossary/", {"q": query}).content.decode()
    assert welding.get_absolute_url("en") in page
    assert "<mark>" in page


def test_a_result_says_why_it_was_found(client: Client, welding: Concept) -> None:
    welding.terms.add(Term(language="vi", text="hàn máy", status=Term.Status.ADMITTED))
    welding.terms.add(Term(language="vi", text="máy cũ", status=Term.Status.DEPRECATED))
    welding.save()
    index_concepts([welding.pk])
    assert "begins with it" in client.get("/en/glossary/?q=weld").content.decode()
    assert "also called" in client.get("/en/glossary/", {"q": "hàn máy"}).content.decode()
    page = client.get("/en/glossary/", {"q": "máy cũ"}).content.decode()
    assert "no longer recommended" in page


def test_a_search_for_nothing_known_offers_near_terms_and_a_request(
    client: Client, welding: Concept
) -> None:
    page = client.get("/en/glossary/", {"q": "machine zzzz"}).content.decode()
    assert "Nothing found for “machine zzzz”" in page
    assert "welding machine" in page
    assert "/en/glossary/request/?q=machine%20zzzz" in page


def test_filters_narrow_the_list(client: Client, welding: Concept) -> None:
    cook = TradeFactory(slug="cook", name_en="Cook")
    rice = concept(lo="ເຂົ້າ", vi="gạo", en="rice", trades=[cook])
    rice.terms.update(review_state=Term.Review.REVIEWED)
    index_concepts([rice.pk])
    for query in ("trade=cook", "reviewed=1", "letter=G&language=vi", "q=rice&trade=cook"):
        page = client.get(f"/vi/glossary/?{query}").content.decode()
        assert "gạo" in page, query
        assert welding.get_absolute_url("vi") not in page, query


def test_the_strip_holds_the_letters_of_the_chosen_language(
    client: Client, welding: Concept
) -> None:
    page = client.get("/en/glossary/?language=vi").content.decode()
    letters = re.findall(r'letter-strip__link"[^>]*>([^<]+)<', page)
    assert letters[:7] == ["A", "Ă", "Â", "B", "C", "D", "Đ"]
    assert "?language=vi&amp;letter=M" in page
    assert "letter=Q" not in page


def test_the_list_stands_in_the_languages_own_order(client: Client, home: Any) -> None:
    for text in ("đục", "ăn", "dao", "áo"):
        concept(vi=text)
    page = client.get("/vi/glossary/").content.decode()
    assert re.findall(r'pair-card__link" href="[^"]*">([^<]+)<', page) == ["áo", "ăn", "dao", "đục"]


@pytest.fixture
def hidden(home: Any) -> Concept:
    """A draft, and a concept with a term that is only proposed."""
    draft = ConceptFactory(vi="bản nháp", en="draft thing", live=False, trades=[TradeFactory()])
    proposed = ConceptFactory(vi="đã duyệt", trades=[TradeFactory()])
    proposed.terms.add(Term(language="en", text="proposed thing", status=Term.Status.PROPOSED))
    proposed.save()
    index_concepts([draft.pk, proposed.pk])
    ConceptRelation.objects.create(concept=proposed, target=draft)
    return draft


@pytest.mark.parametrize(
    "path",
    [
        "/en/glossary/", "/en/glossary/?q=thing", "/en/glossary/?language=en",
        "/en/glossary/suggest?q=thing", "/en/glossary/?q=thinz", "/en/trades/welder/", "/en/",
        "/sitemap-concepts-0.xml",
    ],
)  # fmt: skip
def test_drafts_and_proposals_are_hidden_everywhere(
    client: Client, hidden: Concept, path: str
) -> None:
    page = client.get(path, follow=True)
    text = page.content.decode()
    assert "draft thing" not in text.replace("q=draft", "")
    assert "bản nháp" not in text
    # Not in an address either.
    assert not re.search("proposed.thing", text)
    assert hidden.public_id not in text


def test_a_draft_has_no_page(client: Client, hidden: Concept) -> None:
    assert client.get(hidden.get_absolute_url("en")).status_code == 404


def test_a_proposed_term_and_a_draft_neighbour_are_not_on_the_page(
    client: Client, hidden: Concept
) -> None:
    shown = Concept.objects.get(live=True)
    page = client.get(f"/en/glossary/{shown.public_id}-x/", follow=True).content.decode()
    assert "đã duyệt" in page
    assert "proposed thing" not in page
    assert "draft thing" not in page


# --- The page of a concept ------------------------------------------------------------------------


def test_another_slug_leads_to_the_right_one(client: Client, welding: Concept) -> None:
    response = client.get(f"/vi/glossary/{welding.public_id}-wrong/?with=lo")
    assert response.status_code == 301
    assert response["Location"] == f"{welding.get_absolute_url('vi')}?with=lo"


def test_the_page_shows_all_languages_with_the_readers_first(
    client: Client, welding: Concept
) -> None:
    page = client.get(welding.get_absolute_url("vi")).content.decode()
    heads = re.findall(r'<(?:h1|p) class="term[^"]*" lang="(..)">([^<]+)<', page)
    assert heads == [("vi", "máy hàn"), ("lo", "ເຄື່ອງເຊື່ອມ"), ("en", "welding machine")]
    assert page.count("<h1") == 1
    assert '<p class="definition__text" lang="vi">Máy nối kim loại.</p>' in page
    in_english = client.get(welding.get_absolute_url("en")).content.decode()
    assert "No recording yet" in in_english
    assert "Not yet reviewed" in in_english


def test_a_definition_in_another_language_says_so(client: Client, welding: Concept) -> None:
    page = client.get(welding.get_absolute_url("lo")).content.decode()
    assert '<p class="definition__text" lang="en">A definition.</p>' in page
    assert page.count("fallback-note") == 1


def test_examples_stand_as_pairs_with_the_term_set_apart(client: Client, home: Any) -> None:
    made = ConceptFactory(vi="máy hàn", lo="ເຄື່ອງເຊື່ອມ")
    made.terms.filter(language="vi").update(example_vi="Tắt máy hàn.", example_lo="ປິດເຄື່ອງເຊື່ອມ.")
    page = client.get(made.get_absolute_url("vi")).content.decode()
    assert '<p lang="vi">Tắt <b>máy hàn</b>.</p>' in page
    assert '<p lang="lo">ປິດ<b>ເຄື່ອງເຊື່ອມ</b>.</p>' in page


def test_relations_are_seen_from_both_sides(client: Client, welding: Concept) -> None:
    tool = concept(en="machine tool")
    ConceptRelation.objects.create(concept=welding, target=tool, kind=ConceptRelation.Kind.BROADER)
    page = client.get(welding.get_absolute_url("en")).content.decode()
    assert re.search(r'id="broader">Kind or part of.*?machine tool', page, re.DOTALL)
    page = client.get(tool.get_absolute_url("en")).content.decode()
    assert re.search(r'id="narrower">Kinds and parts.*?welding machine', page, re.DOTALL)


def test_a_deprecated_term_is_shown_as_such_and_heads_nothing(client: Client, home: Any) -> None:
    made = ConceptFactory(vi="máy hàn", en="arc machine")
    made.terms.filter(language="en").update(status=Term.Status.DEPRECATED)
    page = client.get(f"/en/glossary/{made.public_id}-x/", follow=True).content.decode()
    assert re.search(r'term--deprecated" lang="en">arc machine<', page)
    assert "no longer recommended" in page
    assert not re.search(r'(?:h1|p) class="term[^"]*" lang="en"', page)


def test_structured_data_names_the_term_in_each_language(client: Client, home: Any) -> None:
    made = ConceptFactory(vi="máy hàn", en="</script><b>")
    page = client.get(f"/en/glossary/{made.public_id}-x/", follow=True).content.decode()
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    found = json.loads(data[1])
    assert found["@type"] == "DefinedTerm"
    assert {"@language": "vi", "@value": "máy hàn"} in found["name"]
    assert {"@language": "en", "@value": "</script><b>"} in found["name"]


# --- Suggestions ----------------------------------------------------------------------------------


def test_suggestions_are_small_json_with_the_match_marked(client: Client, welding: Concept) -> None:
    response = client.get("/vi/glossary/suggest", {"q": "may h"})
    assert response.json() == {
        "results": [
            {
                "url": welding.get_absolute_url("vi"),
                "sides": [["vi", "", "máy h", "àn"], ["lo", "ເຄື່ອງເຊື່ອມ", "", ""]],
            }
        ]
    }
    assert "max-age=300" in response["Cache-Control"]
    assert "\\u" not in response.content.decode()


def test_nothing_is_suggested_for_nothing(client: Client, welding: Concept) -> None:
    assert client.get("/vi/glossary/suggest").json() == {"results": []}


# --- Bad input ------------------------------------------------------------------------------------

HOSTILE = [
    "%00", "%FF%FE", "%ED%A0%80", "a" * 5000, "%25' OR 1=1 --", "%E0%BA%81" * 300,
    "%F0%9F%94%A5", "<script>", "%E2%80%8B", "%0A%0D", '"*"', "AND OR NOT", "((((", "-", "#",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_bytes_can_be_searched_for(client: Client, welding: Concept, text: str) -> None:
    for path in ("", "suggest", "request/"):
        response = client.get(f"/vi/glossary/{path}?q={text}")
        assert response.status_code == 200
        assert b"<script>" not in response.content


@pytest.mark.parametrize(
    "query",
    [
        "trade=nobody", "trade=%00", "language=de", "letter=%00", "letter=abc", "letter=%E0%BA%81",
        "page=0", "page=-1", "page=x", "page=99", "page=1e5", "page=%D9%A1", f"page={'9' * 5000}",
        "q=han&page=26", "q=han&page=9",
    ],
)  # fmt: skip
def test_impossible_filters_and_pages_are_not_found_with_a_way_on(
    client: Client, welding: Concept, query: str
) -> None:
    response = client.get(f"/vi/glossary/?{query}")
    assert response.status_code == 404
    assert 'href="/vi/glossary/"' in response.content.decode()


def test_unknown_parameters_are_passed_over(client: Client, welding: Concept) -> None:
    assert client.get("/vi/glossary/?utm_source=x&fbclid=%00").status_code == 200


@pytest.mark.parametrize("path", ["", "suggest", "0000000000-x/"])
def test_only_reading_is_possible(client: Client, home: Any, path: str) -> None:
    assert client.post(f"/vi/glossary/{path}").status_code == 405


# --- Caches and queries ---------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?q=han", "?q=zzzzz", "suggest?q=han"])
def test_pages_hold_nothing_personal(client: Client, welding: Concept, query: str) -> None:
    response = client.get(f"/vi/glossary/{query}")
    assert "public" in response["Cache-Control"]
    assert "cookie" not in response.get("Vary", "").lower()
    assert not response.cookies


@pytest.fixture
def many(home: Any) -> list[Concept]:
    """More than a page, all related, in several trades, with pages in the footer."""
    content_page(home, name_en="About")
    trades = [TradeFactory(slug=f"trade-{n}", name_en=f"Trade {n}") for n in range(4)]
    made = [
        ConceptFactory(lo=f"ຄຳ {n}", vi=f"từ hàn {n}", en=f"word weld {n}", trades=trades)
        for n in range(PAGE_SIZE + 5)
    ]
    for other in made[1:]:
        ConceptRelation.objects.create(concept=made[0], target=other)
        ConceptRelation.objects.create(concept=other, target=made[0])
    index_concepts([concept.pk for concept in made])
    refresh_statistics()
    return made


@pytest.mark.parametrize(
    "path",
    [
        "/vi/glossary/", "/vi/glossary/?page=2", "/vi/glossary/?trade=trade-1&letter=T&language=vi",
        "/vi/glossary/?q=han", "/vi/glossary/?q=han&page=2", "/vi/glossary/?q=word+wled",
        "/vi/glossary/?q=zzzzzz", "/vi/glossary/?q=wrod+zzzzzz", 
        "/vi/glossary/?q=wled&trade=trade-1", "/vi/glossary/suggest?q=w",
        "/vi/glossary/suggest?q=wled", "/vi/trades/",
        "/vi/trades/trade-1/", "/vi/", "/vi/about/", "/vi/glossary/request/?q=a",
    ],
)  # fmt: skip
def test_a_page_makes_at_most_twelve_queries(
    client: Client, many: list[Concept], path: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(MAX_QUERIES):
        assert client.get(path).status_code == 200


def test_a_concept_with_many_relations_makes_at_most_twelve_queries(
    client: Client, many: list[Concept], django_assert_max_num_queries: Any
) -> None:
    url = many[0].get_absolute_url("vi")
    with django_assert_max_num_queries(MAX_QUERIES):
        assert client.get(url).status_code == 200
