"""The section of curricula on the pages of trades and centres."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

import centres.hub
import trades.hub
from centres.models import CentrePage
from core.reader import Reader
from trades.models import Trade

from .listing import with_cards
from .models import CatalogueEntry

SHOWN = 6
_TEMPLATE = "curricula/hub_section.html"


def _shown(entries: QuerySet[CatalogueEntry], rest: str) -> dict[str, Any] | None:
    """The newest of these; `rest` is the query that lists all of them."""
    shown = list(with_cards(entries)[: SHOWN + 1])
    if not shown:
        return None
    return {"curricula": shown[:SHOWN], "more": rest if len(shown) > SHOWN else ""}


def _of_trade(trade: Trade, reader: Reader) -> dict[str, Any] | None:
    return _shown(CatalogueEntry.objects.filter(trade=trade), f"?trade={trade.slug}")


def _of_centre(centre: CentrePage, reader: Reader) -> dict[str, Any] | None:
    section = _shown(CatalogueEntry.objects.filter(centre=centre), f"?centre={centre.public_id}")
    return {**section, "without_centre": True} if section else None


def _counts(field: str) -> Mapping[int, str]:
    """The key of each trade or centre → how many curricula it has, in words."""
    rows = CatalogueEntry.objects.exclude(**{field: None}).order_by().values_list(field)
    return {
        key: ngettext("%(n)d curriculum", "%(n)d curricula", number) % {"n": number}
        for key, number in rows.annotate(Count("pk"))
    }


def connect() -> None:
    """Add the sections; called from curricula.apps."""
    trades.hub.register(
        trades.hub.Section("curricula", _TEMPLATE, _of_trade, lambda: _counts("trade"), position=30)
    )
    centres.hub.register(
        centres.hub.Section(
            "curricula", _TEMPLATE, _of_centre, lambda: _counts("centre"), position=10
        )
    )
