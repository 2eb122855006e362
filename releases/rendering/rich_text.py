"""Running text of a document as well-formed, harmless XHTML."""

import re
from typing import Any

from lxml import etree, html

#: What the editor can make; every other element gives way to what is in it.
_TAGS = {"p", "h3", "h4", "ul", "ol", "li", "b", "strong", "i", "em", "a", "span", "br"}
# The headings of the text stand below those of unit, section and block.
_RENAMED = {"h3": "h5", "h4": "h6", "b": "strong", "i": "em"}
_DROPPED = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"}
_LANGUAGES = {"lo", "vi", "en"}
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s]+")
#: What XML cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """`text` without the characters that XML, and so EPUB, refuses."""
    return _UNPRINTABLE.sub("", text)


def clean(source: str) -> str:
    """Rich text as XHTML of the elements above, without scripts, pictures or inner links."""
    root = html.fragment_fromstring(printable(source), create_parent="div")
    for element in list(root.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            element.drop_tree()
        elif element.tag not in _TAGS:
            element.drop_tag()
        else:
            _clean_element(element)
    return "".join(
        etree.tostring(child, encoding="unicode", method="xml") for child in _paragraphs(root)
    )


def _clean_element(element: Any) -> None:
    address, language = element.get("href", ""), element.get("lang", "")
    element.attrib.clear()
    if element.tag == "a":
        if not _SAFE_ADDRESS.fullmatch(address):
            element.drop_tag()
            return
        element.set("href", address)
    elif element.tag == "span":
        if language not in _LANGUAGES:
            element.drop_tag()
            return
        element.set("lang", language)
    element.tag = _RENAMED.get(element.tag, element.tag)


def _paragraphs(root: Any) -> list[Any]:
    """The children of `root`, each run of loose text and inline elements in a paragraph."""
    blocks: list[Any] = []
    loose: Any = None

    def add_text(text: str | None) -> None:
        nonlocal loose
        if text and text.strip():
            if loose is None:
                loose = html.Element("p")
                blocks.append(loose)
            if len(loose):
                loose[-1].tail = (loose[-1].tail or "") + text
            else:
                loose.text = (loose.text or "") + text

    add_text(root.text)
    for child in list(root):
        tail, child.tail = child.tail, None
        if child.tag in ("strong", "em", "a", "span", "br"):
            if loose is None:
                loose = html.Element("p")
                blocks.append(loose)
            loose.append(child)
        else:
            loose = None
            blocks.append(child)
        add_text(tail)
    return blocks
