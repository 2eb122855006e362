"""The admin's page search finds names in every language, whatever is typed."""

from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from modelsearch.index import insert_or_update_object
from modelsearch.query import And, Not, Or, Phrase, PlainText

from core.admin_search import searchable_text, tolerant_query
from portal.models import ContentPage, HomePage
from tests.core.editor import signed_in
from tests.factories import content_page


@pytest.fixture
def full_text(db: None) -> None:
    """SQLite's index as modelsearch's migration makes it; --nomigrations leaves a plain table."""
    if connection.vendor != "sqlite":
        return
    migration = import_module("modelsearch.migrations.0002_customise_indexentry").Migration
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE modelsearch_indexentry_fts")
        for operation in migration.operations[-1].database_operations:
            cursor.execute(operation.sql)


@pytest.fixture
def page(home: HomePage, full_text: None) -> ContentPage:
    page = content_page(
        home, name_lo="ຊ່າງໄຟຟ້າກົນຈັກ", name_vi="Điện công nghiệp", name_en="Industrial wiring"
    )
    insert_or_update_object(page)
    return page


def found(client: Client, query: str) -> bool:
    response = client.get(reverse("wagtailadmin_pages:search"), {"q": query})
    assert response.status_code == 200
    return "Industrial wiring" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    ["Industrial", "wir", "điện công", "dien cong", "Đien", "ໄຟຟ້າ", "ຈັກ", "ໄຟ ຟ້າ", "ຊ່າງ", "nghi"],
)
def test_names_are_found_in_every_language(client: Client, page: ContentPage, query: str) -> None:
    assert found(signed_in(client), query)


def test_other_words_are_not_found(client: Client, page: ContentPage) -> None:
    signed_in(client)
    assert not found(client, "ນ້ຳ")
    assert not found(client, "welding")


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '"abc',
        'wiring"',
        "'",
        "wiring'",
        "\\",
        "%",
        "*",
        "()",
        "AND",
        "a AND",
        "NEAR(",
        "^",
        "\x00",
        "ໍ",
        "live:yes",
        'live:"',
        "a" * 5000,
        "🙂",
        "-- ;",
    ],
)
def test_no_query_is_an_error(client: Client, page: ContentPage, query: str) -> None:
    signed_in(client)
    for name, args in (
        ("wagtailadmin_pages:search", []),
        ("wagtailadmin_explore", [page.get_parent().pk]),
        ("wagtailadmin_choose_page_search", []),
    ):
        response = client.get(reverse(name, args=args), {"q": query})
        assert response.status_code == 200, name


def test_the_text_for_the_index_keeps_lao_syllables_whole() -> None:
    words = searchable_text("ກົນຈັກ, Đường").split()
    assert words[-1] == "duong"
    assert len(words) == 3
    assert all(word.isalnum() for word in words)
    assert searchable_text("ຈັກ") == words[1]


def test_operators_around_the_words_are_kept() -> None:
    query = tolerant_query(And([PlainText("wiring"), Phrase('"')]))
    assert isinstance(query, And)
    assert len(query.subqueries) == 1
    assert isinstance(tolerant_query("Điện"), Or)
    assert isinstance(tolerant_query(Not(PlainText("a"))), Not)
    assert tolerant_query('" *') == ""
