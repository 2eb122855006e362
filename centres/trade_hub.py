"""The centres' section on the page of a trade."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from core.reader import Reader
from trades.hub import Section, register
from trades.models import Trade

from .cards import cards
from .listing import public_centres
from .models import CentrePage, CentresIndexPage

SHOWN = 6


def _context(trade: Trade, reader: Reader) -> dict[str, Any] | None:
    """The first centres that teach the trade."""
    teaching = public_centres().filter(trades=trade).select_related("province", "ministry")
    shown = list(teaching[: SHOWN + 1])
    index = CentresIndexPage.objects.live().first() if shown else None
    if index is None:
        return None
    return {
        "cards": cards(shown[:SHOWN], index.url or ""),
        "has_more": len(shown) > SHOWN,
        "list_url": index.url,
    }


def _counts() -> Mapping[int, str]:
    links = CentrePage.trades.through.objects.filter(
        centrepage__in=public_centres().order_by().values("pk")
    )
    return {
        trade: ngettext("%(n)d centre", "%(n)d centres", number) % {"n": number}
        for trade, number in links.values_list("trade").annotate(Count("pk"))
    }


def connect() -> None:
    """Add the section; called from centres.apps."""
    register(Section("centres", "centres/hub_section.html", _context, _counts, position=40))
