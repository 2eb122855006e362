"""How a block lies in rows: one row for itself, one below it for each of its further parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail import blocks

from core.blocks import TranslatedRichText, TranslatedText

from ..blocks import TableBlock

#: Stands for the block itself where a child of it is named.
SELF = ""
ITEM = "item"


@dataclass
class Shape:
    """`text` and `value` are the children that stand in the block's own row; `parts` the others."""

    block: Any
    text: str | None = None
    value: str | None = None
    parts: dict[str, Any] = field(default_factory=dict)

    def child(self, name: str) -> Any:
        return self.block if name in (SELF, ITEM) else self.block.child_blocks[name]

    def labels(self) -> Iterator[tuple[str, str]]:
        """(key, label) of the parts, those of listed parts among them."""
        for name, block in self.parts.items():
            yield name, gettext("Item") if name == ITEM else capfirst(str(block.label))
            if isinstance(block, blocks.ListBlock) and not is_cells(self.block, block):
                yield from shape_of(block.child_block).labels()


def is_text(block: Any) -> bool:
    return isinstance(block, (TranslatedText, TranslatedRichText))


def is_cells(parent: Any, block: Any) -> bool:
    """Whether a list stands in one cell: the headings of a table, or a row of it."""
    return isinstance(parent, TableBlock)


def shape_of(block: Any) -> Shape:
    """The shape of a kind of block. A new kind of block needs nothing here to be exported."""
    if is_text(block):
        return Shape(block, text=SELF)
    if isinstance(block, blocks.ListBlock):
        return Shape(block, parts={ITEM: block})
    if not isinstance(block, blocks.StructBlock):
        return Shape(block, value=SELF)
    shape = Shape(block)
    # What a picture shows is said once with the picture; here its caption is what people read.
    for name in sorted(block.child_blocks, key=lambda name: name == "alternative"):
        child = block.child_blocks[name]
        if is_text(child) and shape.text is None:
            shape.text = name
        elif is_text(child) or isinstance(child, blocks.ListBlock):
            shape.parts[name] = child
        elif shape.value is None:
            shape.value = name
        else:
            raise TypeError(f"{block.name} has two values, a row has one")
    return shape
