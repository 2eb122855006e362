"""How quickly the glossary is searched: figures for `make bench`, on the active database."""

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import quantiles
from typing import Any

from core.languages import CODES
from core.search import near, search, suggest
from core.search.models import SearchEntry, SearchTrade
from orthography import alphabet, fold

from .search import CONCEPT, browse_terms, search_concept_ids

# (what was measured, value, unit)
Figure = tuple[str, float, str]

_SAMPLE = 200
# One misspelling in a shorter text, two in a longer one.
_TWO_ERRORS_FROM = 12


def measure_search(sample: int = _SAMPLE) -> list[Figure]:
    """p50 and p95 of each tier in milliseconds, and how much of what was misspelt is found.

    Queries are made from `sample` terms drawn from the table, the same on every run; the glossary
    must be indexed (bench_data.make_concepts, then index_concepts).
    """
    draw = random.Random(8)  # noqa: S311
    entries = _drawn_entries(draw, sample)
    kinds = _queries(entries, draw)
    misspelt = kinds["misspelt"]
    figures = []
    for name, queries in kinds.items():
        figures += _timed(f"search, {name}", queries, lambda query: search(query, kinds=[CONCEPT]))
    mixed = _mixed(kinds, sample * 2, draw)
    trade = SearchTrade.objects.filter(kind=CONCEPT).values_list("trade_id", flat=True).first()
    figures += _timed("search, mixed", mixed, lambda query: search(query, kinds=[CONCEPT]))
    figures += _timed(
        "search, mixed, one trade", mixed, lambda query: search(query, kinds=[CONCEPT], trade=trade)
    )
    figures += _timed("suggest, mixed", mixed, lambda query: suggest(query, kinds=[CONCEPT]))
    figures += _timed("near", misspelt, lambda query: near(query, kinds=[CONCEPT]))
    figures += _timed("search in the admin, mixed", mixed, search_concept_ids)
    figures += _browsing(trade)
    figures.append(_recall(entries, misspelt))
    return figures


def sample_queries(count: int) -> list[str]:
    """`count` queries of every kind in turn, the same on every run."""
    draw = random.Random(8)  # noqa: S311
    return _mixed(_queries(_drawn_entries(draw, count), draw), count, draw)


def _queries(entries: Sequence[SearchEntry], draw: random.Random) -> dict[str, list[str]]:
    """Kind of query → queries of that kind, one for each entry."""
    texts = [entry.text for entry in entries]
    return {
        "exact": texts,
        "other spelling": [fold(text, "lo").upper() for text in texts],
        "1 letter": [text[:1] for text in texts],
        "2 letters": [text[:2] for text in texts],
        "beginning": [text[: draw.randint(3, 8)] for text in texts],
        "inside": [_inside(text) for text in texts],
        "misspelt": [misspell(text, draw) for text in texts],
        "nothing": [_nonsense(draw) for _ in texts],
    }


def _mixed(kinds: dict[str, list[str]], count: int, draw: random.Random) -> list[str]:
    each = -(-count // len(kinds))
    mixed = [draw.choice(queries) for queries in kinds.values() for _ in range(each)]
    draw.shuffle(mixed)
    return mixed[:count]


def _drawn_entries(draw: random.Random, sample: int) -> list[SearchEntry]:
    ids = list(SearchEntry.objects.filter(kind=CONCEPT).order_by("pk").values_list("pk", flat=True))
    chosen = draw.sample(ids, min(sample, len(ids)))
    found = SearchEntry.objects.in_bulk(chosen)
    return [found[pk] for pk in chosen]


def _browsing(trade: int | None) -> list[Figure]:
    figures = []
    lists: dict[str, dict[str, Any]] = {
        "all": {},
        "one letter": {"initial": "H"},
        "one trade": {"trade": trade},
        "reviewed only": {"reviewed_only": True},
    }
    for name, filters in lists.items():
        last = max(0, browse_terms("vi", **filters).total - 50)
        for page, offset in (("first page", 0), ("last page", last)):
            call = partial(browse_terms, offset=offset, **filters)
            figures += _timed(f"A–Z, {name}, {page}", CODES * 7, call)
    return figures


def _recall(entries: Sequence[SearchEntry], misspelt: Sequence[str]) -> Figure:
    found = sum(
        any(hit.object_id == entry.object_id for hit in search(query, limit=10).hits)
        for entry, query in zip(entries, misspelt, strict=True)
    )
    return "misspelt terms found among the first ten", 100 * found / len(entries), "%"


def _timed(name: str, queries: Sequence[str], call: Callable[[str], object]) -> list[Figure]:
    """p50 and p95 of calling `call` with each query once, after a warm-up."""
    call(queries[0])
    times = []
    for query in queries:
        start = time.perf_counter()
        call(query)
        times.append(1000 * (time.perf_counter() - start))
    cuts = quantiles(times, n=20)
    return [(f"{name}, p50", cuts[9], "ms"), (f"{name}, p95", cuts[18], "ms")]


# --- Queries --------------------------------------------------------------------------------------


def misspell(text: str, draw: random.Random) -> str:
    """`text` with one or two letters left out, doubled, swapped or mistaken for another.

    Tone marks do not count: a search passes over them anyway.
    """
    for _ in range(2 if len(fold(text, "lo")) >= _TWO_ERRORS_FROM else 1):
        changed = text
        while fold(changed, "lo") == fold(text, "lo"):
            changed = _edit(text, draw)
        text = changed
    return text


def _edit(text: str, draw: random.Random) -> str:
    place = draw.randrange(len(text))
    letter = text[place]
    other = draw.choice(alphabet("lo" if "\u0e80" <= letter <= "\u0eff" else "en")).lower()
    before, after = text[:place], text[place + 1 :]
    match draw.choice(("leave out", "add", "swap", "mistake")):
        case "leave out":
            return before + after
        case "add":
            return before + letter + other + after
        case "swap":
            return before + after[:1] + letter + after[1:]
        case _:
            return before + other + after


def _inside(text: str) -> str:
    """The second half of a text, from a word's beginning where it has spaces."""
    _, space, rest = text.partition(" ")
    return rest if space else text[len(text) // 2 :]


def _nonsense(draw: random.Random) -> str:
    letters = alphabet(draw.choice(CODES))
    return "".join(draw.choices(letters, k=draw.randint(4, 20))).lower()
