"""Centres as cards: what a reader needs to choose one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.languages import LocalText
from core.reader import Reader
from trades.models import Trade
from trades.tiles import Tile, names

from .hub import sections
from .models import CentrePage


@dataclass(frozen=True)
class Card:
    """One centre of a list; `lines` say what it has published."""

    centre: CentrePage
    url: str
    trades: list[LocalText]
    lines: list[str]


def cards(centres: Iterable[CentrePage], base_url: str) -> list[Card]:
    """Cards of centres below the page at `base_url`, in two queries and those of the sections."""
    shown = list(centres)
    trades = trades_of([centre.pk for centre in shown])
    counts = [section.counts() for section in sections()] if shown else []
    return [
        Card(
            centre=centre,
            url=f"{base_url}{centre.slug}/",
            trades=[name for trade in trades[centre.pk] if (name := trade.local("name"))],
            lines=[lines[centre.pk] for lines in counts if centre.pk in lines],
        )
        for centre in shown
    ]


def trades_of(centres: list[int]) -> dict[int, list[Trade]]:
    """Key of a centre → its trades in the site's order."""
    links = CentrePage.trades.through.objects.filter(centrepage__in=centres)
    found: dict[int, list[Trade]] = defaultdict(list)
    for link in links.select_related("trade").order_by("trade__position", "trade__slug"):
        found[link.centrepage_id].append(link.trade)
    return found


def trade_tiles(trades: Iterable[Trade], reader: Reader) -> list[Tile]:
    """The trades of one centre as tiles that lead to their hubs."""
    made = []
    for trade in sorted(trades, key=lambda trade: (trade.position, trade.slug)):
        name, second = names(trade, reader)
        if name is not None:
            made.append(Tile(trade, trade.get_absolute_url(), name, second, []))
    return made
