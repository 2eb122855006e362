"""Tags of the admin screens."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.languages import LANGUAGES

register = template.Library()


@register.simple_tag
def language_tag(code: str) -> SafeString:
    """ລາວ, VIỆT or ENG in the language's colour."""
    return format_html(
        '<span class="language-tag" data-language="{}" lang="{}">{}</span>',
        code,
        code,
        LANGUAGES[code].tag,
    )
