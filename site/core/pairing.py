"""The order in which the languages of a pair stand on a page."""

from .reader import Reader


def reading_order(reader: Reader) -> tuple[str, str, str]:
    """All languages for `reader`: Lao and Vietnamese as a pair, the reader's own first; English
    last. A reader of English sees the companion language first, or else Lao.
    """
    first = reader.companion or "lo" if reader.language == "en" else reader.language
    return ("vi", "lo", "en") if first == "vi" else ("lo", "vi", "en")
