"""The public catalogue: what is asked for, and the page of curricula that answers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy

from centres.models import CentrePage, Country
from core.languages import CODES, LANGUAGES, LocalText
from core.reader import Reader
from trades.models import FrameworkLevel, Trade

from .models import CatalogueEntry, CurriculumPage, Licence
from .search import search_curricula

PAGE_SIZE = 20
MAX_QUERY = 100
# With more centres than this, readers come from a centre's own page.
MOST_CENTRES = 100
#: Name in the address → least and most hours, and what the filter says.
HOURS: dict[str, tuple[int, int, Any]] = {
    "200": (0, 200, gettext_lazy("up to 200 hours")),
    "600": (201, 600, gettext_lazy("201 to 600 hours")),
    "1500": (601, 1500, gettext_lazy("601 to 1,500 hours")),
    "more": (1501, 1_000_000, gettext_lazy("over 1,500 hours")),
}


@dataclass(frozen=True)
class Wish:
    """What a reader asks of the catalogue; '' and None stand for no choice."""

    query: str = ""
    trade: Trade | None = None
    level: FrameworkLevel | None = None
    language: str = ""
    centre: CentrePage | None = None
    country: str = ""
    licence: str = ""
    hours: str = ""
    page: int = 1
    companion: str = ""

    def url(self, **changes: Any) -> str:
        """The address, relative to the list, of this wish with `changes`; back on page 1."""
        wish = replace(self, **{"page": 1, **changes})
        level = wish.level
        pairs = [
            ("q", wish.query),
            ("trade", wish.trade.slug if wish.trade else ""),
            ("level", level_key(level) if level else ""),
            ("language", wish.language),
            ("centre", wish.centre.public_id if wish.centre else ""),
            ("country", wish.country),
            ("licence", wish.licence),
            ("hours", wish.hours),
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
    """What the filters offer."""

    trades: list[Trade]
    levels: list[FrameworkLevel]
    centres: list[CentrePage]

    @property
    def countries(self) -> list[tuple[str, Any]]:
        return list(Country.choices)

    @property
    def licences(self) -> list[tuple[str, Any]]:
        return list(Licence.choices)

    @property
    def hours(self) -> list[tuple[str, Any]]:
        return [(name, label) for name, (_least, _most, label) in HOURS.items()]


@dataclass
class ListPage:
    """A page of the catalogue with what stands around it."""

    wish: Wish
    choices: Choices
    entries: list[CatalogueEntry]
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
        """The address of the same search in the whole catalogue."""
        return Wish(query=self.wish.query, companion=self.wish.companion).url()


# A filter needs no more of a centre; pages have sixty columns.
_NAMED = (
    *("public_id", "source_language", "languages", "ready_languages"),
    *(f"name_{code}" for code in CODES),
)


def level_key(level: FrameworkLevel) -> str:
    """A level in addresses and in the API: vqf/1."""
    return f"{level.framework.slug}/{level.number}"


def read_choices() -> Choices:
    """What can be chosen; three queries."""
    used = CatalogueEntry.objects.values("centre")
    centres = CentrePage.objects.live().filter(pk__in=used).order_by("path").only(*_NAMED)
    return Choices(
        trades=list(Trade.objects.all()),
        levels=list(FrameworkLevel.objects.select_related("framework")),
        centres=list(centres[: MOST_CENTRES + 1]),
    )


def parse_wish(query: QueryDict, choices: Choices, reader: Reader) -> Wish:
    """Read a query string; unknown names are passed over, impossible values raise Http404."""
    return Wish(
        query=" ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_QUERY],
        trade=_one(query.get("trade"), {trade.slug: trade for trade in choices.trades}),
        level=_one(query.get("level"), {level_key(one): one for one in choices.levels}),
        language=_code(query.get("language"), CODES),
        centre=_centre(query.get("centre", "").replace("\x00", " "), choices),
        country=_code(query.get("country"), Country.values),
        licence=_code(query.get("licence"), Licence.values),
        hours=_code(query.get("hours"), HOURS),
        page=_page_number(query.get("page", "1")),
        companion=reader.companion or "",
    )


def _one(name: str | None, known: dict[str, Any]) -> Any:
    if name and name not in known:
        raise Http404
    return known[name] if name else None


def _code(name: str | None, known: Any) -> str:
    if name and name not in known:
        raise Http404
    return name or ""


def _centre(public_id: str, choices: Choices) -> CentrePage | None:
    if not public_id:
        return None
    known = {centre.public_id: centre for centre in choices.centres}
    centre = known.get(public_id)
    if centre is None:
        centre = CentrePage.objects.live().filter(public_id=public_id[:12]).first()
    if centre is None:
        raise Http404
    return centre


def _page_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) >= 1:
        return int(text)
    raise Http404


def list_page(wish: Wish, choices: Choices) -> ListPage:
    """Answer a wish: the newest curricula, or those that a search finds, best first."""
    start = (wish.page - 1) * PAGE_SIZE
    found = _filtered(wish)
    if wish.query:
        ranked = search_curricula(wish.query)
        fitting = set(found.filter(curriculum__in=ranked).values_list("curriculum", flat=True))
        keys = [key for key in ranked if key in fitting]
        total, shown = len(keys), keys[start : start + PAGE_SIZE]
        by_key = {entry.curriculum_id: entry for entry in with_cards(found, shown)}
        entries = [by_key[key] for key in shown if key in by_key]
    else:
        total = found.count()
        shown = list(found.values_list("curriculum", flat=True)[start : start + PAGE_SIZE])
        entries = list(with_cards(CatalogueEntry.objects.all(), shown))
    if wish.page > 1 and not entries:
        raise Http404
    return ListPage(wish, choices, entries, total, _chips(wish))


def with_cards(
    entries: QuerySet[CatalogueEntry], keys: list[int] | None = None
) -> QuerySet[CatalogueEntry]:
    """Entries with what a card shows, in two queries; those of the curricula `keys` alone."""
    if keys is not None:
        entries = entries.filter(curriculum__in=keys)
    streams = [f"curriculum__{name}" for name in CurriculumPage.translated_streams]
    return (
        entries.select_related("curriculum", "centre", "trade")
        .defer(*streams)
        .prefetch_related("levels__framework")
    )


def newest(number: int) -> list[CatalogueEntry]:
    """The newest curricula, for lists elsewhere."""
    return list(with_cards(CatalogueEntry.objects.all())[:number])


def _filtered(wish: Wish) -> QuerySet[CatalogueEntry]:
    entries = CatalogueEntry.objects.all()
    if wish.trade:
        entries = entries.filter(trade=wish.trade)
    if wish.level:
        entries = entries.filter(levels=wish.level)
    if wish.language:
        entries = entries.filter(**{f"in_{wish.language}": True})
    if wish.centre:
        entries = entries.filter(centre=wish.centre)
    if wish.country:
        entries = entries.filter(country=wish.country)
    if wish.licence:
        entries = entries.filter(licence=wish.licence)
    if wish.hours:
        least, most, _label = HOURS[wish.hours]
        entries = entries.filter(hours__range=(least, most))
    return entries


def _chips(wish: Wish) -> list[Chip]:
    chips = []
    for name, record in (("trade", wish.trade), ("level", wish.level), ("centre", wish.centre)):
        if record and (label := record.local("name")):
            chips.append(Chip(label, wish.url(**{name: None})))
    if wish.language:
        own = LocalText(LANGUAGES[wish.language].own_name, wish.language)
        chips.append(Chip(own, wish.url(language="")))
    for name, choices in (
        ("country", dict(Country.choices)),
        ("licence", dict(Licence.choices)),
        ("hours", {name: label for name, (_least, _most, label) in HOURS.items()}),
    ):
        if value := getattr(wish, name):
            chips.append(Chip(LocalText(str(choices[value]), ""), wish.url(**{name: ""})))
    return chips
