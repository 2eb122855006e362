"""Rich text from another site: what the editor could have made, and nothing else.

What is well-formed and holds only allowed tags stays as it is, to the letter: fingerprints of
translations hang on it. Anything else is put together anew from the allowed parts.
"""

import re
from html import escape
from typing import Any

from lxml import etree, html

_TAGS = {"p", "h3", "h4", "ul", "ol", "li", "b", "i", "a", "br", "span"}
_RENAMED = {"strong": "b", "em": "i", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_DROPPED = {
    *("script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"),
    *("title", "head", "textarea", "select", "form"),
}
_BLOCKS = {"p", "h3", "h4", "ul", "ol", "li"}
_LANGUAGES = {"lo", "vi", "en"}
#: A link of the portable form (releases.portable), or one that leads out.
_ADDRESS = re.compile(
    r"(?:https?://[^\s\"'<>\\]+|mailto:[^\s\"'<>\\]+|page:[2-9a-z]{10}|file:[0-9a-f]{64})", re.ASCII
)
_KEY = r'(?: data-block-key="[0-9a-z]{1,10}")?'
_TOKEN = re.compile(r"<[^>]*>?|>", re.ASCII)
_OPENING = re.compile(
    rf"<(?:(?P<plain>p|h3|h4|ul|ol|li|b|i){_KEY}"
    rf'|(?P<link>a)(?: href="{_ADDRESS.pattern}")?'
    r'|(?P<span>span) lang="(?:lo|vi|en)")>',
    re.ASCII,
)
_CLOSING = re.compile(r"</(p|h3|h4|ul|ol|li|b|i|a|span)>", re.ASCII)


def sanitised(source: str) -> str:
    """Harmless rich text that says what `source` says."""
    return source if _is_harmless(source) else _rebuilt(source)


def _is_harmless(source: str) -> bool:
    """Whether every tag is an allowed one, in its plainest spelling, and closed in its turn."""
    opened: list[str] = []
    for token in _TOKEN.findall(source):
        if token in ("<br/>", "<br>"):
            continue
        if match := _CLOSING.fullmatch(token):
            if not opened or opened.pop() != match[1]:
                return False
        elif match := _OPENING.fullmatch(token):
            opened.append(match["plain"] or match["link"] or match["span"])
            if len(opened) > 20:
                return False
        else:
            return False
    return not opened


def _rebuilt(source: str) -> str:
    try:
        # A byte that no text has would end the parser's work.
        root = html.fragment_fromstring(source.replace("\0", ""), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            element.drop_tree()
            continue
        # What the parser let through is not always a name that may be set again.
        if element.tag in _RENAMED:
            element.tag = _RENAMED[element.tag]
        if element.tag not in _TAGS or not _clean_attributes(element):
            element.drop_tag()
    inner = escape(root.text or "", quote=False)
    inner += "".join(etree.tostring(child, encoding="unicode", method="xml") for child in root)
    if inner.strip() and not any(child.tag in _BLOCKS for child in root):
        inner = f"<p>{inner}</p>"
    return inner


def _clean_attributes(element: Any) -> bool:
    """Leave only the attribute that its tag may have; False for a tag that is nothing without."""
    address, language = element.get("href", ""), element.get("lang", "")
    element.attrib.clear()
    if element.tag == "a":
        if not _ADDRESS.fullmatch(address):
            return False
        element.set("href", address)
    elif element.tag == "span":
        if language not in _LANGUAGES:
            return False
        element.set("lang", language)
    return True
