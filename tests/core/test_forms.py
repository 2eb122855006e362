"""The page editor through the admin's own views."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from core.forms import CONFIRM
from core.translated import State
from portal.models import ContentPage, HomePage
from tests.core.editor import block, edit_url, loaded, page_data, signed_in, soup, texts
from tests.factories import content_page

ONE = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def admin(client: Client, home: HomePage) -> Client:
    return signed_in(client)


@pytest.fixture
def page(home: HomePage) -> ContentPage:
    page = content_page(
        home,
        name_en="About",
        name_vi="Giới thiệu",
        body=[{"type": "heading", "id": ONE, "value": {"lo": "", "vi": "Ai", "en": "Who"}}],
    )
    page.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk)


def add_url(home: HomePage) -> str:
    return reverse("wagtailadmin_pages:add", args=["portal", "contentpage", home.pk])


def draft(page: Page) -> ContentPage:
    return Page.objects.get(pk=page.pk).get_latest_revision_as_object()


# --- What the form shows -------------------------------------------------------------------------


def test_languages_stand_side_by_side_with_their_tags(admin: Client, page: ContentPage) -> None:
    html = soup(admin.get(edit_url(page)))
    columns = html.select('[data-unit="name"]')
    assert [column["data-language"] for column in columns] == ["lo", "vi", "en"]
    assert [column.select_one(".language-tag").text for column in columns] == ["ລາວ", "VIỆT", "ENG"]
    assert [column.select_one("input")["lang"] for column in columns] == ["lo", "vi", "en"]
    for column in columns:
        assert column.select_one("label")["for"] == column.select_one("input")["id"]


def test_the_title_is_not_typed_and_lists_of_languages_are_checkboxes(
    admin: Client, page: ContentPage
) -> None:
    html = soup(admin.get(edit_url(page)))
    assert not html.select("[name=title]")
    for name in ("languages", "ready_languages"):
        boxes = html.select(f"input[type=checkbox][name={name}]")
        assert [box["value"] for box in boxes] == ["lo", "vi", "en"]
        assert all(box.has_attr("checked") for box in boxes)


def test_wagtails_slug_script_is_off(admin: Client, page: ContentPage) -> None:
    html = soup(admin.get(edit_url(page)))
    assert "w-slug" not in (html.select_one("[name=slug]").get("data-controller") or "")
    assert not html.select('[data-controller*="w-sync"]')


def test_marks_of_each_unit_are_in_the_page(admin: Client, page: ContentPage) -> None:
    response = admin.get(edit_url(page))
    html = soup(response)
    data = html.select_one("#language-bar-data").text
    assert f'"body.{ONE}": {{"lo": "missing", "vi": "new"}}' in data
    progress = html.select_one(".language-progress")
    assert [cell.text for cell in progress.select("tbody tr")[0].select("td")] == ["0", "0", "2"]


def test_enter_in_a_field_does_not_press_a_translation_button(
    admin: Client, page: ContentPage
) -> None:
    form = soup(admin.get(edit_url(page))).select_one("#page-edit-form")
    first = form.select("button[type=submit]")[0]
    assert not first.get("name")


# --- Drafts and publishing -----------------------------------------------------------------------


def test_a_draft_may_be_without_a_name(admin: Client, home: HomePage) -> None:
    response = admin.post(add_url(home), page_data())
    page = ContentPage.objects.get()
    assert response.status_code == 302
    assert (page.live, page.title) == (False, "Untitled")
    response = admin.post(edit_url(page), page_data(**loaded(page)))
    assert response.status_code == 302


@pytest.mark.parametrize("source", ["lo", "vi", "en"])
def test_publishing_asks_for_the_source_language_at_its_field(
    admin: Client, home: HomePage, source: str
) -> None:
    others = {code: "x" for code in ("lo", "vi", "en") if code != source}
    data = page_data(**texts("name", **others), source_language=source, **{"action-publish": "1"})
    response = admin.post(add_url(home), data)
    assert response.status_code == 200
    column = soup(response).select_one(f'[data-unit="name"][data-language="{source}"]')
    assert "source language" in column.select_one(".error-message").text
    assert not ContentPage.objects.exists()


def test_publishing_an_emptied_draft_is_a_form_error(admin: Client, page: ContentPage) -> None:
    data = page_data(**texts("name", vi="Còn lại"), **loaded(page), **{"action-publish": "1"})
    response = admin.post(edit_url(page), data)
    assert response.status_code == 200
    assert ContentPage.objects.get(pk=page.pk).name_en == "About"


def test_a_nameless_draft_is_not_published_from_a_list(admin: Client, home: HomePage) -> None:
    admin.post(add_url(home), page_data())
    page = ContentPage.objects.get()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = admin.post(f"{url}?id={page.pk}", follow=True)
    assert "has no name in its source language" in response.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_what_is_typed_is_normalised_in_fields_and_blocks(admin: Client, page: ContentPage) -> None:
    data = page_data(
        block("heading", ONE, lo="ຫນັງສື", en="Book"),
        **texts("name", en="About", lo="ນໍ້າ"),
        **texts("introduction", en="one\r\ntwo"),
        **loaded(page),
    )
    admin.post(edit_url(page), data)
    saved = draft(page)
    assert saved.name_lo == "ນ້ຳ"
    assert saved.introduction_en == "one\ntwo"
    assert saved.body[0].value["lo"] == "ໜັງສື"


def test_a_hundred_and_fifty_blocks_can_be_posted(admin: Client, page: ContentPage) -> None:
    blocks = [
        block("heading", f"{number:08d}-1111-4111-8111-111111111111", en=f"Heading {number}")
        for number in range(150)
    ]
    response = admin.post(
        edit_url(page), page_data(*blocks, **texts("name", en="About"), **loaded(page))
    )
    assert response.status_code == 302
    assert len(draft(page).body) == 150


def test_the_languages_it_is_meant_for_are_saved_with_the_source(
    admin: Client, page: ContentPage
) -> None:
    data = page_data(
        **texts("name", vi="Giới thiệu"),
        source_language="vi",
        languages=["lo"],
        ready_languages=[],
        **loaded(page),
        **{"action-publish": "1"},
    )
    assert admin.post(edit_url(page), data).status_code == 302
    saved = ContentPage.objects.get(pk=page.pk)
    assert (saved.languages, saved.ready_languages) == (["lo", "vi"], ["vi"])
    assert saved.visible_languages == ("vi",)


def test_an_unknown_language_is_refused(admin: Client, page: ContentPage) -> None:
    data = page_data(**texts("name", en="About"), languages=["xx"], **loaded(page))
    assert admin.post(edit_url(page), data).status_code == 200


# --- Titles and slugs ----------------------------------------------------------------------------


def test_the_title_comes_from_the_source_language(admin: Client, home: HomePage) -> None:
    data = page_data(**texts("name", vi="Đường dây", en="Power line"), source_language="vi")
    admin.post(add_url(home), data)
    assert ContentPage.objects.get().title == "Đường dây"


@pytest.mark.parametrize(
    ("code", "name"), [("vi", "Đường dây"), ("lo", "ໄຟຟ້າ"), ("en", "Power line")]
)
def test_slugs_are_ascii_and_made_on_the_server(
    admin: Client, home: HomePage, code: str, name: str
) -> None:
    admin.post(add_url(home), page_data(**texts("name", **{code: name}), source_language=code))
    slug = ContentPage.objects.get().slug
    assert re.fullmatch(r"[a-z0-9-]+", slug)
    if code == "vi":
        assert slug == "duong-day"


def test_a_slug_follows_the_name_until_the_page_is_public(admin: Client, home: HomePage) -> None:
    # Autosave makes the page after the first letters.
    admin.post(add_url(home), page_data(**texts("name", en="Ab")))
    page = ContentPage.objects.get()
    assert page.slug == "ab"
    assert soup(admin.get(edit_url(page))).select_one("[name=slug]").get("value") in (None, "")
    data = page_data(**texts("name", en="About us"), **loaded(page), **{"action-publish": "1"})
    admin.post(edit_url(page), data)
    page = ContentPage.objects.get()
    assert page.slug == "about-us"
    data = page_data(**texts("name", en="Us"), **loaded(page), slug="about-us")
    admin.post(edit_url(page), data | {"action-publish": "1"})
    assert ContentPage.objects.get().slug == "about-us"


def test_two_pages_of_one_name_get_different_slugs(admin: Client, home: HomePage) -> None:
    for _number in range(2):
        admin.post(add_url(home), page_data(**texts("name", en="News")))
    assert set(ContentPage.objects.values_list("slug", flat=True)) == {"news", "news-2"}


@pytest.mark.parametrize("slug", ["glossary", "trades", "curricula", "releases"])
def test_reserved_root_slugs_are_refused(admin: Client, home: HomePage, slug: str) -> None:
    response = admin.post(add_url(home), page_data(**texts("name", en="Words"), slug=slug))
    assert response.status_code == 200
    assert "is used by the site itself" in response.content.decode()
    assert not ContentPage.objects.exists()


def test_a_reserved_name_gets_another_slug_and_is_free_further_down(
    admin: Client, home: HomePage
) -> None:
    admin.post(add_url(home), page_data(**texts("name", en="Glossary")))
    page = ContentPage.objects.get()
    assert page.slug == "glossary-page"
    url = reverse("wagtailadmin_pages:add", args=["portal", "contentpage", page.pk])
    admin.post(url, page_data(**texts("name", en="Trades")))
    child = ContentPage.objects.exclude(pk=page.pk).get()
    assert child.slug == "trades"
    response = admin.post(
        reverse("wagtailadmin_pages:move_confirm", args=[child.pk, home.pk]), follow=True
    )
    assert "is used by the site itself" in response.content.decode()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    response = admin.post(f"{url}?id={child.pk}", {"chooser": home.pk}, follow=True)
    assert "is used by the site itself" in response.content.decode()
    child.refresh_from_db()
    assert child.get_parent().pk == page.pk


@pytest.mark.parametrize(("language", "title"), [("vi", "Giới thiệu"), ("lo", "About")])
def test_the_admin_shows_titles_in_the_editors_language(
    admin: Client, page: ContentPage, language: str, title: str
) -> None:
    from django.utils import translation

    with translation.override(language):
        assert page.get_admin_display_title() == title


# --- Done, still right ---------------------------------------------------------------------------


def page_states(page: ContentPage) -> dict[str, State]:
    return {unit.path: page.unit_state(unit, "vi") for unit in page.units()}


def full_data(page: ContentPage, **fields: str) -> dict:
    return page_data(
        block("heading", ONE, vi="Ai", en="Who"),
        **texts("name", en="About", vi="Giới thiệu"),
        **loaded(page),
        **fields,
    )


def test_saving_declares_nothing_done(admin: Client, page: ContentPage) -> None:
    admin.post(edit_url(page), full_data(page))
    assert draft(page).fingerprints == {}


def test_an_autosave_declares_nothing_done(admin: Client, page: ContentPage) -> None:
    response = admin.post(edit_url(page), full_data(page), headers={"accept": "application/json"})
    assert response.json()["success"]
    assert draft(page).fingerprints == {}


def test_the_done_button_declares_the_whole_document(admin: Client, page: ContentPage) -> None:
    response = admin.post(edit_url(page), full_data(page, **{CONFIRM: "vi"}))
    assert response.status_code == 302
    saved = draft(page)
    assert page_states(saved)["name"] is State.CURRENT
    assert page_states(saved)[f"body.{ONE}"] is State.CURRENT
    assert saved.has_unpublished_changes


def test_the_still_right_button_declares_one_unit(admin: Client, page: ContentPage) -> None:
    admin.post(edit_url(page), full_data(page, **{CONFIRM: f"vi:body.{ONE}"}))
    saved = draft(page)
    assert page_states(saved)["name"] is State.STALE
    assert page_states(saved)[f"body.{ONE}"] is State.CURRENT


@pytest.mark.parametrize("value", ["xx", "", "vi:nothing.there", ":", "vi:" + "x" * 5000])
def test_strange_confirmations_do_no_harm(admin: Client, page: ContentPage, value: str) -> None:
    assert admin.post(edit_url(page), full_data(page, **{CONFIRM: value})).status_code == 302
    assert draft(page).fingerprints == {}


def test_wagtails_own_titles_for_sharing_give_way_to_translated_ones(
    admin: Client, page: ContentPage
) -> None:
    html = soup(admin.get(edit_url(page)))
    assert not html.select("[name=seo_title], [name=search_description]")
    for name in ("share_title", "share_description"):
        assert [html.select_one(f"[name={name}_{code}]")["lang"] for code in ("lo", "vi", "en")]


def test_a_language_without_text_cannot_be_declared_done(admin: Client, page: ContentPage) -> None:
    html = soup(admin.get(edit_url(page)))
    buttons = html.select("[data-language-confirm]")
    assert [button["value"] for button in buttons] == ["vi"]
