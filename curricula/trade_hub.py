"""The section of curricula on the pages of trades and centres."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from core.reader import Reader
from trades.hub import Section, register
from trades.models import Trade

from .listing import with_cards
from .models import CatalogueEntry

SHOWN = 6


def _context(trade: Trade, reader: Reader) -> dict[str, Any] | None:
    """The newest curricula of the trade."""
    entries = CatalogueEntry.objects.filter(trade=trade)
    shown = list(with_cards(entries)[: SHOWN + 1])
    if not shown:
        return None
    return {
        "curricula": shown[:SHOWN],
        "more": f"?trade={trade.slug}" if len(shown) > SHOWN else "",
    }


def _counts() -> Mapping[int, str]:
    rows = CatalogueEntry.objects.exclude(trade=None).order_by().values_list("trade")
    return {
        trade: ngettext("%(n)d curriculum", "%(n)d curricula", number) % {"n": number}
        for trade, number in rows.annotate(Count("pk"))
    }


def connect() -> None:
    """Add the section; called from curricula.apps."""
    register(Section("curricula", "curricula/hub_section.html", _context, _counts, position=30))
