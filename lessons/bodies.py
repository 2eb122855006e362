"""The body of a lesson: read in few queries, and cut into steps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import prefetch_related_objects
from wagtail import blocks
from wagtail.blocks import StreamValue

from core.blocks import TranslatedRichText, TranslatedText
from core.languages import CODES
from core.translated import is_blank
from glossary.cards import playable, shown_concepts
from glossary.models import Concept
from media.models import Recording, SiteImage

from .blocks import ExerciseBlock
from .blocks.choosers import laid_out

# What introduces the block behind it and is no step of its own.
_INTRODUCES = {"paragraphs", "picture"}
# Several of these in a row are looked at together.
_IN_ROWS = {"letter_card"}
#: Model → keys.
Keys = dict[type, set[int]]


def keys_of(stream: StreamValue) -> Keys:
    """The keys of all recordings, images and concepts that a body chooses, without a query."""
    keys: Keys = {Recording: set(), SiteImage: set(), Concept: set()}
    for item in stream.raw_data:
        block = stream.stream_block.child_blocks.get(item["type"])
        if block is not None:
            for model, key in _chosen(block, item["value"]):
                keys.setdefault(model, set()).add(key)
    return keys


def _chosen(block: blocks.Block, value: Any) -> Iterator[tuple[type, int]]:
    """The chosen (model, key) pairs in a block's stored value."""
    if isinstance(block, blocks.ChooserBlock):
        if isinstance(value, int):
            yield block.model_class, value
    else:
        for child, child_value in _children(block, value):
            yield from _chosen(child, child_value)


def _children(block: blocks.Block, value: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """The blocks inside a block with their stored values."""
    if isinstance(block, blocks.BaseStructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            yield child, value.get(name)
    elif isinstance(block, blocks.ListBlock) and isinstance(value, list):
        for item in value:
            # Values written before Wagtail gave list items an id stand bare.
            is_wrapped = isinstance(item, dict) and item.get("type") == "item"
            yield block.child_block, item["value"] if is_wrapped else item


def read_whole(stream: StreamValue, language: str | None = None) -> list[Recording]:
    """Convert a body with its concepts, terms, recordings and pictures in at most five queries.

    Concepts that are not live are left out. Returns what is heard in it, each recording once;
    of concepts the terms in `language`.
    """
    keys = keys_of(stream)
    concepts = shown_concepts(keys[Concept]) if keys[Concept] else {}
    pictured = {c.image_id for c in concepts.values() if c.image_id}
    images = SiteImage.objects.in_bulk(keys[SiteImage] | pictured)
    prefetch_related_objects(list(images.values()), "renditions")
    for concept in concepts.values():
        if concept.image_id:
            concept.image = images.get(concept.image_id)
    recordings = Recording.objects.in_bulk(keys[Recording])
    with laid_out({Concept: concepts, SiteImage: images, Recording: recordings}):
        list(stream)
    return heard(recordings.values(), concepts.values(), language)


def heard(
    recordings: Iterable[Recording], concepts: Iterable[Concept], language: str | None
) -> list[Recording]:
    """Recordings and those of the concepts' terms in `language`, each once."""
    found = {recording.pk: recording for recording in recordings}
    for concept in concepts:
        for term in concept.terms_in(language) if language else ():
            if recording := playable(term):
                found[recording.pk] = recording
    return list(found.values())


@dataclass
class Step:
    """What a learner has before them at one time: an exercise, a dialogue, a row of letters."""

    number: int
    parts: list[Any] = field(default_factory=list)

    @property
    def is_row(self) -> bool:
        """Whether cards of it stand side by side."""
        return any(part.block_type in _IN_ROWS for part in self.parts)


def steps(stream: StreamValue, with_notes: bool = False) -> list[Step]:
    """The body as steps; notes for teachers, where wanted, stand with the step before them."""
    found: list[Step] = []
    is_open = False
    for part in stream:
        kind = part.block_type
        if kind == "teacher_note":
            if with_notes:
                if not found:
                    found.append(Step(1))
                found[-1].parts.append(part)
            continue
        in_row = bool(found) and kind in _IN_ROWS and found[-1].parts[-1].block_type == kind
        if not (found and (is_open or in_row)):
            found.append(Step(len(found) + 1))
        found[-1].parts.append(part)
        is_open = kind in _INTRODUCES
    return found


def languages_told(stream: StreamValue) -> set[str]:
    """The languages in which every translated text of a body stands, without converting it."""
    whole = set(CODES)
    for item in stream.raw_data:
        block = stream.stream_block.child_blocks.get(item["type"])
        # Readers do not see the notes for teachers.
        if block is not None and item["type"] != "teacher_note":
            for texts in _translated(block, item["value"]):
                told = {code for code in CODES if not _is_empty(texts.get(code))}
                whole &= told or whole
    return whole


def _translated(block: blocks.Block, value: Any) -> Iterator[Mapping[str, Any]]:
    """The translated texts, language code → text or markup, in a block's stored value."""
    if isinstance(block, TranslatedText | TranslatedRichText):
        if isinstance(value, dict):
            yield value
    else:
        for child, child_value in _children(block, value):
            yield from _translated(child, child_value)


def _is_empty(text: str | None) -> bool:
    # An emptied editor leaves some tags; what is longer than they are need not be parsed.
    return not text or (len(text) < 60 and is_blank(text))


def count_exercises(stream: StreamValue) -> int:
    """How many exercises a body has, without converting it."""
    kinds = stream.stream_block.child_blocks
    return sum(isinstance(kinds.get(item["type"]), ExerciseBlock) for item in stream.raw_data)
