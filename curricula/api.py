"""Curricula in the JSON API: what the catalogue lists, each with its modules and units."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from centres.models import CentrePage, Country
from core.api import Cacheable, LocalTexts, Pages
from core.translated import LANGUAGE_CHOICES
from trades.models import Trade

from .listing import level_key
from .models import CurriculumPage, Licence, ModulePage, ModuleUnitPage
from .outlines import ModuleRow, read_outline


class HoursSerializer(serializers.Serializer):
    """Hours by kind; `company` is how many of them are in a company."""

    total = serializers.IntegerField()
    theory = serializers.IntegerField()
    practice = serializers.IntegerField()
    test = serializers.IntegerField()
    company = serializers.IntegerField()


class CentreSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = LocalTexts("name")

    class Meta:
        model = CentrePage
        fields = ["id", "name", "country", "kind"]


class CurriculumSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = LocalTexts("name")
    introduction = LocalTexts("introduction")
    url = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    centre = CentreSerializer(source="catalogue_entry.centre")
    trade = serializers.SerializerMethodField()
    levels = serializers.SerializerMethodField()
    hours = serializers.IntegerField(source="catalogue_entry.hours")
    credits = serializers.DecimalField(7, 1, source="catalogue_entry.credits")
    modules = serializers.IntegerField(source="catalogue_entry.modules")
    units = serializers.IntegerField(source="catalogue_entry.units")
    draft = serializers.BooleanField(source="is_draft_content")
    updated_at = serializers.DateTimeField(source="last_published_at")

    class Meta:
        model = CurriculumPage
        fields = [
            *("id", "code", "url", "name", "introduction", "languages", "centre", "trade"),
            *("levels", "entry", "weeks", "hours", "credits", "modules", "units", "licence"),
            *("rights_holder", "draft", "updated_at"),
        ]

    def get_url(self, page: CurriculumPage) -> dict[str, str]:
        """Language code → address of the page for readers."""
        return page.language_urls(self.context.get("request"))

    def get_languages(self, page: CurriculumPage) -> list[str]:
        """The languages that are ready for readers."""
        return list(page.visible_languages)

    def get_trade(self, page: CurriculumPage) -> str | None:
        """Slug of the trade."""
        trade = page.catalogue_entry.trade
        return trade.slug if trade else None

    def get_levels(self, page: CurriculumPage) -> list[str]:
        """Framework and number, such as vqf/1; to compare, not equivalent."""
        return [level_key(level) for level in page.catalogue_entry.levels.all()]


class UnitSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = LocalTexts("name")

    class Meta:
        model = ModuleUnitPage
        fields = ["id", "name", "hours_theory", "hours_practice", "hours_test"]


class ModuleSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = LocalTexts("name")
    prerequisites = serializers.ListField(
        child=serializers.CharField(), source="prerequisite_codes"
    )

    class Meta:
        model = ModulePage
        fields = [
            *("id", "code", "kind", "name", "specific_to", "credits", "lao_credits"),
            *("hours_theory", "hours_practice", "hours_test", "hours_company", "prerequisites"),
        ]


class ModuleWithUnitsSerializer(ModuleSerializer):
    units = UnitSerializer(source="unit_list", many=True)

    class Meta(ModuleSerializer.Meta):
        fields = [*ModuleSerializer.Meta.fields, "units"]


class CurriculumDetailSerializer(CurriculumSerializer):
    module_list = ModuleWithUnitsSerializer(many=True)
    hours_by_kind = HoursSerializer()

    class Meta(CurriculumSerializer.Meta):
        fields = [*CurriculumSerializer.Meta.fields, "hours_by_kind", "module_list"]


class CurriculumFilter(filters.FilterSet):
    trade = filters.ModelChoiceFilter(
        field_name="catalogue_entry__trade", to_field_name="slug", queryset=Trade.objects.all()
    )
    centre = filters.CharFilter(field_name="catalogue_entry__centre__public_id", max_length=12)
    country = filters.ChoiceFilter(field_name="catalogue_entry__country", choices=Country.choices)
    licence = filters.ChoiceFilter(choices=Licence.choices)
    language = filters.ChoiceFilter(choices=LANGUAGE_CHOICES, method="in_language")
    updated_since = filters.IsoDateTimeFilter(field_name="last_published_at", lookup_expr="gte")

    class Meta:
        model = CurriculumPage
        fields: list[str] = []

    def in_language(self, pages: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Curricula that are ready in this language."""
        return pages.filter(**{f"catalogue_entry__in_{value}": True})


class CurriculumViewSet(Cacheable, viewsets.ReadOnlyModelViewSet):
    """Training programmes of the centres; one by one with their modules and units."""

    queryset = (
        CurriculumPage.objects.exclude(catalogue_entry=None)
        .select_related("catalogue_entry__centre", "catalogue_entry__trade")
        .prefetch_related("catalogue_entry__levels__framework")
        .defer(*CurriculumPage.translated_streams)
    )
    serializer_class = CurriculumSerializer
    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = CurriculumFilter
    lookup_field = "public_id"

    @extend_schema(responses=CurriculumDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One curriculum, its modules and units in order."""
        page = self.get_object()
        outline = read_outline(page)
        page.module_list = [_with_units(row) for row in outline.modules]
        page.hours_by_kind = outline.hours
        serializer = CurriculumDetailSerializer(page, context=self.get_serializer_context())
        return Response(serializer.data)


def _with_units(row: ModuleRow) -> ModulePage:
    """The module of a row, its units laid beside it for the serializer."""
    row.page.unit_list = [unit.page for unit in row.units]
    return row.page
