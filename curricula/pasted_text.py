"""Pieces of pasted text: how they look, what of it is kept, and the HTML that is written anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from core.translated import normalise_input

SPACES = re.compile(r"[\s\xa0]+")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\ufeff]")
# The signs of Word's own fonts for symbols mean nothing elsewhere.
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
# Word shows these as the signs of lists, and writes them as text.
_BULLET = re.compile(r"^\s*(?:[·•▪●◦\uf0b7\uf0a7\uf0d8]\s+|[–-]\s{2,})")
_SIGN = re.compile(r"^\s*(?:[o§]|(\d{1,3}|[a-z]|[ivx]{1,4})[.)])\s{2,}", re.IGNORECASE)
_LEVEL = re.compile(r"level(\d)")
_SUPERSCRIPT = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


@dataclass(frozen=True)
class Style:
    """How a piece of text looks."""

    bold: bool = False
    italic: bool = False
    href: str = ""
    shift: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a list, as HTML; levels count from 1."""

    level: int
    is_ordered: bool
    html: str


Run = tuple[str, Style]


def clean(text: str) -> str:
    """A text as it is stored."""
    return normalise_input(_PRIVATE.sub("", text))


def plain(runs: list[Run]) -> str:
    """Pieces of text without their looks; a line end where there was one."""
    return clean("".join(_shifted(text, style) for text, style in runs))


# --- Styles ---------------------------------------------------------------------------------------


def _css(node: Any) -> str:
    return (node.get("style") or "").lower().replace(" ", "")


def _classes(node: Any) -> str:
    return (node.get("class") or "").lower()


def is_hidden(node: Any) -> bool:
    """What its reader did not see: the signs of Word's lists, its comments, hidden text."""
    css = _css(node)
    return (
        "mso-list:ignore" in css
        or "display:none" in css
        or "mso-hide:all" in css
        or "mso-element:comment" in css
        or any(name in _classes(node) for name in ("msocomment", "msocomoff", "msocomtxt"))
    )


def is_title(node: Any) -> bool:
    return node.tag == "p" and "msotitle" in _classes(node).split()


def styled(node: Any, tag: str, style: Style) -> Style:
    css = _css(node)
    bold = re.search(r"(?:^|;)font-weight:(\w+)", css)
    is_bold = style.bold or tag in ("b", "strong")
    if bold:
        # Google Docs puts everything into a <b> that is not bold.
        is_bold = bold[1] in ("bold", "bolder") or (bold[1].isdecimal() and int(bold[1]) >= 600)
    is_italic = style.italic or tag in ("i", "em")
    if italic := re.search(r"(?:^|;)font-style:(\w+)", css):
        is_italic = italic[1] == "italic"
    shift = style.shift
    if tag in ("sup", "sub") or "vertical-align:sup" in css or "vertical-align:sub" in css:
        shift = "sub" if tag == "sub" or "vertical-align:sub" in css else "sup"
    href = _safe_address(node.get("href")) if tag == "a" else style.href
    return Style(is_bold, is_italic, href, shift)


def _safe_address(href: str | None) -> str:
    """An address that may stand in a link, '' where it may not."""
    href = (href or "").strip()
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    is_safe = (parts.scheme in ("http", "https") and parts.netloc) or parts.scheme == "mailto"
    return href if is_safe and len(href) < 2000 and not SPACES.search(href) else ""


def _shifted(text: str, style: Style) -> str:
    """m² stays m², though there is no raised text."""
    if style.shift == "sup":
        return text.translate(_SUPERSCRIPT)
    return text.translate(_SUBSCRIPT) if style.shift == "sub" else text


# --- Lists of Word --------------------------------------------------------------------------------


def list_mark(node: Any, runs: list[Run]) -> tuple[int, bool] | None:
    """Level, and whether it is ordered, of a paragraph that only looks like a line of a list."""
    css = _css(node)
    text = "".join(text for text, _style in runs)
    if "mso-list:" in css and "mso-list:none" not in css:
        level = _LEVEL.search(css)
        sign = "".join(
            "".join(part.itertext()) for part in node.iter() if _is_ignored_sign(part)
        ).strip()
        return (int(level[1]) if level else 1), bool(re.match(r"[(]?\w{1,4}[.)]", sign))
    is_list = "msolist" in _classes(node)
    found = _BULLET.match(text) or (_SIGN.match(text) if is_list else None)
    if found is None:
        return None
    _cut(runs, len(found[0]))
    return 1, bool(found.lastindex)


def _is_ignored_sign(node: Any) -> bool:
    return isinstance(node.tag, str) and "mso-list:ignore" in _css(node)


def _cut(runs: list[Run], length: int) -> None:
    """Take characters away from the beginning."""
    while runs and length:
        text, style = runs.pop(0)
        if len(text) > length:
            runs.insert(0, (text[length:], style))
        length = max(0, length - len(text))


def list_html(items: list[Item]) -> str:
    """Lists inside lists, by level."""
    html: list[str] = []
    open_lists: list[str] = []
    for item in items:
        # A level that is skipped is no level.
        level = min(item.level, len(open_lists) + 1)
        while len(open_lists) > level:
            html.append(f"</li></{open_lists.pop()}>")
        tag = "ol" if item.is_ordered else "ul"
        if len(open_lists) == level and open_lists[-1] != tag:
            html.append(f"</li></{open_lists.pop()}>")
        if len(open_lists) < level:
            open_lists.append(tag)
            html.append(f"<{tag}>")
        else:
            html.append("</li>")
        html.append(f"<li>{item.html}")
    html += [f"</li></{tag}>" for tag in reversed(open_lists)]
    return "".join(html)


# --- Writing --------------------------------------------------------------------------------------


def inline(runs: list[Run]) -> str:
    """Pieces of text as one line of HTML."""
    merged: list[Run] = []
    at_space = True
    for text, style in runs:
        # A line end in the source is a space; a <br> was said by itself.
        text = "\n" if text == "\n" else SPACES.sub(" ", _shifted(text, style))
        if at_space:
            text = text.lstrip(" ")
        if not text:
            continue
        at_space = text[-1] in " \n"
        if text.isspace() and merged:
            # Spaces look the same in bold.
            style = merged[-1][1]
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    if merged:
        merged[-1] = (merged[-1][0].rstrip(), merged[-1][1])
    html = "".join(_marked(text, style) for text, style in merged if text)
    return html if html.replace("<br/>", "").strip() else ""


def _marked(text: str, style: Style) -> str:
    html = escape(clean(text)).replace("\n", "<br/>")
    if style.italic:
        html = f"<i>{html}</i>"
    if style.bold:
        html = f"<b>{html}</b>"
    return f'<a href="{escape(style.href)}">{html}</a>' if style.href else html
