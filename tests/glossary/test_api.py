"""The read-only JSON API: what it gives, what it keeps back, how it is cached."""

import pytest
from django.test import Client
from openapi_spec_validator import validate

from glossary.models import Concept, ConceptRelation, Term
from glossary.search import index_concepts
from tests.factories import ConceptFactory, TradeFactory

pytestmark = pytest.mark.django_db


def make_hammer(**kwargs) -> Concept:
    return ConceptFactory(
        **{"lo": "ຄ້ອນຕີ", "vi": "búa", "en": "hammer", "trades": [TradeFactory()], **kwargs}
    )


def test_a_concept_is_given_with_its_terms(client: Client) -> None:
    concept = make_hammer(definition_lo="ເຄື່ອງມືຕີ", languages=["lo", "vi", "en"])
    answer = client.get(f"/api/v1/concepts/{concept.public_id}/")
    assert answer.status_code == 200
    data = answer.json()
    assert data["id"] == concept.public_id
    assert data["trades"] == ["welder"]
    assert {t["language"]: t["text"] for t in data["terms"]} == {
        "lo": "ຄ້ອນຕີ",
        "vi": "búa",
        "en": "hammer",
    }
    assert data["definition"] == {"lo": "ເຄື່ອງມືຕີ", "en": "A definition."}
    assert data["url"]["vi"].endswith(f"/vi/glossary/{concept.public_id}-hammer/")
    assert not any(term["reviewed"] for term in data["terms"])


def test_languages_that_are_not_ready_stay_out(client: Client) -> None:
    concept = make_hammer(definition_lo="ຮ່າງ", ready_languages=["en", "vi"])
    data = client.get(f"/api/v1/concepts/{concept.public_id}/").json()
    assert "lo" not in data["definition"]


def test_drafts_and_proposed_terms_are_hidden_everywhere(client: Client) -> None:
    draft = make_hammer(live=False)
    shown = ConceptFactory(en="saw", vi="cưa")
    Term.objects.create(concept=shown, language="en", text="proposal", status="proposed")
    ConceptRelation.objects.create(concept=shown, target=draft)
    index_concepts([draft.pk, shown.pk])
    assert client.get(f"/api/v1/concepts/{draft.public_id}/").status_code == 404
    listed = client.get("/api/v1/concepts/").json()["results"]
    assert [c["id"] for c in listed] == [shown.public_id]
    assert [t["text"] for t in listed[0]["terms"]] == ["cưa", "saw"] or sorted(
        t["text"] for t in listed[0]["terms"]
    ) == ["cưa", "saw"]
    assert listed[0]["relations"] == []
    assert len(client.get("/api/v1/terms/").json()["results"]) == 2
    assert client.get("/api/v1/search/?q=hammer").json()["results"] == []


def test_search_finds_any_spelling(client: Client) -> None:
    concept = make_hammer()
    index_concepts([concept.pk])
    for query in ("bua", "ຄອນຕີ", "HAMMER", "ham"):
        hits = client.get("/api/v1/search/", {"q": query}).json()["results"]
        assert [hit["concept"] for hit in hits] == [concept.public_id], query
    assert client.get("/api/v1/search/", {"q": "bua", "language": "lo"}).json()["results"] == []
    assert client.get("/api/v1/search/", {"q": "bua", "trade": "welder"}).json()["results"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=a&trade=nothing",
        "q=a&limit=0",
        "q=a&limit=x",
        "q=" + "a" * 300,
        "q=a&language=fr",
    ],
)
def test_a_bad_search_says_what_is_wrong(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/search/?{query}")
    assert answer.status_code == 400
    assert answer.json()


@pytest.mark.parametrize("raw", ["%00", "%FF%FE", '"', "%22a b", "*", "a' OR 1=1", "%ED%A0%80"])
def test_search_takes_any_bytes(client: Client, raw: str) -> None:
    assert client.get(f"/api/v1/search/?q={raw}").status_code in {200, 400}


def test_lists_filter_and_page(client: Client) -> None:
    trade = TradeFactory()
    for number in range(3):
        ConceptFactory(en=f"word {number}", trades=[trade] if number else [])
    data = client.get("/api/v1/concepts/?trade=welder&page_size=1").json()
    assert len(data["results"]) == 1
    second = client.get(data["next"]).json()
    assert second["next"] is None
    assert data["results"][0]["id"] != second["results"][0]["id"]
    assert client.get("/api/v1/concepts/?trade=nothing").status_code == 400
    assert len(client.get("/api/v1/terms/?language=vi").json()["results"]) == 0
    assert client.get("/api/v1/concepts/?cursor=garbage").status_code == 404


def test_a_copy_is_confirmed_by_its_etag(client: Client) -> None:
    make_hammer()
    first = client.get("/api/v1/concepts/")
    assert "public" in first["Cache-Control"]
    again = client.get("/api/v1/concepts/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert not first.cookies


def test_nothing_can_be_written(client: Client) -> None:
    concept = make_hammer()
    address = f"/api/v1/concepts/{concept.public_id}/"
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(address, {}, content_type="application/json").status_code == 405


def test_queries_do_not_grow_with_the_list(client: Client, django_assert_max_num_queries) -> None:
    for number in range(20):
        make_hammer(en=f"tool {number}")
    with django_assert_max_num_queries(6):
        client.get("/api/v1/concepts/")
    with django_assert_max_num_queries(3):
        client.get("/api/v1/terms/")


def test_the_openapi_document_is_valid_and_names_every_path(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    document = answer.json()
    validate(document)
    assert {
        "/api/v1/concepts/",
        "/api/v1/concepts/{public_id}/",
        "/api/v1/search/",
        "/api/v1/terms/",
        "/api/v1/trades/",
    } <= set(document["paths"])
