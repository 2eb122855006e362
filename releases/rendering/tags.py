"""What the templates of a rendered document use; every tag knows the language of the edition."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from core.languages import LANGUAGES, LocalText

from .labels import SAFETY_KIND
from .rich_text import clean, printable

register = template.Library()

BLOCK_KINDS = {
    *("heading", "paragraphs", "remember", "safety", "procedure", "exercise"),
    *("drawing", "table", "file", "terms"),
}


def language_tag(code: str) -> SafeString:
    """The letters that name a language wherever its colour stands."""
    return format_html(
        '<span class="tag tag-{}" lang="{}">{}</span>', code, code, LANGUAGES[code].tag
    )


def inline(text: LocalText | None) -> SafeString:
    """A text inside a line; one of another language says so."""
    if not text:
        return SafeString()
    lines = printable(text.text).strip().splitlines()
    shown = mark_safe("<br/>".join(conditional_escape(line) for line in lines))  # noqa: S308
    if not text.is_fallback:
        return shown
    tag = language_tag(text.language)
    return format_html('<span class="other" lang="{}">{}</span> {}', text.language, shown, tag)


def items(value: Any) -> Iterator[Any]:
    """The values of a list block, which stores each with an id."""
    for entry in value or ():
        yield entry["value"] if isinstance(entry, Mapping) and "value" in entry else entry


@register.simple_tag(takes_context=True)
def local(context: template.Context, values: Mapping[str, str] | None) -> SafeString:
    """Plain text of several languages, inside a line."""
    return inline(context["section"].pick(values))


@register.simple_tag(takes_context=True)
def plain(context: template.Context, values: Mapping[str, str] | None) -> str:
    """Plain text of several languages, for an attribute."""
    text = context["section"].pick(values)
    return " ".join(printable(text.text).split()) if text else ""


@register.simple_tag(takes_context=True)
def rich(context: template.Context, values: Mapping[str, str] | None) -> SafeString:
    """Running text of several languages: paragraphs, lists and headings."""
    text = context["section"].pick(values)
    if not text:
        return SafeString()
    source = mark_safe(clean(text.text))  # noqa: S308  (clean() leaves nothing harmful)
    if not text.is_fallback:
        return source
    return format_html(
        '<div class="other" lang="{}"><p class="other-tag">{}</p>{}</div>',
        text.language,
        language_tag(text.language),
        source,
    )


@register.simple_tag(takes_context=True)
def render_block(context: template.Context, entry: Mapping[str, Any]) -> SafeString:
    """A block of the teaching content by its own template; one of an unknown kind shows nothing."""
    if entry["type"] not in BLOCK_KINDS:
        return SafeString()
    found = context.template.engine.get_template(f"releases/rendering/blocks/{entry['type']}.html")
    with context.push(value=entry["value"]):
        return found.render(context)


@register.filter(name="items")
def items_filter(value: Any) -> list[Any]:
    """The values of a list block."""
    return list(items(value))


@register.filter
def nonempty(values: Mapping[str, str] | None) -> bool:
    """Whether a translated value has text in any language."""
    return any((text or "").strip() for text in (values or {}).values())


@register.filter
def safety_kind(kind: str) -> str:
    """The word of a safety sign."""
    return gettext(SAFETY_KIND.get(kind, SAFETY_KIND["warning"]))


@register.filter
def day(value: str | None) -> str:
    """An ISO date as the edition's language writes it."""
    parsed = parse_date(value[:10]) if value else None
    return date_format(parsed, "DATE_FORMAT") if parsed else ""


@register.simple_tag(takes_context=True)
def file(context: template.Context, reference: Mapping[str, str]) -> Mapping[str, Any]:
    """What the document knows of a referenced file, with its `address` inside every packaging."""
    found: Mapping[str, Any] = context["section"].edition.file(reference["file"])
    return found


@register.simple_tag(takes_context=True)
def terms(context: template.Context, value: Any) -> list[Any]:
    """The glossary's entries for the concepts of a block."""
    entries = context["section"].edition.entries
    chosen = [entry["concept"] for entry in items(value) if entry]
    return [entries[concept] for concept in chosen if concept in entries]


@register.filter
def safety_class(kind: str) -> str:
    """The colour and sign of a safety note."""
    return kind.replace("_", "-") if kind in SAFETY_KIND else "warning"


@register.filter
def size(value: int) -> str:
    """A number of bytes as people read it."""
    return str(filesizeformat(value))


@register.filter
def number(value: str | int | None) -> str:
    """A decimal number as the edition's language writes it, without zeros at its end."""
    if value in (None, ""):
        return ""
    return str(number_format(Decimal(str(value)).normalize() + 0))


@register.filter
def minutes(value: int) -> str:
    """How long an exercise takes."""
    return ngettext("%(count)d minute", "%(count)d minutes", value) % {"count": value}


@register.filter
def cells(row: Any, columns: list[Any]) -> list[Any]:
    """The cells of a row, filled up to the number of columns."""
    found = list(items(row))[: len(columns)]
    return found + [{}] * (len(columns) - len(found))
