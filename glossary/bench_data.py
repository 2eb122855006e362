"""A large glossary for measuring, the same on every run: compounds of the project's own terms.

The terms mean nothing; their letters, lengths and how often a word returns are like those of a
real glossary, whose commonest first words (máy …, ເຄື່ອງ…) open a great part of it.
"""

import random
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, islice
from pathlib import Path

import yaml
from django.db import transaction

from core.identity import public_id_from
from core.languages import CODES
from trades.models import Trade

from .models import Concept, Term

_CONTENT = Path(__file__).parent / "content"
# Longer terms are compounds already.
_MAX_PART_CHARACTERS = 14
_TRADES = 16
_BATCH = 2000


@cache
def _parts(language: str) -> tuple[list[str], list[float]]:
    """Short terms of a language, and their running weights: the n-th is used 1/n as often."""
    texts = {
        term["text"]
        for path in _CONTENT.glob("*.yaml")
        for concept in yaml.safe_load(path.read_text(encoding="utf-8"))["concepts"]
        for term in concept["terms"]
        if term["lang"] == language and 2 < len(term["text"]) <= _MAX_PART_CHARACTERS
    }
    parts = sorted(texts)
    # Which ones are common is drawn by lot, but the same lot each time.
    random.Random(language).shuffle(parts)  # noqa: S311
    # Offset by ten, so that the commonest opens four in a hundred terms, not fifteen.
    return parts, list(accumulate(1 / (rank + 10) for rank in range(len(parts))))


def _texts(language: str) -> Iterator[str]:
    """Endless distinct compounds of two or three parts."""
    draw = random.Random(f"terms {language}")  # noqa: S311
    parts, weights = _parts(language)
    # Lao compounds are written together.
    space = "" if language == "lo" else " "
    seen: set[str] = set()
    while True:
        words = draw.choices(parts, cum_weights=weights, k=draw.choice((2, 2, 3)))
        text = space.join(words)
        if text not in seen:
            seen.add(text)
            yield text


def concept_texts(count: int) -> Iterator[dict[str, str]]:
    """The terms of `count` concepts, each a text per language code."""
    texts = {code: _texts(code) for code in CODES}
    for _ in range(count):
        yield {code: next(texts[code]) for code in CODES}


def make_concepts(count: int) -> list[int]:
    """Store `count` live concepts with three terms each, unindexed; their keys in order.

    One in three is reviewed, each stands in one of 16 trades, made where fewer exist.
    """
    trades = list(Trade.objects.order_by("pk")[:_TRADES])
    for number in range(len(trades), _TRADES):
        trades.append(Trade.objects.create(slug=f"bench-{number}", name_en=f"Trade {number}"))
    ids: list[int] = []
    rows = enumerate(concept_texts(count))
    while batch := list(islice(rows, _BATCH)):
        with transaction.atomic():
            ids += _store(batch, [trade.pk for trade in trades])
    return ids


def _store(batch: list[tuple[int, dict[str, str]]], trades: list[int]) -> list[int]:
    concepts = Concept.objects.bulk_create(
        Concept(
            public_id=public_id_from(f"bench {number}"),
            definition_en=f"What is meant by {texts['en']}.",
            is_safety=number % 50 == 0,
        )
        for number, texts in batch
    )
    terms = []
    for concept, (number, texts) in zip(concepts, batch, strict=True):
        for code, text in texts.items():
            review = Term.Review.UNREVIEWED if number % 3 else Term.Review.REVIEWED
            term = Term(concept=concept, language=code, text=text, review_state=review)
            term.set_keys()
            terms.append(term)
    Term.objects.bulk_create(terms)
    link = Concept.trades.through
    link.objects.bulk_create(
        link(concept_id=concept.pk, trade_id=trades[number % len(trades)])
        for concept, (number, _) in zip(concepts, batch, strict=True)
    )
    return [concept.pk for concept in concepts]
