"""The living dictionary: links on the glossary's terms in running text (core.markers).

The terms are read once into a tree per language and kept in memory. Other processes may publish
concepts, so at most every CHECK_EVERY seconds one query asks the search table, which follows every
change of what is live, whether it is still what was read.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import get_language

from core.languages import CODES, FALLBACK_ORDER
from core.markers import Mark, register
from core.search.models import SearchEntry
from orthography import slug

from .models import Term
from .search import CONCEPT
from .term_matcher import TermMatcher

#: Seconds for which marks may be older than the glossary.
CHECK_EVERY = 5.0

#: How many rows the search table has for live concepts, and the sum of their keys. A row that
#: changes is written anew with a higher key, so that equal pairs mean an equal glossary.
Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """What a mark leads to: a concept by its public id, and the language and text for its slug."""

    public_id: str
    language: str
    text: str


@dataclass
class Dictionary:
    """The terms of the published glossary as they were at one version."""

    version: Version
    matchers: dict[str, TermMatcher[Named]]
    # Interface language and concept → address: the same few are asked for again and again.
    urls: dict[tuple[str, str], str] = field(default_factory=dict)


_lock = Lock()
_kept: Dictionary | None = None
_checked_at = 0.0


def dictionary() -> Dictionary:
    """The dictionary of the published glossary, at most CHECK_EVERY seconds old.

    No query while it is fresh, one when it is checked, two when it is read anew.
    """
    global _kept, _checked_at
    kept = _kept
    now = time.monotonic()
    if kept is not None and now - _checked_at < CHECK_EVERY:
        return kept
    # One thread reads; the others go on with what there is, or wait where there is nothing yet.
    if kept is None:
        _lock.acquire()
    elif not _lock.acquire(blocking=False):
        return kept
    try:
        version = _version()
        if _kept is None or _kept.version != version:
            _kept = _read(version)
        _checked_at = time.monotonic()
        return _kept
    finally:
        _lock.release()


def forget() -> None:
    """Read the glossary anew when it is next needed."""
    global _kept
    _kept = None


def _version() -> Version:
    rows = SearchEntry.objects.filter(kind=CONCEPT)
    found = rows.aggregate(count=Count("pk"), keys=Sum("pk"))
    return found["count"], found["keys"] or 0


def _read(version: Version) -> Dictionary:
    """Every term that readers see and that is not advised against."""
    shown = (Term.Status.PREFERRED, Term.Status.ADMITTED)
    rows = (
        Term.objects.filter(concept__live=True, status__in=shown)
        .order_by("concept_id", "sort_order", "pk")
        .values_list("concept__public_id", "language", "text", "status")
    )
    # Preferred terms first: of two concepts with one word, who prefers it is meant.
    ordered = sorted(rows, key=lambda row: shown.index(Term.Status(row[3])))
    return build(((public_id, code, text) for public_id, code, text, _ in ordered), version)


def build(rows: Iterable[tuple[str, str, str]], version: Version = (0, 0)) -> Dictionary:
    """The dictionary of (public id, language, text), the most important terms first."""
    rows = list(rows)
    headwords: dict[str, dict[str, str]] = {}
    for public_id, language, text in rows:
        headwords.setdefault(public_id, {}).setdefault(language, text)
    named = {}
    for public_id, texts in headwords.items():
        # As Concept.slug chooses.
        code = next(code for code in FALLBACK_ORDER if code in texts)
        named[public_id] = Named(public_id, code, texts[code])
    terms: dict[str, list[tuple[str, Named]]] = {code: [] for code in CODES}
    for public_id, language, text in rows:
        terms[language].append((text, named[public_id]))
    return Dictionary(version, {code: TermMatcher(terms[code], code) for code in CODES})


class TermMarker:
    """The marker that core.markers asks; `source` gives the dictionary at each use."""

    def __init__(self, source: Callable[[], Dictionary] = dictionary) -> None:
        self._source = source

    def find(self, text: str, language: str, unmarked: tuple[str, ...]) -> list[Mark]:
        """The terms of `language` in `text`; the key of a mark is a `Named`."""
        matches = self._source().matchers[language].find(text, unmarked)
        return [Mark(match.start, match.end, match.value) for match in matches]

    def attributes(self, mark: Mark) -> Mapping[str, str]:
        """A link to the concept; js/term-card.js opens its card in place."""
        named = mark.key
        assert isinstance(named, Named)  # noqa: S101  (what `find` put there)
        return {
            "class": "term-mark",
            "href": _url(named, self._source().urls),
            "data-concept": named.public_id,
        }


def _url(named: Named, known: dict[tuple[str, str], str]) -> str:
    place = (get_language() or "", named.public_id)
    if place not in known:
        kwargs = {"public_id": named.public_id, "slug": slug(named.text, named.language)}
        known[place] = reverse("glossary:concept", kwargs=kwargs)
    return known[place]


def connect() -> None:
    """Register the marker; from glossary.apps."""
    register(TermMarker())
