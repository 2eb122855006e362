"""Template tags of curricula: numbers, signs, drawings and the terms of a unit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from core.languages import LocalText, pick
from core.models import BasePage
from core.reader import Reader, current_language
from core.templatetags.content import pictogram
from curricula.blocks import SafetyBlock
from curricula.listing import level_key, newest
from curricula.models import CatalogueEntry
from glossary.cards import Card
from media.models import SiteDocument, SiteImage

register = template.Library()

_SAFETY_WORDS = dict(SafetyBlock().child_blocks["kind"].field.choices)
# A drawing fills a phone and half of a wide page; photographs become as small as that.
_WIDTH = 800


# --- Numbers --------------------------------------------------------------------------------------


@register.filter
def plain_number(value: Decimal | None) -> str:
    """A number without needless zeros, as the reader's language writes it."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    text = value.to_integral_value() if whole else value.normalize()
    return number_format(format(text, "f"), use_l10n=True)


@register.filter
def whole(value: Decimal | None) -> int:
    """A number for the choice of a plural form."""
    return int(value or 0)


@register.simple_tag
def quantity(value: Any) -> str:
    """An amount as the reader's language writes it."""
    return plain_number(Decimal(str(value)))


@register.simple_tag
def supplies(stream: StreamValue) -> dict[str, int | None]:
    """For how many learners all items of a list are; None where they differ or say nothing."""
    numbers = {part.value.get("learners") for part in stream}
    return {"learners": numbers.pop() if len(numbers) == 1 else None}


# --- Names ----------------------------------------------------------------------------------------


@register.filter
def text_in(page: BasePage, language: str) -> str:
    """The name of a page in one language, '' where it has none."""
    return page.field_texts("name").get(language, "")


@register.simple_tag(takes_context=True)
def beside_name(context: template.Context, page: BasePage) -> SafeString | str:
    """The name of a page in the companion language, for behind its name."""
    reader: Reader = context["reader"]
    name = text_in(page, reader.companion) if reader.companion else ""
    if not name:
        return ""
    return format_html(
        '<span class="beside lang-{0}" lang="{0}">{1}</span>', reader.companion, name
    )


register.filter("level_key", level_key)
# On the home page; the catalogue has the rest.
NEWEST = 3


@register.simple_tag
def newest_curricula() -> list[CatalogueEntry]:
    """The newest curricula, for the home page."""
    return newest(NEWEST)


@register.simple_tag
def country_note(code: str) -> str:
    """What is said of a subject that belongs to one country."""
    notes = {"VN": _("for Vietnam only"), "LA": _("for Laos only")}
    return notes.get(code, "")


# --- Blocks ---------------------------------------------------------------------------------------


@register.simple_tag
def safety_word(kind: str) -> str:
    """The signal word of a safety note."""
    return str(_SAFETY_WORDS.get(kind, ""))


@register.simple_tag
def safety_sign(kind: str) -> SafeString:
    """The sign of a safety note."""
    sign: SafeString = pictogram(f"sign-{kind.replace('_', '-')}")
    return sign


@register.simple_tag(takes_context=True)
def drawing(context: template.Context, image: SiteImage, alternative: str = "") -> SafeString:
    """A picture with its text for those who cannot see it, in the language it is in."""
    reader: Reader = context.get("reader") or Reader(current_language())
    said = LocalText(alternative, reader.language) if alternative else None
    said = said or image.local_alternative(reader.language)
    shown = image.get_rendition(f"max-{_WIDTH}x{_WIDTH}|format-webp")
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}"{} loading="lazy" decoding="async">',
        shown.url,
        shown.width,
        shown.height,
        said or "",
        format_html(' lang="{}"', said.language) if said else "",
    )


@register.simple_tag
def cards_of(concepts: Any, cards: Mapping[int, Card] | None) -> list[Card]:
    """The cards of the concepts in a block that readers may see."""
    known = cards or {}
    return [known[concept.pk] for concept in concepts if concept and concept.pk in known]


@register.filter
def document_label(document: SiteDocument) -> SafeString | str:
    """What a document is called, for the reader."""
    texts = {code: getattr(document, f"label_{code}") or "" for code in ("lo", "vi", "en")}
    label = pick(texts, current_language())
    if label is None:
        return document.title
    return format_html('<span lang="{}">{}</span>', label.language, label.text)


@register.filter
def file_size(document: SiteDocument) -> int | None:
    """The size of a document in bytes, None where its file is lost."""
    try:
        return document.get_file_size()
    except OSError:
        return None
