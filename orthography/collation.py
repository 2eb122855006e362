"""Sort keys whose bytes compare as ICU's ``lo``, ``vi`` and ``en`` collations do.

A key is three levels, joined by the byte 01, each byte of a level being 02 or more:

    letters 01 marks 01 case

- letters: white space, punctuation, other symbols, digits, then letters. For "lo" the Lao
  alphabet comes before the Latin one, for "vi" and "en" after it; other scripts come last, by
  code point. A leading vowel is swapped with its consonant, then ໜ ໝ count as ຫນ ຫມ. For "vi"
  ă â đ ê ô ơ ư are letters, otherwise they are a, d … with a mark.
- marks: 05 for each letter and a higher byte for each tone or other mark behind it.
- case: 05 small, 06 capital, 07 a variant form (Lao digit, superscript, full width).

Trailing 05 of the last two levels are left out, which changes no comparison, 05 being the lowest.
So memcmp, SQLite's BLOB order and PostgreSQL's bytea order agree, without any collation.
Weights follow the order of ICU 72 (CLDR 42).
"""

import re
from functools import lru_cache
from unicodedata import normalize

from orthography.characters import ALPHABET, CONSONANTS, LEADING_VOWELS
from orthography.languages import check_language
from orthography.normalisation import normalise

#: A key is cut here: PostgreSQL cannot index more than some 2,700 bytes.
MAX_KEY_BYTES = 1024
#: Texts that agree in so many characters sort as equal; it bounds the work for any input.
MAX_CHARACTERS = 500
#: The heading for what starts with no letter of the language's alphabet.
OTHER_INITIAL = "#"

_SEPARATOR = b"\x01"
_COMMON = 0x05
_CAPITAL = 0x06
_VARIANT = 0x07

_SPACE_WEIGHT = 0x02
_PUNCTUATION = "_-‐–—,;:!?.…·'‘’\"“”«»()[]{}§@*/\\&#%•`^°©→+±÷×<=>|~ໆ$₫€₭"
_PUNCTUATION_WEIGHT = 0x03
_OTHER_SYMBOL_WEIGHT = 0x3F
_DIGIT_WEIGHT = 0x40
_FIRST_SCRIPT_WEIGHT = 0x4A
_OTHER_LETTER_WEIGHT = 0xC0

_LAO_LETTERS = "ໞກຂຄຆງຈຉສຊຌຎໟຍຏຐຑຒຓດຕຖທຘນບປຜຝພຟຠມຢຣລວຨຩຫຬອຮຯະັາຳິີຶືຸູ\u0eba\u0ebb\u0ebcຽເແໂໃໄ"
_LATIN_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_VIETNAMESE_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền hỏi ngã sắc nặng
_LAO_MARKS = "\u0ec8\u0ec9\u0eca\u0ecb\u0ecc\u0ecd"
# ICU's order where the marks are no tones; U+0335 stands for the stroke of đ.
_OTHER_MARKS = (
    "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u0303\u0327\u0328\u0335\u0309\u031b\u0323"
)
_MARK_WEIGHTS = {
    **{mark: 0x20 + place for place, mark in enumerate(_OTHER_MARKS)},
    **{mark: 0x10 + place for place, mark in enumerate(_LAO_MARKS)},
}
_TONE_WEIGHTS = {mark: 0x06 + place for place, mark in enumerate(_VIETNAMESE_TONES)}
_UNKNOWN_MARK_WEIGHT = 0x3F

_ALPHABETS = {
    "lo": tuple(ALPHABET),
    "vi": tuple(_LATIN_LETTERS.upper()),
    "en": tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
}
_LEADING_VOWEL = re.compile(f"([{LEADING_VOWELS}])([{CONSONANTS}])")

#: Bytes for the three levels.
Weights = tuple[bytes, bytes, bytes]


def sort_key(text: str, lang: str) -> bytes:
    """Return the bytes that sort `text` among others of `lang` ("lo", "vi", "en") by memcmp.

    At most 1,024 bytes, about one a letter. Equal for spellings normalise() makes equal; white
    space at the ends and its amount do not count. Raises ValueError for another `lang`.
    """
    check_language(lang)
    text = " ".join(normalise(text).split())[:MAX_CHARACTERS]
    text = _LEADING_VOWEL.sub(r"\2\1", text)
    letters = bytearray()
    marks = bytearray()
    cases = bytearray()
    for character in text:
        letter, mark, case = _weights(character, lang)
        letters += letter
        marks += mark
        cases += case
    common = bytes([_COMMON])
    levels = (bytes(letters), marks.rstrip(common), cases.rstrip(common))
    return _SEPARATOR.join(levels)[:MAX_KEY_BYTES]


def alphabet(lang: str) -> tuple[str, ...]:
    """Return the letters of the A–Z strip of `lang` in order; Latin letters are capitals.

    "lo" has the 27 consonants; "vi" its 29 letters and F J W Z, with which loan words such as
    "watt" start; "en" A to Z. Raises ValueError for another `lang`.
    """
    check_language(lang)
    return _ALPHABETS[lang]


def initial(text: str, lang: str) -> str:
    """Return the letter of alphabet(lang) under which `text` stands, or "#" if it has none.

    Punctuation before the first letter is passed over; a leading Lao vowel gives way to its
    consonant; ໜ ໝ count under ຫ. "#" is for digits, other scripts and empty text. Raises
    ValueError for another `lang`.
    """
    check_language(lang)
    text = _LEADING_VOWEL.sub(r"\2\1", normalise(text)[:MAX_CHARACTERS])
    first = next((character for character in text if character.isalnum()), "")
    for form in (first, _without_tone(first), _base(first)):
        if form.upper() in _ALPHABETS[lang]:
            return form.upper()
    return OTHER_INITIAL


def _without_tone(letter: str) -> str:
    kept = (part for part in normalize("NFD", letter) if part not in _TONE_WEIGHTS)
    return normalize("NFC", "".join(kept))


def _base(letter: str) -> str:
    """Return the first letter of what `letter` decomposes into: é → e, ໜ → ຫ, đ → d."""
    return normalize("NFKD", letter)[:1].lower().replace("đ", "d")


@lru_cache(maxsize=20_000)
def _weights(character: str, lang: str) -> Weights:
    """Return the weights of one character of normalised text."""
    letters = bytearray()
    marks = bytearray()
    cases = bytearray()
    for part in _parts(character, lang):
        if _is_mark(part):
            marks.append(_mark_weight(part, lang))
            continue
        weight = _letter_weight(part.lower(), lang)
        if weight:
            letters += weight
            marks.append(_COMMON)
            cases.append(_case_weight(part, character))
            if part in "đĐ" and lang != "vi":
                marks.append(_MARK_WEIGHTS["\u0335"])
    return bytes(letters), bytes(marks), bytes(cases)


def _parts(character: str, lang: str) -> str:
    """Take a character apart into the letters and marks that have weights of their own."""
    if character == "ຳ":
        return character
    if lang == "vi":
        tone = "".join(part for part in normalize("NFD", character) if part in _TONE_WEIGHTS)
        letter = _without_tone(character)
        if letter.lower() in _LATIN_LETTERS:
            return letter + tone
    return "".join(
        part.casefold() if part in "ßẞ" else part for part in normalize("NFKD", character)
    )


def _is_mark(part: str) -> bool:
    return part in _MARK_WEIGHTS or "\u0300" <= part <= "\u036f"


def _mark_weight(mark: str, lang: str) -> int:
    if lang == "vi" and mark in _TONE_WEIGHTS:
        return _TONE_WEIGHTS[mark]
    return _MARK_WEIGHTS.get(mark, _UNKNOWN_MARK_WEIGHT)


def _case_weight(part: str, character: str) -> int:
    if part != part.lower():
        return _CAPITAL
    is_variant = "໐" <= part <= "໙" or normalize("NFKD", character) != normalize("NFD", character)
    return _VARIANT if is_variant and character not in "ຳໜໝ" else _COMMON


def _letter_weight(letter: str, lang: str) -> bytes:
    """Return the first-level bytes of a small letter, digit or symbol; b"" if it has no weight."""
    lao_weight, latin_weight = _FIRST_SCRIPT_WEIGHT, _FIRST_SCRIPT_WEIGHT + len(_LAO_LETTERS)
    if lang != "lo":
        lao_weight, latin_weight = _FIRST_SCRIPT_WEIGHT + len(_LATIN_LETTERS), _FIRST_SCRIPT_WEIGHT
    if letter.isspace():
        return bytes([_SPACE_WEIGHT])
    if letter.isdecimal():
        return bytes([_DIGIT_WEIGHT + int(letter)])
    if letter == "đ" and lang != "vi":
        letter = "d"
    if len(letter) == 1:
        for letters, weight in (
            (_PUNCTUATION, _PUNCTUATION_WEIGHT),
            (_LAO_LETTERS, lao_weight),
            (_LATIN_LETTERS, latin_weight),
        ):
            if letter in letters:
                return bytes([weight + letters.index(letter)])
    if letter[:1] in "\ufe0e\ufe0f":
        return b""
    lead = _OTHER_LETTER_WEIGHT if letter[:1].isalnum() else _OTHER_SYMBOL_WEIGHT
    return bytes([lead]) + letter.encode()
