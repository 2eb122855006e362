"""The public list of centres: what is asked for, and the page of cards that answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, QueryDict

from core.languages import LocalText
from core.reader import Reader
from trades.models import Trade

from .cards import Card, cards
from .models import CentrePage, Country, Province
from .search import search_centres

PAGE_SIZE = 20
MAX_QUERY = 100


@dataclass(frozen=True)
class Wish:
    """What a reader asks of the list; '' and None stand for no choice."""

    query: str = ""
    country: str = ""
    province: Province | None = None
    kind: str = ""
    trade: Trade | None = None
    page: int = 1
    companion: str = ""

    def url(self, **changes: Any) -> str:
        """The address, relative to the list, of this wish with `changes`; back on page 1."""
        wish = replace(self, **{"page": 1, **changes})
        pairs = [
            ("q", wish.query),
            ("country", wish.country),
            ("province", wish.province.slug if wish.province else ""),
            ("kind", wish.kind),
            ("trade", wish.trade.slug if wish.trade else ""),
            ("page", str(wish.page) if wish.page > 1 else ""),
            ("with", wish.companion),
        ]
        return f"?{urlencode([pair for pair in pairs if pair[1]])}"


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: LocalText
    url: str


@dataclass
class Choices:
    """What the filters offer: only what some public centre has."""

    provinces: list[Province]
    trades: list[Trade]
    kinds: list[tuple[str, Any]]
    countries: list[tuple[str, Any]]


@dataclass
class ListPage:
    """A page of the list with what stands around it."""

    wish: Wish
    choices: Choices
    cards: list[Card]
    total: int
    chips: list[Chip]

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def previous_url(self) -> str:
        page = self.wish.page
        return self.wish.url(page=page - 1) if page > 1 else ""

    @property
    def next_url(self) -> str:
        page = self.wish.page
        return self.wish.url(page=page + 1) if page < self.page_count else ""

    @property
    def unfiltered_url(self) -> str:
        """The address of the same search without filters."""
        return Wish(query=self.wish.query, companion=self.wish.companion).url()


def public_centres() -> QuerySet[CentrePage]:
    """Centres that readers may see, country by country and province by province."""
    centres: QuerySet[CentrePage] = CentrePage.objects.live().public()
    return centres.order_by("country", "province__position", "title")


def read_choices() -> Choices:
    """What can be chosen, in four queries."""
    shown = public_centres().order_by()
    kinds = set(shown.values_list("kind", flat=True).distinct())
    return Choices(
        provinces=list(Province.objects.filter(pk__in=shown.values("province"))),
        trades=list(Trade.objects.filter(pk__in=shown.values("trades"))),
        kinds=[choice for choice in CentrePage.Kind.choices if choice[0] in kinds],
        countries=list(Country.choices),
    )


def parse_wish(query: QueryDict, choices: Choices, reader: Reader) -> Wish:
    """Read a query string; unknown names are passed over, impossible values raise Http404."""
    return Wish(
        query=" ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_QUERY],
        country=_code(query.get("country"), Country.values),
        province=_one(query.get("province"), choices.provinces),
        kind=_code(query.get("kind"), CentrePage.Kind.values),
        trade=_one(query.get("trade"), choices.trades),
        page=_page_number(query.get("page", "1")),
        companion=reader.companion or "",
    )


def _one(slug: str | None, records: list[Any]) -> Any:
    if not slug:
        return None
    found = next((record for record in records if record.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _code(name: str | None, known: Any) -> str:
    if name and name not in known:
        raise Http404
    return name or ""


def _page_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) >= 1:
        return int(text)
    raise Http404


def list_page(wish: Wish, choices: Choices, base_url: str) -> ListPage:
    """Answer a wish: all centres in order, or those that a search finds, best first."""
    start = (wish.page - 1) * PAGE_SIZE
    fitting = _filtered(wish)
    if wish.query:
        ranked = search_centres(wish.query)
        kept = set(fitting.filter(pk__in=ranked).values_list("pk", flat=True))
        keys = [key for key in ranked if key in kept]
        total, shown = len(keys), keys[start : start + PAGE_SIZE]
    else:
        total = fitting.count()
        shown = list(fitting.values_list("pk", flat=True)[start : start + PAGE_SIZE])
    if wish.page > 1 and not shown:
        raise Http404
    found = CentrePage.objects.select_related("province", "ministry").in_bulk(shown)
    centres = [found[key] for key in shown if key in found]
    return ListPage(wish, choices, cards(centres, base_url), total, _chips(wish))


def _filtered(wish: Wish) -> QuerySet[CentrePage]:
    centres = public_centres()
    if wish.country:
        centres = centres.filter(country=wish.country)
    if wish.province:
        centres = centres.filter(province=wish.province)
    if wish.kind:
        centres = centres.filter(kind=wish.kind)
    if wish.trade:
        centres = centres.filter(trades=wish.trade)
    return centres


def _chips(wish: Wish) -> list[Chip]:
    chips = []
    for name, choices in (("country", Country.choices), ("kind", CentrePage.Kind.choices)):
        if value := getattr(wish, name):
            chips.append(Chip(LocalText(str(dict(choices)[value]), ""), wish.url(**{name: ""})))
    for name, record in (("province", wish.province), ("trade", wish.trade)):
        if record and (label := record.local("name")):
            chips.append(Chip(label, wish.url(**{name: None})))
    return chips
