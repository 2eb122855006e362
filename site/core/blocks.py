"""Stream blocks whose text stands in all languages side by side; structure exists once."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from .comparison import TranslatedBlockComparison
from .languages import CODES, LANGUAGES, LocalText, pick
from .reader import Reader, current_language
from .translated import Unit, normalise_input

RICH_TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link", "language"]


class TranslatedValue(blocks.StructValue):
    """The value of a translated block: a mapping of language code to text."""

    def texts(self) -> dict[str, str]:
        """Language code → text (rich text as its HTML source)."""
        return {code: _source(self.get(code)) for code in CODES}

    def local(self, language: str, ready: Any = None) -> LocalText | None:
        """The text for a reader of `language` among the `ready` languages."""
        return pick(self.texts(), language, ready)


def _source(value: Any) -> str:
    """Rich text values carry their HTML in `source`."""
    return getattr(value, "source", value) or ""


class _Translated(blocks.StructBlock):
    """Base of the two translated blocks: one child a language, none of them required."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        for code in CODES:
            text = cleaned.get(code)
            if isinstance(text, str):
                cleaned[code] = normalise_input(text)
            elif text is not None and text.source:
                text.source = normalise_input(text.source)
        return cleaned

    def get_comparison_class(self) -> type[TranslatedBlockComparison]:
        """Wagtail asks for this where it compares two revisions."""
        return TranslatedBlockComparison

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        parent = parent_context or {}
        reader = parent.get("reader") or Reader(current_language())
        ready = parent.get("visible_languages")
        context["reader"] = reader
        context["main"] = value.local(reader.language, ready)
        context["beside"] = None
        if reader.companion:
            text = value.texts()[reader.companion]
            if text and (ready is None or reader.companion in ready):
                context["beside"] = LocalText(text, reader.companion)
        return context

    class Meta:
        value_class = TranslatedValue
        form_classname = "translated-block"


class TranslatedText(_Translated):
    """Plain text in every language of the site."""

    def __init__(self, local_blocks: Any = None, max_length: int | None = None, **kwargs: Any):
        self._max_length = max_length
        rows = 1 if max_length and max_length <= 255 else 3
        super().__init__(
            [
                (
                    code,
                    blocks.TextBlock(
                        required=False, label=language.tag, max_length=max_length, rows=rows
                    ),
                )
                for code, language in LANGUAGES.items()
            ],
            **kwargs,
        )

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "core/blocks/translated_text.html"


class TranslatedRichText(_Translated):
    """Formatted text in every language of the site. No images inside: they are blocks."""

    def __init__(self, local_blocks: Any = None, features: Any = None, **kwargs: Any):
        super().__init__(
            [
                (
                    code,
                    blocks.RichTextBlock(
                        required=False,
                        label=language.tag,
                        features=features or RICH_TEXT_FEATURES,
                    ),
                )
                for code, language in LANGUAGES.items()
            ],
            **kwargs,
        )

    class Meta:
        icon = "doc-full"
        label = _("Paragraphs")
        description = _("Text with headings, lists and links, in every language.")
        template = "core/blocks/translated_rich_text.html"


class HeadingBlock(TranslatedText):
    """A heading between paragraphs."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any):
        super().__init__(local_blocks, max_length=200, **kwargs)

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("A heading between paragraphs.")
        template = "core/blocks/heading.html"


class PictureBlock(blocks.StructBlock):
    """An image with a caption; its alternative text may be said anew for this place."""

    image = ImageChooserBlock(label=_("image"))
    alternative = TranslatedText(
        max_length=255,
        required=False,
        label=_("alternative text"),
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    caption = TranslatedText(max_length=500, required=False, label=_("caption"))

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture with its caption.")
        template = "core/blocks/picture.html"


class IdentifiedBlocks(blocks.StreamBlock):
    """A stream whose blocks keep their ids, each one unique: states of translations hang on them.

    Base of every stream that holds translated blocks.
    """

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        seen: set[str] = set()
        for child in cleaned:
            # Data from outside may repeat an id; the first block keeps it.
            if child.id in seen:
                child.id = str(uuid.uuid4())
            elif child.id:
                seen.add(child.id)
        return cleaned


class ContentBlocks(IdentifiedBlocks):
    """What a plain content page may hold."""

    heading = HeadingBlock(group=_("Text"))
    paragraphs = TranslatedRichText(group=_("Text"))
    picture = PictureBlock(group=_("Pictures"))

    class Meta:
        block_counts: Mapping[str, Any] = {}


def stream_units(path: str, stream: Any) -> Iterator[Unit]:
    """The units of a stream value, in reading order."""
    for child in stream:
        # A block made by a program has no id until it is saved; it keeps this one.
        child.id = child.id or str(uuid.uuid4())
        yield from _block_units(f"{path}.{child.id}", child.block, child.value)


def _block_units(path: str, block: blocks.Block, value: Any) -> Iterator[Unit]:
    if isinstance(block, _Translated):
        yield Unit(path, value.texts())
    elif isinstance(block, blocks.StreamBlock):
        yield from stream_units(path, value)
    elif isinstance(block, blocks.ListBlock):
        for child in value.bound_blocks:
            yield from _block_units(f"{path}.{child.id}", child.block, child.value)
    elif isinstance(block, blocks.StructBlock) and not isinstance(block, ImageBlock):
        for name, child_block in block.child_blocks.items():
            yield from _block_units(f"{path}.{name}", child_block, value.get(name))
