"""Changes that packagings make to rendered XHTML."""

from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from orthography import break_opportunities

#: An element of lxml, which has no types of its own.
Tree = Any
_LAO_FROM, _LAO_TO = "\u0e80", "\u0eff"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def parse(xhtml: str) -> Tree:
    """The tree of one element of rendered XHTML."""
    return etree.fromstring(xhtml.encode(), _PARSER)


def serialise(root: Tree) -> str:
    """The tree as text that is both XML and HTML: only void elements are closed in themselves."""
    for element in root.iter():
        if element.tag not in ("br", "img", "meta", "link", "hr", "col") and not len(element):
            element.text = element.text or ""
    return str(etree.tostring(root, encoding="unicode"))


def level_headings(root: Tree, first: int = 1) -> None:
    """Number the headings without gaps from h<first> on, whatever levels they were written with."""
    above: list[int] = []
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(element.tag[1])
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        element.tag = f"h{min(first + len(above) - 1, 6)}"


def break_lao_lines(root: Tree) -> None:
    """Put U+200B between Lao words, where typesetters that know no Lao may break a line."""
    for element in root.iter():
        if element.text and _has_lao(element.text):
            element.text = break_opportunities(element.text)
        if element.tail and _has_lao(element.tail):
            element.tail = break_opportunities(element.tail)


def _has_lao(text: str) -> bool:
    return any(_LAO_FROM <= character <= _LAO_TO for character in text)


def change_links(root: Tree, change: Callable[[str], str | None]) -> None:
    """Give every link the address that `change` makes of it; None takes the link away."""
    for element in root.iter("a"):
        address = change(element.get("href", ""))
        if address is None:
            element.tag = "span"
            element.attrib.pop("href", None)
        else:
            element.set("href", address)


def drop_attachments(address: str) -> str | None:
    """For change_links: files beside the text cannot be reached from this packaging."""
    return None if address.startswith("files/") else address


def pictures(roots: Iterable[Tree]) -> list[str]:
    """The addresses of all pictures, each once, in order of their first use."""
    found: dict[str, None] = {}
    for root in roots:
        for element in root.iter("img"):
            found.setdefault(element.get("src", ""), None)
    return list(found)
