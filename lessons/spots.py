"""Where the stored body of a lesson has a text that can be spoken, recorded or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.blocks import StreamValue

from orthography import normalise

from .blocks.choosers import RecordingChooserBlock


@dataclass(frozen=True)
class Spot:
    """A place in a stored body where a text is said: the block's value, and who speaks."""

    value: dict[str, Any]
    text: str
    speaker: int
    #: Id of the block of the body it stands in.
    block_id: str = ""


def spots(stream: StreamValue, stored: Iterable[dict[str, Any]]) -> Iterator[Spot]:
    """Every text with a place for its recording, in the stored values of a body.

    `stored` is what `stream.get_prep_value()` gave; setting `value["recording"]` of a spot to the
    key of a recording changes it there.
    """
    for item in stored:
        block = stream.stream_block.child_blocks.get(item["type"])
        if block is not None:
            yield from _block_spots(block, item["value"], {}, item.get("id") or "")


def list_items(value: Any) -> list[Any]:
    """The stored values of a list block's items."""
    # Values written before Wagtail gave list items an id stand bare.
    return [
        item["value"] if isinstance(item, dict) and item.get("type") == "item" else item
        for item in value or ()
    ]


def _block_spots(
    block: blocks.Block, value: Any, speakers: dict[str, int], block_id: str
) -> Iterator[Spot]:
    if isinstance(block, blocks.ListBlock):
        for part in list_items(value):
            yield from _block_spots(block.child_block, part, speakers, block_id)
    elif isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        if isinstance(block.child_blocks.get("recording"), RecordingChooserBlock):
            # A letter's card says the word that has the letter.
            text = " ".join(normalise(value.get("text") or value.get("example") or "").split())
            if text:
                speaker = value.get("speaker") or ""
                number = speakers.setdefault(speaker, len(speakers))
                yield Spot(value, text, number, block_id)
        for name, child in block.child_blocks.items():
            yield from _block_spots(child, value.get(name), speakers, block_id)
