"""One spelling for what looks the same: applied to every text before it is stored."""

import re
from unicodedata import combining, normalize

from orthography.characters import TONES

#: Unicode's Stream-Safe Text Format (UAX #15) allows a letter this many marks. Python's NFC sorts
#: a run of marks in quadratic time: 100,000 of them take 5 s, so a run is cut here.
MAX_MARKS = 30

_UNREADABLE = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters other than those below
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u3164\uffa0"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, direction, byte order mark
    "\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"  # not characters; tags
    "]+"
)
_LINE_END = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# No letter or digit is a mark, so only such a run can hold too many of them.
_LONG_RUN_OF_MARKS = re.compile(rf"[^\w\x00-\x7f]{{{MAX_MARKS + 1},}}")

_MARKS = f"\u0eb1\u0eb4-\u0ebc\u0ecd{TONES}"
# The marks of one consonant, and with them a following າ or ຳ and the tone marks typed after it.
_CLUSTER = re.compile(f"[{_MARKS}]+(?:[າຳ][{TONES}]*)?|ຳ[{TONES}]+")
# Semivowel sign, vowel, killer, vowel below, tone: also Unicode's canonical order, so NFC holds.
_RANKS = {"ຼ": 0, "\u0eba": 2, "ຸ": 3, "ູ": 3, "່": 4, "້": 4, "໊": 4, "໋": 4}
_OTHER_VOWEL_RANK = 1
_TONE_RANK = 4


def normalise(text: str) -> str:
    """Return `text` in the one spelling that is stored and compared.

    - Unicode NFC; more than 30 combining marks on one letter are dropped from the 31st on.
    - Lao: ໍ and າ, with a tone mark before, between or after, become tone mark and ຳ; two ເ
      become ແ; ຫນ becomes ໜ and ຫມ ໝ; a tone mark typed before the vowel sign above or below its
      consonant moves behind it, one typed behind ຳ moves before it.
    - Zero-width and invisible characters go: U+200B, joiners, byte order mark, soft hyphen,
      direction marks, control characters such as NUL, code points that are not characters.
    - Space, tab, CR and LF stay as they are, in any number. Every other space (the non-breaking
      one, U+2009, U+3000 …) becomes a space; every other line end (vertical tab, which Word
      writes, form feed, U+0085, U+2028, U+2029) becomes LF.
    - A lone surrogate becomes U+FFFD.

    The result can be encoded in UTF-8, stands in XML 1.0 and is a fixed point:
    normalise(normalise(x)) == normalise(x). Case, punctuation and visible characters of other
    scripts stay. Linear in the length of `text`; raises nothing for any str.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _UNREADABLE.sub("\ufffd", text)
    text = _INVISIBLE.sub("", text)
    text = _LINE_END.sub("\n", text)
    text = _SPACE.sub(" ", text)
    text = _LONG_RUN_OF_MARKS.sub(_limit_marks, text)
    # A few characters stand for two marks and come apart here, hence the second count.
    text = _LONG_RUN_OF_MARKS.sub(_limit_marks, normalize("NFC", text))
    text = _CLUSTER.sub(_order_cluster, text)
    return text.replace("ເເ", "ແ").replace("ຫນ", "ໜ").replace("ຫມ", "ໝ")


def _limit_marks(run: re.Match[str]) -> str:
    kept = []
    marks = 0
    for character in run.group():
        marks = marks + 1 if combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _order_cluster(match: re.Match[str]) -> str:
    cluster = match.group()
    if _touches_foreign_mark(match) or _follows_vowel_letter(match):
        return cluster
    stem, vowel, tail = _split_cluster(cluster)
    marks = sorted(stem, key=_rank)
    if vowel == "າ" and "ໍ" in marks:
        marks = [mark for mark in marks if mark != "ໍ"]
        vowel = "ຳ"
    # A syllable has one tone: a second one behind ຳ is no typing order to mend.
    if vowel == "ຳ" and not any(_rank(mark) == _TONE_RANK for mark in marks):
        marks.extend(tail)
        tail = ""
    return "".join(marks) + vowel + tail


def _split_cluster(cluster: str) -> tuple[str, str, str]:
    """Return the marks before the vowel letter, the letter (or "") and the tone marks after it."""
    for vowel in "າຳ":
        stem, found, tail = cluster.partition(vowel)
        if found:
            return stem, vowel, tail
    return cluster, "", ""


def _rank(mark: str) -> int:
    return _RANKS.get(mark, _OTHER_VOWEL_RANK)


def _touches_foreign_mark(match: re.Match[str]) -> bool:
    """Tell whether a mark of another script is beside the cluster.

    Moving Lao marks past it would leave Unicode's canonical order. No real word has one.
    """
    text = match.string
    before = text[match.start() - 1 : match.start()]
    after = text[match.end() : match.end() + 1]
    return any(
        combining(character) and not "\u0e80" <= character <= "\u0eff"
        for character in before + after
    )


def _follows_vowel_letter(match: re.Match[str]) -> bool:
    """Tell whether the cluster has no consonant, only a vowel letter before it: nothing to mend.

    Mending it could make a tone mark stand behind a ຳ, to be moved the next time.
    """
    return match.string[match.start() - 1 : match.start()] in ("າ", "ຳ")
