"""Writing the search table: one function rebuilds the rows of the objects it is given."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from .keys import (
    MAX_KEY_CHARACTERS,
    MAX_TEXT_TOKENS,
    encode,
    exact_key,
    folded_key,
    folded_tokens,
)
from .models import SearchEntry, SearchTrade, SearchWord
from .registry import KINDS, Entry, Kind, Weight
from .spelling import MIN_LENGTH, part_numbers

# Objects a transaction: long enough to be quick, short enough that others get to write.
CHUNK = 1000
# Words that a misspelt query may mean; what is longer is no word.
MAX_WORD_CHARACTERS = 30

_COLUMNS = (
    "kind, object_id, sub_id, language, text, exact, folded, tokens, part1, part2, part3, rank, "
    "is_listed, initial, sort_key, is_reviewed, is_safety"
)
Progress = Callable[[str, int, int], None]


def rebuild(kind: str, ids: Iterable[int]) -> int:
    """Make the rows of these objects anew, in transactions of CHUNK objects; how many rows.

    Objects that are gone or no longer for readers lose theirs.
    """
    source = KINDS[kind]
    return sum(_rebuild_chunk(source, chunk) for chunk in _chunks(dict.fromkeys(ids)))


def remove(kind: str, ids: Iterable[int]) -> None:
    """Take these objects out of the search table."""
    for chunk in _chunks(dict.fromkeys(ids)):
        with transaction.atomic():
            _delete(kind, chunk)


def rebuild_all(progress: Progress | None = None, kinds: Iterable[str] | None = None) -> int:
    """Make the whole table anew; searches go on meanwhile. Returns the number of rows.

    `progress(kind, done, total)` is called after each chunk, outside transactions.
    """
    rows = 0
    names = list(KINDS if kinds is None else kinds)
    if kinds is None:
        # Words of entries that are gone; those in use come back with their entries.
        SearchWord.objects.all().delete()
        SearchEntry.objects.exclude(kind__in=names).delete()
        SearchTrade.objects.exclude(kind__in=names).delete()
    for name in names:
        ids = list(dict.fromkeys(KINDS[name].ids()))
        known = SearchEntry.objects.filter(kind=name).values_list("object_id", flat=True)
        remove(name, set(known.distinct()) - set(ids))
        done = 0
        for chunk in _chunks(ids):
            rows += _rebuild_chunk(KINDS[name], chunk)
            done += len(chunk)
            if progress:
                progress(name, done, len(ids))
    refresh_statistics()
    return rows


def refresh_statistics() -> None:
    """Tell the database's planner what the table is like; call after writing a large part of it."""
    # PostgreSQL answers from an index alone only where VACUUM has been; in a transaction, as in
    # tests, it has to wait for its own time.
    vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    command = "VACUUM ANALYZE" if vacuum else "ANALYZE"
    with connection.cursor() as cursor:
        for model in (SearchEntry, SearchTrade, SearchWord):
            cursor.execute(f"{command} {connection.ops.quote_name(model._meta.db_table)}")


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _rebuild_chunk(kind: Kind, ids: Sequence[int]) -> int:
    """Replace the rows of `ids`."""
    rows: list[tuple[Any, ...]] = []
    trades: set[tuple[str, int, int]] = set()
    words: set[str] = set()
    # Inside an import's transaction a savepoint would make SQLite's full text index slower with
    # every chunk (five times after 5,000 objects); a failure there undoes all of it anyway.
    with transaction.atomic(savepoint=False):
        # Two writers of one object take turns, and each reads it when its turn has come. (SQLite
        # has one writer at a time anyway.)
        held = SearchEntry.objects.filter(kind=kind.name, object_id__in=ids).order_by("pk")
        list(held.select_for_update().values_list("pk", flat=True))
        for entry in kind.entries(ids):
            rows.append(_row(kind.name, entry, words))
            trades.update((kind.name, entry.object_id, trade) for trade in entry.trades)
        _delete(kind.name, ids)
        with connection.cursor() as cursor:
            _insert(cursor, "core_searchentry", _COLUMNS, rows)
            _insert(cursor, "core_searchtrade", "kind, object_id, trade_id", sorted(trades))
        _add_words(words)
    return len(rows)


def _row(kind: str, entry: Entry, words: set[str]) -> tuple[Any, ...]:
    """The values of _COLUMNS; adds the entry's words to `words`."""
    rank = 1000 * entry.weight + min(len(entry.text), 999)
    key = folded_key(entry.text)
    found = folded_tokens(key)[:MAX_TEXT_TOKENS]
    words.update(found)
    exact = folded = None
    parts: tuple[int | None, ...] = (None, None, None)
    if entry.weight is not Weight.BODY:
        key = key[:MAX_KEY_CHARACTERS]
        exact, folded = exact_key(entry.text).encode(), key.encode()
        parts = part_numbers(key)
    return (
        kind,
        entry.object_id,
        entry.sub_id,
        entry.language,
        entry.text,
        exact,
        folded,
        " ".join(map(encode, found)),
        *parts,
        rank,
        entry.is_listed,
        entry.initial,
        entry.sort_key,
        entry.is_reviewed,
        entry.is_safety,
    )


def _insert(cursor: Any, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows the quick way: several times as fast as objects saved in bulk."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
            rows,
        )


def _delete(kind: str, ids: Sequence[int]) -> None:
    # _raw_delete: neither model has anything that depends on its rows.
    for model in (SearchEntry, SearchTrade):
        found = model.objects.filter(kind=kind, object_id__in=ids)
        found._raw_delete(found.db)


def _add_words(words: set[str]) -> None:
    wanted = {
        word.encode()
        for word in words
        if MIN_LENGTH <= len(word) <= MAX_WORD_CHARACTERS and not word[0].isdigit()
    }
    known = SearchWord.objects.filter(word__in=wanted).values_list("word", flat=True)
    missing = sorted(wanted - {bytes(word) for word in known})
    SearchWord.objects.bulk_create(
        [
            SearchWord(word=word, **dict(zip(("part1", "part2", "part3"), numbers, strict=True)))
            for word, numbers in ((word, part_numbers(word.decode())) for word in missing)
        ]
    )
