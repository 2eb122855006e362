"""Concepts, terms and search in the JSON API: published entries, ready languages."""

from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import Cacheable, LocalTexts, Pages
from core.languages import CODES
from core.search import Match, search
from core.translated import LANGUAGE_CHOICES
from trades.models import Trade

from .models import Concept, ConceptRelation, Term
from .search import CONCEPT

MAX_HITS = 50


class TermSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    example = serializers.SerializerMethodField()
    reviewed = serializers.SerializerMethodField()
    audio = serializers.SerializerMethodField()

    class Meta:
        model = Term
        fields = [
            *("id", "language", "text", "part_of_speech", "classifier", "type", "status"),
            *("reviewed", "source", "example", "pronunciation", "pronunciation_scheme"),
            *("region", "audio"),
        ]

    def get_example(self, term: Term) -> dict[str, str]:
        """Language code → the usage example, translated into the other languages."""
        return {code: text for code, text in term.example_texts().items() if text}

    def get_reviewed(self, term: Term) -> bool:
        """Whether an expert of this language has signed the term."""
        return term.review_state == Term.Review.REVIEWED

    def get_audio(self, term: Term) -> str | None:
        """Address of the recording (Opus), where there is one."""
        if term.recording is None or not term.recording.opus:
            return None
        request = self.context.get("request")
        url: str = term.recording.opus.url
        return request.build_absolute_uri(url) if request else url


class RelationSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="target.public_id")

    class Meta:
        model = ConceptRelation
        fields = ["kind", "id"]


class ConceptSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    definition = LocalTexts("definition")
    safety = serializers.BooleanField(source="is_safety")
    trades = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    terms = TermSerializer(source="shown_terms", many=True)
    relations = RelationSerializer(source="shown_relations", many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Concept
        fields = [
            *("id", "url", "definition", "definition_source", "safety", "trades", "terms"),
            *("relations", "updated_at"),
        ]

    def get_url(self, concept: Concept) -> dict[str, str]:
        """Language code → address of the page for readers."""
        request = self.context.get("request")
        urls = {code: concept.get_absolute_url(code) for code in CODES}
        return {c: request.build_absolute_uri(u) if request else u for c, u in urls.items()}


def _shown_concepts() -> QuerySet[Any]:
    """Published concepts with what the serializer reads, in a fixed number of queries."""
    terms = Term.objects.exclude(status=Term.Status.PROPOSED).select_related("recording")
    relations = ConceptRelation.objects.filter(target__live=True).select_related("target")
    return Concept.objects.published().prefetch_related(
        "trades",
        "terms",
        Prefetch("terms", queryset=terms, to_attr="shown_terms"),
        Prefetch("relations", queryset=relations, to_attr="shown_relations"),
    )


class ConceptFilter(filters.FilterSet):
    trade = filters.ModelChoiceFilter(
        field_name="trades", to_field_name="slug", queryset=Trade.objects.all()
    )
    safety = filters.BooleanFilter(field_name="is_safety")
    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Concept
        fields: list[str] = []


class ConceptViewSet(Cacheable, viewsets.ReadOnlyModelViewSet):
    """Concepts with their terms in Lao, Vietnamese and English."""

    queryset = _shown_concepts()
    serializer_class = ConceptSerializer
    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = ConceptFilter
    lookup_field = "public_id"


class TermInListSerializer(TermSerializer):
    concept = serializers.CharField(source="concept.public_id")

    class Meta(TermSerializer.Meta):
        fields = ["concept", *TermSerializer.Meta.fields]


class TermFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=LANGUAGE_CHOICES)
    status = filters.ChoiceFilter(choices=Term.Status.choices)
    review_state = filters.ChoiceFilter(choices=Term.Review.choices)
    trade = filters.ModelChoiceFilter(
        field_name="concept__trades", to_field_name="slug", queryset=Trade.objects.all()
    )

    class Meta:
        model = Term
        fields: list[str] = []


class TermViewSet(Cacheable, viewsets.ReadOnlyModelViewSet):
    """Terms, one by one."""

    queryset = Term.objects.published().select_related("concept", "recording")
    serializer_class = TermInListSerializer
    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = TermFilter
    lookup_field = "public_id"


class HitSerializer(serializers.Serializer):
    """One concept that was found, with the term that matched best."""

    concept = serializers.CharField()
    language = serializers.ChoiceField(LANGUAGE_CHOICES)
    text = serializers.CharField()
    match = serializers.ChoiceField(Match.choices)
    reviewed = serializers.BooleanField()


class SearchAnswerSerializer(serializers.Serializer):
    """Hits, best first; `more` where there are others after them."""

    query = serializers.CharField()
    more = serializers.BooleanField()
    results = HitSerializer(many=True)


class SearchForm(forms.Form):
    """What a search may ask for."""

    q = forms.CharField(max_length=200)
    trade = forms.ModelChoiceField(Trade.objects.all(), to_field_name="slug", required=False)
    language = forms.ChoiceField(choices=[("", ""), *LANGUAGE_CHOICES], required=False)
    limit = forms.IntegerField(min_value=1, max_value=MAX_HITS, required=False)


class SearchView(Cacheable, APIView):
    """Find concepts by any usual spelling of a term in any of the three languages."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, required=True, description="What to look for."),
            OpenApiParameter("trade", str, description="Only in this trade (its slug)."),
            OpenApiParameter("language", str, enum=CODES, description="Only terms of this one."),
            OpenApiParameter("limit", int, description=f"At most {MAX_HITS}; by default 20."),
        ],
        responses=SearchAnswerSerializer,
    )
    def get(self, request: Request) -> Response:
        form = SearchForm(request.query_params)
        if not form.is_valid():
            raise serializers.ValidationError(form.errors)
        wanted = form.cleaned_data
        found = search(
            wanted["q"],
            kinds=[CONCEPT],
            languages=[wanted["language"]] if wanted["language"] else None,
            trade=wanted["trade"].pk if wanted["trade"] else None,
            limit=wanted["limit"] or 20,
        )
        ids = Concept.objects.in_bulk([hit.object_id for hit in found.hits])
        hits = [
            {
                "concept": ids[hit.object_id].public_id,
                "language": hit.language,
                "text": hit.text,
                "match": hit.match,
                "reviewed": hit.is_reviewed,
            }
            for hit in found.hits
            if hit.object_id in ids
        ]
        answer = {"query": found.query, "more": found.has_more, "results": hits}
        return Response(SearchAnswerSerializer(answer).data)
