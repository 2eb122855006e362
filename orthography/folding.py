"""Folded keys: what a search compares, never shown to a reader."""

import re
from unicodedata import normalize

from orthography.characters import LAO, SILENCER, TONES
from orthography.languages import check_language
from orthography.normalisation import normalise

_DROPPED_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"  # accents and tones of Latin letters
    f"\ufe00-\ufe0f\ufe20-\ufe2f{TONES}{SILENCER}]+"  # variation selectors, Lao tones
)
# Letters that no decomposition takes apart; ð and ɖ stand for đ in old Vietnamese files.
_LETTERS = str.maketrans("đðɖ’‘ʼ‐‒–—−໐໑໒໓໔໕໖໗໘໙", "ddd'''-----0123456789")
_SPACE_IN_LAO = re.compile(f"(?<=[{LAO}]) (?=[{LAO}])")
_LIQUID_CLUSTER = re.compile("ຫ[ຼຣ]")


def fold(text: str, lang: str) -> str:
    """Return the key under which a search finds `text` whatever its usual spellings.

    `lang` is "lo", "vi" or "en" (ValueError otherwise). The key is the same for all three: a
    query is compared with the terms of every language, and no rule harms another language:

    - normalise(), compatibility forms made plain (ﬁ → fi, m² → m2), case folded;
    - Latin letters lose tone and vowel marks, đ becomes d;
    - Lao loses tone marks and ໌, keeps its vowels; ຫຼ ຫລ ຫຣ become ຫລ, and ໜ ໝ the two letters
      ຫນ ຫມ, so that the key of ໃຫ້ begins the key of ໃຫ້ນ້ຳ; Lao digits become 0–9;
    - dashes become "-", apostrophes "'"; other punctuation stays;
    - spaces inside a run of Lao go, other runs of white space become one space, none at the ends.

    fold(normalise(x), l) == fold(x, l). Linear in the length of `text`. A key is no text: never
    normalise() it. tokens() cuts it as it cuts the text, save for one word in a thousand.
    """
    check_language(lang)
    text = normalise(text)
    if text.isascii():
        return " ".join(text.casefold().split())
    text = normalize("NFKD", text).casefold().translate(_LETTERS)
    text = " ".join(_DROPPED_MARKS.sub("", text).split())
    text = _LIQUID_CLUSTER.sub("ຫລ", _SPACE_IN_LAO.sub("", text))
    # NFKD took ຳ apart, which is wanted for ໜ and ໝ only.
    return normalize("NFC", text.replace("ໍາ", "ຳ"))
