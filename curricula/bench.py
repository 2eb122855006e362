"""What the catalogue and a large curriculum cost."""

import statistics
import time
from collections.abc import Callable

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.review import attach_workflow
from trades.loading import load_frameworks, load_trades

from .bench_data import add_modules, make_catalogue
from .bench_editing import measure_editing
from .listing import PAGE_SIZE
from .models import CatalogueEntry, CurriculumPage
from .rules import load_rules

Row = tuple[str, float, str]
CURRICULA = 10_000
MODULES, UNITS = 40, 8
_LISTS = {
    "newest": "/lo/curricula/",
    "trade and language": "/lo/curricula/?trade=welder&language=vi",
    "level and hours": "/en/curricula/?level=vqf/4&hours=600",
    "search": "/vi/curricula/?q=lắp đặt",
    "search, filtered": "/en/curricula/?q=welding&country=LA",
}


def prepare(number: int = CURRICULA, modules: int = MODULES, units: int = UNITS) -> None:
    """A site with so many curricula, one of them of so many modules with so many units each."""
    load_trades()
    load_frameworks()
    load_rules()
    make_catalogue(number)
    add_modules(_large(), modules, units)
    publishers = Group.objects.get_or_create(name="Publishers")[0]
    attach_workflow(_large().get_parent(), "Centre", publishers)


def _large() -> CurriculumPage:
    """The second curriculum, which has no modules of its own."""
    return CurriculumPage.objects.order_by("path")[1]


def measure_curricula(rounds: int = 40) -> list[Row]:
    """What the catalogue and the large curriculum cost those who read and those who write."""
    client = Client(HTTP_HOST="127.0.0.1")
    number = CatalogueEntry.objects.count()
    rows: list[Row] = [("curricula in the catalogue", number, "")]
    page = _large()
    pages = {
        "page in the middle": f"/vi/curricula/?page={number // PAGE_SIZE // 2 + 1}",
        "large curriculum": f"/lo/{page.url.split('/', 2)[2]}",
    }
    for name, url in {**_LISTS, **pages}.items():
        answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        # Counted here: the next request empties the log.
        asked = len(queries)
        times = sorted(_milliseconds(client.get, url) for _ in range(rounds))
        rows.append((f"{name}, p50", statistics.median(times), "ms"))
        rows.append((f"{name}, p95", times[int(len(times) * 0.95)], "ms"))
        rows.append((f"{name}, queries", asked, ""))
        rows.append((f"{name}, HTML", len(answer.content) / 1000, "KB"))
    return [*rows, *measure_editing(page, rounds)]


def _milliseconds(function: Callable[[str], object], argument: str) -> float:
    begin = time.perf_counter()
    function(argument)
    return (time.perf_counter() - begin) * 1000
