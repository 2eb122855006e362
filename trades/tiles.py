"""Trades as tiles: pictogram, name in two languages, and how much there is for each."""

from dataclasses import dataclass

from core.languages import LocalText
from core.pairing import reading_order
from core.reader import Reader

from .hub import sections
from .models import Trade


@dataclass(frozen=True)
class Tile:
    """One trade of a grid."""

    trade: Trade
    url: str
    name: LocalText
    second: LocalText | None
    counts: list[str]


def tiles(reader: Reader, *, with_counts: bool) -> list[Tile]:
    """All trades in the site's order."""
    counts = [section.counts() for section in sections()] if with_counts else []
    made = []
    for trade in Trade.objects.all():
        name, second = names(trade, reader)
        if name is not None:
            lines = [lines[trade.pk] for lines in counts if trade.pk in lines]
            made.append(Tile(trade, trade.get_absolute_url(), name, second, lines))
    return made


def names(trade: Trade, reader: Reader) -> tuple[LocalText | None, LocalText | None]:
    """The trade's name for the reader, and in the second language of the pair."""
    name = trade.local("name", reader.language)
    texts = trade.field_texts("name")
    order = (*filter(None, [reader.companion]), *reading_order(reader))
    others = (
        LocalText(texts[code], code)
        for code in order
        if name and code != name.language and code in trade.visible_languages and texts[code]
    )
    return name, next(others, None)
