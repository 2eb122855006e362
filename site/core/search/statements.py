"""The SQL of each tier. All values are parameters; both databases give the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from .keys import Query, prefix_end
from .schema import ID_MASK

SHORT = 2
# The most rows that the typo tier compares.
MAX_CANDIDATES = 10_000

_SHOWN = (
    "e.id, e.kind, e.object_id, e.sub_id, e.language, e.text, e.rank, e.is_reviewed, e.is_safety"
)


class Row(NamedTuple):
    """A row found, with the tier it was found in (see core.search.query)."""

    tier: int
    id: int
    kind: str
    object_id: int
    sub_id: int
    language: str
    text: str
    rank: int
    is_reviewed: bool
    is_safety: bool


@dataclass(frozen=True)
class Scope:
    """Among which rows to look."""

    kinds: Sequence[str]
    languages: Sequence[str] | None = None
    trade: int | None = None
    reviewed_only: bool = False

    def condition(self) -> tuple[str, list[Any]]:
        """A condition on core_searchentry as `e`, and its parameters."""
        parts = [f"e.kind IN ({_marks(self.kinds)})"]
        values: list[Any] = [*self.kinds]
        if self.languages is not None:
            parts.append(f"e.language IN ({_marks(self.languages)})")
            values += self.languages
        if self.reviewed_only:
            parts.append("e.is_reviewed = %s")
            values.append(True)
        if self.trade is not None:
            parts.append(
                "EXISTS (SELECT 1 FROM core_searchtrade t WHERE t.trade_id = %s "
                "AND t.kind = e.kind AND t.object_id = e.object_id)"
            )
            values.append(self.trade)
        return " AND ".join(parts), values


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"


def _run(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def begins(query: Query, scope: Scope, limit: int) -> list[Row]:
    """Tiers 1 to 4: the whole text, or its beginning, spelt alike or not.

    Of one or two letters too many texts begin with them to rank them all: the first of the
    alphabet are taken, straight from the b-tree.
    """
    exact, folded = query.exact.encode(), query.folded.encode()
    condition, values = scope.condition()
    tier = (
        "CASE WHEN e.exact = %s THEN 1 WHEN e.folded = %s THEN 2 "
        "WHEN e.exact >= %s AND e.exact < %s THEN 3 ELSE 4 END"
    )
    tier_values = [exact, folded, exact, prefix_end(exact)]
    if len(query.folded) > SHORT:
        inner = (
            f"SELECT e.id, {tier} AS tier FROM core_searchentry e "  # noqa: S608
            f"WHERE e.folded >= %s AND e.folded < %s AND {condition} "
            "ORDER BY 2, e.rank, e.folded, e.id LIMIT %s"
        )
        inner_values = [*tier_values, folded, prefix_end(folded), *values, limit]
    else:
        branch = (
            f"SELECT * FROM (SELECT e.id, {tier} AS tier FROM core_searchentry e "  # noqa: S608
            f"WHERE e.{{column}} >= %s AND e.{{column}} < %s AND {condition} "
            "ORDER BY e.{column} LIMIT %s) AS {column}_branch"
        )
        inner = " UNION ".join(branch.format(column=column) for column in ("exact", "folded"))
        inner_values = [
            *(*tier_values, exact, prefix_end(exact), *values, limit),
            *(*tier_values, folded, prefix_end(folded), *values, limit),
        ]
    rows = _run(
        f"SELECT m.tier, {_SHOWN} FROM ({inner}) AS m "  # noqa: S608
        "JOIN core_searchentry e ON e.id = m.id ORDER BY m.tier, e.rank, e.folded, e.id",
        inner_values,
    )
    return [Row(*row) for row in rows]


def contains(readings: list[list[str]], scope: Scope, limit: int, is_open: bool) -> list[Row]:
    """Tiers 5 and 6: the words in a row anywhere, then all of them in any order.

    `readings` are encoded token sequences (core.search.keys.phrases); where `is_open` the last
    token is a beginning.
    """
    if not readings:
        return []
    sql = _contains_postgresql if connection.vendor == "postgresql" else _contains_sqlite
    return [Row(*row) for row in sql(readings, scope, limit, is_open)]


def _contains_sqlite(
    readings: list[list[str]], scope: Scope, limit: int, is_open: bool
) -> list[tuple[Any, ...]]:
    star = " *" if is_open else ""
    row = " OR ".join(f'("{" ".join(reading)}"{star})' for reading in readings)
    every = " OR ".join(
        "(" + " AND ".join(f'"{token}"' for token in reading) + star + ")" for reading in readings
    )
    condition, values = scope.condition()
    if all(len(reading) == 1 for reading in readings):
        # One word is in a row with itself, and the index gives the best first.
        return _run(
            f"SELECT 5, {_SHOWN} FROM core_search_fts f "  # noqa: S608
            f"CROSS JOIN core_searchentry e ON e.id = (f.rowid & {ID_MASK}) "
            f"WHERE f.core_search_fts MATCH %s AND {condition} ORDER BY f.rowid LIMIT %s",
            [every, *values, limit],
        )
    return _run(
        "SELECT CASE WHEN f.rowid IN "  # noqa: S608
        "(SELECT rowid FROM core_search_fts WHERE core_search_fts MATCH %s) "
        f"THEN 5 ELSE 6 END, {_SHOWN} FROM core_search_fts f "
        f"CROSS JOIN core_searchentry e ON e.id = (f.rowid & {ID_MASK}) "
        f"WHERE f.core_search_fts MATCH %s AND {condition} ORDER BY 1, f.rowid LIMIT %s",
        [row, every, *values, limit],
    )


def _contains_postgresql(
    readings: list[list[str]], scope: Scope, limit: int, is_open: bool
) -> list[tuple[Any, ...]]:
    star = ":*" if is_open else ""
    row = " | ".join(f"({' <-> '.join(reading)}{star})" for reading in readings)
    every = " | ".join(f"({' & '.join(reading)}{star})" for reading in readings)
    condition, values = scope.condition()
    # MATERIALIZED: the planner must not walk the table in the order of rank instead.
    return _run(
        "WITH found AS MATERIALIZED (SELECT e.id, e.rank, "  # noqa: S608
        "CASE WHEN e.vector @@ %s::tsquery THEN 5 ELSE 6 END AS tier "
        f"FROM core_searchentry e WHERE e.vector @@ %s::tsquery AND {condition}) "
        f"SELECT m.tier, {_SHOWN} "
        "FROM (SELECT * FROM found ORDER BY tier, rank, id LIMIT %s) AS m "
        "JOIN core_searchentry e ON e.id = m.id ORDER BY m.tier, m.rank, m.id",
        [row, every, *values, limit],
    )


def candidates(probes: list[list[int]], scope: Scope) -> list[tuple[str, tuple[int, int]]]:
    """Folded keys that share a part with a query, each with its rank and id, at most 10,000."""
    condition, values = scope.condition()
    parts = " OR ".join(
        f"e.part{number} IN ({_marks(numbers)})" for number, numbers in enumerate(probes, 1)
    )
    rows = _run(
        "SELECT e.folded, e.rank, e.id FROM core_searchentry e "  # noqa: S608
        f"WHERE ({parts}) AND {condition} LIMIT {MAX_CANDIDATES}",
        [*(number for numbers in probes for number in numbers), *values],
    )
    return [(bytes(folded).decode(), (rank, id)) for folded, rank, id in rows]


def by_id(ids: Sequence[int], tier: int) -> list[Row]:
    """The rows with these ids, in their order."""
    if not ids:
        return []
    rows = _run(
        f"SELECT {tier}, {_SHOWN} FROM core_searchentry e WHERE e.id IN ({_marks(ids)})",  # noqa: S608
        ids,
    )
    found = {row[1]: Row(*row) for row in rows}
    return [found[id] for id in ids if id in found]


def words_near(probes: list[list[int]]) -> list[str]:
    """Words that share a part with one of the words looked for, at most 10,000."""
    parts = " OR ".join(
        f"part{number} IN ({_marks(numbers)})" for number, numbers in enumerate(probes, 1)
    )
    rows = _run(
        f"SELECT word FROM core_searchword WHERE {parts} LIMIT {MAX_CANDIDATES}",  # noqa: S608
        [number for numbers in probes for number in numbers],
    )
    return [bytes(row[0]).decode() for row in rows]


@dataclass(frozen=True)
class ListScope:
    """Which entries of the A–Z list of a kind and language."""

    kind: str
    language: str
    trade: int | None = None
    reviewed_only: bool = False

    def source(self, initial: str | None = None) -> tuple[str, list[Any]]:
        """FROM and WHERE over core_searchentry as `e`, and their parameters."""
        tables, condition, values = "core_searchentry e", "", []
        if self.trade is not None:
            # SQLite keeps the order of a CROSS JOIN: from the few of the trade to their entries.
            tables = "core_searchtrade t CROSS JOIN core_searchentry e"
            condition = "t.trade_id = %s AND t.kind = %s AND e.object_id = t.object_id AND "
            values = [self.trade, self.kind]
        condition += "e.kind = %s AND e.language = %s AND e.is_listed"
        values += [self.kind, self.language]
        if self.reviewed_only:
            condition += " AND e.is_reviewed"
        if initial is not None:
            condition += " AND e.initial = %s"
            values.append(initial)
        return f"FROM {tables} WHERE {condition}", values


def letter_counts(scope: ListScope) -> dict[str, int]:
    """Initial → number of entries."""
    source, values = scope.source()
    rows = _run(f"SELECT e.initial, count(*) {source} GROUP BY e.initial", values)
    return dict(rows)


def listed_ids(scope: ListScope, initial: str | None, limit: int, offset: int) -> list[int]:
    """Ids of a page of the list, in its order; read from the indexes alone."""
    source, values = scope.source(initial)
    rows = _run(
        f"SELECT e.id {source} ORDER BY e.sort_key, e.object_id LIMIT %s OFFSET %s",
        [*values, limit, offset],
    )
    return [row[0] for row in rows]
