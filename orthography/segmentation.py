"""Syllables and tokens by rule, words by ICU's dictionary.

A Lao syllable is written [leading vowel] consonant(s) [vowel signs, tone] [final consonant],
without a space to the next. Nearly all of it follows from two facts: a consonant that carries a
sign opens a syllable, and a short vowel sign (ັ ົ) needs a final. What is left open, whether a
bare consonant closes one syllable or opens the next, is decided by the lookaheads of _FINAL.
Every repetition is possessive and every alternative is bounded, so matching is linear.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from icu4py.breakers import WordBreaker

from orthography.characters import (
    CONSONANTS,
    ELLIPSIS,
    FOLLOWERS,
    LAO,
    REPETITION,
    SILENCER,
    TONES,
    ZERO_WIDTH_SPACE,
)
from orthography.languages import check_language
from orthography.normalisation import normalise

_C = f"[{CONSONANTS}]"
_T = f"[{TONES}]*+"
_CARRIES_SIGN = f"[{FOLLOWERS}]"
_VOWEL_SIGN = "[\u0eb0-\u0ebd\u0ecd]"

# ອ is the vowel of the consonant before it unless it has a vowel of its own (ອາ, ອອກ, ອວນ).
_O_VOWEL = f"ອ(?![{FOLLOWERS}ອວ])"
# ວ is a vowel when a final follows it (ກວດ, ສວນ).
_UA_VOWEL = f"ວ(?=[ກງຍດນມບ](?!{_CARRIES_SIGN}))"
# The consonant is followed by nothing that makes it the first of a syllable.
_CLOSES = f"(?!{_CARRIES_SIGN}|{_T}{_O_VOWEL}|{_UA_VOWEL})"
_FINAL = (
    # The eight finals of Lao; ກ opens ກວ່າ and ກຣາມ rather than closing what is before.
    f"(?:(?!ກວ{_T}[າັ]|ກຣ{_CARRIES_SIGN})[ກງຍດນມບວ]{_CLOSES}"
    # Finals of loan words: ເບສ, ໂປຣ, ກອຟ.
    f"|(?![{CONSONANTS}][ຣລວ]{_CARRIES_SIGN})[ຣລສຕປພຟຊຈທຖຄ]{_CLOSES})"
)
# After ັ and ົ the next consonant closes the syllable whatever comes after it.
_REQUIRED_FINAL = f"{_C}(?!{_CARRIES_SIGN})"

_H_CLUSTER = "ຫ[ງຍນມລຣວ]ຼ?"
_ONSET = (
    f"(?:{_H_CLUSTER}|[ກຂຄງຈສຊດຕຖທບປຝພຟຮ][ວຣ](?!ອ|ວ)"
    # ປລາສຕິກ has the cluster ປລ, the initials before the name in ສປປລາວ have not.
    f"|(?:[ກຂຄຕບຜຝພຟ]|(?<!ປ)ປ)ລ(?!ອ|ວ)|{_C}ຼ?)"
)
_ONSET_AFTER_VOWEL = (
    # ຫລ is no cluster in ໂຫລານ, since ໂ takes no such vowel sign; ເ does (ເຫຼົ່າ).
    f"(?:{_H_CLUSTER}(?!(?<=[ແໂໄໃ]ຫ.){_T}[\u0eb2-\u0ebb\u0ebd\u0ecd])"
    f"|[ກຂຄງສ]ວ(?={_T}[ກງຍດນມບ]{_CLOSES})"
    f"|[ກຂຄດຕທບປພຟສ][ຣລ](?={_T}[ກງຍດນມບສ]{_CLOSES})"
    f"|{_C}ຼ?)"
)

_SYLLABLE = (
    f"(?:ເ{_ONSET_AFTER_VOWEL}{_T}(?:"
    f"ົ{_T}າ"
    f"|າ{_T}ະ"
    f"|ັ{_T}(?:ຽ(?:{_FINAL})?|ຍ(?!{_CARRIES_SIGN})|{_REQUIRED_FINAL})"
    f"|[ຶື]{_T}ອ(?!{_CARRIES_SIGN})(?:{_FINAL})?"
    f"|[ິີຶື]{_T}(?:{_FINAL})?"
    f"|ຽ{_T}(?:{_FINAL})?"
    f"|ະ"
    f"|{_O_VOWEL}(?:{_FINAL})?"
    f"|(?:{_FINAL})?)"
    f"|[ແໂ]{_ONSET_AFTER_VOWEL}{_T}(?:ະ|ັ{_T}{_REQUIRED_FINAL}|(?:{_FINAL})?)"
    f"|[ໄໃ](?:[ກຂຄ]ວ(?!{_T}{_VOWEL_SIGN}|{_O_VOWEL})|{_ONSET_AFTER_VOWEL}){_T}"
    f"(?:ຍ{_CLOSES})?"
    f"|{_ONSET}{_T}(?:"
    f"ັ{_T}(?:ວະ|ອ{_REQUIRED_FINAL}|{_REQUIRED_FINAL}|ຽ(?:{_FINAL})?)"
    f"|ົ{_T}(?:ວະ|{_REQUIRED_FINAL})"
    f"|ໍ{_T}າ{_T}"
    f"|[ະຳໍ]{_T}"
    f"|[າຽິີຶືຸູ]{_T}(?:{_FINAL})?"
    f"|{_UA_VOWEL}{_C}"
    f"|{_O_VOWEL}(?:(?!ວ){_FINAL})?)"
    # A consonant silenced by ໌ belongs to the syllable before it.
    f")[{TONES}]*+(?:{_C}{{1,2}}{SILENCER})?"
)

_LETTER = rf"[^\W_{LAO}]"
_ACCENTS = "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_TOKEN = re.compile(
    f"(?P<syllable>{_SYLLABLE})"
    # What no rule explains stays whole with the signs behind it.
    f"|(?P<consonant>{_C}(?!{_CARRIES_SIGN}))"
    f"|{_C}[{FOLLOWERS}{SILENCER}]*+"
    r"|\d++(?:[.,]\d++)*+"
    rf"|{_LETTER}(?:{_LETTER}|[{_ACCENTS}]|['’](?={_LETTER}))*+"
    r"|\s++"
    "|.",
    re.DOTALL,
)
_UNSAFE_FOR_ICU = re.compile("[\x00\ud800-\udfff]")


def tokens(text: str, lang: str) -> list[str]:
    """Cut `text`, as it is given, into Lao syllables, words of other scripts, numbers and the rest.

    "".join(tokens(text, lang)) == text for every str: nothing is normalised or dropped. A run of
    white space is one token, as is each other character that is neither letter nor digit. `lang`
    is "lo", "vi" or "en" (ValueError otherwise); the cuts are the same for all three, since a
    text in one language quotes the others. Linear in the length of `text`.
    """
    check_language(lang)
    starts = []
    follows_lao = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        # A consonant left bare is a final no rule foresaw (ໄຟລ) or part of initials (ສປປ).
        if not (kind == "consonant" and follows_lao):
            starts.append(match.start())
        follows_lao = kind in ("syllable", "consonant")
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def syllables(text: str) -> list[str]:
    """Return the Lao syllables and the words and numbers of other scripts in `text`, in order.

    The text is normalised first; spaces and punctuation are left out; ໆ is an item of its own.
    A Vietnamese word as written is a syllable, so these are the units a search indexes. Case and
    tone marks stay: fold() each item for a key.
    """
    return [token for token in tokens(normalise(text), "lo") if _is_word(token)]


def words(text: str, lang: str) -> list[str]:
    """Return the words of `text`, normalised, in order, without spaces and punctuation.

    Lao words are found with ICU's dictionary (F1 .70: good enough for display, not for an index).
    `lang` is "lo", "vi" or "en" (ValueError otherwise).
    """
    check_language(lang)
    text = normalise(text)
    bounds = [0, *_word_ends(text, lang)]
    pieces = (text[start:end] for start, end in pairwise(bounds))
    return [piece for piece in pieces if _is_word(piece)]


def word_bounds(text: str, lang: str) -> frozenset[int]:
    """Return the offsets in `text`, as it is given, where a word or what is between words ends.

    0 is among them, and len(text). They are ICU's own: in Lao a few cut a syllable. `lang` is
    "lo", "vi" or "en" (ValueError otherwise).
    """
    check_language(lang)
    return frozenset((0, *_icu_ends(text, lang)))


def break_opportunities(text: str) -> str:
    """Return `text` with U+200B (zero width space) between Lao words, where a line may break.

    For PDF and EPUB, whose typesetter knows no Lao; never store the result. Only places with a
    Lao letter on both sides get one, none before ໆ and ຯ, so markup stays whole. Taking the U+200B
    out gives `text` back; a second call adds nothing.
    """
    pieces = []
    start = 0
    for end in _word_ends(text, "lo"):
        if end < len(text) and _is_lao_letter(text[end - 1]) and _may_open_line(text[end]):
            pieces.append(text[start:end])
            start = end
    pieces.append(text[start:])
    return ZERO_WIDTH_SPACE.join(pieces)


def _word_ends(text: str, lang: str) -> Iterator[int]:
    """Yield the offsets where ICU ends a word, without those that would cut a Lao syllable."""
    syllable_ends = []
    offset = 0
    for token in tokens(text, lang):
        offset += len(token)
        syllable_ends.append(offset)
    for end in _icu_ends(text, lang):
        if not _is_lao(text[end - 1]) or end == syllable_ends[bisect_left(syllable_ends, end)]:
            yield end


def _icu_ends(text: str, lang: str) -> Iterator[int]:
    # ICU refuses lone surrogates; a space of the same length keeps the offsets. They are counted
    # here because icu4py's own segments() count UTF-16 units.
    end = 0
    for segment in WordBreaker(_UNSAFE_FOR_ICU.sub(" ", text), lang):
        end += len(segment)
        yield end


def _is_word(token: str) -> bool:
    return any(character.isalnum() for character in token)


def _is_lao(character: str) -> bool:
    return "\u0e80" <= character <= "\u0eff"


def _is_lao_letter(character: str) -> bool:
    return _is_lao(character) and not character.isdigit()


def _may_open_line(character: str) -> bool:
    return _is_lao_letter(character) and character not in REPETITION + ELLIPSIS
