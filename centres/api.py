"""Centres in the JSON API."""

from typing import Any

from rest_framework import serializers, viewsets

from core.api import Cacheable, LocalTexts, Pages
from trades.models import Trade

from .models import CentrePage, Ministry, Province


class CentrePages(Pages):
    """Centres in the order in which they were made."""

    ordering = "path"


class ProvinceSerializer(serializers.ModelSerializer):
    name = LocalTexts("name")

    class Meta:
        model = Province
        fields = ["slug", "code", "name"]


class MinistrySerializer(serializers.ModelSerializer):
    name = LocalTexts("name")
    short_name = LocalTexts("short_name")

    class Meta:
        model = Ministry
        fields = ["slug", "name", "short_name", "until"]


class CentreSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = LocalTexts("name")
    introduction = LocalTexts("introduction")
    address = LocalTexts("address")
    province = ProvinceSerializer(allow_null=True)
    ministry = MinistrySerializer(allow_null=True)
    trades = serializers.SlugRelatedField(
        slug_field="slug", many=True, queryset=Trade.objects.all()
    )

    class Meta:
        model = CentrePage
        fields = [
            *("id", "slug", "name", "introduction", "kind", "country", "province", "ministry"),
            *("ministry_since", "trades", "address", "phone", "email", "website", "is_example"),
        ]


class CentreViewSet(Cacheable, viewsets.ReadOnlyModelViewSet):
    """Centres that are public."""

    queryset = CentrePage.objects.live()
    serializer_class = CentreSerializer
    pagination_class = CentrePages
    lookup_field = "public_id"

    def get_queryset(self) -> Any:
        # Which pages are private is asked for with each request, not once at the start.
        public = super().get_queryset().public().select_related("province", "ministry")
        return public.prefetch_related("trades")
