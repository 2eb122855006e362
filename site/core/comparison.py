"""Comparing two revisions word by word, Lao included.

Wagtail cuts text at every character that is no letter, and so inside Lao syllables, whose vowel
and tone marks are none. Here the pieces are those of `orthography.tokens`.
"""

from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.admin.compare import (
    StructBlockComparison,
    TextDiff,
    TextFieldComparison,
    register_comparison_class,
)
from wagtail.utils.text import text_from_html

from orthography import tokens

from .languages import CODES, LANGUAGES


def text_difference(before: str, after: str) -> SafeString:
    """Both texts in one as HTML: what went and what came is marked with Wagtail's classes."""
    # Where tokens() cuts does not depend on the language.
    old, new = tokens(before or "", "en"), tokens(after or "", "en")
    changes: list[tuple[str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            changes.append(("equal", "".join(old[i:j])))
            continue
        if j > i:
            changes.append(("deletion", "".join(old[i:j])))
        if m > k:
            changes.append(("addition", "".join(new[k:m])))
    return TextDiff(changes).to_html()


class WordComparison(TextFieldComparison):
    """Two values of a text field."""

    def has_changed(self) -> bool:
        # A form stores '' where the database had nothing.
        return (self.val_a or "") != (self.val_b or "")

    def htmldiff(self) -> SafeString:
        return text_difference(self.val_a, self.val_b)


def register() -> None:
    """Use word comparison for every text field of the admin, as the app starts."""
    register_comparison_class(models.CharField, comparison_class=WordComparison)
    register_comparison_class(models.TextField, comparison_class=WordComparison)


class TranslatedBlockComparison(StructBlockComparison):
    """Two values of a translated block, language by language; empty languages are left out."""

    def htmlvalue(self, val: Any) -> SafeString:
        return self._list(_plain_texts(val), _plain_texts(val))

    def htmldiff(self) -> SafeString:
        return self._list(_plain_texts(self.val_a), _plain_texts(self.val_b))

    def _list(self, before: dict[str, str], after: dict[str, str]) -> SafeString:
        rows = (
            (code, LANGUAGES[code].tag, code, text_difference(before[code], after[code]))
            for code in CODES
            if before[code] or after[code]
        )
        return format_html(
            '<dl class="language-list">{}</dl>',
            format_html_join(
                "",
                '<dt><span class="language-tag" data-language="{}">{}</span></dt>'
                '<dd lang="{}">{}</dd>',
                rows,
            ),
        )


def _plain_texts(value: Any) -> dict[str, str]:
    found = {code: value.get(code) if value else "" for code in CODES}
    # Rich text carries its HTML in `source`; plain text may hold a "<" that is no tag.
    return {
        code: text_from_html(text.source) if hasattr(text, "source") else text or ""
        for code, text in found.items()
    }
