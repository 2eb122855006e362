"""Pages in the search table follow what readers may see."""

import pytest
from wagtail.models import PageViewRestriction

from core.search import Match, search
from core.search.pages import plain_text
from portal.models import ContentPage, HomePage
from tests.factories import content_page

pytestmark = pytest.mark.django_db


def found(query: str) -> list[tuple[int, str]]:
    return [(hit.object_id, hit.language) for hit in search(query, kinds=["page"]).hits]


def published(home: HomePage, **fields: object) -> ContentPage:
    page = content_page(home, **fields)
    page.save_revision().publish()
    return page


def test_page_is_found_by_its_name_in_each_ready_language(home: HomePage) -> None:
    page = published(
        home,
        name_en="Safety at work",
        name_vi="An toàn lao động",
        name_lo="ຄວາມປອດໄພ",
        ready_languages=["en", "lo"],
    )
    assert found("safety") == [(page.pk, "en")]
    assert found("ປອດໄພ") == [(page.pk, "lo")]
    assert found("an toàn lao động") == []


def test_page_is_found_by_its_text_with_an_excerpt(home: HomePage) -> None:
    body = [("paragraphs", {"en": "<p>Wear goggles.</p><p>Switch the grinder off.</p>"})]
    page = published(home, name_en="Rules", introduction_en="For everyone.", body=body)
    hit = search("goggles switch", kinds=["page"]).hits[0]
    assert (hit.object_id, hit.match) == (page.pk, Match.CONTAINS)
    assert hit.text == "For everyone. Wear goggles. Switch the grinder off."
    assert hit.marked[1] == "goggles. Switch"


def test_unpublished_and_deleted_pages_are_not_found(home: HomePage) -> None:
    page = published(home, name_en="Timetable")
    page.unpublish()
    assert found("timetable") == []
    page.save_revision().publish()
    assert found("timetable") == [(page.pk, "en")]
    page.delete()
    assert found("timetable") == []


def test_private_pages_and_those_below_are_not_found(home: HomePage) -> None:
    parent = published(home, name_en="Staff room")
    child = published(parent, name_en="Staff rota")
    restriction = PageViewRestriction.objects.create(
        page=parent, restriction_type=PageViewRestriction.LOGIN
    )
    assert found("staff") == []
    restriction.delete()
    assert {pk for pk, _ in found("staff")} == {parent.pk, child.pk}


def test_tags_part_words_and_leave_no_trace() -> None:
    assert plain_text("<ul><li>one</li><li>two</li></ul>") == "one two"
