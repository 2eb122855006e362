"""What differs between two texts, word by word: Lao by its words, never inside a syllable."""

import html
import re
from dataclasses import dataclass
from itertools import groupby, takewhile

from orthography import tokens, word_bounds

#: More edits than these in one text are shown as old and new, which also reads better.
MAX_EDITS = 400

_STARTS_AS_HTML = re.compile(r"\s*<(?:p|h[1-6]|ul|ol|li|div|blockquote|hr)\b")
_LINE_END = re.compile(r"<(?:/(?:p|h[1-6]|li|div|blockquote)|br ?/?|hr ?/?)>")
_TAG = re.compile(r"<[^<>]*>")
# Draftail makes a new one at each save.
_BLOCK_KEY = re.compile(r' data-block-key="[^"<>]*"')


@dataclass(frozen=True)
class Piece:
    """A run of text that is "same", "removed" or "added"."""

    kind: str
    text: str


@dataclass
class Budget:
    """How much one comparison may cost; texts beyond it are shown as old and new."""

    characters: int = 8_000_000
    steps: int = 8_000_000


def without_block_keys(text: str) -> str:
    """A stored text without what differs although nothing was changed."""
    return _BLOCK_KEY.sub("", text)


def plain_text(text: str) -> str:
    """A stored text, plain or HTML, as one reads it: a line a paragraph."""
    if not _STARTS_AS_HTML.match(text):
        return text
    lines = html.unescape(_TAG.sub("", _LINE_END.sub("\n", text))).split("\n")
    return "\n".join(line for line in (line.strip() for line in lines) if line)


def difference(before: str, after: str, language: str, budget: Budget) -> tuple[Piece, ...]:
    """The pieces of both plain texts in reading order, what was removed before what was added."""
    budget.characters -= len(before) + len(after)
    if budget.characters < 0:
        return _merged([("removed", before), ("added", after)])
    old, new = words_and_gaps(before, language), words_and_gaps(after, language)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    edits = _shortest_edits(old_middle, new_middle, budget)
    if edits is None:
        edits = [("removed", word) for word in old_middle]
        edits += [("added", word) for word in new_middle]
    same_before = [("same", word) for word in old[:start]]
    same_after = [("same", word) for word in old[len(old) - end :]]
    return _merged([*same_before, *edits, *same_after])


def words_and_gaps(text: str, language: str) -> list[str]:
    """`text` cut at the ends of words; joined they are the text again."""
    bounds = word_bounds(text, language)
    pieces: list[str] = []
    offset = begin = 0
    for token in tokens(text, language):
        offset += len(token)
        # ICU's dictionary knows words, the tokens know where no Lao syllable is cut.
        if offset in bounds:
            pieces.append(text[begin:offset])
            begin = offset
    if begin < len(text):
        pieces.append(text[begin:])
    return pieces


def _common(old: list[str], new: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _shortest_edits(old: list[str], new: list[str], budget: Budget) -> list[tuple[str, str]] | None:
    """The shortest list of edits, after Myers (1986), "An O(ND) Difference Algorithm".

    None where it is longer than MAX_EDITS or the budget is spent.
    """
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    goal = len(old) - len(new)
    for count in range(min(len(old) + len(new), MAX_EDITS) + 1):
        trace.append(furthest.copy())
        for diagonal in range(-count, count + 1, 2):
            is_addition = _comes_by_addition(furthest, diagonal, count)
            x = furthest[diagonal + 1] if is_addition else furthest[diagonal - 1] + 1
            begin = x
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            budget.steps -= 1 + x - begin
            if diagonal == goal and x >= len(old):
                return _walk_back(old, new, trace)
        if budget.steps < 0:
            return None
    return None


def _comes_by_addition(furthest: dict[int, int], diagonal: int, count: int) -> bool:
    return diagonal == -count or (
        diagonal != count and furthest[diagonal - 1] < furthest[diagonal + 1]
    )


def _walk_back(
    old: list[str], new: list[str], trace: list[dict[int, int]]
) -> list[tuple[str, str]]:
    edits: list[tuple[str, str]] = []
    x, y = len(old), len(new)
    for count in range(len(trace) - 1, -1, -1):
        diagonal, furthest = x - y, trace[count]
        is_addition = _comes_by_addition(furthest, diagonal, count)
        previous = diagonal + 1 if is_addition else diagonal - 1
        start = furthest[previous]
        while x > max(start, 0) and y > max(start - previous, 0):
            x, y = x - 1, y - 1
            edits.append(("same", old[x]))
        if count:
            if is_addition:
                y -= 1
                edits.append(("added", new[y]))
            else:
                x -= 1
                edits.append(("removed", old[x]))
    return edits[::-1]


def _merged(edits: list[tuple[str, str]]) -> tuple[Piece, ...]:
    """Runs of one kind in one piece. A gap kept between two changes joins them: it reads better."""
    merged: list[Piece] = []
    removed: list[str] = []
    added: list[str] = []

    def flush() -> None:
        for kind, words in (("removed", removed), ("added", added)):
            if text := "".join(words):
                merged.append(Piece(kind, text))
            words.clear()

    runs = [(kind, "".join(word for _, word in run)) for kind, run in groupby(edits, _kind)]
    for place, (kind, text) in enumerate(runs):
        if kind == "removed":
            removed.append(text)
        elif kind == "added":
            added.append(text)
        elif text.strip() or place in (0, len(runs) - 1):
            flush()
            merged.append(Piece("same", text))
        else:
            removed.append(text)
            added.append(text)
    flush()
    return tuple(merged)


def _kind(edit: tuple[str, str]) -> str:
    return edit[0]
