"""The public list of releases: what is asked for, and the page that answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, QueryDict

from centres.models import CentrePage, Country
from core.languages import LocalText
from core.reader import Reader
from trades.models import Trade

from .models import Release

PAGE_SIZE = 20
# With more centres than this, readers come from a centre's own page.
MOST_CENTRES = 100


@dataclass(frozen=True)
class Wish:
    """What a reader asks of the list; '' and None stand for no choice."""

    curriculum: str = ""
    trade: Trade | None = None
    centre: CentrePage | None = None
    country: str = ""
    page: int = 1
    companion: str = ""

    def url(self, **changes: Any) -> str:
        """The address, relative to the list, of this wish with `changes`; back on page 1."""
        wish = replace(self, **{"page": 1, **changes})
        pairs = [
            ("curriculum", wish.curriculum),
            ("trade", wish.trade.slug if wish.trade else ""),
            ("centre", wish.centre.public_id if wish.centre else ""),
            ("country", wish.country),
            ("page", str(wish.page) if wish.page > 1 else ""),
            ("with", wish.companion),
        ]
        return f"?{urlencode([pair for pair in pairs if pair[1]])}"


@dataclass
class Choices:
    """What the filters offer."""

    trades: list[Trade]
    centres: list[CentrePage]

    @property
    def countries(self) -> list[tuple[str, Any]]:
        return list(Country.choices)


@dataclass
class ListPage:
    """A page of the list with what stands around it."""

    wish: Wish
    choices: Choices
    releases: list[Release]
    total: int
    #: The curriculum's name where the list is of one curriculum.
    curriculum_name: LocalText | None = None

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def previous_url(self) -> str:
        return self.wish.url(page=self.wish.page - 1) if self.wish.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.wish.url(page=self.wish.page + 1) if self.wish.page < self.page_count else ""

    @property
    def filter_count(self) -> int:
        wish = self.wish
        return sum(map(bool, (wish.curriculum, wish.trade, wish.centre, wish.country)))


def read_choices() -> Choices:
    """What can be chosen; two queries."""
    used = Release.objects.listed().order_by().values("centre")
    centres = CentrePage.objects.live().filter(pk__in=used).order_by("path")[:MOST_CENTRES]
    return Choices(trades=list(Trade.objects.all()), centres=list(centres))


def parse_wish(query: QueryDict, choices: Choices, reader: Reader) -> Wish:
    """Read a query string; what names nothing known raises Http404."""
    country = query.get("country", "")
    page = query.get("page", "1")
    if country and country not in Country.values:
        raise Http404
    if not (page.isascii() and page.isdigit() and len(page) <= 5 and int(page) >= 1):
        raise Http404
    return Wish(
        curriculum=query.get("curriculum", "").replace("\x00", "")[:12],
        trade=_one(query.get("trade"), {trade.slug: trade for trade in choices.trades}),
        centre=_one(query.get("centre"), {one.public_id: one for one in choices.centres}),
        country=country,
        page=int(page),
        companion=reader.companion or "",
    )


def _one(name: str | None, known: dict[str, Any]) -> Any:
    if name and name not in known:
        raise Http404
    return known[name] if name else None


def list_page(wish: Wish, choices: Choices) -> ListPage:
    """The newest releases that a wish leaves."""
    start = (wish.page - 1) * PAGE_SIZE
    found = _filtered(wish)
    shown = list(found.select_related("centre")[start : start + PAGE_SIZE])
    if not shown and (wish.page > 1 or wish.curriculum):
        raise Http404
    name = shown[0].local_name if wish.curriculum else None
    return ListPage(wish, choices, shown, found.count(), name)


def _filtered(wish: Wish) -> QuerySet[Release]:
    releases = Release.objects.listed()
    if wish.curriculum:
        releases = releases.filter(curriculum_public_id=wish.curriculum)
    if wish.trade:
        releases = releases.filter(summary__trade=wish.trade.slug)
    if wish.centre:
        releases = releases.filter(centre=wish.centre)
    if wish.country:
        releases = releases.filter(summary__country=wish.country)
    return releases


def newest_releases(**filters: Any) -> QuerySet[Release]:
    """The releases that can be downloaded, newest first, with what a card shows."""
    return Release.objects.published().filter(**filters).select_related("centre")
