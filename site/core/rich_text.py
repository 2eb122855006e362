"""The `language` feature of the rich text editor: a mark for words of another language.

Stored as `<span lang="lo">`; a reader's browser and screen reader then take the right font and
voice. Nothing else of a span survives: Draftail keeps only what a rule names.
"""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineStyleElementHandler
from wagtail.admin.rich_text.editors.draftail.features import Feature
from wagtail.rich_text.feature_registry import FeatureRegistry

from .languages import LANGUAGES

FEATURE = "language"
_COLOURS = {"lo": "#2b3a8c", "vi": "#a3224f", "en": "#46536b"}


def _style_name(code: str) -> str:
    return f"LANGUAGE_{code.upper()}"


class LanguageFeature(Feature):
    """One toolbar button a language."""

    def construct_options(self, options: dict[str, Any]) -> None:
        styles = options.setdefault("inlineStyles", [])
        for code, language in LANGUAGES.items():
            styles.append(
                {
                    "type": _style_name(code),
                    "label": language.tag,
                    "description": format_lazy(
                        _("These words are {language}"), language=language.own_name
                    ),
                    "style": {"borderBottom": f"2px dotted {_COLOURS[code]}"},
                }
            )


def register_language_feature(features: FeatureRegistry) -> None:
    """Make the feature known to Draftail and to what converts its content."""
    features.register_editor_plugin("draftail", FEATURE, LanguageFeature())
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {
                f'span[lang="{code}"]': InlineStyleElementHandler(_style_name(code))
                for code in LANGUAGES
            },
            "to_database_format": {
                "style_map": {
                    _style_name(code): {"element": "span", "props": {"lang": code}}
                    for code in LANGUAGES
                }
            },
        },
    )
