"""Lists to practise: the words that a lesson, a trade, a search or somebody's choice names.

A list is an address and nothing more: `<kind>/<key>/`, for a search its query string. So a teacher
shares one without an account, and nothing about anybody is stored.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.languages import LocalText
from core.reader import Reader
from core.search import browse, search
from glossary.models import Concept
from glossary.public_list import parse_wish
from glossary.search import CONCEPT
from trades.models import Trade

from .lesson_words import NamedLesson, concept_keys, lesson_words, named
from .models import LessonPage
from .practice_words import Word, WordMaker

#: So many ids an address may hold; further ones are left out.
MAX_IDS = 200
#: So many lessons a list may name.
MAX_LESSONS = 20
#: Words on one page; longer lists are shown in parts.
PART = 200
MAX_PARTS = 500
MAX_NAME = 80
# core.search gives so many hits at a time, and 500 in all.
_HITS = 100
_ALL_HITS = 500
# The separator stands unescaped in an address and in no id.
SEPARATOR = "."
_LAO = re.compile("[\u0e80-\u0eff]")


@dataclass(frozen=True)
class Span:
    """Which words of a list are wanted."""

    limit: int
    offset: int = 0


@dataclass(frozen=True)
class PracticeList:
    """Words and lessons under a title; `words` are those of one span of the list."""

    kind: str
    key: str
    title: LocalText
    words: list[Word] = field(default_factory=list)
    lessons: list[NamedLesson] = field(default_factory=list)
    #: Further words follow those of the span.
    has_more: bool = False
    #: Ids in the address that name nothing here (any more).
    unknown: int = 0
    query: str = ""

    def url(self, view: str = "list") -> str:
        """The address of the list, or of its `sheet`, `package` or `code`."""
        if self.kind == "search":
            path = reverse(f"practice:search-{view}")
        else:
            path = reverse(f"practice:{view}", args=[self.kind, self.key])
        return f"{path}?{self.query}" if self.query else path

    @property
    def sheet_url(self) -> str:
        """The address of the sheet to print."""
        return self.url("sheet")

    @property
    def package_url(self) -> str:
        """The address of the Anki package."""
        return self.url("package")

    @property
    def code_url(self) -> str:
        """The address of the QR code."""
        return self.url("code")


def find_list(kind: str, key: str, query: QueryDict, reader: Reader, span: Span) -> PracticeList:
    """The list of an address; at most nine queries. Raises Http404 where it names none."""
    return _SOURCES[kind](key, query, reader, span)


def parse_part(text: str) -> int:
    """The number of a part, counted from 1; Http404 where it is none."""
    if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PARTS:
        return int(text)
    raise Http404


def parse_ids(key: str) -> list[str]:
    """The public ids in a list's key, each once, at most MAX_IDS."""
    return [id for id in dict.fromkeys(key.split(SEPARATOR)) if id][:MAX_IDS]


def clean_name(text: str) -> str:
    """A list's name from an address: one line, without control characters, at most MAX_NAME."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:1000])
    return " ".join(printable.split())[:MAX_NAME]


# --- Sources --------------------------------------------------------------------------------------


def _lesson(key: str, query: QueryDict, reader: Reader, span: Span) -> PracticeList:
    """The vocabulary of a lesson."""
    lesson = LessonPage.objects.live().public().filter(public_id=key).first()
    if lesson is None:
        raise Http404
    maker = WordMaker.reading(concept_keys([lesson]))
    words = _distinct([word for _, word in lesson_words([lesson], maker)])
    shown = named(lesson)
    whole = PracticeList("lesson", key, shown.name, words, [shown])
    return _cut(whole, span)


def _trade(key: str, query: QueryDict, reader: Reader, span: Span) -> PracticeList:
    """The terms of a trade, in the order in which they were written: by theme, not by letter."""
    trade = Trade.objects.filter(slug=key).first()
    if trade is None:
        raise Http404
    concepts = Concept.objects.published().filter(trades=trade).order_by("pk")
    keys = list(concepts.values_list("pk", flat=True)[span.offset : span.offset + span.limit + 1])
    title = trade.local("name") or LocalText(trade.slug, "en")
    return _of_concepts(PracticeList("trade", key, title), keys, span)


def _search(key: str, query: QueryDict, reader: Reader, span: Span) -> PracticeList:
    """What the glossary's list shows for the same query string."""
    wish = replace(parse_wish(query, list(Trade.objects.all()), reader), companion="")
    if wish.query:
        keys = []
        for offset in range(span.offset, min(_ALL_HITS, span.offset + span.limit + 1), _HITS):
            results = search(
                wish.query,
                kinds=[CONCEPT],
                languages=[wish.language] if wish.language else None,
                trade=wish.trade.pk if wish.trade else None,
                reviewed_only=wish.reviewed,
                limit=_HITS,
                offset=offset,
            )
            keys += [hit.object_id for hit in results.hits]
            if not results.has_more:
                break
        title = _("Results for “%(query)s”") % {"query": wish.query}
    else:
        listing = browse(
            wish.language or reader.language,
            kind=CONCEPT,
            initial=wish.letter or None,
            trade=wish.trade.pk if wish.trade else None,
            reviewed_only=wish.reviewed,
            limit=span.limit + 1,
            offset=span.offset,
        )
        keys = [entry.object_id for entry in listing.entries]
        parts = [wish.trade.local("name") if wish.trade else None, wish.letter]
        title = " · ".join([_("Glossary"), *(str(part) for part in parts if part)])
    address = wish.url().removeprefix("?")
    empty = PracticeList("search", "", LocalText(title, reader.language), query=address)
    return _of_concepts(empty, keys, span)


def _chosen(key: str, query: QueryDict, reader: Reader, span: Span) -> PracticeList:
    """Terms and lessons picked by hand, in the order of their ids."""
    ids = parse_ids(key)
    keys = dict(
        Concept.objects.published().filter(public_id__in=ids).values_list("public_id", "pk")
    )
    rest = [id for id in ids if id not in keys][:MAX_LESSONS]
    found = LessonPage.objects.live().public().filter(public_id__in=rest) if rest else []
    lessons = {lesson.public_id: lesson for lesson in found}
    ordered = [lessons[id] for id in rest if id in lessons]
    maker = WordMaker.reading({*keys.values(), *concept_keys(ordered)})
    of_lessons: dict[str, list[Word]] = {}
    for public_id, word in lesson_words(ordered, maker) if ordered else ():
        of_lessons.setdefault(public_id, []).append(word)
    words: list[Word] = []
    for id in ids:
        if id in keys and (term := maker.word(keys[id])) is not None:
            words.append(term)
        words += of_lessons.get(id, [])
    name = clean_name(query.get("name", ""))
    whole = PracticeList(
        kind="list",
        key=SEPARATOR.join(ids),
        title=_named(name) if name else LocalText(_("List of words"), reader.language),
        words=_distinct(words),
        lessons=[named(lesson) for lesson in ordered],
        unknown=sum(id not in keys and id not in lessons for id in ids),
        query=urlencode({"name": name}) if name else "",
    )
    return _cut(whole, span)


_SOURCES: dict[str, Callable[[str, QueryDict, Reader, Span], PracticeList]] = {
    "lesson": _lesson,
    "list": _chosen,
    "search": _search,
    "trade": _trade,
}


def _named(name: str) -> LocalText:
    """A name somebody typed: its language is unknown, but Lao letters need Lao lines."""
    return LocalText(name, "lo" if _LAO.search(name) else "")


def _distinct(words: list[Word]) -> list[Word]:
    """Each word once, where it first stands."""
    return list({word.public_id: word for word in words}.values())


def _cut(whole: PracticeList, span: Span) -> PracticeList:
    """One span of a list whose words are all there."""
    end = span.offset + span.limit
    words = whole.words[span.offset : end]
    return replace(whole, words=words, has_more=len(whole.words) > end)


def _of_concepts(empty: PracticeList, keys: list[int], span: Span) -> PracticeList:
    """The list with the words of `keys`, of which one more than wanted was asked for."""
    maker = WordMaker.reading(keys[: span.limit])
    words = [word for key in keys[: span.limit] if (word := maker.word(key)) is not None]
    return replace(empty, words=words, has_more=len(keys) > span.limit)
