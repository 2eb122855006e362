"""Terms in running text: the longest match on Lao syllables and on words of other scripts.

A text is cut into tokens (orthography.tokens) and compared token by token with a tree of the
terms, so that no term is found inside a syllable or inside a Vietnamese or English word. What is
left to decide is whether syllables that spell a term mean it: Lao and Vietnamese write compounds
of several syllables, and ຄານ in ອາຄານ is no beam. The rules, measured on
tests/glossary/marker_sample.yaml (docs/decisions/0009):

- compounds.yaml lists everyday words that hold a term's syllables. The longest match takes them
  and finds nothing; so do the words that an editor wants left alone.
- A Lao match of one or two syllables must begin and end where words of ICU's dictionary do.
- A single Vietnamese or English word with a capital, other than at the beginning of a sentence,
  is part of a name (Hàn Quốc, Điện Biên), and one joined by a hyphen or point part of another
  word (xăng-ti-mét).
- Spaces do not count: ທູບ ຈອດ is ທູບຈອດ.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml

from orthography import tokens, word_bounds

Value = TypeVar("Value")

_COMPOUNDS = Path(__file__).with_name("compounds.yaml")
# Where a tree's node keeps what ends there; its other keys are strings.
_END = 0
_NOTHING: dict[Any, Any] = {}
# Terms of this many Lao syllables are looked up in ICU's dictionary; longer ones are rarely part
# of another word, and ICU cuts some of them wrongly.
_DOUBTFUL_SYLLABLES = 2

# hoà and hòa are one word with the mark on either vowel, and so are kỹ and kĩ.
_OLD_RHYMES = dict(
    zip(
        ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"),
        ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"),
        strict=True,
    )
)
_Y_RHYME = re.compile("[hklmst][yýỳỷỹỵ]")
_Y_AS_I = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")
_SENTENCE_ENDS = frozenset(".!?:;…“”\"'(–—•-")
_JOINS = frozenset("-.@_’'")


class Match(NamedTuple, Generic[Value]):
    """text[start:end] is the term of `value`."""

    start: int
    end: int
    value: Value


class _Token(NamedTuple):
    start: int
    end: int
    key: str


@lru_cache(maxsize=100_000)
def _key(token: str, language: str) -> str:
    """What a token is compared by."""
    key = token.casefold()
    if language == "vi":
        rhyme = key[-2:]
        if rhyme in _OLD_RHYMES:
            return key[:-2] + _OLD_RHYMES[rhyme]
        if len(key) == 2 and _Y_RHYME.match(key):
            return key[0] + key[1].translate(_Y_AS_I)
    elif language == "en" and len(key) > 3 and key[-1] == "s" and key[-2] != "s":
        return _singular(key)
    return key


def _singular(key: str) -> str:
    """An English plural without its ending; another word that ends in s is cut alike everywhere."""
    if key.endswith("ies"):
        return f"{key[:-3]}y"
    if key.endswith(("ches", "shes", "sses", "xes", "zes")):
        return key[:-2]
    return key[:-1]


def _keys(text: str, language: str) -> list[str]:
    return [_key(token, language) for token in tokens(text, language) if not token.isspace()]


def _tree(texts: Iterable[tuple[str, Any]], language: str) -> dict[Any, Any]:
    """Nested dicts by token; the first value given for a text is kept."""
    root: dict[Any, Any] = {}
    for text, value in texts:
        node = root
        for key in _keys(text, language):
            node = node.setdefault(key, {})
        if node is not root:
            node.setdefault(_END, (text, value))
    return root


@cache
def _listed() -> dict[str, dict[str, list[str]]]:
    """Language → "other_meaning" and "compounds" of compounds.yaml."""
    listed: dict[str, dict[str, list[str]]] = yaml.safe_load(_COMPOUNDS.read_text("utf-8"))
    return listed


@lru_cache(maxsize=256)
def _words_left_alone(words: tuple[str, ...], language: str) -> dict[Any, Any]:
    return _tree(((word, None) for word in words), language)


class TermMatcher(Generic[Value]):
    """Finds the terms of one language.

    `terms` are pairs of a text (normalised) and any value but None; of two terms spelt alike the
    first is found. Those of one character are passed over.
    """

    def __init__(self, terms: Iterable[tuple[str, Value]], language: str) -> None:
        self._language = language
        listed = _listed().get(language, {})
        never = ((text, None) for text in listed.get("other_meaning", ()))
        known = ((text, value) for text, value in terms if len(text) > 1)
        compounds = ((text, None) for text in listed.get("compounds", ()))
        self._root = _tree(chain(never, known, compounds), language)

    def find(self, text: str, left_alone: tuple[str, ...] = ()) -> list[Match[Value]]:
        """The terms in `text` from left to right, none overlapping; nothing in `left_alone`.

        The text is searched as it is given: normalised text, which is all that is stored.
        """
        found = self._tokens(text)
        alone = _words_left_alone(left_alone, self._language) if left_alone else {}
        reading = _Reading(text, found, self._language)
        matches = []
        position = 0
        while position < len(found):
            length = 1
            skipped = _longest(alone, found, position)
            for end, (term, value) in reversed(_ends(self._root, found, position)):
                if skipped >= end:
                    break
                if value is None:
                    skipped = end
                    break
                if reading.stands_alone(position, end, term):
                    matches.append(Match(found[position].start, found[end - 1].end, value))
                    length = end - position
                    break
            position = max(position + length, skipped)
        return matches

    def _tokens(self, text: str) -> list[_Token]:
        language = self._language
        found = []
        start = 0
        for token in tokens(text, language):
            end = start + len(token)
            if not token.isspace():
                found.append(_Token(start, end, _key(token, language)))
            start = end
        return found


def _ends(
    root: dict[Any, Any], found: Sequence[_Token], position: int
) -> list[tuple[int, tuple[str, Any]]]:
    """What a tree holds from `position` on, shortest first: (index behind it, entry)."""
    ends = []
    node = root
    for index in range(position, len(found)):
        node = node.get(found[index].key, _NOTHING)
        if node is _NOTHING:
            break
        if _END in node:
            ends.append((index + 1, node[_END]))
    return ends


def _longest(root: dict[Any, Any], found: Sequence[_Token], position: int) -> int:
    """The index behind the longest text of the tree at `position`, 0 where there is none."""
    ends = _ends(root, found, position) if root else []
    return ends[-1][0] if ends else 0


class _Reading:
    """A text being searched, with what tells a term from a part of another word."""

    def __init__(self, text: str, found: Sequence[_Token], language: str) -> None:
        self._text = text
        self._found = found
        self._is_lao = language == "lo"
        self._bounds: frozenset[int] | None = None

    def stands_alone(self, first: int, end: int, term: str) -> bool:
        """Whether tokens first … end - 1, which spell `term`, are that term."""
        start, stop = self._found[first].start, self._found[end - 1].end
        text = self._text[start:stop]
        if _is_abbreviation(term) and text != term:
            return False
        if "\u0e80" <= text[0] <= "\u0eff":
            return end - first > _DOUBTFUL_SYLLABLES or self._are_words(start, stop)
        if self._is_joined(start - 1, -1) or self._is_joined(stop, 1):
            return False
        return end - first > 1 or not self._is_name(first, text, term)

    def _are_words(self, start: int, stop: int) -> bool:
        if self._bounds is None:
            self._bounds = word_bounds(self._text, "lo")
        return start in self._bounds and stop in self._bounds

    def _is_joined(self, place: int, step: int) -> bool:
        """Whether a hyphen or point at `place` has a letter behind it: may.vn, xăng-ti-mét."""
        beyond = place + step
        return (
            0 <= place < len(self._text)
            and 0 <= beyond < len(self._text)
            and self._text[place] in _JOINS
            and self._text[beyond].isalpha()
        )

    def _is_name(self, first: int, text: str, term: str) -> bool:
        if not text[0].isupper() or text.isupper() or term[0].isupper() or self._is_lao:
            return False
        start = self._found[first].start
        before = self._text[:start].rstrip()
        if before and before[-1] not in _SENTENCE_ENDS:
            return True
        if first + 1 == len(self._found):
            return False
        follower = self._found[first + 1].start
        return follower > start + len(text) and self._text[follower].isupper()


def _is_abbreviation(term: str) -> bool:
    """AC, PLC, kWh: to be found as they are written only."""
    return sum(letter.isupper() for letter in term) > 1 and " " not in term
