"""Lao in Latin letters, and ASCII slugs.

The tables are those of the BGN/PCGN system of 1966, which Laos uses for place names
(Louangphabang, Xaignabouli), without its accents: é and è are both e, ô is o. They are our own
rather than a library's because a slug must never change once it is published.
"""

import re
from functools import lru_cache
from hashlib import blake2s

from orthography.characters import ELLIPSIS, LAO, LEADING_VOWELS, REPETITION, SILENCER, TONES
from orthography.folding import fold
from orthography.normalisation import normalise
from orthography.segmentation import tokens

MAX_SLUG_LENGTH = 60

_INITIALS = {
    **{"ກ": "k", "ຂ": "kh", "ຄ": "kh", "ງ": "ng", "ຈ": "ch", "ສ": "s", "ຊ": "x", "ຍ": "gn"},
    **{"ດ": "d", "ຕ": "t", "ຖ": "th", "ທ": "th", "ນ": "n", "ບ": "b", "ປ": "p", "ຜ": "ph"},
    **{"ຝ": "f", "ພ": "ph", "ຟ": "f", "ມ": "m", "ຢ": "y", "ຣ": "r", "ລ": "l", "ວ": "v"},
    **{"ຫ": "h", "ອ": "", "ຮ": "h", "ໜ": "n", "ໝ": "m", "ໞ": "k", "ໟ": "gn"},
}
_FINALS = {
    **{"ກ": "k", "ງ": "ng", "ດ": "t", "ນ": "n", "ບ": "p", "ມ": "m", "ຍ": "i", "ວ": "o"},
    # Loan words only.
    **{"ຂ": "k", "ຄ": "k", "ຈ": "t", "ຊ": "s", "ສ": "s", "ຕ": "t", "ຖ": "t", "ທ": "t"},
    **{"ປ": "p", "ພ": "p", "ຟ": "f", "ຣ": "r", "ລ": "l"},
}
# The hyphen is the place of the consonant.
_VOWELS = {
    **{"-ະ": "a", "-ັ": "a", "-າ": "a", "-ິ": "i", "-ີ": "i", "-ຶ": "u", "-ື": "u"},
    **{"-ຸ": "ou", "-ູ": "ou", "ເ-ະ": "e", "ເ-ັ": "e", "ເ-": "e", "ແ-ະ": "e", "ແ-ັ": "e"},
    **{"ແ-": "e", "ໂ-ະ": "o", "-ົ": "o", "ໂ-": "o", "ເ-າະ": "o", "-ັອ": "o", "-ໍ": "o"},
    **{"-ອ": "o", "ເ-ິ": "eu", "ເ-ີ": "eu", "ເ-ຶ": "eu", "ເ-ື": "eu", "ເ-ອ": "eu"},
    **{"ເ-ັຍ": "ia", "ເ-ຍ": "ia", "ເ-ັຽ": "ia", "ເ-ຽ": "ia", "-ັຽ": "ia", "-ຽ": "ia"},
    **{"ເ-ຶອ": "ua", "ເ-ືອ": "ua", "-ັວະ": "oua", "-ົວະ": "oua", "-ົວ": "oua", "-ວ": "oua"},
    **{"ໄ-": "ai", "ໃ-": "ai", "ໄ-ຍ": "ai", "ໃ-ຍ": "ai", "ເ-ົາ": "ao", "-ຳ": "am", "-ໍາ": "am"},
}
_SIGNS = {form.strip("-"): latin for form, latin in _VOWELS.items() if len(form) == 2}
_UNSPOKEN = re.compile(f"[{TONES}]|.{SILENCER}")
_LAO_RUN = re.compile(f"[{LAO}]+")
_NOT_IN_SLUG = re.compile("[^a-z0-9]+")


def romanise(text: str) -> str:
    """Return `text`, normalised, with its Lao in Latin letters: ໄຟຟ້າ → fai-fa.

    Follows BGN/PCGN 1966 without accents, so Lao becomes ASCII; tones are not shown. Syllables of
    a run are joined by hyphens, ໆ repeats the syllable before it, ຯ goes, Lao digits become 0–9.
    Everything that is not Lao stays as it is. Depends on no dictionary: the result for a text
    does not change with a library's version.
    """
    return _LAO_RUN.sub(lambda run: _romanise_run(run.group()), normalise(text))


def slug(text: str, lang: str) -> str:
    """Return an ASCII slug for `text`: [a-z0-9] parts joined by "-", 1 to 60 characters.

    Lao is romanised, Vietnamese loses its marks (Đường dây → duong-day). Where nothing is left,
    "x" and ten hexadecimal digits derived from the text. Not unique: two texts may share a slug.
    `lang` is "lo", "vi" or "en" (ValueError otherwise).
    """
    whole = _NOT_IN_SLUG.sub("-", fold(romanise(text), lang)).strip("-")
    if not whole:
        digest = blake2s(normalise(text).encode(), digest_size=5).hexdigest()
        return f"x{digest}"
    if len(whole) <= MAX_SLUG_LENGTH:
        return whole
    # Whole parts only, unless the first alone is too long.
    head, _, _ = whole[: MAX_SLUG_LENGTH + 1].rpartition("-")
    return head or whole[:MAX_SLUG_LENGTH]


def _romanise_run(run: str) -> str:
    parts: list[str] = []
    for token in tokens(run, "lo"):
        if token == REPETITION:
            parts.extend(parts[-1:])
        elif token.isdecimal():
            parts.append(str(int(token)) if len(token) == 1 else _digits(token))
        elif token != ELLIPSIS:
            parts.append(_romanise_syllable(token))
    return "-".join(part for part in parts if part)


def _digits(token: str) -> str:
    return "".join(str(int(digit)) for digit in token)


@lru_cache(maxsize=20_000)
def _romanise_syllable(syllable: str) -> str:
    spoken = _UNSPOKEN.sub("", syllable)
    lead = spoken[:1] if spoken[:1] in LEADING_VOWELS else ""
    rest = spoken[len(lead) :]
    for length in (2, 1):
        onset = _romanise_onset(rest[:length]) if len(rest) >= length else None
        if onset is None:
            continue
        body = rest[length:]
        # ແກວ is ແກ with a final ວ; the cluster ກວ needs a final behind it, or ໄ ໃ, which take none.
        if lead in ("ເ", "ແ", "ໂ") and not body and rest[1:length] == "ວ":
            continue
        rime = _romanise_rime(lead, body)
        if rime is not None:
            return onset + rime
    return "".join(_INITIALS.get(part, _SIGNS.get(part, "")) for part in spoken)


def _romanise_onset(onset: str) -> str | None:
    if len(onset) == 1:
        return _INITIALS.get(onset)
    first, second = onset[0], onset[1]
    if first not in _INITIALS:
        return None
    if second == "ຼ":
        return "l" if first == "ຫ" else _INITIALS[first] + "l"
    if first == "ຫ" and second in "ງຍນມລຣວ":
        return _INITIALS[second]
    if second == "ວ":
        return _INITIALS[first] + "ou"
    return _INITIALS[first] + _INITIALS[second] if second in "ຣລ" else None


def _romanise_rime(lead: str, body: str) -> str | None:
    """Return vowel and final in Latin letters, or None if the signs make no vowel of Lao."""
    vowel = _VOWELS.get(f"{lead}-{body}")
    if vowel is not None:
        return vowel
    vowel = _VOWELS.get(f"{lead}-{body[:-1]}")
    final = _FINALS.get(body[-1:])
    if vowel is None or final is None:
        return None
    return vowel + ("ou" if (vowel, final) == ("i", "o") else final)
