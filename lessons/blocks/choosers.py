"""Choosers whose objects a whole lesson reads together.

Wagtail reads the objects of each chooser field of each kind of block in a query of its own, which
a lesson of many kinds pays with twenty queries. `lessons.bodies.read_whole` reads them all at once
and lays them out here; outside of it these are Wagtail's own choosers.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import AudioChooserBlock

#: Model → key → object.
Found = Mapping[type, Mapping[int, Any]]

_found: ContextVar[Found | None] = ContextVar("found", default=None)


@contextmanager
def laid_out(found: Found) -> Iterator[None]:
    """Choosers take their objects from `found`; what is missing there is missing."""
    token = _found.set(found)
    try:
        yield
    finally:
        _found.reset(token)


class _ReadTogether:
    """Mixin of a chooser block."""

    model_class: type

    def bulk_to_python(self, values: Any) -> list[Any]:
        found = _found.get()
        if found is None:
            return super().bulk_to_python(values)  # type: ignore[misc,no-any-return]
        objects = found.get(self.model_class, {})
        return [objects.get(value) for value in values]


class RecordingChooserBlock(_ReadTogether, AudioChooserBlock):
    """A recording."""


class PictureChooserBlock(_ReadTogether, ImageChooserBlock):
    """An image."""


class ConceptChooserBlock(_ReadTogether, SnippetChooserBlock):
    """A concept of the glossary."""

    def __init__(self, target_model: Any = "glossary.Concept", **kwargs: Any) -> None:
        super().__init__(target_model, **kwargs)
