"""portal.routing"""

from typing import Any

import pytest
from django.test import Client

from portal.routing import MAX_DEPTH, find_below
from tests.factories import content_page

pytestmark = pytest.mark.django_db


def test_a_page_is_found_by_all_parts_of_its_address(home: Any) -> None:
    first = content_page(home, name_en="A", slug="a")
    second = content_page(home, name_en="B", slug="b")
    below_first = content_page(first, name_en="C", slug="c")
    below_second = content_page(second, name_en="C", slug="c")
    assert find_below(home, ["a", "c"]).pk == below_first.pk
    assert find_below(home, ["b", "c"]).pk == below_second.pk
    assert find_below(home, ["a"]).pk == first.pk
    for missing in (["c"], ["a", "b"], ["a", "c", "c"], [], ["a"] * (MAX_DEPTH + 1)):
        assert find_below(home, missing) is None


def test_depth_costs_nothing(client: Client, home: Any, django_assert_max_num_queries: Any) -> None:
    page = home
    for number in range(5):
        page = content_page(page, name_en=f"Page {number}", slug=f"p{number}")
    client.get("/en/")
    with django_assert_max_num_queries(12):
        assert client.get("/en/p0/p1/p2/p3/p4/").status_code == 200


def test_a_draft_is_not_served(client: Client, home: Any) -> None:
    above = content_page(home, name_en="A", slug="a")
    content_page(above, name_en="B", slug="b", live=False)
    assert client.get("/en/a/b/").status_code == 404
