"""The list of concepts, its filters, search and bulk actions, through the real admin views."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.search.models import SearchEntry
from glossary.models import Concept, ConceptRelation, Term
from glossary.search import index_concepts
from tests.factories import AdminFactory, ConceptFactory, TradeFactory
from tests.glossary.admin_forms import opened, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


@pytest.fixture
def welder():
    return TradeFactory()


@pytest.fixture
def cook():
    return TradeFactory(slug="cook", name_en="Cook")


@pytest.fixture
def concepts(welder, cook) -> dict[str, Concept]:
    made = {
        "rod": ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode", trades=[welder]),
        "pan": ConceptFactory(vi="chảo", en="pan", trades=[cook], is_safety=True),
        "draft": ConceptFactory(lo="ຫມໍ້", en="pot", trades=[cook], live=False),
    }
    Term.objects.filter(text="que hàn").update(review_state="reviewed")
    made["rod"].refresh_from_db()
    made["rod"].save_revision().publish()
    index_concepts([concept.pk for concept in made.values()])
    return made


def listed(client: Client, query: str = "") -> set[str]:
    response = client.get(f"{url('list')}?{query}")
    assert response.status_code == 200
    return {concept.preferred_terms()["en"].text for concept in response.context["object_list"]}


ALL = {"stick electrode", "pan", "pot"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("has=lo", {"stick electrode", "pot"}),
        ("has=lo&has=vi", {"stick electrode"}),
        ("lacks=lo", {"pan"}),
        ("lacks=vi", {"pot"}),
        ("to_review=vi", {"pan"}),
        ("to_review=lo", {"stick electrode", "pot"}),
        ("state=draft", {"pot"}),
        ("state=live", {"stick electrode", "pan"}),
        ("is_safety=true", {"pan"}),
        ("recording=missing", ALL),
        ("recording=all", set()),
        # Search finds any spelling in any language, drafts as well.
        ("q=que+han", {"stick electrode"}),
        ("q=ໝໍ້", {"pot"}),
        ("q=stick", {"stick electrode"}),
        ("q=nothing+of+the+kind", set()),
        ("q=%27%22%25+OR+*", set()),
        # What the site does not know is left aside.
        ("state=xyz", ALL),
        ("trade=x", ALL),
        ("ordering=password", ALL),
        ("p=abc", ALL),
        ("p=-1", ALL),
        ("q=%00", ALL),
    ],
)
def test_filters(admin: Client, concepts, query: str, found: set[str]) -> None:
    assert listed(admin, query) == found


def test_filter_by_trade(admin: Client, concepts, cook) -> None:
    assert listed(admin, f"trade={cook.pk}") == {"pan", "pot"}


def test_the_list_shows_terms_with_their_language(admin: Client, concepts) -> None:
    page = admin.get(url("list")).content.decode()
    assert 'lang="lo">ທູບຈອດ' in page
    assert 'lang="vi">que hàn' in page
    assert "(no Lao term)" in page


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/snippets/glossary/concept/",
        "/admin/snippets/glossary/concept/?q=hammer",
        "/admin/snippets/choose/glossary/concept/",
        "/admin/reports/glossary/without-recording/",
        "/admin/reports/glossary/without-lao/",
        "/admin/reports/glossary/without-vietnamese/",
        "/admin/reports/glossary/unreviewed/",
        "/admin/reports/glossary/duplicates/",
        "/admin/snippets/trades/trade/",
    ],
)
def test_queries_do_not_grow_with_the_glossary(admin: Client, welder, address: str) -> None:
    def grow(number: int) -> None:
        made = [ConceptFactory(en="hammer", trades=[welder]) for _ in range(number)]
        index_concepts([concept.pk for concept in made])

    grow(3)
    few = queries(admin, address)
    grow(15)
    for number in range(10):
        TradeFactory(slug=f"trade-{number}", name_en=f"Trade {number}")
    # A search that finds little asks once more for near spellings.
    assert queries(admin, address) <= few


def bulk(action: str, *concepts: Concept, next_url: str = "") -> str:
    ids = "&".join(f"id={concept.pk}" for concept in concepts) or "id=all"
    return f"/admin/bulk/glossary/concept/{action}/?{ids}&next={next_url}"


def test_bulk_publish_and_unpublish(admin: Client, concepts) -> None:
    draft = concepts["draft"]
    assert admin.get(bulk("publish_concepts", draft)).status_code == 200
    admin.post(bulk("publish_concepts", draft))
    draft.refresh_from_db()
    assert draft.live
    assert SearchEntry.objects.filter(kind="concept", object_id=draft.pk).exists()
    admin.post(bulk("unpublish_concepts", draft))
    draft.refresh_from_db()
    assert not draft.live
    assert not SearchEntry.objects.filter(kind="concept", object_id=draft.pk).exists()


def test_a_trade_added_in_bulk_survives_the_next_save(admin: Client, concepts, cook) -> None:
    rod = concepts["rod"]
    assert cook.name_en in admin.get(bulk("add_trade", rod)).content.decode()
    admin.post(bulk("add_trade", rod), {"trade": cook.pk})
    assert set(rod.trades.values_list("slug", flat=True)) == {"welder", "cook"}
    # The history tells of it.
    assert rod.revisions.count() == 2
    admin.post(url("edit", rod.pk), opened(admin, url("edit", rod.pk)) | {"action-publish": "1"})
    assert set(Concept.objects.get(pk=rod.pk).trades.values_list("slug", flat=True)) == {
        "welder",
        "cook",
    }
    admin.post(bulk("remove_trade", rod), {"trade": cook.pk})
    assert [trade.slug for trade in Concept.objects.get(pk=rod.pk).trades.all()] == ["welder"]


def test_an_open_draft_stays_a_draft_when_a_trade_is_added(admin: Client, concepts, cook) -> None:
    rod = concepts["rod"]
    data = opened(admin, url("edit", rod.pk)) | {"terms_en-0-text": "welding rod"}
    admin.post(url("edit", rod.pk), data)
    admin.post(bulk("add_trade", rod), {"trade": cook.pk})
    rod = Concept.objects.get(pk=rod.pk)
    assert rod.preferred_terms()["en"].text == "stick electrode"
    assert cook in rod.trades.all()
    newest = rod.get_latest_revision_as_object()
    assert newest.preferred_terms()["en"].text == "welding rod"
    assert cook in newest.trades.all()
    assert rod.has_unpublished_changes


def test_select_all_means_the_filtered_list(admin: Client, concepts) -> None:
    """Wagtail's own delete would have taken every concept there is."""
    response = admin.get(bulk("delete", next_url=f"{url('list')}%3Fhas%3Dlo%26state%3Ddraft"))
    assert [entry["item"].pk for entry in response.context["items"]] == [concepts["draft"].pk]
    admin.post(bulk("delete", next_url=f"{url('list')}%3Fhas%3Dlo%26state%3Ddraft"))
    assert set(Concept.objects.values_list("pk", flat=True)) == {
        concepts["rod"].pk,
        concepts["pan"].pk,
    }


def test_a_bulk_action_is_bounded(admin: Client, concepts, monkeypatch) -> None:
    monkeypatch.setattr("glossary.bulk_actions.MAX_OBJECTS", 2)
    response = admin.post(bulk("delete", next_url=url("list")), follow=True)
    assert "At most 2 concepts at once" in response.content.decode()
    assert Concept.objects.count() == 3


@pytest.mark.parametrize("ids", ["id=abc", "id=99999999999999999999", "", "id=-1", "id=%C2%B2"])
def test_forged_ids_do_no_harm(admin: Client, concepts, ids: str) -> None:
    response = admin.get(f"/admin/bulk/glossary/concept/publish_concepts/?{ids}")
    assert response.status_code in (200, 404)
    assert admin.post(f"/admin/bulk/glossary/concept/add_trade/?{ids}").status_code < 500


def test_locked_concepts_are_left_alone(admin: Client, concepts, cook) -> None:
    rod = concepts["rod"]
    admin.post(url("lock", rod.pk))
    other = Client()
    other.force_login(AdminFactory())
    page = other.get(bulk("add_trade", rod)).content.decode()
    assert "Left out" in page
    other.post(bulk("add_trade", rod), {"trade": cook.pk})
    assert cook not in rod.trades.all()


def test_deleting_a_concept_says_what_points_at_it(admin: Client, concepts) -> None:
    rod, pan = concepts["rod"], concepts["pan"]
    pan.relations.add(ConceptRelation(target=rod))
    pan.save()
    pan.save_revision()
    page = admin.get(url("delete", rod.pk)).content.decode()
    assert "chảo" in page
    admin.post(url("delete", rod.pk))
    assert not ConceptRelation.objects.exists()
    assert admin.get(url("edit", pan.pk)).status_code == 200


def test_the_chooser_finds_any_spelling(admin: Client, concepts) -> None:
    address = reverse("wagtailsnippetchoosers_glossary_concept:choose_results")
    page = admin.get(f"{address}?q=QUE+HAN").content.decode()
    assert "que hàn" in page and "chảo" not in page
    assert admin.get(f"{address}?q=%00").status_code == 200


def test_a_trade_in_use_is_not_deleted(admin: Client, concepts, welder) -> None:
    address = reverse("wagtailsnippets_trades_trade:delete", args=[welder.pk])
    page = admin.post(address, follow=True).content.decode()
    assert "was not deleted" in page and "que hàn" in page
    assert welder in concepts["rod"].trades.all()
    admin.post(f"/admin/bulk/trades/trade/delete/?id={welder.pk}")
    assert welder in concepts["rod"].trades.all()


def test_an_unused_trade_is_deleted(admin: Client) -> None:
    trade = TradeFactory(slug="unused", name_en="Unused")
    admin.post(reverse("wagtailsnippets_trades_trade:delete", args=[trade.pk]))
    assert not type(trade).objects.filter(pk=trade.pk).exists()
