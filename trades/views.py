"""The list of trades, and the hub of everything for one trade."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.languages import CODES, LocalText

from .hub import sections
from .models import Trade
from .tiles import tiles


@require_safe
def trade_list(request: HttpRequest) -> HttpResponse:
    """All trades with what there is for each."""
    reader = request.reader  # type: ignore[attr-defined]
    return render(request, "trades/list.html", {"tiles": tiles(reader, with_counts=True)})


@require_safe
def trade_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One trade: its names, summary and codes, and the sections of the other apps."""
    trade = get_object_or_404(Trade, slug=slug)
    reader = request.reader  # type: ignore[attr-defined]
    name = trade.local("name")
    shown = [
        {"template": section.template, **context}
        for section in sections()
        if (context := section.context(trade, reader)) is not None
    ]
    context = {
        "trade": trade,
        "name": name,
        "other_names": _others(trade, "name", name),
        "summary": trade.local("summary"),
        "sections": shown,
        "codes": _codes(trade),
    }
    return render(request, "trades/detail.html", context)


def _others(trade: Trade, field: str, shown: LocalText | None) -> list[LocalText]:
    texts = trade.field_texts(field)
    visible = (code for code in CODES if code in trade.visible_languages and texts[code])
    return [LocalText(texts[code], code) for code in visible if not shown or code != shown.language]


def _codes(trade: Trade) -> list[tuple[Any, str]]:
    """Name and value of the classification codes that the trade has."""
    fields = ("isco08", "isced_f", "vietnamese_code", "asean_skill")
    named = ((Trade._meta.get_field(name), getattr(trade, name)) for name in fields)
    return [(field.verbose_name, value) for field, value in named if value]
