"""Stored blocks and their portable form, in which references name things by what they are.

A database key means nothing on another site. So an image or document becomes
`{"file": "<sha256>"}` and a concept `{"concept": "<public id>"}`; links of rich text become
`page:<public id>` and `file:<sha256>`. Everything else stays as the stream stores it.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from core.blocks import TranslatedRichText, TranslatedText
from core.languages import CODES

#: Gives the other form of one reference: (kind, value), kind one of KINDS.
Refer = Callable[[str, Any], Any]
KINDS = ("image", "document", "concept", "html")

_CHOOSERS: tuple[tuple[type[blocks.Block], str], ...] = (
    (ImageChooserBlock, "image"),
    (DocumentChooserBlock, "document"),
    (SnippetChooserBlock, "concept"),
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class ShapeError(ValueError):
    """A value is not of the shape that its block stores; the message names the place."""


def convert(block: blocks.Block, value: Any, refer: Refer, where: str = "") -> Any:
    """A stored value with its references replaced by `refer`; works in both directions.

    Raises ShapeError: what comes in a package is hostile until it has this shape.
    """
    if isinstance(block, (TranslatedText, TranslatedRichText)):
        return _translated(block, value, refer, where)
    if isinstance(block, blocks.StreamBlock):
        return [_child(block, child, refer, where) for child in _list(value, where)]
    if isinstance(block, blocks.ListBlock):
        return [
            {
                "type": "item",
                "id": _id(child, where),
                "value": convert(block.child_block, child.get("value"), refer, where),
            }
            for child in _list(value, where)
        ]
    if isinstance(block, blocks.StructBlock):
        return _struct(block, value, refer, where)
    for kind, name in _CHOOSERS:
        if isinstance(block, kind):
            return None if value is None else refer(name, value)
    return _plain(value, where)


def stream_block(field: StreamField) -> blocks.StreamBlock:
    """The definition of a stream field's blocks."""
    return field.stream_block


def _translated(block: blocks.StructBlock, value: Any, refer: Refer, where: str) -> dict[str, str]:
    texts = {}
    for code in CODES:
        text = _mapping(value, where).get(code) or ""
        if not isinstance(text, str):
            raise ShapeError(f"{where}: {code} is no text")
        texts[code] = refer("html", text) if isinstance(block, TranslatedRichText) else text
    return texts


def _child(block: blocks.StreamBlock, child: Any, refer: Refer, where: str) -> dict[str, Any]:
    kind = _mapping(child, where).get("type")
    if not isinstance(kind, str) or kind not in block.child_blocks:
        raise ShapeError(f"{where}: there is no kind of block {kind!r}")
    identifier = _id(child, where)
    place = f"{where}.{identifier}"
    value = convert(block.child_blocks[kind], child.get("value"), refer, place)
    return {"type": kind, "id": identifier, "value": value}


def _struct(block: blocks.StructBlock, value: Any, refer: Refer, where: str) -> dict[str, Any]:
    parts = _mapping(value, where)
    if unknown := set(parts) - set(block.child_blocks):
        raise ShapeError(f"{where}: unknown {', '.join(sorted(map(str, unknown)))}")
    return {
        name: convert(child, parts[name], refer, f"{where}.{name}")
        for name, child in block.child_blocks.items()
        if name in parts
    }


def _list(value: Any, where: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, (list, tuple)) or not all(isinstance(c, dict) for c in value):
        raise ShapeError(f"{where}: a list of blocks is expected")
    return list(value)


def _mapping(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ShapeError(f"{where}: a mapping is expected")
    return value


def _id(child: dict[str, Any], where: str) -> str:
    identifier = child.get("id") or ""
    # A block id is a UUID; some that were made by programs are shorter.
    if not isinstance(identifier, str) or len(identifier) > 40 or "." in identifier:
        raise ShapeError(f"{where}: not an id: {identifier!r:.60}")
    return identifier


def _plain(value: Any, where: str) -> Any:
    """Numbers and dates as JSON without floats."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, bool, int)):
        return value
    raise ShapeError(f"{where}: {type(value).__name__} is no plain value")


def decimal_text(value: Decimal) -> str:
    """A decimal number in the one spelling that stands for it: 2, 0.5, 1200."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_value(value: Any) -> Any:
    """A model field's value as JSON."""
    return _plain(value, "")
