"""Previews, copies, identity and cache keys of pages."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from core.middleware import ReaderMiddleware
from portal.models import ContentPage, HomePage
from tests.core.editor import edit_url, loaded, page_data, signed_in, soup, texts
from tests.factories import content_page

ONE = "11111111-1111-4111-8111-111111111111"
NAMES = {"name_lo": "ກ່ຽວກັບ", "name_vi": "Giới thiệu", "name_en": "About"}


@pytest.fixture
def page(home: HomePage) -> ContentPage:
    page = content_page(
        home,
        **NAMES,
        body=[{"type": "heading", "id": ONE, "value": {"lo": "ໃຜ", "vi": "Ai", "en": "Who"}}],
    )
    page.confirm_translation("vi")
    page.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk)


# --- Previews ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["lo", "vi", "en"])
def test_a_preview_is_in_the_chosen_language_throughout(
    client: Client, page: ContentPage, code: str
) -> None:
    signed_in(client)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    data = page_data(**texts("name", lo="ໃໝ່", vi="Mới", en="New"), slug="about")
    assert client.post(url, data).json()["is_valid"]
    with translation.override("en"):
        response = client.get(f"{url}?mode={code}")
        assert translation.get_language() == "en"
    assert response.status_code == 200
    html = soup(response)
    assert html.html["lang"] == code
    assert {"lo": "ໃໝ່", "vi": "Mới", "en": "New"}[code] in html.find("h1").text
    # The page's own words too: the link that skips to the content is on every page.
    with translation.override(code):
        skip = translation.gettext("Skip to the content")
    assert skip in html.text


def test_preview_modes_are_the_languages_and_begin_with_the_source(page: ContentPage) -> None:
    page.source_language = "vi"
    assert [mode for mode, _name in page.preview_modes] == ["lo", "vi", "en"]
    assert page.default_preview_mode == "vi"


def test_an_unknown_preview_mode_falls_back_to_the_source(page: ContentPage) -> None:
    request = RequestFactory().get("/")
    request.is_preview = True
    response = page.serve_preview(request, "xx")
    assert b'lang="en"' in response.content


# --- Copies and identity -------------------------------------------------------------------------


def copy(client: Client, page: ContentPage, slug: str = "about-2", **fields: object) -> object:
    return client.post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {"new_title": page.title, "new_slug": slug, "new_parent_page": page.get_parent().pk}
        | fields,
    )


def test_a_copy_has_its_own_identity_and_remembers_its_origin(
    client: Client, page: ContentPage
) -> None:
    response = copy(signed_in(client), page)
    assert response.status_code == 302
    made = ContentPage.objects.get(slug="about-2")
    assert made.public_id != page.public_id
    assert made.origin_id == page.public_id
    assert not made.live
    latest = made.get_latest_revision_as_object()
    assert (latest.public_id, latest.origin_id) == (made.public_id, page.public_id)
    # Blocks keep their ids, and so translations keep their states.
    assert [block.id for block in made.body] == [ONE]
    assert latest.fingerprints == page.fingerprints != {}
    assert {name: getattr(made, name) for name in NAMES} == NAMES


def test_a_copy_of_a_copy_names_the_first_origin(client: Client, page: ContentPage) -> None:
    copy(signed_in(client), page)
    made = ContentPage.objects.get(slug="about-2")
    again = made.copy(update_attrs={"slug": "about-3"})
    assert again.origin_id == page.public_id
    assert len({page.public_id, made.public_id, again.public_id}) == 3
    page.refresh_from_db()
    assert page.origin_id == ""


def test_a_copy_can_be_edited_and_published(client: Client, page: ContentPage) -> None:
    copy(signed_in(client), page)
    made = ContentPage.objects.get(slug="about-2")
    data = page_data(**texts("name", en="Other"), **loaded(made), slug="about-2")
    assert client.post(edit_url(made), data | {"action-publish": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.live
    assert made.origin_id == page.public_id


def test_the_copy_form_offers_a_free_slug_and_refuses_a_reserved_one(
    client: Client, page: ContentPage
) -> None:
    signed_in(client)
    html = soup(client.get(reverse("wagtailadmin_pages:copy", args=[page.pk])))
    assert html.select_one("[name=new_slug]")["value"] == "about-2"
    assert html.select_one("[name=new_title]")["type"] == "hidden"
    response = copy(client, page, slug="glossary")
    assert response.status_code == 200
    assert "is used by the site itself" in response.content.decode()


def test_no_alias_is_made_that_would_share_the_identity(client: Client, page: ContentPage) -> None:
    copy(signed_in(client), page, alias="on")
    made = ContentPage.objects.get(slug="about-2")
    assert made.alias_of is None
    assert made.public_id != page.public_id


# --- Model rules ---------------------------------------------------------------------------------


def test_publishing_by_program_needs_the_source_language_too(home: HomePage) -> None:
    page = content_page(home, name_en="About")
    page.name_en = ""
    with pytest.raises(ValidationError) as error:
        page.save_revision()
    assert "name_en" in error.value.message_dict


def test_the_base_column_may_drift_and_nothing_reads_it(page: ContentPage) -> None:
    with translation.override("vi"):
        page.save_revision().publish()
    with translation.override("lo"):
        again = ContentPage.objects.get(pk=page.pk)
        assert again.local_text("name", "en") == "About"
        assert again.title == "About"


def test_cache_keys_hold_language_and_companion(page: ContentPage) -> None:
    keys = set()
    for path in ("/lo/about/", "/vi/about/", "/vi/about/?with=lo", "/vi/about/?with=en"):
        request = RequestFactory().get(path)
        ReaderMiddleware(lambda request: None).process_request(request)
        keys.add(page.cache_key)
    translation.activate("en")
    assert len(keys) == 4


def test_what_one_reader_chose_is_forgotten_for_the_next(page: ContentPage) -> None:
    middleware = ReaderMiddleware(lambda request: None)
    middleware.process_request(RequestFactory().get("/vi/about/?with=lo"))
    middleware.process_request(RequestFactory().get("/vi/about/"))
    plain = page.cache_key
    middleware.process_request(RequestFactory().get("/vi/about/?with=nonsense"))
    assert page.cache_key == plain
    translation.activate("en")
