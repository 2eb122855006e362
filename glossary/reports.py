"""Reports for editors: what is missing, unreviewed or there twice. Paged, quick at any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from core.languages import CODES, LANGUAGES
from core.search.models import SearchEntry, SearchTrade
from core.translated import LANGUAGE_CHOICES
from trades.models import Trade

from .concept_index import TermColumn, TradesColumn
from .models import Concept, Term
from .search import CONCEPT

_CHUNK = 2000
# What makes a spreadsheet take a text for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(value: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(_FORMULA_SIGNS) else value


def _concept_name(row: Any) -> str:
    concept = row.concept if isinstance(row, Term) else row
    return str(concept)


def _edit_url(row: Any) -> str:
    key = row.concept_id if isinstance(row, Term) else row.pk
    return reverse("wagtailsnippets_glossary_concept:edit", args=(key,))


class GlossaryReport(ReportView):
    """Base: seen by those who work with concepts; exported as CSV or XLSX."""

    model: Any = Concept
    any_permission_required = ["add", "change", "delete", "view"]
    header_icon = "openquote"
    is_searchable = False
    paginate_by = 50
    name = ""

    @property
    def index_url_name(self) -> str:
        return f"glossary_reports:{self.name}"

    @property
    def index_results_url_name(self) -> str:
        return f"glossary_reports:{self.name}_results"

    @cached_property
    def permission_policy(self) -> Any:
        from wagtail.permissions import policy_registry

        return policy_registry.get_by_type(Concept)

    def get_filtered_queryset(self) -> Any:
        # ReportView filters a queryset that get_queryset() has filtered already.
        return self.get_queryset()

    def get_filename(self) -> str:
        return f"glossary-{self.name}"

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        rows = queryset.iterator(_CHUNK) if isinstance(queryset, QuerySet) else queryset
        return super().as_spreadsheet(rows, spreadsheet_format)

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        # Without this mark spreadsheets take Lao for another encoding.
        yield "\ufeff".encode()
        yield from super().stream_csv(queryset)

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        text = super().preprocess_field_value(field, value, export_format)
        return plain_cell(text) if isinstance(text, str) else text


class TermFilterSet(WagtailFilterSet):
    """Which language and trade."""

    language = django_filters.ChoiceFilter(label=_("Language"), choices=LANGUAGE_CHOICES)
    trade = django_filters.ModelChoiceFilter(
        label=_("Trade"), queryset=Trade.objects.all(), method="in_trade"
    )

    class Meta:
        model = Term
        fields: list[str] = []

    def in_trade(self, queryset: QuerySet[Term], name: str, trade: Trade) -> QuerySet[Term]:
        links = Concept.trades.through.objects.filter(trade=trade)
        return queryset.filter(concept_id__in=links.values("concept_id"))


class TermReport(GlossaryReport):
    """Base of the lists of terms."""

    filterset_class = TermFilterSet
    list_export = ["text", "language", "status", "concept", "concept.public_id"]
    export_headings: ClassVar[dict[str, Any]] = {
        "text": gettext_lazy("Term"),
        "language": gettext_lazy("Language"),
        "status": gettext_lazy("Status"),
        "concept": gettext_lazy("Concept"),
        "concept.public_id": gettext_lazy("Concept ID"),
    }

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn("text", label=_("Term"), get_url=_edit_url),
            Column("language", label=_("Language"), accessor="get_language_display"),
            Column("status", label=_("Status"), accessor="get_status_display"),
            Column("concept", label=_("Concept"), accessor=_concept_name),
            Column(
                "trades",
                label=_("Trades"),
                accessor=lambda term: ", ".join(str(t) for t in term.concept.trades.all()),
            ),
        ]

    def terms(self) -> QuerySet[Term]:
        """The terms of the report; proposals are not agreed, so nobody misses anything of them."""
        return Term.objects.exclude(status=Term.Status.PROPOSED)

    def get_base_queryset(self) -> QuerySet[Term]:
        related = ("concept__terms", "concept__trades")
        return self.terms().order_by("-pk").select_related("concept").prefetch_related(*related)


class WithoutRecording(TermReport):
    """Terms that nobody has spoken yet."""

    name = "without-recording"
    page_title = gettext_lazy("Terms without recording")

    def terms(self) -> QuerySet[Term]:
        return super().terms().filter(recording=None)


class Unreviewed(TermReport):
    """Terms that no terminologist has signed."""

    name = "unreviewed"
    page_title = gettext_lazy("Unreviewed terms")

    def terms(self) -> QuerySet[Term]:
        return super().terms().exclude(review_state=Term.Review.REVIEWED)


class ConceptFilterSet(WagtailFilterSet):
    """Which trade."""

    trade = django_filters.ModelChoiceFilter(
        label=_("Trade"), queryset=Trade.objects.all(), method="in_trade"
    )

    class Meta:
        model = Concept
        fields: list[str] = []

    def in_trade(self, queryset: QuerySet[Concept], name: str, trade: Trade) -> QuerySet[Concept]:
        links = Concept.trades.through.objects.filter(trade=trade)
        return queryset.filter(pk__in=links.values("concept_id"))


class MissingLanguage(GlossaryReport):
    """Base: concepts without a term in one language."""

    language = ""
    filterset_class = ConceptFilterSet
    list_export = ["__str__", "public_id"]
    export_headings: ClassVar[dict[str, Any]] = {
        "__str__": gettext_lazy("Concept"),
        "public_id": gettext_lazy("Concept ID"),
    }

    @cached_property
    def columns(self) -> list[Any]:
        others = [TermColumn(code) for code in CODES if code != self.language]
        return [
            TitleColumn("concept", label=_("Concept"), accessor=str, get_url=_edit_url),
            *others,
            TradesColumn("trades", label=_("Trades")),
        ]

    def get_base_queryset(self) -> QuerySet[Concept]:
        terms = Term.objects.filter(concept=OuterRef("pk"), language=self.language)
        found = Concept.objects.filter(~Exists(terms)).order_by("-pk")
        return found.prefetch_related("terms", "trades")


class WithoutLao(MissingLanguage):
    """Concepts without a Lao term."""

    name = "without-lao"
    language = "lo"
    page_title = gettext_lazy("Concepts without Lao")


class WithoutVietnamese(MissingLanguage):
    """Concepts without a Vietnamese term."""

    name = "without-vietnamese"
    language = "vi"
    page_title = gettext_lazy("Concepts without Vietnamese")


@dataclass
class Double:
    """One folded term that several published concepts of a trade have in one language."""

    trade_id: int
    language: str
    folded: bytes
    count: int
    trade: str = ""
    texts: str = ""
    concepts: tuple[Concept, ...] = ()

    @property
    def concept_names(self) -> str:
        """The concepts in words, for the export."""
        return " / ".join(f"{concept} [{concept.public_id}]" for concept in self.concepts)

    @property
    def language_name(self) -> str:
        """The language's own name."""
        return LANGUAGES[self.language].own_name


_DOUBLES = """
WITH shared AS (
    SELECT folded, language FROM core_searchentry
    WHERE kind = %s AND folded IS NOT NULL
    GROUP BY folded, language HAVING COUNT(DISTINCT object_id) > 1
)
SELECT t.trade_id, e.language, e.folded, COUNT(DISTINCT e.object_id)
FROM shared s
JOIN core_searchentry e ON e.folded = s.folded AND e.language = s.language AND e.kind = %s
JOIN core_searchtrade t ON t.kind = e.kind AND t.object_id = e.object_id
GROUP BY t.trade_id, e.language, e.folded
HAVING COUNT(DISTINCT e.object_id) > 1
ORDER BY t.trade_id, e.language, e.folded
"""


def doubles() -> list[Double]:
    """Every term that stands in several published concepts of a trade, whatever its spelling."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBLES, [CONCEPT, CONCEPT])
        return [
            Double(trade, language, bytes(folded), count)
            for trade, language, folded, count in cursor.fetchall()
        ]


def fill_doubles(rows: list[Double]) -> list[Double]:
    """Give the doubles their texts, concepts and trade names, in five queries."""
    trades = Trade.objects.in_bulk({row.trade_id for row in rows})
    entries = SearchEntry.objects.filter(kind=CONCEPT, folded__in=[row.folded for row in rows])
    found: dict[tuple[str, bytes], list[tuple[int, str]]] = defaultdict(list)
    for language, folded, pk, text in entries.values_list(
        "language", "folded", "object_id", "text"
    ):
        found[language, bytes(folded)].append((pk, text))
    ids = {pk for places in found.values() for pk, _text in places}
    concepts = Concept.objects.prefetch_related("terms").in_bulk(ids)
    links = set(
        SearchTrade.objects.filter(kind=CONCEPT, object_id__in=ids).values_list(
            "trade_id", "object_id"
        )
    )
    for row in rows:
        places = [p for p in found[row.language, row.folded] if (row.trade_id, p[0]) in links]
        row.trade = str(trades.get(row.trade_id, ""))
        row.texts = " / ".join(sorted({text for _pk, text in places}))
        row.concepts = tuple(
            concepts[pk] for pk in sorted({pk for pk, _t in places} & set(concepts))
        )
    return rows


class ConceptLinks(Column):
    """Links to the concepts of a double."""

    cell_template_name = "glossary/admin/double_cell.html"

    def get_value(self, instance: Double) -> list[tuple[str, str]]:
        return [(_edit_url(concept), str(concept)) for concept in instance.concepts]


class Duplicates(GlossaryReport):
    """The same word twice in one trade: two entries for one idea, or one word of two meanings."""

    name = "duplicates"
    page_title = gettext_lazy("Duplicate terms")
    list_export = ["texts", "language_name", "trade", "concept_names"]
    export_headings: ClassVar[dict[str, Any]] = {
        "texts": gettext_lazy("Term"),
        "language_name": gettext_lazy("Language"),
        "trade": gettext_lazy("Trade"),
        "concept_names": gettext_lazy("Concepts"),
    }

    @cached_property
    def columns(self) -> list[Any]:
        return [
            Column("texts", label=_("Term")),
            Column("language_name", label=_("Language")),
            Column("trade", label=_("Trade")),
            ConceptLinks("concepts", label=_("Concepts")),
        ]

    def get_queryset(self) -> list[Double]:
        return doubles()

    def get_table(self, object_list: Any) -> Any:
        # The page's rows alone are looked up.
        return super().get_table(fill_doubles(list(object_list)))

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        return super().as_spreadsheet(fill_doubles(list(queryset)), spreadsheet_format)


REPORTS: tuple[type[GlossaryReport], ...] = (
    WithoutRecording,
    WithoutLao,
    WithoutVietnamese,
    Unreviewed,
    Duplicates,
)


class ReportMenuItem(MenuItem):
    """Shown to those who may open the report."""

    def is_shown(self, request: Any) -> bool:
        return any(
            request.user.has_perm(f"glossary.{action}_concept")
            for action in ("add", "change", "delete", "view")
        )


def report_menu_item(report: type[GlossaryReport], order: int) -> MenuItem:
    """The item of a report in Wagtail's menu of reports."""
    return ReportMenuItem(
        report.page_title,
        reverse(f"glossary_reports:{report.name}"),
        name=f"glossary-{report.name}",
        icon_name="openquote",
        order=order,
    )


def report_urls() -> list[Any]:
    """The addresses of the reports and of their result lists."""
    return [
        pattern
        for report in REPORTS
        for pattern in (
            path(f"{report.name}/", report.as_view(), name=report.name),
            path(
                f"{report.name}/results/",
                report.as_view(results_only=True),
                name=f"{report.name}_results",
            ),
        )
    ]
