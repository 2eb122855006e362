"""The list of centres, a centre's page, its place on the pages of trades, in search and the API."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centres import hub
from centres.loading import load_centres, load_provinces
from centres.models import CentrePage, Province
from core.search import rebuild_all
from portal.models import HomePage
from tests.core.editor import signed_in
from tests.factories import TradeFactory, centre_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def salavan(home: HomePage) -> CentrePage:
    load_provinces()
    centre = centre_page(
        home,
        name_lo="ວິທະຍາໄລສາລະວັນ",
        name_vi="Trường Salavan",
        province=Province.objects.get(slug="salavan"),
        trades=[TradeFactory(pictogram="welder")],
        phone="+856 20 5555",
    )
    centre_page(home, name_en="Hidden Centre", slug="hidden", live=False)
    centre_page(home, name_en="Hue School", slug="hue", country="VN", kind="vn_college")
    rebuild_all(kinds=["centre"])
    return centre


def names(client: Client, **query: str) -> list[str]:
    page = client.get("/en/centres/", query).content.decode()
    found = ("Salavan College", "Hue School", "Hidden Centre")
    return [name for name in found if f">{name}</a>" in page]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Salavan College", "Hue School"]),
        ({"country": "LA"}, ["Salavan College"]),
        ({"province": "salavan"}, ["Salavan College"]),
        ({"kind": "vn_college"}, ["Hue School"]),
        ({"trade": "welder"}, ["Salavan College"]),
        ({"trade": "welder", "country": "VN"}, []),
        ({"q": "Trường Salavan"}, ["Salavan College"]),
        ({"q": "ສາລະວັນ"}, ["Salavan College"]),
        # Other names of the province.
        ({"q": "Saravane"}, ["Salavan College"]),
        ({"q": "xa la van"}, ["Salavan College"]),
        ({"q": "Xa La Văn", "country": "VN"}, []),
    ],
)
def test_centres_are_found_by_name_province_kind_and_trade(
    client: Client, salavan: CentrePage, query: dict[str, str], expected: list[str]
) -> None:
    assert names(client, **query) == expected


@pytest.mark.parametrize(
    "query", ["country=XX", "province=nowhere", "kind=zoo", "trade=x", "page=0", "page=9", "page=²"]
)
def test_what_cannot_be_is_not_found(client: Client, salavan: CentrePage, query: str) -> None:
    assert client.get(f"/en/centres/?{query}").status_code == 404
    assert client.get("/en/centres/?q=%00%ED%A0%80<b>").status_code == 200


def test_a_new_name_of_a_province_finds_its_centres(client: Client, salavan: CentrePage) -> None:
    signed_in(client)
    province = Province.objects.get(slug="salavan")
    url = reverse(province.snippet_viewset.get_url_name("edit"), args=[province.pk])
    form = client.get(url).context["form"]
    data: dict[str, Any] = {
        name: "" if (value := form[name].value()) is None else value for name in form.fields
    }
    data |= {
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-text": "Saalawan",
        "aliases-0-until": "",
        "aliases-0-id": "",
        "loaded-state": form.data.get("loaded-state", ""),
    }
    response = client.post(url, data)
    assert response.status_code == 302, response.context["form"].errors
    assert names(client, q="Saalawan") == ["Salavan College"]


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Salavan College"), ("lo", "ວິທະຍາໄລສາລະວັນ"), ("vi", "Trường Salavan")],
)
def test_a_centre_says_what_it_is_in_each_language(
    client: Client, salavan: CentrePage, language: str, name: str
) -> None:
    page = client.get(f"/{language}/centres/salavan-college/").content.decode()
    assert f'<h1 lang="{language}">{name}</h1>' in page
    assert f'href="/{language}/trades/welder/"' in page
    assert 'href="tel:+856205555"' in page


def test_examples_say_that_they_are_examples(client: Client, home: HomePage) -> None:
    load_centres(lambda _line: None)
    assert "this centre does not exist" in client.get("/en/centres/").content.decode()
    page = client.get("/en/centres/example-college-laos/").content.decode()
    assert "the centre does not exist" in page


def test_a_trade_lists_the_centres_that_teach_it(client: Client, salavan: CentrePage) -> None:
    page = client.get("/en/trades/welder/").content.decode()
    assert 'href="/en/centres/salavan-college/"' in page
    assert "1 centre" in client.get("/en/trades/").content.decode()


def test_other_apps_add_sections_to_a_centre(
    client: Client, salavan: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = hub.Section(
        name="test",
        template="components/note.html",
        context=lambda centre, reader: {"title": f"About {centre.slug}"},
        counts=lambda: {salavan.pk: "3 curricula"},
    )
    monkeypatch.setitem(hub._SECTIONS, "test", section)
    assert "3 curricula" in client.get("/en/centres/").content.decode()
    assert client.get("/en/centres/salavan-college/").context["sections"][-1]["title"] == (
        "About salavan-college"
    )


def test_the_api_gives_public_centres_only(client: Client, salavan: CentrePage) -> None:
    found = client.get("/api/v1/centres/").json()["results"]
    assert [centre["slug"] for centre in found] == ["salavan-college", "hue"]
    first = found[0]
    assert first["name"]["lo"] == "ວິທະຍາໄລສາລະວັນ"
    assert first["province"]["code"] == "LA-SL"
    assert first["trades"] == ["welder"]
    hidden = CentrePage.objects.get(slug="hidden")
    assert client.get(f"/api/v1/centres/{hidden.public_id}/").status_code == 404
    assert client.get(f"/api/v1/centres/{salavan.public_id}/").status_code == 200


@pytest.mark.parametrize("address", ["/lo/centres/", "/lo/centres/?q=college", "/api/v1/centres/"])
def test_more_centres_cost_no_more_queries(client: Client, home: HomePage, address: str) -> None:
    load_provinces()
    provinces = list(Province.objects.all()[:12])

    def asked() -> int:
        rebuild_all(kinds=["centre"])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def add(number: int) -> None:
        trades = [TradeFactory(slug=f"trade-{number}-{n}") for n in range(2)]
        centre_page(
            home, name_en=f"College {number}", slug=f"c{number}", trades=trades,
            province=provinces[number],
        )  # fmt: skip

    add(0)
    few = asked()
    for number in range(1, 12):
        add(number)
    assert asked() <= few
    assert few <= 22
