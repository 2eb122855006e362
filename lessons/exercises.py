"""The rules of exercises, in plain Python: what can be solved, and how near an answer is.

A draft may hold None where a text is still to be written.

The same comparison runs in the browser (static/lessons/answers.js); the table of cases in
tests/lessons/answers.json holds both to the same verdicts.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum

from orthography import fold, normalise

_GAP = re.compile(r"\[\[(.*?)\]\]")


class Verdict(Enum):
    """How a typed answer compares with the right one."""

    RIGHT = "right"
    # The letters are right; a tone mark, an accent or the case is not.
    NEARLY = "nearly"
    WRONG = "wrong"


def plain(text: str | None) -> str:
    """A typed answer without what does not matter: spelling, spaces, final punctuation, case."""
    kept = "".join(c for c in normalise(text or "") if unicodedata.category(c)[0] not in "PZC")
    return kept.casefold()


def compare_answer(typed: str, right: Iterable[str], language: str) -> Verdict:
    """Compare what a learner typed with every right answer; the best verdict counts."""
    answers = list(right)
    if any(plain(typed) == plain(answer) for answer in answers):
        return Verdict.RIGHT
    folded = fold(plain(typed), language)
    if folded and any(folded == fold(plain(answer), language) for answer in answers):
        return Verdict.NEARLY
    return Verdict.WRONG


def split_gaps(text: str | None) -> list[tuple[str, bool]]:
    """A gap text in pieces: (text, whether it is a gap); `[[…]]` marks the gaps."""
    pieces = _GAP.split(text or "")
    return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece or number % 2]


def gap_answers(text: str | None) -> list[str]:
    """The answers that a gap text holds, in order."""
    return [piece for piece, is_gap in split_gaps(text) if is_gap]


def equal_options(texts: Sequence[str | None]) -> set[int]:
    """Indexes of options that look the same as an earlier one."""
    seen: set[str] = set()
    double = set()
    for number, text in enumerate(texts):
        key = " ".join(normalise(text or "").split()).casefold()
        if key and key in seen:
            double.add(number)
        seen.add(key)
    return double
