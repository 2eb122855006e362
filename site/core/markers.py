"""Marks in running text: links on what an app finds there, such as the terms of the glossary.

An app registers a marker in its `ready()`; templates wrap rendered text in `{% mark_terms page %}`
(templatetags/markers.py). One pass over the HTML then sees what a reader sees: the language of
each piece from its `lang`, where a section begins, and what must be left alone.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Protocol

from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from .languages import CODES


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text, text[start:end], and what it names; equal keys name the same."""

    start: int
    end: int
    key: Hashable


class Marker(Protocol):
    """What an app registers."""

    def find(self, text: str, language: str, unmarked: tuple[str, ...]) -> Sequence[Mark]:
        """Places in plain `text`, in order, none overlapping; none of the words `unmarked`."""

    def attributes(self, mark: Mark) -> Mapping[str, str]:
        """The attributes of the link that marks the place, unescaped."""


_markers: list[Marker] = []

#: What was marked already in this section: language and key.
Seen = set[tuple[str, Hashable]]

# What templates and the rich text editor write is well formed, so that a scan for markup serves;
# it leaves every byte of it as it is and takes a fiftieth of the time of html.parser.
_MARKUP = re.compile(
    r"<!--.*?-->"
    r"|<(script|style|textarea|title|template)\b.*?</\1\s*>"
    r"""|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<rest>(?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>"""
    r"|<[!?][^>]*+>",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s=/]++)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"']+))?""")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTROLS = ("a", "audio", "button", "fieldset", "form", "label", "legend", "nav", "option")
_NO_RUNNING_TEXT = ("code", "dfn", "kbd", "math", "pre", "rp", "rt", "samp", "svg")
# Where a link may not stand or would be in the way.
_LEFT_ALONE = frozenset((*_HEADINGS, *_CONTROLS, *_NO_RUNNING_TEXT, "select", "summary", "video"))
_OPENS_SECTION = frozenset(("h2", "h3", "section"))
#: An attribute that keeps all marks out of its element.
UNMARKED = "data-unmarked"


def register(marker: Marker) -> None:
    """Let `marker` find places in every text; called once, from its app's `ready()`."""
    if marker not in _markers:
        _markers.append(marker)


def mark(
    text: str,
    language: str,
    unmarked: Iterable[str] = (),
    seen: Seen | None = None,
    markers: Sequence[Marker] | None = None,
) -> SafeString:
    """HTML with a link on the first place in each section that a marker finds.

    `text` is HTML if it is a SafeString and is escaped otherwise. `language` is its language
    where no `lang` says another; what stands in none of the site's languages has no marks.
    `unmarked` are words that the editor wants left alone. Pass the same `seen` again to go on in
    the same section; `markers` are the registered ones unless given. Links, buttons, forms,
    headings, code and whatever has the attribute `data-unmarked` stay as they are.
    """
    html = str(conditional_escape(text))
    markers = _markers if markers is None else markers
    if not markers:
        return mark_safe(html)  # noqa: S308  (escaped above, or safe before)
    scan = _Scan(markers, language, tuple(unmarked), set() if seen is None else seen)
    return mark_safe("".join(scan.pieces(html)))  # noqa: S308  (HTML and escaped marks)


class _Scan:
    """One pass over a piece of HTML."""

    def __init__(
        self, markers: Sequence[Marker], language: str, unmarked: tuple[str, ...], seen: Seen
    ) -> None:
        self._markers = markers
        self._unmarked = unmarked
        self._seen = seen
        # The open elements: name, language of the text in it, whether that is to be marked.
        self._open: list[tuple[str, str, bool]] = [("", language, True)]

    def pieces(self, html: str) -> Iterable[str]:
        position = 0
        for markup in _MARKUP.finditer(html):
            if markup.start() > position:
                yield self._marked(html[position : markup.start()])
            yield markup.group()
            position = markup.end()
            if name := markup["name"]:
                if markup["end"]:
                    self._close(name.lower())
                else:
                    self._enter(name.lower(), markup["rest"])
        yield self._marked(html[position:])

    def _enter(self, name: str, attributes: str) -> None:
        if name in _OPENS_SECTION:
            self._seen.clear()
        if name in _VOID:
            return
        _, language, is_marked = self._open[-1]
        if "lang" in attributes or UNMARKED in attributes:
            values = {key.lower(): value for key, value in _ATTRIBUTE.findall(attributes)}
            language = values.get("lang", language).strip("\"'").split("-")[0].lower()
            is_marked = is_marked and UNMARKED not in values
        self._open.append((name, language, is_marked and name not in _LEFT_ALONE))

    def _close(self, name: str) -> None:
        """Leave an element, and those in it that were never closed."""
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth][0] == name:
                del self._open[depth:]
                return

    def _marked(self, raw: str) -> str:
        _, language, is_marked = self._open[-1]
        if not is_marked or language not in CODES or not raw.strip():
            return raw
        text = unescape(raw) if "&" in raw else raw
        places = [
            (found, marker)
            for marker in self._markers
            for found in marker.find(text, language, self._unmarked)
        ]
        if len(self._markers) > 1:
            places.sort(key=lambda place: place[0].start)
        pieces: list[str] = []
        position = 0
        for found, marker in places:
            if found.start < position or (language, found.key) in self._seen:
                continue
            self._seen.add((language, found.key))
            pieces += [
                escape(text[position : found.start], quote=False),
                f"<a{flatatt(dict(marker.attributes(found)))}>",
                escape(text[found.start : found.end], quote=False),
                "</a>",
            ]
            position = found.end
        if not pieces:
            return raw
        return "".join([*pieces, escape(text[position:], quote=False)])
