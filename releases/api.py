"""Releases in the JSON API: what a site needs to list, fetch and verify them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from centres.models import CentrePage, Country
from core.api import Cacheable, Pages
from core.languages import CODES

from . import store
from .models import DOCUMENT_NAME, Release, ReleaseFile
from .package.signing import public_keys


class TextsSerializer(serializers.Serializer):
    """Language code → text; languages without one stay out."""

    lo = serializers.CharField(required=False)
    vi = serializers.CharField(required=False)
    en = serializers.CharField(required=False)

    def to_representation(self, instance: Any) -> dict[str, str]:
        return {code: instance[code] for code in CODES if (instance or {}).get(code)}


class KeySerializer(serializers.Serializer):
    """A public key of this site, in the form of minisign."""

    id = serializers.CharField(source="key_id", help_text="As the minisign tool shows it.")
    public_key = serializers.CharField(source="base64", help_text="The line for `minisign -P`.")
    is_current = serializers.SerializerMethodField()

    def get_is_current(self, key: Any) -> bool:
        """Whether new releases are signed with it; the others signed older ones."""
        return bool(key == self.context["current"])


class ContentSerializer(serializers.Serializer):
    """Where some bytes are, and what they are."""

    url = serializers.URLField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class FileSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(choices=ReleaseFile.Kind.choices)
    language = serializers.CharField(help_text="Empty for what holds all of them.")
    url = serializers.SerializerMethodField()

    class Meta:
        model = ReleaseFile
        fields = ["kind", "language", "name", "url", "sha256", "size"]

    def get_url(self, file: ReleaseFile) -> str:
        """Names the hash, so it never stands for other bytes. Byte ranges may be asked for."""
        return str(self.context["request"].build_absolute_uri(file.url))


class ReleaseCentreSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = serializers.SerializerMethodField()

    class Meta:
        model = CentrePage
        fields = ["id", "name", "country"]

    @extend_schema_field(TextsSerializer)
    def get_name(self, centre: CentrePage) -> Any:
        return TextsSerializer(centre.field_texts("name")).data


class WithdrawalSerializer(serializers.Serializer):
    at = serializers.DateTimeField(source="withdrawn_at")
    reason = serializers.SerializerMethodField()

    @extend_schema_field(TextsSerializer)
    def get_reason(self, release: Release) -> Any:
        return TextsSerializer(release.field_texts("withdrawal_reason")).data


class ReleaseSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField()
    curriculum = serializers.CharField(source="curriculum_public_id")
    name = TextsSerializer(source="names")
    introduction = TextsSerializer(source="summary.introduction", default={})
    notes = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=["published", "withdrawn"])
    withdrawn = serializers.SerializerMethodField()
    date = serializers.DateField(source="dated")
    languages = serializers.ListField(child=serializers.CharField())
    incomplete = serializers.JSONField(
        source="summary.incomplete",
        default={},
        help_text="Language code → how many texts are missing and how many are stale.",
    )
    centre = ReleaseCentreSerializer(allow_null=True)
    trade = serializers.CharField(source="summary.trade", default="", help_text="Its slug.")
    licence = serializers.CharField(source="summary.licence", default="")
    rights_holder = serializers.CharField(source="summary.rights_holder", default="")
    hours = serializers.IntegerField(source="summary.hours.total", default=0)
    modules = serializers.IntegerField(source="summary.modules", default=0)
    units = serializers.IntegerField(source="summary.units", default=0)
    draft = serializers.BooleanField(source="summary.is_draft_content", default=False)

    class Meta:
        model = Release
        fields = [
            *("id", "url", "curriculum", "version", "date", "published_at", "state", "withdrawn"),
            *("name", "introduction", "notes", "languages", "incomplete", "centre", "trade"),
            *("licence", "rights_holder", "hours", "modules", "units", "draft"),
        ]

    def get_url(self, release: Release) -> str:
        """The page for readers, in the language that their browser asks for."""
        return str(self.context["request"].build_absolute_uri(release.lasting_path))

    @extend_schema_field(TextsSerializer)
    def get_notes(self, release: Release) -> Any:
        """What changed since the release before."""
        return TextsSerializer(release.field_texts("notes")).data

    @extend_schema_field(WithdrawalSerializer(allow_null=True))
    def get_withdrawn(self, release: Release) -> Any:
        """When and why; null where it was not."""
        return None if release.is_published else WithdrawalSerializer(release).data


class ReleaseDetailSerializer(ReleaseSerializer):
    ancestors = serializers.JSONField(
        source="summary.ancestors",
        default=[],
        help_text="What it was adapted from, the nearest first.",
    )
    document = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    keys = serializers.SerializerMethodField()

    class Meta(ReleaseSerializer.Meta):
        fields = [*ReleaseSerializer.Meta.fields, "ancestors", "document", "files", "keys"]

    @extend_schema_field(ContentSerializer(allow_null=True))
    def get_document(self, release: Release) -> Any:
        """The whole content as JSON; null where it is not offered."""
        size = store.size_of(release.document) if release.is_published else None
        if size is None:
            return None
        path = reverse(
            "release_files:file", kwargs={"sha256": release.document, "name": DOCUMENT_NAME}
        )
        url = self.context["request"].build_absolute_uri(path)
        return {"url": url, "sha256": release.document, "size": size}

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, release: Release) -> Any:
        """Formats per language, the transfer package, its parts and their signature."""
        files = release.files.all() if release.is_published else []
        return FileSerializer(files, many=True, context=self.context).data

    @extend_schema_field(KeySerializer(many=True))
    def get_keys(self, release: Release) -> Any:
        """The public keys of this site: compare them with what you learnt by another way."""
        return _site_keys()


def _site_keys() -> Any:
    keys = public_keys(settings.RELEASE_KEYS_DIR)
    return KeySerializer(keys, many=True, context={"current": keys[0]}).data


class ReleaseFilter(filters.FilterSet):
    curriculum = filters.CharFilter(field_name="curriculum_public_id", max_length=12)
    centre = filters.CharFilter(field_name="centre__public_id", max_length=12)
    trade = filters.CharFilter(field_name="summary__trade", max_length=50)
    country = filters.ChoiceFilter(field_name="summary__country", choices=Country.choices)
    published_since = filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="gte")

    class Meta:
        model = Release
        fields: list[str] = []


class ReleaseViewSet(Cacheable, viewsets.ReadOnlyModelViewSet):
    """Releases of curricula; withdrawn ones stay listed, without their files."""

    queryset = Release.objects.listed().select_related("centre")
    serializer_class = ReleaseSerializer
    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = ReleaseFilter
    lookup_field = "public_id"

    @extend_schema(responses=ReleaseDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One release with all its files."""
        context = self.get_serializer_context()
        return Response(ReleaseDetailSerializer(self.get_object(), context=context).data)

    @extend_schema(responses=KeySerializer(many=True), filters=False)
    @action(detail=False, pagination_class=None)
    def keys(self, request: Request) -> Response:
        """The public keys of this site, the one it signs with first."""
        return Response(_site_keys())
