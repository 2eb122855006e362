"""Figures on the speed of this package, for ``make bench``: is every function linear?"""

from collections.abc import Callable
from time import perf_counter

from orthography import (
    break_opportunities,
    fold,
    initial,
    normalise,
    romanise,
    slug,
    sort_key,
    syllables,
    tokens,
    word_bounds,
    words,
)

SMALL = 10_000
LARGE = 100_000

FUNCTIONS: dict[str, Callable[[str], object]] = {
    "normalise": normalise,
    "fold": lambda text: fold(text, "lo"),
    "syllables": syllables,
    "tokens": lambda text: tokens(text, "lo"),
    "words": lambda text: words(text, "lo"),
    "word_bounds": lambda text: word_bounds(text, "lo"),
    "sort_key": lambda text: sort_key(text, "vi"),
    "initial": lambda text: initial(text, "lo"),
    "break_opportunities": break_opportunities,
    "romanise": romanise,
    "slug": lambda text: slug(text, "lo"),
}
# Repeated to the length wanted: ordinary text first, then what could make a pattern backtrack or
# Python's NFC sort marks in quadratic time.
TEXTS = {
    "Lao without spaces": "ຊ່າງກົນຈັກກວດເຄື່ອງຈັກຫຼັງຈາກຄວາມຮ້ອນ",
    "Vietnamese": "Kiểm tra đường dây điện công nghiệp. ",
    "leading vowels": "ເ",
    "consonants": "ກ",
    "consonants that may be vowels": "ອວ",
    "tone marks": "່",
    "consonant and tone marks": "ກ" + "່" * 50,
    "vowel signs": "ໍ້າ",
    "marks out of order": "\u0316\u0334",
    "zero-width spaces": "ກ\u200b",
    "spaces": " ",
    "apostrophes": "a'",
    "digits and points": "1.",
    "lone surrogates and NUL": "\ud800\x00ກ",
    "ligature of 18 letters": "\ufdfa",
    "emoji": "😀",
}


def measure() -> list[tuple[str, float, str]]:
    """Return (name, value, unit) for each function: its speed, its slowest text, its growth.

    Speed is in kchar/s for ordinary Lao of 100,000 characters; the slowest of the texts of that
    length is in ms. Growth is the time for 100,000 characters over the time for 10,000, the
    worst of the texts, which the name tells: 10 is linear, 100 quadratic; up to 16 is the memory
    a longer list takes. All of it takes some fifteen seconds.
    """
    figures = []
    for name, function in FUNCTIONS.items():
        small = {kind: _seconds(function, _text(unit, SMALL)) for kind, unit in TEXTS.items()}
        large = {kind: _seconds(function, _text(unit, LARGE)) for kind, unit in TEXTS.items()}
        growth, worst = max((large[kind] / small[kind], kind) for kind in TEXTS)
        slowest = max(large, key=lambda kind: large[kind])
        speed = LARGE / 1000 / large["Lao without spaces"]
        figures.append((f"orthography.{name}: ordinary Lao", speed, "kchar/s"))
        figures.append((f"orthography.{name}: slowest ({slowest})", large[slowest] * 1000, "ms"))
        figures.append((f"orthography.{name}: ten times the text ({worst})", growth, "times"))
    return figures


def _text(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _seconds(function: Callable[[str], object], text: str) -> float:
    """Return the best of three runs, the first of which also fills the caches."""
    runs = []
    for _ in range(3):
        start = perf_counter()
        function(text)
        runs.append(perf_counter() - start)
    return min(runs)
