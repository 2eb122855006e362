"""The A–Z list of a kind in one language: entries in the stored order of the language."""

from dataclasses import dataclass

from orthography import OTHER_INITIAL, alphabet

from . import statements
from .models import SearchEntry


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
    """A page of the listed entries of one language, in its order; three queries.

    The letters count what the other filters leave, so that the strip leads to no empty list.
    """
    scope = statements.ListScope(kind, language, trade, reviewed_only)
    counts = statements.letter_counts(scope)
    # "#" stands for digits and other scripts.
    order = (*alphabet(language), OTHER_INITIAL)
    letters = [Letter(letter, counts[letter]) for letter in order if letter in counts]
    total = sum(counts.values()) if initial is None else counts.get(initial, 0)
    ids = statements.listed_ids(scope, initial, max(0, limit), max(0, offset))
    entries = SearchEntry.objects.in_bulk(ids)
    return Listing([entries[pk] for pk in ids if pk in entries], total, letters)
