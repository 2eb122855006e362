"""How quickly running text is marked: figures for `make bench`. No database is asked."""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from django.utils.safestring import SafeString, mark_safe

from core.identity import public_id_from
from core.languages import CODES
from core.markers import mark

from .bench_data import concept_texts
from .marker import TermMarker, build

# (what was measured, value, unit)
Figure = tuple[str, float, str]

TERMS = 10_000
CHARACTERS = 20_000
_RUNS = 9
_SENTENCES_A_SECTION = 12


def measure_marker() -> list[Figure]:
    """Milliseconds to mark a page of 20,000 characters with 10,000 terms in its language.

    The terms are the project's own and compounds of them, the text its definitions, with a
    heading after every twelve. With it, how many marks the page gets, and the time to build the
    dictionary of all three languages, which a change of the glossary costs each process once.
    """
    concepts = [concept for path in _files() for concept in _read(path)]
    rows = _rows(concepts)
    built = build(rows)
    figures = [("terms, dictionary of 3 × 10,000, built", _best(lambda: build(rows), 3), "ms")]
    markers = [TermMarker(lambda: built)]
    for code in CODES:
        page = _page(concepts, code)

        def marked(page: SafeString = page, code: str = code) -> str:
            return mark(page, code, markers=markers)

        name = f"terms, {code}, page of 20,000 characters"
        figures.append((f"{name}, marked", _best(marked, _RUNS), "ms"))
        figures.append((f"{name}, marks", marked().count("term-mark"), "places"))
    return figures


def _files() -> list[Path]:
    return sorted((Path(__file__).parent / "content").glob("*.yaml"))


def _read(path: Path) -> list[dict[str, Any]]:
    concepts: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["concepts"]
    return concepts


def _rows(concepts: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """TERMS of each language: the project's own first, then compounds of them."""
    own = [
        (public_id_from(concept["key"]), term["lang"], term["text"])
        for concept in concepts
        for term in concept["terms"]
    ]
    rows = []
    for code in CODES:
        mine = [row for row in own if row[1] == code]
        made = enumerate(islice(concept_texts(TERMS), TERMS - len(mine)))
        rows += mine
        rows += [(public_id_from(f"bench {n}"), code, texts[code]) for n, texts in made]
    return rows


def _page(concepts: list[dict[str, Any]], code: str) -> SafeString:
    pieces: list[str] = []
    length = 0
    for number, concept in enumerate(concepts):
        piece = f"<p>{(concept.get('definition') or {}).get(code) or ''}</p>\n"
        if number % _SENTENCES_A_SECTION == 0:
            piece = f"<h2>{number}</h2>\n{piece}"
        length += len(piece)
        if length > CHARACTERS:
            break
        pieces.append(piece)
    return mark_safe(f'<div lang="{code}">{"".join(pieces)}</div>')  # noqa: S308


def _best(call: Callable[[], object], runs: int) -> float:
    """The best of some runs in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return min(times)
