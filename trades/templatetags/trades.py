"""The trades for templates of other apps."""

from django import template

from core.reader import Reader
from trades.tiles import Tile, tiles

register = template.Library()


@register.simple_tag
def trade_tiles(reader: Reader) -> list[Tile]:
    """All trades as tiles, for `{% trade_tiles reader as tiles %}`."""
    return tiles(reader, with_counts=False)
