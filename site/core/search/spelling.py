"""Finding what is nearly spelt like a query, from the b-tree alone.

Two strings within two edits of each other share, in about the same place, at least one of three
parts into which one of them is cut (Li, Deng, Wang, Feng: Pass-Join, VLDB 2011). So every key is
stored with the numbers of its three parts, a query looks up the substrings of its own that could
be one of them, and only those rows are compared by edit distance. Unlike a search by trigrams
this misses nothing within the distance and needs no extension of the database.
"""

from collections.abc import Iterable
from typing import TypeVar
from zlib import crc32

from rapidfuzz.distance import OSA

MAX_EDITS = 2
PARTS = MAX_EDITS + 1
# A shorter word has too many neighbours for any of them to be meant.
MIN_LENGTH = 3

T = TypeVar("T")


def allowed_edits(length: int) -> int:
    """How many edits a query of `length` characters may be away from what it means."""
    return 0 if length < MIN_LENGTH else 1 if length < 6 else MAX_EDITS


def part_bounds(length: int) -> list[tuple[int, int]]:
    """Start and length of the three parts of a key, the longer ones last."""
    size, longer = divmod(length, PARTS)
    sizes = [size] * (PARTS - longer) + [size + 1] * longer
    starts = [sum(sizes[:number]) for number in range(PARTS)]
    return list(zip(starts, sizes, strict=True))


def _number(length: int, part: str) -> int:
    """A signed 32-bit number; two parts that share one cost a comparison, no more."""
    return crc32(f"{length} {part}".encode()) - 2**31


def part_numbers(key: str) -> tuple[int, int, int]:
    """The numbers of the three parts of a stored key."""
    first, second, third = (
        _number(len(key), key[start : start + size]) for start, size in part_bounds(len(key))
    )
    return first, second, third


def probes(query: str) -> list[list[int]]:
    """For each of the three parts the numbers that a key near `query` may have there."""
    found: list[set[int]] = [set() for _ in range(PARTS)]
    edits = allowed_edits(len(query))
    for length in range(max(1, len(query) - edits), len(query) + edits + 1):
        shift = len(query) - length
        for part, (start, size) in enumerate(part_bounds(length)):
            # The "multi-match-aware" bounds of the paper: seen from the left end, the part can
            # have moved by as many places as parts stand before it, and from the right likewise.
            behind = PARTS - 1 - part
            first = max(0, start - part, start + shift - behind)
            last = min(len(query) - size, start + part, start + shift + behind)
            for begin in range(first, last + 1):
                if size:
                    found[part].add(_number(length, query[begin : begin + size]))
    return [sorted(numbers) for numbers in found]


def nearest(query: str, candidates: Iterable[tuple[str, T]]) -> list[tuple[int, T]]:
    """The candidates (key, anything) within the allowed edits, with their distance, unsorted.

    A swap of neighbouring characters counts as one edit.
    """
    edits = allowed_edits(len(query))
    near = []
    for key, value in candidates:
        distance = OSA.distance(query, key, score_cutoff=edits)
        if distance <= edits:
            near.append((distance, value))
    return near
