"""The glossary's section on the page of a trade."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from core.reader import Reader
from core.search import browse
from trades.hub import Section, register
from trades.models import Trade

from .cards import cards
from .models import Concept
from .search import CONCEPT

SHOWN = 12


def _context(trade: Trade, reader: Reader) -> dict[str, Any] | None:
    """The first terms of the trade in the reader's language, or in whichever has most."""
    for code in (reader.language, "vi", "lo", "en"):
        listing = browse(code, kind=CONCEPT, trade=trade.pk, limit=SHOWN)
        if listing.total:
            ids = [listed.object_id for listed in listing.entries]
            return {
                "cards": cards(ids, reader),
                "total": listing.total,
                "language": code,
                "has_more": listing.total > SHOWN,
            }
    return None


def _counts() -> Mapping[int, str]:
    links = Concept.trades.through.objects.filter(concept__live=True)
    rows = links.values_list("trade_id").annotate(Count("pk"))
    return {
        trade: ngettext("%(n)d term", "%(n)d terms", number) % {"n": number}
        for trade, number in rows
    }


def connect() -> None:
    """Add the section; called from glossary.apps."""
    register(Section("glossary", "glossary/hub_section.html", _context, _counts, position=10))
