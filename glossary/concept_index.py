"""The list of concepts in the admin: columns, filters and search, quick at 100,000 concepts."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.admin.utils import quote
from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from core.languages import CODES, LANGUAGES
from core.translated import LANGUAGE_CHOICES
from trades.models import Trade

from .models import Concept, Term
from .review import reviewable_languages
from .search import search_concept_ids
from .templatetags.glossary_admin import language_tag

# As many as anybody pages through; the best come first.
MAX_FOUND = 200


def found_by_search(queryset: QuerySet[Concept], query: str, ranked: bool) -> QuerySet[Concept]:
    """The concepts of `queryset` with a term found by any of its spellings, best first."""
    ids = search_concept_ids(query, limit=MAX_FOUND)
    found = queryset.filter(pk__in=ids)
    if not ranked or not ids:
        return found
    place = Case(
        *(When(pk=pk, then=Value(number)) for number, pk in enumerate(ids)),
        output_field=IntegerField(),
    )
    return found.order_by(place)


def _terms(**conditions: Any) -> Exists:
    return Exists(Term.objects.filter(concept=OuterRef("pk"), **conditions))


class ConceptFilterSet(WagtailFilterSet):
    """What editors narrow the list by."""

    trade = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Trade"), queryset=Trade.objects.all(), method="in_trades"
    )
    has = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Has terms in"), choices=LANGUAGE_CHOICES, method="with_language"
    )
    lacks = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Has no terms in"), choices=LANGUAGE_CHOICES, method="without_language"
    )
    to_review = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Not signed off in"), choices=LANGUAGE_CHOICES, method="unreviewed"
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[
            ("live", gettext_lazy("published")),
            ("changed", gettext_lazy("published, with newer changes")),
            ("draft", gettext_lazy("not published")),
        ],
        method="in_state",
    )
    is_safety = django_filters.BooleanFilter(label=gettext_lazy("Safety"))
    recording = django_filters.ChoiceFilter(
        label=gettext_lazy("Recordings"),
        choices=[
            ("missing", gettext_lazy("a term without recording")),
            ("all", gettext_lazy("every term recorded")),
        ],
        method="with_recording",
    )

    class Meta:
        model = Concept
        fields: list[str] = []

    def in_trades(
        self, queryset: QuerySet[Concept], name: str, trades: list[Trade]
    ) -> QuerySet[Concept]:
        if not trades:
            return queryset
        links = Concept.trades.through.objects.filter(trade__in=[trade.pk for trade in trades])
        return queryset.filter(pk__in=links.values("concept_id"))

    def with_language(
        self, queryset: QuerySet[Concept], name: str, codes: list[str]
    ) -> QuerySet[Concept]:
        for code in codes:
            queryset = queryset.filter(_terms(language=code))
        return queryset

    def without_language(
        self, queryset: QuerySet[Concept], name: str, codes: list[str]
    ) -> QuerySet[Concept]:
        for code in codes:
            queryset = queryset.filter(~_terms(language=code))
        return queryset

    def unreviewed(
        self, queryset: QuerySet[Concept], name: str, codes: list[str]
    ) -> QuerySet[Concept]:
        if not codes:
            return queryset
        terms = Term.objects.unreviewed().filter(concept=OuterRef("pk"), language__in=codes)
        return queryset.filter(Exists(terms.exclude(status=Term.Status.PROPOSED)))

    def in_state(self, queryset: QuerySet[Concept], name: str, value: str) -> QuerySet[Concept]:
        conditions = {
            "live": {"live": True, "has_unpublished_changes": False},
            "changed": {"live": True, "has_unpublished_changes": True},
            "draft": {"live": False},
        }
        return queryset.filter(**conditions[value])

    def with_recording(
        self, queryset: QuerySet[Concept], name: str, value: str
    ) -> QuerySet[Concept]:
        missing = _terms(recording=None)
        return queryset.filter(missing if value == "missing" else ~missing)


class TermColumn(Column):
    """The preferred term of one language."""

    cell_template_name = "glossary/admin/term_cell.html"

    def __init__(self, language: str) -> None:
        super().__init__(language, label=language_tag(language))
        self.language = language

    def get_cell_context_data(self, instance: Concept, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["language"] = self.language
        context["terms"] = instance.terms_in(self.language)
        return context

    def get_value(self, instance: Concept) -> str:
        return ""


class TermTitleColumn(TitleColumn):
    """The Lao term as the link to the concept; where there is none, a link that says so."""

    cell_template_name = "glossary/admin/term_title_cell.html"

    def get_cell_context_data(self, instance: Concept, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["language"] = "lo"
        context["terms"] = instance.terms_in("lo")
        context["name"] = str(instance)
        return context


class ReviewColumn(Column):
    """The languages that are signed off."""

    cell_template_name = "glossary/admin/review_cell.html"

    def get_value(self, instance: Concept) -> list[str]:
        return [code for code in CODES if _is_signed(instance, code)]


def _is_signed(concept: Concept, code: str) -> bool:
    terms = [t for t in concept.terms_in(code) if t.status != Term.Status.PROPOSED]
    return bool(terms) and all(term.review_state == Term.Review.REVIEWED for term in terms)


class TradesColumn(Column):
    """The concept's trades, by name."""

    def get_value(self, instance: Concept) -> str:
        return ", ".join(str(trade) for trade in instance.trades.all())


class StateColumn(Column):
    """Draft, published, or published with newer changes."""

    cell_template_name = "glossary/admin/state_cell.html"

    def get_value(self, instance: Concept) -> str:
        # Not status_string, which asks the database about schedules, row by row.
        if not instance.live:
            return _("draft")
        return _("live + draft") if instance.has_unpublished_changes else _("live")


class ConceptIndexView(snippets.IndexView):
    """The list, newest first; a search goes through the search table (glossary.search)."""

    filterset_class = ConceptFilterSet
    search_fields = ["terms__text"]
    search_backend_name = None
    default_ordering = "-pk"
    paginate_by = 50

    def get_base_queryset(self) -> QuerySet[Concept]:
        return Concept.objects.prefetch_related("terms", "trades")

    def search_queryset(self, queryset: QuerySet[Concept]) -> QuerySet[Concept]:
        if not self.is_searching:
            return queryset
        return found_by_search(queryset, self.search_query, not self.is_explicitly_ordered)

    def get_valid_orderings(self) -> list[str]:
        return ["pk", "-pk"]

    @cached_property
    def columns(self) -> list[Any]:
        title_class = self._get_title_column_class(TermTitleColumn)
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            title_class(
                "lo",
                label=language_tag("lo"),
                accessor=str,
                get_url=lambda concept: self.get_edit_url(concept) or self.get_inspect_url(concept),
                get_title_id=lambda concept: f"snippet_{quote(concept.pk)}_title",
            ),
            TermColumn("vi"),
            TermColumn("en"),
            TradesColumn("trades", label=_("Trades")),
            ReviewColumn("review", label=_("Signed off")),
            StateColumn("state", label=_("Status")),
        ]

    def get_list_more_buttons(self, instance: Concept) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        return [*buttons, *review_buttons(instance, self._reviewable)]

    @cached_property
    def _reviewable(self) -> tuple[str, ...]:
        return reviewable_languages(self.request.user)


def review_buttons(concept: Concept, languages: tuple[str, ...]) -> list[Button]:
    """A button to the review screen for each language."""
    return [
        Button(
            _("Review %(language)s") % {"language": LANGUAGES[code].own_name},
            url=reverse("wagtailsnippets_glossary_concept:review", args=(concept.pk, code)),
            icon_name="check",
            priority=60,
        )
        for code in languages
    ]
