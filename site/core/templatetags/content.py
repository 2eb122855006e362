"""Template tags for content in several languages, and for the drawings beside words."""

import re
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, QueryDict
from django.template.base import Parser, Token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from wagtail.blocks import StructValue
from wagtail.rich_text import expand_db_html

from core.blocks import TranslatedValue
from core.languages import CODES, LANGUAGES, LocalText, pick
from core.reader import Reader, current_language
from core.translated import TranslatedContent

register = template.Library()

_DRAWING_NAME = re.compile(r"[a-z0-9-]+")
_LANGUAGE_PREFIX = re.compile(rf"^/({'|'.join(CODES)})(?=/|$)")
# Parameters that say how a page is shown and not what it holds.
_READER_PARAMETERS = {"with"}


# --- Drawings -------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _drawing(name: str, css_class: str, folders: tuple[str, ...]) -> str:
    """The SVG of that name for use inside a page, '' where there is none."""
    if not _DRAWING_NAME.fullmatch(name):
        return ""
    root = settings.SITE_DIR / "static" / "pictograms"
    for folder in folders:
        path = root / folder / f"{name}.svg"
        if path.exists():
            svg = re.sub(r">\s+<", "><", path.read_text().strip())
            svg = svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
            return svg.replace("<svg", f'<svg{css_class} aria-hidden="true"', 1)
    return ""


@register.simple_tag
def pictogram(name: str | None) -> SafeString:
    """The drawing of a trade or thing; an unknown name draws nothing."""
    return mark_safe(_drawing(name or "", "", ("",)))  # noqa: S308  (a file of this project)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of the size of a letter, to stand beside a word."""
    return mark_safe(_drawing(name, ' class="icon"', ("icons", "")))  # noqa: S308  (as above)


# --- Text and its language ------------------------------------------------------------------------


@register.simple_tag
def lang_tag(code: str) -> SafeString:
    """The tag that stands with a language's colour."""
    return format_html(
        '<span class="lang-tag lang-{}" lang="{}">{}</span>', code, code, LANGUAGES[code].tag
    )


@register.filter
def localised(content: TranslatedContent, field: str) -> LocalText | None:
    """The text of a field for the reader, with the language it is in."""
    return content.local(field)


@register.simple_tag
def local_text(text: LocalText | None) -> SafeString | str:
    """A text inside an element that says its language."""
    return format_html('<span lang="{}">{}</span>', text.language, text.text) if text else ""


@register.simple_tag
def local(content: TranslatedContent, field: str) -> SafeString | str:
    """The text of a field for the reader, inside an element that says its language."""
    rendered: SafeString | str = local_text(content.local(field))
    return rendered


@register.simple_tag(takes_context=True)
def companion_text(context: template.Context, content: TranslatedContent, field: str) -> str:
    """The text of a field in the companion language, '' where it is not ready or not wanted."""
    code = context["reader"].companion
    return content.field_texts(field)[code] if code in content.visible_languages else ""


@register.simple_tag(takes_context=True)
def block_text(context: template.Context, value: TranslatedValue) -> str:
    """The plain text of a translated block for the reader, for use in an attribute."""
    text = value.local(context["reader"].language, context.get("visible_languages"))
    return str(text or "")


@register.simple_tag(takes_context=True)
def told(context: template.Context, value: TranslatedValue | None) -> SafeString | str:
    """A translated text for the reader, and behind it the same in the companion language."""
    if value is None:
        return ""
    reader: Reader = context.get("reader") or Reader(current_language())
    ready = context.get("visible_languages")
    main = value.local(reader.language, ready)
    if main is None:
        return ""
    html = format_html('<span lang="{}">{}</span>', main.language, main.text)
    beside = value.texts().get(reader.companion or "", "")
    is_ready = ready is None or reader.companion in ready
    if beside.strip() and is_ready and reader.companion != main.language:
        html += format_html(
            ' <span class="beside lang-{0}" lang="{0}">{1}</span>', reader.companion, beside
        )
    return html


@register.filter
def has_text(value: TranslatedValue | None) -> bool:
    """Whether a translated text says anything in any language."""
    return value is not None and any(text.strip() for text in value.texts().values())


@register.simple_tag
def prefetch_pictures(stream: Any) -> str:
    """Read the renditions of all pictures of a stream in one query."""
    values = [block.value for block in stream if isinstance(block.value, StructValue)]
    images = [value["image"] for value in values if "image" in value]
    prefetch_related_objects([image for image in images if image], "renditions")
    return ""


@register.inclusion_tag("components/missing_note.html")
def missing_note(content: TranslatedContent, reader: Reader) -> dict[str, Any]:
    """One quiet note for all of a page that stands in another language than the reader's."""
    texts = (pick(u.texts, reader.language, content.visible_languages) for u in content.units())
    shown = [text.language for text in texts if text is not None]
    others = [code for code in shown if code != reader.language]
    return {
        "codes": sorted(set(others), key=CODES.index),
        "is_whole": len(others) == len(shown),
        "wanted": LANGUAGES[reader.language].own_name,
    }


# --- Head -----------------------------------------------------------------------------------------


class _Capture(template.Node):
    def __init__(self, name: str, inner: template.NodeList) -> None:
        self._name = name
        self._inner = inner

    def render(self, context: template.Context) -> str:
        # Escaped as it was rendered; spaces from the template's own lines go.
        text = " ".join(self._inner.render(context).split())
        context[self._name] = mark_safe(text)  # noqa: S308
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> _Capture:
    """`{% capture name %}…{% endcapture %}`: a block whose text is needed in two places."""
    inner = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _Capture(token.split_contents()[1], inner)


# --- Rich text ------------------------------------------------------------------------------------


class _OneExpansion(template.Node):
    def __init__(self, inner: template.NodeList) -> None:
        self._inner = inner

    def render(self, context: template.Context) -> SafeString:
        with context.push(links_are_expanded_later=True):
            html = self._inner.render(context)
        return mark_safe(expand_db_html(html))  # noqa: S308  (what templates rendered)


@register.tag
def expand_links_together(parser: Parser, token: Token) -> _OneExpansion:
    """Resolve the links of all rich text inside at once: a query a kind, not one a paragraph."""
    inner = parser.parse(("end_expand_links_together",))
    parser.delete_first_token()
    return _OneExpansion(inner)


@register.simple_tag(takes_context=True)
def rich_text(context: template.Context, source: str) -> SafeString:
    """Stored rich text for readers; inside `expand_links_together` its links wait for the end."""
    html = source if context.get("links_are_expanded_later") else expand_db_html(source)
    return mark_safe(html)  # noqa: S308  (Draftail keeps to its features as it stores)


# --- Addresses ------------------------------------------------------------------------------------


def _without_prefix(path: str) -> str | None:
    """The path below the language, None where the address has none."""
    return _LANGUAGE_PREFIX.sub("", path, count=1) if _LANGUAGE_PREFIX.match(path) else None


def _with_query(path: str, query: QueryDict) -> str:
    return f"{path}?{query.urlencode()}" if query else path


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, Any]]:
    """For each language its name and the address of this page in it, the query kept.

    Where the companion becomes the page's language, the old language becomes the companion.
    """
    request: HttpRequest | None = context.get("request")
    reader: Reader = context["reader"]
    rest = _without_prefix(request.path) if request else None
    links = []
    for code, language in LANGUAGES.items():
        url = f"/{code}/"
        if request is not None and rest is not None:
            query = request.GET.copy()
            if code == reader.companion:
                query["with"] = reader.language
            url = _with_query(f"/{code}{rest}", query)
        links.append({"language": language, "url": url, "is_current": code == reader.language})
    return links


@register.simple_tag(takes_context=True)
def companion_links(context: template.Context) -> list[dict[str, Any]]:
    """The languages that may stand beside this page's, and none, with their addresses."""
    request: HttpRequest = context["request"]
    reader: Reader = context["reader"]
    links = []
    for code in (None, *(code for code in CODES if code != reader.language)):
        query = request.GET.copy()
        query.pop("with", None)
        if code:
            query["with"] = code
        # "?" alone leads to the page without any query.
        links.append(
            {
                "code": code,
                "url": f"?{query.urlencode()}",
                "is_current": code == reader.companion,
            }
        )
    return links


@register.simple_tag(takes_context=True)
def with_companion(context: template.Context, url: str) -> str:
    """An address of this site with the reader's companion language kept."""
    reader: Reader | None = context.get("reader")
    if reader is None or not reader.companion:
        return url
    return f"{url}{'&' if '?' in url else '?'}with={reader.companion}"


@register.inclusion_tag("components/head_links.html", takes_context=True)
def head_links(context: template.Context, languages: Any = None) -> dict[str, Any]:
    """Canonical address and alternates in the `languages` (codes) that are ready, by default all.

    Filtered lists and search results are left out of search engines.
    """
    request: HttpRequest | None = context.get("request")
    rest = _without_prefix(request.path) if request else None
    if request is None or rest is None:
        return {}
    query = request.GET.copy()
    for name in _READER_PARAMETERS:
        query.pop(name, None)
    if query:
        return {"is_filtered": True}
    absolute = request.build_absolute_uri
    codes = list(languages or CODES)
    own = context["reader"].language
    return {
        # Text shown in place of a missing translation is known under its own address.
        "canonical": absolute(f"/{own if own in codes else codes[0]}{rest}"),
        "alternates": [(code, absolute(f"/{code}{rest}")) for code in codes],
        # Without a language the site chooses the visitor's.
        "default": absolute(rest or "/"),
    }


# --- Sizes ----------------------------------------------------------------------------------------


@register.filter
def kilobytes(size: int | None) -> str:
    """A size in bytes as KB or MB, for beside a download."""
    if not size:
        return ""
    if size < 1_000_000:
        number = max(1, round(size / 1000))
        return ngettext("%(n)d KB", "%(n)d KB", number) % {"n": number}
    return gettext("%(n).1f MB") % {"n": size / 1_000_000}
