"""One spelling of a text on both sides of the exchange, so that only real changes show."""

import re

from orthography import normalise

# Neither XML nor PostgreSQL carries these; tab and line feed are text.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")


def has_control(text: str) -> bool:
    """Whether a text holds control characters that no term or sentence has."""
    return not text.isprintable() and bool(_CONTROL.search(text))


def canonical(text: str) -> str:
    """A text as both sides compare it: normalised, line feeds only, no space around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return normalise(_CONTROL.sub("", _LINE_END.sub("\n", text))).strip()
