"""The edit screen of a concept: what stands where."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import ChildRelationComparison
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PanelGroup,
)
from wagtail.admin.staticfiles import versioned_static

from core.languages import CODES, LANGUAGES
from core.panels import LanguageBar, TranslatedFieldPanel, language_settings_panel
from core.translated import LANGUAGE_CHOICES

from .forms import TERM_FIELDS, ConceptForm, RelationForm, RelationFormSet, TermForm, TermFormSet
from .models import Term
from .review import can_review

# More terms than this for one idea in one language are a mistake.
MAX_TERMS = 20
ADD_LABELS = {
    "lo": _("Add a Lao term"),
    "vi": _("Add a Vietnamese term"),
    "en": _("Add an English term"),
}


class FoldedPanel(MultiFieldPanel):
    """Fields that are seldom needed: shown on a click, or where one of them has an error."""

    def __init__(self, children: Any = (), *args: Any, summary: Any = "", **kwargs: Any) -> None:
        super().__init__(children, *args, **kwargs)
        self.summary = summary

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "summary": self.summary}

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "glossary/admin/folded_panel.html"

        @property
        def summary(self) -> Any:
            return self.panel.summary

        def field_names(self) -> list[str]:
            return list(self.panel.get_form_options().get("fields", []))

        @property
        def is_open(self) -> bool:
            """Whether an error would otherwise be out of sight."""
            return self.form is not None and any(
                name in self.form.errors for name in self.field_names() if self.form.is_bound
            )

        @property
        def filled(self) -> int:
            """How many of the fields hold something, to show while folded."""
            values = (getattr(self.instance, name, None) for name in self.field_names())
            return sum(1 for value in values if value and value != Term.Type.FULL)


class TermComparison(ChildRelationComparison):
    """The terms of one language in two revisions."""

    def __init__(
        self, field: Any, comparisons: Any, *versions: Any, language: str, label: Any = ""
    ) -> None:
        super().__init__(field, comparisons, *versions, label=label)
        self.val_a, self.val_b = (version.terms.filter(language=language) for version in versions)


class TermPanel(InlinePanel):
    """The terms of one language."""

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            "terms",
            *args,
            **{
                "panels": term_panels(language),
                "heading": LANGUAGES[language].own_name,
                "label": _("term"),
                "max_num": MAX_TERMS,
                **kwargs,
            },
        )
        self.language = language

    def clone_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().clone_kwargs()
        kwargs["language"] = self.language
        del kwargs["relation_name"]
        return kwargs

    def on_model_bound(self) -> None:
        super().on_model_bound()
        # The form keeps a set of terms for each language (glossary.forms.ConceptForm).
        self.relation_name = f"terms_{self.language}"

    def get_form_options(self) -> dict[str, Any]:
        return {
            "formsets": {
                "terms": {
                    "form": TermForm,
                    "formset": TermFormSet,
                    "fields": TERM_FIELDS,
                    "widgets": {
                        f"example_{code}": forms.Textarea(attrs={"rows": 2}) for code in CODES
                    },
                    "max_num": MAX_TERMS,
                    "validate_max": True,
                }
            }
        }

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "glossary/admin/term_panel.html"

        @property
        def media(self) -> forms.Media:
            script = versioned_static("glossary/admin/glossary.js")
            return super().media + forms.Media(js=[script])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            language = self.panel.language
            context["language"] = language
            context["add_label"] = ADD_LABELS[language]
            # An unsaved term cannot be signed.
            terms = [child.form.instance for child in self.children if child.form.instance.text]
            context["is_signed"] = bool(terms) and all(
                term.review_state == Term.Review.REVIEWED
                for term in terms
                if term.status != Term.Status.PROPOSED
            )
            context["review_url"] = None
            if self.instance.pk and self.request and can_review(self.request.user, language):
                context["review_url"] = reverse(
                    "wagtailsnippets_glossary_concept:review", args=(self.instance.pk, language)
                )
            return context

        def get_comparison(self) -> list[Any]:
            (comparison,) = super().get_comparison()
            return [
                partial(
                    TermComparison,
                    *comparison.args,
                    **comparison.keywords,
                    language=self.panel.language,
                )
            ]


class LanguageColumns(PanelGroup):
    """The term groups beside each other, under each other on a narrow screen."""

    class BoundPanel(PanelGroup.BoundPanel):
        template_name = "glossary/admin/language_columns.html"


def _example_panel(code: str, own: str) -> FieldPanel:
    """The example sentence in the term's `own` language, or its translation."""
    what = _("Sentence") if code == own else _("Translation")
    name = dict(LANGUAGE_CHOICES)[code]
    return FieldPanel(
        f"example_{code}",
        heading=format_lazy("{what} ({language})", what=what, language=name),
        attrs={"data-language": code},
    )


def term_panels(language: str) -> list[Any]:
    """What is asked of a term of `language`."""
    grammar = [FieldPanel("part_of_speech"), FieldPanel("status")]
    others = [code for code in CODES if code != language]
    return [
        FieldPanel("text", classname="term-text"),
        FieldRowPanel(grammar),
        *([FieldPanel("classifier")] if language == "lo" else []),
        FoldedPanel(
            [_example_panel(code, language) for code in (language, *others)],
            summary=_("Usage example"),
            help_text=_("A sentence from work in which the term stands, and its translations."),
        ),
        FoldedPanel(
            [
                FieldPanel("type"),
                FieldPanel("source"),
                FieldPanel("pronunciation"),
                FieldPanel("pronunciation_scheme"),
                FieldPanel("region"),
                FieldPanel("recording"),
                FieldPanel("sort_as"),
            ],
            summary=_("More about this term"),
        ),
    ]


class RelationPanel(InlinePanel):
    """Links to other concepts."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"]["relations"] |= {"form": RelationForm, "formset": RelationFormSet}
        return options


concept_panels = ObjectList(
    [
        LanguageBar(),
        LanguageColumns([TermPanel(code) for code in CODES], heading=_("Terms")),
        TranslatedFieldPanel(
            "definition",
            help_text=_("What the thing is, in one or two sentences that a learner understands."),
        ),
        FieldPanel("definition_source"),
        FieldPanel("trades", widget=forms.CheckboxSelectMultiple),
        RelationPanel(
            "relations",
            panels=[FieldPanel("kind"), FieldPanel("target")],
            heading=_("Related concepts"),
            label=_("related concept"),
            help_text=_(
                "Readers see the link on both concepts, so it is enough to make it on one of them."
            ),
        ),
        FieldPanel("image"),
        FieldPanel("is_safety"),
        language_settings_panel(),
    ],
    base_form_class=ConceptForm,
)
