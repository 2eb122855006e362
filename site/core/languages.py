"""The site's languages, and which text a reader gets when their own is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A content language: ISO 639-1 `code`, its name in itself, and its tag (design.md)."""

    code: str
    own_name: str
    tag: str


LANGUAGES: dict[str, Language] = {
    "lo": Language("lo", "ລາວ", "ລາວ"),
    "vi": Language("vi", "Tiếng Việt", "VIỆT"),
    "en": Language("en", "English", "ENG"),
}
CODES: tuple[str, ...] = tuple(LANGUAGES)
# Which language stands in for a missing one.
FALLBACK_ORDER: tuple[str, ...] = ("en", "vi", "lo")


def fallback_chain(code: str) -> tuple[str, ...]:
    """`code` first, then the others in the order in which they stand in for it."""
    return (code, *(other for other in FALLBACK_ORDER if other != code))


@dataclass(frozen=True)
class LocalText:
    """A text with the language it is in; `is_fallback` where the reader asked for another."""

    text: str
    language: str
    is_fallback: bool = False

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def pick(
    values: Mapping[str, str], language: str, ready: Iterable[str] | None = None
) -> LocalText | None:
    """The text of `values` (language code → text) for a reader of `language`.

    Only languages in `ready` are looked at, all where it is None. None when no text is there.
    """
    allowed = set(CODES if ready is None else ready)
    for code in fallback_chain(language):
        text = values.get(code) or ""
        if code in allowed and text.strip():
            return LocalText(text, code, is_fallback=code != language)
    return None
