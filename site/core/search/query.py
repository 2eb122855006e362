"""Searching: the tiers in their order, each only where the better ones left room.

1 the same text, 2 the same in another spelling, 3 and 4 beginning with it likewise, 5 its words in
a row anywhere, 6 all of its words, 7 within two edits of it, 8 its words with their spelling
corrected. A search of any length makes at most eight queries, most make one.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice, product

from . import marking, statements
from .keys import Query, encode, parse, phrases
from .registry import Weight, public_kinds
from .results import Hit, Match, SearchResults
from .spelling import MIN_LENGTH, PARTS, nearest, probes
from .statements import Row, Scope

# Who has not found it among so many should say more.
MAX_HITS = 500
MAX_LIMIT = 100
# With fewer hits than this a misspelling is likely enough to look for similar ones.
FEW = 5
MAX_SIMILAR = 10
# A misspelt word may mean one of so many, and a query have so many meanings in all.
MAX_CHOICES = 5
MAX_READINGS = 25

_MATCHES = {
    1: "exact",
    2: "spelling",
    3: "starts",
    4: "starts",
    5: "contains",
    6: "contains",
    7: "similar",
    8: "similar",
}


def search(
    query: str,
    *,
    kinds: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    trade: int | None = None,
    reviewed_only: bool = False,
    limit: int = 20,
    offset: int = 0,
) -> SearchResults:
    """Find objects by any of their texts, best first, each object once.

    `query` may be any string; its first 100 characters count. `kinds` are registered names, by
    default all that readers may search. `trade` is a primary key. `limit` is at most 100, and
    hits after the 500th are not looked for.
    """
    parsed = parse(query)
    scope = Scope(public_kinds() if kinds is None else kinds, languages, trade, reviewed_only)
    limit = max(1, min(limit, MAX_LIMIT))
    offset = max(0, min(offset, MAX_HITS - limit))
    rows = _find(parsed, scope, offset + limit + 1)
    return SearchResults(
        query=parsed.text,
        hits=[_hit(row, parsed) for row in rows[offset : offset + limit]],
        total=min(len(rows), offset + limit),
        has_more=len(rows) > offset + limit,
    )


def matching_ids(query: str, *, kinds: Sequence[str], limit: int = MAX_HITS) -> list[int]:
    """Keys of the objects that `search` finds, best first, at most 500: for the admin's lists."""
    wanted = max(1, min(limit, MAX_HITS))
    return [row.object_id for row in _find(parse(query), Scope(kinds), wanted)[:wanted]]


def _find(query: Query, scope: Scope, wanted: int) -> list[Row]:
    """The best row of each object found, best first; about `wanted` of them, if there are."""
    found = _Found(wanted)
    if query.folded and scope.kinds and scope.languages != []:
        found.add(lambda rows: statements.begins(query, scope, rows))
        if not found.is_full:
            found.add(lambda rows: _containing(query, scope, rows))
        if found.is_poor:
            found.add(lambda rows: _similar(query, scope))
        if found.is_poor:
            found.add(lambda rows: _corrected(query, scope))
    return list(found.rows.values())


def suggest(query: str, *, kinds: Sequence[str] | None = None, limit: int = 8) -> list[Hit]:
    """The first hits for what is being typed."""
    return search(query, kinds=kinds, limit=limit).hits


def near(
    query: str,
    limit: int = 8,
    *,
    kinds: Sequence[str] | None = None,
    searched_in_vain: bool = False,
) -> list[Hit]:
    """What to offer where a search found nothing: similar spellings, else any word of it.

    `searched_in_vain`: a search of the same kinds, unfiltered, found nothing, so that similar
    spellings need not be looked for again.
    """
    parsed = parse(query)
    scope = Scope(public_kinds() if kinds is None else kinds)
    found = _Found(limit)
    if parsed.folded and scope.kinds:
        if not searched_in_vain:
            found.add(lambda rows: _similar(parsed, scope))
        if not found.is_full and not searched_in_vain:
            found.add(lambda rows: _corrected(parsed, scope))
        if not found.is_full:
            words = sorted({t for t in parsed.tokens if len(t) >= MIN_LENGTH}, key=len)
            readings = [[encode(word)] for word in words]
            found.add(lambda rows: statements.contains(readings, scope, rows, is_open=False))
    return [_hit(row, parsed) for row in list(found.rows.values())[:limit]]


class _Found:
    """The best row of each object, in the order found."""

    def __init__(self, wanted: int):
        self._wanted = wanted
        self.rows: dict[tuple[str, int], Row] = {}

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= self._wanted

    @property
    def is_poor(self) -> bool:
        """Whether the query may be misspelt: no text equals it, and few are better than tier 6."""
        tiers = [row.tier for row in self.rows.values()]
        good = sum(tier != 6 for tier in tiers)
        return not self.is_full and good < FEW and not {1, 2} & set(tiers)

    def add(self, fetch: Callable[[int], Iterable[Row]]) -> None:
        """Add the rows that `fetch(at most)` gives, asking for more where few objects fill them."""
        # An object has three texts or so; those already found may come again.
        for factor in (4, 16):
            most = factor * self._wanted
            rows = list(fetch(most))
            for row in rows:
                self.rows.setdefault((row.kind, row.object_id), row)
            if self.is_full or len(rows) < most:
                return


def _containing(query: Query, scope: Scope, limit: int) -> list[Row]:
    # One letter begins too many words; as a whole word it may still be meant.
    is_open = len(query.folded) > 1
    return statements.contains(phrases(query), scope, limit, is_open)


def _similar(query: Query, scope: Scope) -> list[Row]:
    if len(query.folded) < MIN_LENGTH:
        return []
    near_keys = nearest(query.folded, statements.candidates(probes(query.folded), scope))
    # A few texts of one object may be near; they come one below the other.
    best = sorted(near_keys)[: 3 * MAX_SIMILAR]
    return statements.by_id([id for _, (_, id) in best], tier=7)


def _corrected(query: Query, scope: Scope) -> list[Row]:
    """Hits for the query with each unknown word replaced by the nearest known one."""
    words = [word for word in query.tokens if len(word) >= MIN_LENGTH]
    if not words:
        return []
    wanted: list[set[int]] = [set() for _ in range(PARTS)]
    for word in words:
        for numbers, more in zip(wanted, probes(word), strict=True):
            numbers.update(more)
    known = statements.words_near([sorted(numbers) for numbers in wanted])
    choices = {word: _nearest_words(word, known) for word in words}
    if all(choices[word] == [word] for word in words):
        return []
    options = [[encode(other) for other in choices.get(word, [word])] for word in query.tokens]
    readings = [list(reading) for reading in islice(product(*options), MAX_READINGS)]
    rows = statements.contains(readings, scope, 3 * MAX_SIMILAR, is_open=True)
    return [row._replace(tier=8) for row in rows]


def _nearest_words(word: str, known: list[str]) -> list[str]:
    """The words that a misspelt one may mean, best first; a known one or a hopeless one is kept."""
    close = sorted(
        # Of equally near words those that begin alike are likelier.
        (distance, other[0] != word[0], len(other), other)
        for distance, other in nearest(word, ((other, other) for other in known))
    )
    if not close or close[0][0] == 0:
        return [word]
    return [other for distance, *_, other in close if distance == close[0][0]][:MAX_CHOICES]


def _hit(row: Row, query: Query) -> Hit:
    match = Match(_MATCHES[row.tier])
    text = row.text
    start, end = 0, 0
    if match is not Match.SIMILAR:
        start, end = marking.find(text, query.folded, query.tokens)
    weight = row.rank // 1000
    if weight == Weight.BODY:
        text, start, end = marking.excerpt(text, start, end)
    return Hit(
        kind=row.kind,
        object_id=row.object_id,
        sub_id=row.sub_id,
        language=row.language,
        text=text,
        match=match,
        start=start,
        end=end,
        is_deprecated=weight == Weight.DEPRECATED,
        # SQLite gives 0 and 1.
        is_reviewed=bool(row.is_reviewed),
        is_safety=bool(row.is_safety),
    )
