"""The A–Z list of a kind in one language: entries in the stored order of the language."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from orthography import OTHER_INITIAL, alphabet

from .models import SearchEntry, SearchTrade


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the strip above the list, with how many entries stand under it."""

    initial: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list: the entries, how many there are in all, and the letters in order."""

    entries: list[SearchEntry]
    total: int
    letters: list[Letter]


def browse(
    language: str,
    *,
    kind: str,
    initial: str | None = None,
    trade: int | None = None,
    reviewed_only: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> Listing:
    """A page of the listed entries of one language, in its order; two queries.

    The letters count what the other filters leave, so that the strip leads to no empty list.
    """
    listed = _listed(kind, language, trade, reviewed_only)
    letters = _letters(listed, language)
    total = sum(letter.count for letter in letters if initial in (None, letter.initial))
    if initial is not None:
        listed = listed.filter(initial=initial)
    # Ids come from the index alone, then only the page's rows are read.
    page = listed.order_by("sort_key", "object_id").values("pk")[offset : offset + limit]
    entries = SearchEntry.objects.filter(pk__in=page).order_by("sort_key", "object_id")
    return Listing(list(entries), total, letters)


def _listed(
    kind: str, language: str, trade: int | None, reviewed_only: bool
) -> QuerySet[SearchEntry, Any]:
    listed = SearchEntry.objects.filter(kind=kind, language=language, is_listed=True)
    if reviewed_only:
        listed = listed.filter(is_reviewed=True)
    if trade is not None:
        listed = listed.filter(
            Exists(
                SearchTrade.objects.filter(
                    trade_id=trade, kind=OuterRef("kind"), object_id=OuterRef("object_id")
                )
            )
        )
    return listed


def _letters(listed: QuerySet[SearchEntry, Any], language: str) -> list[Letter]:
    counts = dict(listed.order_by().values_list("initial").annotate(Count("pk")))
    # "#" stands for digits and other scripts.
    order = (*alphabet(language), OTHER_INITIAL)
    return [Letter(letter, counts[letter]) for letter in order if letter in counts]
