"""The public list: what is asked for, and the page of cards that answers it."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from core.languages import CODES, LANGUAGES
from core.reader import Reader
from core.search import browse, near, search
from orthography import OTHER_INITIAL, alphabet
from trades.models import Trade

from .cards import Card, cards
from .search import CONCEPT

PAGE_SIZE = 20
# core.search looks no further than its 500th hit.
LAST_SEARCH_PAGE = 500 // PAGE_SIZE
MAX_QUERY = 100
MAX_PAGE = 100_000
NEAR = 6


@dataclass(frozen=True)
class Wish:
    """What a reader asks of the list. `language` is '' where none was chosen."""

    query: str = ""
    trade: Trade | None = None
    language: str = ""
    letter: str = ""
    reviewed: bool = False
    page: int = 1
    companion: str = ""

    def url(self, **changes: Any) -> str:
        """The address, relative to the list, of this wish with `changes`; back on page 1."""
        wish = replace(self, **{"page": 1, **changes})
        pairs = [
            ("q", wish.query),
            ("trade", wish.trade.slug if wish.trade else ""),
            ("language", wish.language),
            ("letter", wish.letter),
            ("reviewed", "1" if wish.reviewed else ""),
            ("page", str(wish.page) if wish.page > 1 else ""),
            ("with", wish.companion),
        ]
        return f"?{urlencode([pair for pair in pairs if pair[1]])}"


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    url: str
    language: str = ""


@dataclass
class ListPage:
    """A page of the list with all that stands around it."""

    wish: Wish
    cards: list[Card]
    total: int
    has_more: bool
    letters_code: str
    letters: list[dict[str, Any]]
    chips: list[Chip]
    is_guess: bool = False
    near: list[Chip] = field(default_factory=list)
    page_count: int = 0

    @property
    def previous_url(self) -> str:
        """The address of the page before, '' on the first."""
        page = self.wish.page
        return self.wish.url(page=page - 1) if page > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the next page, '' on the last."""
        return self.wish.url(page=self.wish.page + 1) if self.has_more else ""

    @property
    def has_sound(self) -> bool:
        """Whether anything on the page can be heard."""
        return any(side.recording for card in self.cards for side in card.sides)

    @property
    def languages(self) -> list[dict[str, str]]:
        """The languages in whose order the list can stand."""
        return [{"code": c, "url": self.wish.url(language=c, letter="")} for c in CODES]

    @property
    def unfiltered_url(self) -> str:
        """The address of the same search in all of the glossary."""
        return self.wish.url(trade=None, language="", letter="", reviewed=False)

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Links to the first, last and neighbouring pages; a gap has no address."""
        current, last = self.wish.page, self.page_count
        shown = sorted({1, last, *range(max(1, current - 1), min(last, current + 1) + 1)})
        links: list[dict[str, Any]] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                links.append({"number": None, "url": ""})
            links.append({"number": number, "url": self.wish.url(page=number)})
        return links if last > 1 else []


def parse_wish(query: QueryDict, trades: list[Trade], reader: Reader) -> Wish:
    """Read a query string; unknown names are passed over, impossible values raise Http404."""
    language = query.get("language", "")
    letter = query.get("letter", "")
    slug = query.get("trade", "")
    trade = next((trade for trade in trades if trade.slug == slug), None)
    if (slug and trade is None) or (language and language not in CODES):
        raise Http404
    if letter and letter not in (*alphabet(language or reader.language), OTHER_INITIAL):
        raise Http404
    return Wish(
        query=" ".join(query.get("q", "").replace("\x00", " ").split())[:MAX_QUERY],
        trade=trade,
        language=language,
        letter=letter,
        reviewed=query.get("reviewed", "") in ("1", "on", "true"),
        page=_page_number(query.get("page", "1")),
        companion=reader.companion or "",
    )


def _page_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MAX_PAGE:
        return int(text)
    raise Http404


def list_page(wish: Wish, reader: Reader) -> ListPage:
    """Answer a wish: a search where there is something to search for, else the A–Z list."""
    return _search_page(wish, reader) if wish.query else _browse_page(wish, reader)


def _search_page(wish: Wish, reader: Reader) -> ListPage:
    if wish.page > LAST_SEARCH_PAGE:
        raise Http404
    results = search(
        wish.query,
        kinds=[CONCEPT],
        languages=[wish.language] if wish.language else None,
        trade=wish.trade.pk if wish.trade else None,
        reviewed_only=wish.reviewed,
        limit=PAGE_SIZE,
        offset=(wish.page - 1) * PAGE_SIZE,
    )
    if wish.page > 1 and not results.hits:
        raise Http404
    hits = {hit.object_id: hit for hit in results.hits}
    chips = _chips(wish)
    # Without the filters there may be plenty, and the page says so.
    close = [] if hits or chips else near(wish.query, NEAR, kinds=[CONCEPT], searched_in_vain=True)
    return ListPage(
        wish=wish,
        cards=cards(list(hits), reader, hits),
        total=results.total,
        has_more=results.has_more and wish.page < LAST_SEARCH_PAGE,
        letters_code="",
        letters=[],
        chips=chips,
        is_guess=results.is_guess,
        near=[Chip(hit.text, wish.url(query=hit.text), hit.language) for hit in close],
    )


def _browse_page(wish: Wish, reader: Reader) -> ListPage:
    code = wish.language or reader.language
    listing = browse(
        code,
        kind=CONCEPT,
        initial=wish.letter or None,
        trade=wish.trade.pk if wish.trade else None,
        reviewed_only=wish.reviewed,
        limit=PAGE_SIZE,
        offset=(wish.page - 1) * PAGE_SIZE,
    )
    page_count = -(-listing.total // PAGE_SIZE)
    if wish.page > max(1, page_count):
        raise Http404
    return ListPage(
        wish=wish,
        cards=cards([listed.object_id for listed in listing.entries], reader),
        total=listing.total,
        has_more=wish.page < page_count,
        letters_code=code,
        letters=_letters(wish, code, {letter.initial for letter in listing.letters}),
        chips=_chips(wish),
        page_count=page_count,
    )


def _letters(wish: Wish, code: str, present: set[str]) -> list[dict[str, Any]]:
    """The whole alphabet; a letter under which nothing stands has no address. No letter at all
    where nothing is listed.
    """
    if not present:
        return []
    letters = [*alphabet(code), *([OTHER_INITIAL] if OTHER_INITIAL in present else [])]
    return [
        {
            "letter": letter,
            "url": wish.url(letter=letter, language=code) if letter in present else "",
            "is_current": letter == wish.letter,
        }
        for letter in letters
    ]


def _chips(wish: Wish) -> list[Chip]:
    chips = []
    if wish.trade:
        name = wish.trade.local("name")
        if name:
            chips.append(Chip(name.text, wish.url(trade=None), name.language))
    if wish.language and wish.query:
        own_name = LANGUAGES[wish.language].own_name
        chips.append(Chip(own_name, wish.url(language=""), wish.language))
    if wish.letter:
        chips.append(Chip(wish.letter, wish.url(letter=""), wish.language))
    if wish.reviewed:
        chips.append(Chip(_("Reviewed only"), wish.url(reviewed=False)))
    return chips
