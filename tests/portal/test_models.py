"""The home page and content pages in the admin."""

from django.test import Client
from django.urls import reverse

from portal.models import ContentPage, HomePage
from tests.core.editor import edit_url, signed_in, soup
from tests.factories import content_page


def test_the_home_page_is_edited_with_all_its_languages(client: Client, home: HomePage) -> None:
    html = soup(signed_in(client).get(edit_url(home)))
    units = [column["data-unit"] for column in html.select(".language-column")]
    assert units[::3] == ["name", "introduction", "share_title", "share_description"]
    assert html.select_one("[name=source_language]")
    # The text stands between the introduction and the settings of the languages.
    panels = [panel["id"] for panel in html.select("#tab-content section[data-panel]")]
    order = ["introduction", "body", "languages"]
    found = [next(i for i, panel in enumerate(panels) if f"-{name}-" in panel) for name in order]
    assert found == sorted(found)


def test_there_is_one_home_page_and_content_pages_stand_below_it(home: HomePage) -> None:
    assert not HomePage.can_create_at(home.get_parent())
    assert ContentPage.can_create_at(home)
    page = content_page(home, name_en="About")
    assert ContentPage.can_create_at(page)
    assert not ContentPage.can_create_at(home.get_parent())


def test_a_content_page_can_be_added_in_the_admin(client: Client, home: HomePage) -> None:
    url = reverse("wagtailadmin_pages:add", args=["portal", "contentpage", home.pk])
    html = soup(signed_in(client).get(url))
    # Nothing is saved yet, so nothing can be declared done and nothing counted.
    assert html.select("[data-language-bar]")
    assert not html.select("[data-language-confirm], .language-progress")
