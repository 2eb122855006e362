"""Who reads: language from the address, companion from `?with=` and from nowhere else."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.reader import Reader, current_reader, remember_reader
from portal.models import HomePage
from tests.factories import content_page


@pytest.fixture
def pages(home: HomePage) -> None:
    content_page(home, name_en="About", name_vi="Giới thiệu", name_lo="ກ່ຽວກັບ")


@pytest.mark.parametrize(
    ("query", "companion"),
    [("", None), ("?with=lo", "lo"), ("?with=vi", None), ("?with=xx", None), ("?with=%00", None)],
)
def test_the_companion_comes_from_the_address(
    client: Client, pages: None, query: str, companion: str | None
) -> None:
    response = client.get(f"/vi/about/{query}")
    assert response.status_code == 200
    assert response.wsgi_request.reader == Reader("vi", companion)


def test_a_companion_never_becomes_a_cookie_and_the_canonical_address_drops_it(
    client: Client, pages: None
) -> None:
    response = client.get("/vi/about/?with=lo")
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
    assert not any(morsel.value == "lo" for morsel in response.cookies.values())
    html = response.content.decode()
    canonical = html.split('rel="canonical"')[1].split(">")[0]
    assert "/vi/about/" in canonical
    assert "with=" not in canonical


def test_documents_and_the_admin_stand_outside_the_languages() -> None:
    with translation.override("lo"):
        assert reverse("wagtaildocs_serve", args=[1, "a.pdf"]).startswith("/documents/")
        assert reverse("wagtailadmin_home").startswith("/admin/")


def test_the_reader_of_code_without_a_request() -> None:
    with translation.override("vi"):
        remember_reader(Reader("vi", "lo"))
        assert current_reader() == Reader("vi", "lo")
    with translation.override("lo"):
        # Rendered in another language, the companion would be the page's own.
        assert current_reader() == Reader("lo")
    remember_reader(Reader("en"))
    with translation.override("vi"):
        assert current_reader().cache_key == "vi"
