"""Two people at once: an explicit save from an outdated revision undoes nothing unseen."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from glossary.models import Concept
from portal.models import ContentPage, HomePage
from tests.core.editor import block, edit_url, loaded, page_data, signed_in, soup, texts
from tests.factories import AdminFactory, ConceptFactory, TradeFactory, content_page
from trades.models import Trade

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def admin(client: Client, home: HomePage) -> Client:
    return signed_in(client)


@pytest.fixture
def page(home: HomePage) -> ContentPage:
    page = content_page(
        home,
        name_en="About",
        body=[{"type": "heading", "id": ONE, "value": {"lo": "", "vi": "", "en": "Who"}}],
    )
    page.save_revision().publish()
    return ContentPage.objects.get(pk=page.pk)


def stored(page: Page) -> ContentPage:
    return ContentPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def other_person_saves(page: ContentPage, **changes: object) -> None:
    other = AdminFactory(first_name="Kanya", last_name="")
    newer = stored(page)
    for name, value in changes.items():
        setattr(newer, name, value)
    newer.save_revision(user=other)


def typed(page: ContentPage, **fields: object) -> dict:
    return page_data(
        block("heading", ONE, en="Who"), **{**texts("name", en="About"), **loaded(page), **fields}
    )


def seen(response: object) -> dict[str, str]:
    """What a browser would post again: the hidden fields of the form, the last of a name wins."""
    form = soup(response).select_one("#page-edit-form")
    names = ("conflict_seen", "loaded_revision_id", "loaded_revision_created_at")
    return {name: form.select(f"[name={name}]")[-1]["value"] for name in names}


def test_a_stale_save_is_refused_and_shows_the_other_text(admin: Client, page: ContentPage) -> None:
    data = typed(page, name_vi="Giới thiệu")
    other_person_saves(page, name_en="About us")
    response = admin.post(edit_url(page), data)
    assert response.status_code == 200
    assert stored(page).name_en == "About us"
    assert not stored(page).name_vi
    html = soup(response)
    # What was typed is still there, …
    assert html.select_one("[name=name_vi]")["value"] == "Giới thiệu"
    assert "Kanya saved a newer version" in html.select_one(".messages").text
    # … and the other person's text stands at the top, with its language; nothing else does.
    entries = html.select(".conflict__list > div")
    assert len(entries) == 1
    assert "Name" in entries[0].dt.text
    assert entries[0].select_one("[data-language]")["data-language"] == "en"
    assert entries[0].dd.text == "About us"


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_publishing_from_an_outdated_revision_is_refused(
    admin: Client, page: ContentPage, action: str
) -> None:
    data = typed(page, **{action: "1"})
    other_person_saves(page, name_en="About us")
    assert admin.post(edit_url(page), data).status_code == 200
    assert ContentPage.objects.get(pk=page.pk).name_en == "About"


def test_after_seeing_it_the_editor_saves_on_top(admin: Client, page: ContentPage) -> None:
    data = typed(page, name_vi="Giới thiệu")
    other_person_saves(page, name_en="About us")
    response = admin.post(edit_url(page), data)
    response = admin.post(edit_url(page), data | seen(response))
    assert response.status_code == 302
    assert (stored(page).name_en, stored(page).name_vi) == ("About", "Giới thiệu")


def test_a_third_save_in_between_is_shown_too(admin: Client, page: ContentPage) -> None:
    data = typed(page)
    other_person_saves(page, name_en="About us")
    response = admin.post(edit_url(page), data)
    other_person_saves(page, name_en="About them")
    response = admin.post(edit_url(page), data | seen(response))
    assert soup(response).select_one(".conflict__list dd").text == "About them"


def test_autosave_stays_refused_until_the_editor_saves(admin: Client, page: ContentPage) -> None:
    data = typed(page)
    other_person_saves(page, name_en="About us")
    response = admin.post(edit_url(page), data)
    response = admin.post(
        edit_url(page), data | seen(response), headers={"accept": "application/json"}
    )
    assert response.json()["error_code"] == "invalid_revision"
    assert stored(page).name_en == "About us"


def test_a_change_in_a_block_is_shown(admin: Client, page: ContentPage) -> None:
    data = typed(page)
    newer = stored(page)
    newer.body[0].value["vi"] = "Chúng tôi là ai"
    newer.save_revision(user=AdminFactory())
    entries = soup(admin.post(edit_url(page), data)).select(".conflict__list > div")
    assert [entry.dd.text for entry in entries] == ["Chúng tôi là ai"]


def test_an_added_block_and_another_order_are_shown(admin: Client, page: ContentPage) -> None:
    data = typed(page)
    newer = stored(page)
    picture = {"type": "heading", "id": TWO, "value": {"lo": "", "vi": "", "en": "More"}}
    newer.body = [picture, *newer.body.raw_data]
    newer.save_revision(user=AdminFactory())
    entries = soup(admin.post(edit_url(page), data)).select(".conflict__list > div")
    assert [entry.dd.text for entry in entries] == [
        "More",
        "Order, number or pictures of its blocks.",
    ]


def test_a_changed_setting_is_shown(admin: Client, page: ContentPage) -> None:
    data = typed(page)
    other_person_saves(page, languages=["vi", "en"])
    entries = soup(admin.post(edit_url(page), data)).select(".conflict__list > div")
    assert [entry.dd.text for entry in entries] == ["Vietnamese, English"]


def test_a_double_click_is_no_conflict(admin: Client, page: ContentPage) -> None:
    data = typed(page, name_vi="Giới thiệu")
    assert admin.post(edit_url(page), data).status_code == 302
    assert admin.post(edit_url(page), data).status_code == 302


def test_a_newer_version_that_changed_nothing_else_is_no_conflict(
    admin: Client, page: ContentPage
) -> None:
    data = typed(page, name_vi="Giới thiệu")
    other_person_saves(page)
    assert admin.post(edit_url(page), data).status_code == 302


def test_an_autosave_of_the_other_person_over_the_same_revision_is_noticed(
    admin: Client, page: ContentPage
) -> None:
    data = typed(page)
    newer = stored(page)
    newer.name_en = "About us"
    revision = page.latest_revision
    newer.save_revision(user=revision.user, overwrite_revision=revision)
    response = admin.post(edit_url(page), data)
    assert soup(response).select_one(".conflict__list dd").text == "About us"


@pytest.mark.parametrize("number", ["x", "0", "9" * 40, "-1", "\x00"])
def test_strange_revision_numbers_do_no_harm(admin: Client, page: ContentPage, number: str) -> None:
    data = typed(page, loaded_revision_id=number, loaded_revision_created_at="never")
    assert admin.post(edit_url(page), data).status_code in (200, 302)
    assert get_user_model().objects.exists()


# --- Records (snippets) --------------------------------------------------------------------------


def test_a_record_with_children_is_protected_like_a_page(admin: Client) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode")
    concept.save_revision().publish()
    concept = Concept.objects.get(pk=concept.pk)
    url = reverse("wagtailsnippets_glossary_concept:edit", args=[concept.pk])
    data = posted(admin.get(url))
    assert data["loaded_revision_id"] == str(concept.latest_revision_id)
    newer = concept.get_latest_revision_as_object()
    terms = list(newer.terms.all())
    next(term for term in terms if term.language == "vi").text = "điện cực hàn"
    newer.terms = terms
    newer.definition_vi = "Một định nghĩa."
    newer.save_revision(user=AdminFactory(first_name="Kanya"))
    data["definition_en"] = "Mine."
    response = admin.post(url, data)
    assert response.status_code == 200
    shown = [entry.dd.text for entry in soup(response).select(".conflict__list > div")]
    assert shown == ["Một định nghĩa.", "điện cực hàn"]
    again = posted(response)
    assert again["definition_en"] == "Mine."
    assert admin.post(url, again).status_code == 302
    latest = Concept.objects.get(pk=concept.pk).get_latest_revision_as_object()
    assert latest.definition_en == "Mine."


def test_a_record_without_revisions_is_protected_too(admin: Client) -> None:
    trade = TradeFactory()
    url = reverse("wagtailsnippets_trades_trade:edit", args=[trade.pk])
    data = posted(admin.get(url))
    Trade.objects.filter(pk=trade.pk).update(name_vi="Nghề hàn")
    data["name_en"] = "Welding"
    response = admin.post(url, data)
    assert response.status_code == 200
    shown = [entry.dd.text for entry in soup(response).select(".conflict__list > div")]
    # What it said before is not kept, so what is typed here is listed as well.
    assert "Nghề hàn" in shown
    assert Trade.objects.get(pk=trade.pk).name_vi == "Nghề hàn"
    again = posted(response)
    assert again["name_en"] == "Welding"
    assert admin.post(url, again).status_code == 302
    assert Trade.objects.get(pk=trade.pk).name_en == "Welding"


def test_a_record_that_nobody_else_saved_is_saved(admin: Client) -> None:
    trade = TradeFactory()
    url = reverse("wagtailsnippets_trades_trade:edit", args=[trade.pk])
    data = posted(admin.get(url)) | {"name_en": ""}
    # An error that is put right does not make a conflict of the second try.
    response = admin.post(url, data)
    assert response.status_code == 200
    again = posted(response) | {"name_en": "Welding"}
    assert admin.post(url, again).status_code == 302
    assert Trade.objects.get(pk=trade.pk).name_en == "Welding"


def posted(response: object) -> dict[str, str]:
    """What a browser would post of the form as it stands, with no button pressed."""
    html = soup(response)
    form = html.select_one("form[data-edit-form]") or html.select_one("main form[method=POST]")
    data: dict[str, str] = {}
    for field in form.select("[name]"):
        kind = field.get("type")
        if field.name == "button" or (kind == "checkbox" and not field.has_attr("checked")):
            continue
        if field.find_parent("template") or field.find_parent("script"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[field["name"]] = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            data[field["name"]] = field.text.strip()
        elif kind == "checkbox" and field["name"] in data:
            data[field["name"]] = [*_listed(data[field["name"]]), field["value"]]  # type: ignore[assignment]
        else:
            data[field["name"]] = field.get("value", "on" if kind == "checkbox" else "")
    return data


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [value]
