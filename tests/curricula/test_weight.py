"""Pages of curricula stay small and ask few queries, however large the curriculum."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curricula.models import ModulePage, ModuleUnitPage
from portal.models import HomePage
from tests.curricula.samples import items, large, stream, texts
from tests.factories import ConceptFactory

MOST_QUERIES = 15
MOST_BYTES = 60_000


def weigh(client: Client, url: str) -> tuple[int, int]:
    """Queries and bytes of a page that was asked for before."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries), len(response.content)


@pytest.mark.parametrize("language", ["lo", "en"])
def test_a_curriculum_of_40_modules_with_8_units_each(
    client: Client, home: HomePage, language: str
) -> None:
    page = large(home)
    url = f"/{language}/{page.url.split('/', 2)[2]}"
    queries, size = weigh(client, url)
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES
    queries, size = weigh(client, f"{url}?with=vi")
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES


def test_a_unit_with_many_blocks(client: Client, home: HomePage) -> None:
    large(home, modules=2, units=2)
    unit = ModuleUnitPage.objects.first()
    assert unit is not None
    concepts = [ConceptFactory(lo=f"ຄຳ{n}", vi=f"từ{n}").pk for n in range(12)]
    step = {"action": texts("Cut"), "check": texts("Even")}
    unit.body = stream(
        *[("procedure", {"steps": items(*[step] * 5)})] * 6,
        *[("safety", {"kind": "danger", "text": {"en": "<p>Stop</p>"}})] * 4,
        *[("terms", items(*concepts))] * 3,
    )
    unit.save()
    queries, size = weigh(client, unit.url)
    assert queries <= MOST_QUERIES
    assert size <= MOST_BYTES
    module = ModulePage.objects.get(pk=unit.get_parent().pk)
    queries, _size = weigh(client, f"{module.url}?view=print")
    assert queries <= MOST_QUERIES
