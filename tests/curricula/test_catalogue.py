"""The public list of curricula: what stands in it, how it is found, and how it follows changes."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from centres.models import CentrePage
from curricula.catalogue import rebuild_catalogue
from curricula.models import CatalogueEntry, CurriculumPage
from portal.models import HomePage
from tests.curricula.samples import level, load_basis, modules_of, welding
from tests.factories import centre_page, curriculum_page, module_page, module_unit_page
from trades.models import Trade

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str = "", language: str = "en") -> list[str]:
    """The names on the first page of the list."""
    response = client.get(f"/{language}/curricula/{query}")
    assert response.status_code == 200
    return [entry.curriculum.name_en for entry in response.context["list"].entries]


@pytest.fixture
def two(home: HomePage) -> tuple[CurriculumPage, CurriculumPage]:
    """A Vietnamese programme of welding and a Lao one of cookery."""
    first = welding(home)
    centre = centre_page(home, name_en="Centre of Pakse", name_lo="ສູນປາກເຊ", slug="pakse")
    second = curriculum_page(
        centre,
        **{"name_en": "Cookery", "name_lo": "ປຸງແຕ່ງອາຫານ", "slug": "cookery", "code": "C-2"},
        **{"trade": Trade.objects.get(slug="cook"), "licence": "CC-BY-4.0"},
        **{"source_language": "lo", "languages": ["lo", "en"], "ready_languages": ["lo", "en"]},
    )
    module_page(second, name_en="Soups", name_lo="ແກງ", hours_theory=30, hours_practice=670)
    rebuild_catalogue()
    return first, CurriculumPage.objects.get(pk=second.pk)


def test_the_newest_stand_first_with_their_numbers(
    client: Client, two: tuple[CurriculumPage, CurriculumPage]
) -> None:
    assert shown(client) == ["Cookery", "Arc welding"]
    entry = CatalogueEntry.objects.get(curriculum=two[0])
    assert (entry.hours, entry.credits, entry.modules) == (300, 12, 3)
    html = client.get("/en/curricula/").content.decode()
    for text in ("300 hours", "12 credits", "10 weeks", "Centre of Hue", "2 curricula"):
        assert text in html


FILTERS = [
    ("trade=welder", ["Arc welding"]),
    ("level=vqf/1", ["Arc welding"]),
    ("level=vqf/2", []),
    ("language=vi", ["Arc welding"]),
    ("language=lo", ["Cookery", "Arc welding"]),
    ("country=LA", ["Cookery"]),
    ("licence=CC-BY-4.0", ["Cookery"]),
    ("hours=600", ["Arc welding"]),
    ("hours=1500", ["Cookery"]),
    ("country=LA&trade=welder", []),
    ("q=hàn", ["Arc welding"]),
    ("q=han dien", ["Arc welding"]),
    ("q=ອາຫານ", ["Cookery"]),
    ("q=C-2", ["Cookery"]),
    ("q=soups", ["Cookery"]),
    ("q=Pakse", ["Cookery"]),
    ("q=Pakse&country=VN", []),
    ("q=%00'\"", []),
    ("q=nothing-like-it", []),
]


@pytest.mark.parametrize(("query", "names"), FILTERS)
def test_search_and_filters_leave_what_fits(
    client: Client, two: tuple[CurriculumPage, CurriculumPage], query: str, names: list[str]
) -> None:
    assert shown(client, f"?{query}") == names


def test_a_centre_filters_and_its_chip_takes_that_off(
    client: Client, two: tuple[CurriculumPage, CurriculumPage]
) -> None:
    centre = two[1].centre
    assert centre is not None
    response = client.get(f"/lo/curricula/?centre={centre.public_id}&q=ອາຫານ&with=vi")
    [chip] = response.context["list"].chips
    assert str(chip.label) == "ສູນປາກເຊ"
    assert "centre" not in chip.url and "q=" in chip.url and "with=vi" in chip.url


@pytest.mark.parametrize(
    "query",
    [
        *("trade=pilot", "level=vqf/99", "language=fr", "country=TH", "licence=mine", "hours=9"),
        *("centre=unknown", "centre=%00", "page=0", "page=x", "page=99", "q=han&page=7"),
    ],
)
def test_what_cannot_be_is_not_found(
    client: Client, two: tuple[CurriculumPage, CurriculumPage], query: str
) -> None:
    assert client.get(f"/en/curricula/?{query}").status_code == 404


def test_an_empty_catalogue_says_so(client: Client, home: HomePage) -> None:
    assert "No curriculum is published yet." in client.get("/en/curricula/").content.decode()


def test_the_number_of_queries_does_not_grow(client: Client, home: HomePage) -> None:
    load_basis()
    counts = []
    for total in (2, 8):
        for number in range(CurriculumPage.objects.count(), total):
            centre = centre_page(home, name_en=f"Centre {number}", slug=f"centre-{number}")
            page = curriculum_page(
                centre, name_en=f"Welding {number}", slug="w", trade=Trade.objects.first()
            )
            page.levels = [level("vqf/1"), level("lao-nqf/1")]
            page.save()
        rebuild_catalogue()
        for query in ("", "?q=welding"):
            client.get(f"/en/curricula/{query}")
            with CaptureQueriesContext(connection) as queries:
                client.get(f"/en/curricula/{query}")
            counts.append(len(queries))
    assert counts[0] == counts[2] <= 10
    # Where little is found, similar spellings are looked for.
    assert counts[3] <= counts[1] <= 13


# --- Following changes ----------------------------------------------------------------------------


def numbers(page: CurriculumPage) -> tuple[int, int, int] | None:
    entry = CatalogueEntry.objects.filter(curriculum=page.pk).first()
    return (entry.hours, entry.modules, entry.units) if entry else None


def test_every_change_of_a_page_reaches_the_catalogue(
    client: Client, home: HomePage, django_capture_on_commit_callbacks: Any
) -> None:
    page = welding(home)
    other = centre_page(home, name_en="Other", slug="other", country="LA")

    def after(change: Any) -> tuple[int, int, int] | None:
        with django_capture_on_commit_callbacks(execute=True):
            change()
        return numbers(page)

    assert after(lambda: page.save_revision().publish()) == (300, 3, 0)
    module, second, third = modules_of(page)
    module.hours_theory = 30
    # A draft is not for readers.
    assert after(module.save_revision) == (300, 3, 0)
    assert after(lambda: module.get_latest_revision().publish()) == (310, 3, 0)
    unit = module_unit_page(module)
    assert after(lambda: unit.save_revision().publish()) == (310, 3, 1)
    assert after(unit.delete) == (310, 3, 0)
    assert after(second.unpublish) == (210, 2, 0)
    assert after(third.delete) == (110, 1, 0)
    centre = CentrePage.objects.get(pk=page.get_parent().pk)
    centre.country = "LA"
    after(lambda: centre.save_revision().publish())
    assert CatalogueEntry.objects.get().country == "LA"
    after(lambda: Page.objects.get(pk=page.pk).move(other, pos="last-child"))
    assert CatalogueEntry.objects.get().centre == other
    assert shown(client, "?q=Other") == ["Arc welding"]
    restriction = PageViewRestriction(page=other, restriction_type="login")
    assert after(restriction.save) is None
    assert after(restriction.delete) == (110, 1, 0)
    assert after(CentrePage.objects.get(pk=other.pk).unpublish) is None
    assert after(lambda: CentrePage.objects.get(pk=other.pk).save_revision().publish()) is not None
    assert after(CurriculumPage.objects.get(pk=page.pk).delete) is None
    assert shown(client, "?q=welding") == []


def test_many_changes_of_one_transaction_are_one_update(
    home: HomePage,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from curricula import catalogue

    page = welding(home)
    updates: list[list[int]] = []
    real = catalogue.update_entries
    monkeypatch.setattr(catalogue, "update_entries", lambda keys: updates.append(list(keys)))
    with django_capture_on_commit_callbacks(execute=True):
        for module in modules_of(page):
            module.save_revision().publish()
    assert updates == [[page.pk]]
    real(updates[0])
    assert numbers(page) == (300, 3, 0)


# --- API, and other pages that show curricula -----------------------------------------------------


def test_the_api_lists_curricula_and_gives_each_with_its_modules(
    client: Client, two: tuple[CurriculumPage, CurriculumPage]
) -> None:
    module_unit_page(modules_of(two[0])[0], name_en="First", hours_theory=2)
    answer = client.get("/api/v1/curricula/", {"country": "VN"}).json()
    [found] = answer["results"]
    assert found["name"] == {"en": "Arc welding", "lo": "ຈອດໄຟຟ້າ", "vi": "Hàn điện"}
    assert (found["hours"], found["credits"], found["levels"]) == (300, "12.0", ["vqf/1"])
    assert found["url"]["lo"].endswith("/lo/centres/centre-of-hue/welding/")
    with CaptureQueriesContext(connection) as queries:
        one = client.get(f"/api/v1/curricula/{found['id']}/").json()
    assert len(queries) <= 8
    assert [module["code"] for module in one["module_list"]] == ["MĐ01", "MĐ02", "MĐ03"]
    assert one["module_list"][0]["units"][0]["name"] == {"en": "First"}
    assert one["hours_by_kind"]["practice"] == 232
    for query, number in (("language=vi", 1), ("trade=cook", 1), ("licence=CC-BY-4.0", 1)):
        assert len(client.get(f"/api/v1/curricula/?{query}").json()["results"]) == number
    assert client.get("/api/v1/curricula/?country=TH").status_code == 400
    two[0].unpublish()
    rebuild_catalogue()
    assert client.get(f"/api/v1/curricula/{found['id']}/").status_code == 404
    assert "/api/v1/curricula/" in client.get("/api/v1/openapi.json").json()["paths"]


def test_trades_centres_and_the_home_page_show_curricula(
    client: Client, two: tuple[CurriculumPage, CurriculumPage]
) -> None:
    html = client.get("/vi/trades/welder/").content.decode()
    assert "Hàn điện" in html and "Cookery" not in html
    assert "1 curriculum" in client.get("/en/trades/").content.decode()
    centre = client.get("/en/centres/pakse/").content.decode()
    assert "Cookery" in centre and "Arc welding" not in centre
    home = client.get("/en/").content.decode()
    assert "Newest curricula" in home and "Cookery" in home
    assert 'href="/en/curricula/"' in home
    assert "/lo/curricula/" in client.get("/sitemap-lists.xml").content.decode()
