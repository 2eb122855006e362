"""`{% mark_terms page %} … {% end_mark_terms %}`: marks in the text that stands between them."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from core.markers import mark
from core.reader import Reader, current_language

register = template.Library()


class _Marked(template.Node):
    def __init__(self, inner: template.NodeList, page: FilterExpression | None) -> None:
        self._inner = inner
        self._page = page

    def render(self, context: template.Context) -> SafeString:
        html = mark_safe(self._inner.render(context))  # noqa: S308  (what templates rendered)
        page: Any = self._page.resolve(context, ignore_failures=True) if self._page else None
        if not getattr(page, "mark_terms", True):
            return html
        reader: Reader | None = context.get("reader")
        language = reader.language if reader else current_language()
        return mark(html, language, getattr(page, "unmarked_words", ()))


@register.tag
def mark_terms(parser: Parser, token: Token) -> _Marked:
    """Mark the text inside, unless the page named (optional) has that switched off."""
    _name, *arguments = token.split_contents()
    if len(arguments) > 1:
        raise template.TemplateSyntaxError("mark_terms takes one page at most.")
    page = parser.compile_filter(arguments[0]) if arguments else None
    inner = parser.parse(("end_mark_terms",))
    parser.delete_first_token()
    return _Marked(inner, page)
