"""Trades in the JSON API."""

from rest_framework import serializers, viewsets

from core.api import Cacheable, LocalTexts, Pages

from .models import Trade


class TradePages(Pages):
    """Trades in the order in which the site lists them."""

    ordering = ("position", "slug")


class TradeSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="public_id")
    name = LocalTexts("name")
    summary = LocalTexts("summary")

    class Meta:
        model = Trade
        fields = [
            *("id", "slug", "name", "summary", "isco08", "isced_f"),
            *("vietnamese_code", "asean_skill"),
        ]


class TradeViewSet(Cacheable, viewsets.ReadOnlyModelViewSet):
    """Trades with their codes in international classifications."""

    queryset = Trade.objects.all()
    serializer_class = TradeSerializer
    pagination_class = TradePages
    lookup_field = "slug"
