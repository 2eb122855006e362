"""What is stored for a text and what is looked for in a query: the same functions for both."""

import re
from dataclasses import dataclass
from functools import lru_cache

from orthography import fold, normalise, tokens

# 200 characters is the longest term; what is longer is no word that anybody looks up.
MAX_KEY_CHARACTERS = 200
MAX_QUERY_CHARACTERS = 100
MAX_QUERY_TOKENS = 12
MAX_TOKEN_CHARACTERS = 40
# PostgreSQL refuses a text search vector of more than 1 MB.
MAX_TEXT_TOKENS = 20_000

_UNSAFE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
# People write "on/off", "on-off" and "on off".
_PUNCTUATION = re.compile("[!-/:-@\\[-`{-~¡-©«-±´-¸»¿×÷\u2010-\u205e\u3000-\u303f]+")
_LAO_CONSONANT = re.compile("[\u0e81-\u0eae\u0edc-\u0edf]$")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Query:
    """A query as it is compared: see the fields of SearchEntry."""

    text: str
    exact: str
    folded: str
    tokens: tuple[str, ...]


def parse(text: str) -> Query:
    """Read what somebody typed: any characters and any length, only the first 100 count."""
    clean = " ".join(_UNSAFE.sub(" ", text[:MAX_QUERY_CHARACTERS]).split())
    folded = folded_key(clean)
    words = tuple(folded_tokens(folded)[:MAX_QUERY_TOKENS])
    return Query(clean, exact_key(normalise(clean)), folded, words)


def exact_key(text: str) -> str:
    """A normalised text as spelt, without regard to case and spacing."""
    # Cut again: a letter may have several letters for its lower case.
    return " ".join(text[:MAX_KEY_CHARACTERS].casefold().split())[:MAX_KEY_CHARACTERS]


def folded_key(text: str) -> str:
    """What all usual spellings of a text share: orthography.fold without punctuation.

    A text of punctuation alone keeps it.
    """
    return fold(_PUNCTUATION.sub(" ", text), "lo") or fold(text, "lo")


def folded_tokens(folded: str) -> list[str]:
    """The syllables and words of a folded key, in order; punctuation is left out."""
    return [
        token[:MAX_TOKEN_CHARACTERS]
        for token in tokens(folded, "lo")
        if token[0].isalnum() or any(character.isalnum() for character in token)
    ]


@lru_cache(maxsize=50_000)
def encode(token: str) -> str:
    """Spell a token in ASCII letters, one code a character, no code the beginning of another.

    So the stock tokenizers of SQLite and PostgreSQL, which tear Lao words at their vowel signs,
    keep it whole, and the beginning of a token is encoded as the beginning of its code.
    """
    return "".join(_code(character) for character in token)


def _code(character: str) -> str:
    if "a" <= character <= "z":
        return "qq" if character == "q" else character
    number = ord(character)
    if 0x0E80 <= number <= 0x0EFF:
        high, low = divmod(number - 0x0E80, 26)
        return f"q{_LETTERS[high]}{_LETTERS[low]}"
    if "0" <= character <= "9":
        return f"qy{_LETTERS[number - 48]}"
    letters = []
    for _ in range(5):  # 26 ** 5 is more than there are code points.
        number, rest = divmod(number, 26)
        letters.append(_LETTERS[rest])
    return "qz" + "".join(letters)


def phrases(query: Query) -> list[list[str]]:
    """The token sequences that a query may mean, encoded; its last token may be unfinished.

    A consonant typed last may close its syllable or open the next: ກົນຈ is on the way to ກົນຈັກ.
    """
    if not query.tokens:
        return []
    readings = [list(query.tokens)]
    *before, last = query.tokens
    if len(last) > 1 and _LAO_CONSONANT.search(last):
        readings.append([*before, last[:-1], last[-1]])
    return [[encode(token) for token in reading] for reading in readings]


def prefix_end(key: bytes) -> bytes:
    """The end of the range of keys that begin with `key`: no UTF-8 text holds the byte 0xFF."""
    return key + b"\xff"
