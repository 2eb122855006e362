"""Addresses of a page in every language: redirects, sitemap, what is reserved."""

import pytest
from django.test import Client
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect

from core.addresses import is_reserved, language_urls
from portal.models import ContentPage, HomePage
from tests.factories import content_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("active", ["lo", "vi", "en"])
def test_urls_of_all_languages_whatever_language_is_active(home: HomePage, active: str) -> None:
    page = content_page(home, name_en="About")
    with translation.override(active):
        assert language_urls(page) == {
            code: f"http://localhost/{code}/about/" for code in ("lo", "vi", "en")
        }
        assert translation.get_language() == active


def test_a_page_outside_any_site_has_no_urls(home: HomePage) -> None:
    assert language_urls(ContentPage(name_en="Lost")) == {}
    assert ContentPage(name_en="Lost").get_sitemap_urls() == []


@pytest.mark.parametrize("active", ["lo", "en"])
def test_a_changed_slug_leads_on_in_every_language(
    client: Client, home: HomePage, django_capture_on_commit_callbacks: object, active: str
) -> None:
    page = content_page(home, name_en="About", name_vi="Giới thiệu", name_lo="ກ່ຽວກັບ")
    child = content_page(page, name_en="Team")
    with translation.override(active), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page.slug = "who-we-are"
        page.save_revision().publish()
    for code in ("lo", "vi", "en"):
        response = client.get(f"/{code}/about/")
        assert (response.status_code, response["Location"]) == (301, f"/{code}/who-we-are/")
        response = client.get(f"/{code}/about/team/")
        assert response["Location"] == f"/{code}/who-we-are/team/"
    assert child.pk


def test_a_moved_page_leads_on_in_every_language(client: Client, home: HomePage) -> None:
    page = content_page(home, name_en="About")
    new_parent = content_page(home, name_en="More")
    ContentPage.objects.get(pk=page.pk).move(new_parent, "last-child")
    for code in ("lo", "vi", "en"):
        assert client.get(f"/{code}/about/")["Location"] == f"/{code}/more/about/"


def test_a_new_order_among_siblings_makes_no_redirects(home: HomePage) -> None:
    first = content_page(home, name_en="One")
    second = content_page(home, name_en="Two")
    ContentPage.objects.get(pk=second.pk).move(first, "left")
    assert not Redirect.objects.exists()


def test_reserved_addresses_are_those_of_the_root_only(home: HomePage) -> None:
    page = content_page(home, name_en="About")
    assert is_reserved("glossary", home)
    assert not is_reserved("glossary", page)
    assert not is_reserved("about", home)
    assert not is_reserved("glossary", None)


def test_the_sitemap_lists_only_what_is_ready(home: HomePage) -> None:
    page = content_page(home, name_en="About", name_vi="Giới thiệu", ready_languages=["vi", "en"])
    entries = page.get_sitemap_urls()
    assert [entry["location"] for entry in entries] == [
        "http://localhost/vi/about/",
        "http://localhost/en/about/",
    ]
    assert {a["lang_code"] for entry in entries for a in entry["alternates"]} == {"vi", "en"}
