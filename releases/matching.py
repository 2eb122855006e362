"""Which pages of two documents are the same ones, and which of them moved."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

Page = dict[str, Any]


def match_pages(before: Sequence[Page], after: Sequence[Page]) -> dict[str, str]:
    """The pages that are the same one, as public ids: new → old. Each is used once.

    A page is itself; else what it came from, or what came from it; else of the same origin.
    """
    matches: dict[str, str] = {}
    free = {page["public_id"]: page for page in before}
    for old_key, new_key in (
        ("public_id", "public_id"),
        ("public_id", "origin_id"),
        ("origin_id", "public_id"),
        ("origin_id", "origin_id"),
    ):
        by_key: dict[str, str] = {}
        for identifier, page in free.items():
            by_key.setdefault(page.get(old_key) or "", identifier)
        by_key.pop("", None)
        for page in after:
            if page["public_id"] not in matches:
                identifier = by_key.pop(page.get(new_key) or "", "")
                if identifier:
                    matches[page["public_id"]] = identifier
                    del free[identifier]
    return matches


def moved_pages(matches: Mapping[str, str], before: list[Page], after: list[Page]) -> set[str]:
    """The pages of `after` that left their place among those that both documents have."""
    former = {old: new for new, old in matches.items()}
    old_order = [former[page["public_id"]] for page in before if page["public_id"] in former]
    there = set(old_order)
    new_order = [page["public_id"] for page in after if page["public_id"] in there]
    return out_of_order(new_order, old_order)


def out_of_order(new_order: Sequence[Any], old_order: Sequence[Any]) -> set[Any]:
    """The fewest items that must have moved to bring `old_order` into `new_order`.

    All but a longest increasing subsequence of their old places.
    """
    places = {item: place for place, item in enumerate(old_order)}
    tails: list[int] = []
    ends: list[int] = []
    for item in new_order:
        length = bisect_left(tails, places[item])
        tails[length : length + 1] = [places[item]]
        ends.append(length)
    moved = set(new_order)
    wanted = len(tails) - 1
    for item, length in zip(reversed(new_order), reversed(ends), strict=True):
        if length == wanted:
            moved.discard(item)
            wanted -= 1
    return moved
