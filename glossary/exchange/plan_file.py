"""The plan of an import, in a small SQLite file beside the upload.

A file on disk keeps memory flat whatever the upload's size, lets the preview page through every
row, and holds what `applying.py` writes, so that the upload is read once.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .entries import Entry, checked
from .errors import Problem
from .records import ConceptRecord, from_json, to_json

_SCHEMA = """
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,
    row INTEGER NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    record TEXT NOT NULL,
    names TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '',
    problems TEXT NOT NULL DEFAULT '[]',
    changes TEXT NOT NULL DEFAULT '[]',
    notes TEXT NOT NULL DEFAULT '[]',
    pk INTEGER,
    seen TEXT NOT NULL DEFAULT ''
);
CREATE INDEX entry_key ON entry (key);
CREATE INDEX entry_names ON entry (names);
CREATE TABLE problem (number INTEGER NOT NULL, row INTEGER NOT NULL, message TEXT NOT NULL);
CREATE INDEX problem_row ON problem (row);
CREATE INDEX problem_number ON problem (number);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_COLUMNS = "number, row, record, title, state, problems, changes, notes, pk, seen"
BATCH = 500


class State(StrEnum):
    """What an import does with a concept of the file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that becomes another; `term` says in which term, '' for the concept's own."""

    term: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Planned:
    """One concept of the file and what is to become of it.

    `record` is as the file has it, and after planning as the glossary is to have it; `pk` and
    `seen` are the stored concept and the hash of its state when the plan was made.
    """

    number: int
    row: int
    record: ConceptRecord
    title: str = ""
    state: State = State.REFUSED
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    pk: int | None = None
    seen: str = ""


class PlanFile:
    """The plan on disk; make it with `create`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path)
        # Lost in a crash, it is made anew from the upload.
        self._db.execute("PRAGMA synchronous = OFF")

    @classmethod
    def create(cls, path: Path) -> "PlanFile":
        """An empty plan in place of whatever was there."""
        path.unlink(missing_ok=True)
        plan = cls(path)
        plan._db.execute("PRAGMA journal_mode = MEMORY")
        plan._db.executescript(_SCHEMA)
        return plan

    def close(self) -> None:
        self._db.commit()
        self._db.close()

    def rollback(self) -> None:
        """Forget what was written since the file was opened."""
        self._db.rollback()

    # --- Filling -------------------------------------------------------------------------------

    def add(self, entries: Iterable[Entry]) -> None:
        """Take a batch of entries; rows of one concept that stand apart are put together."""
        for entry in entries:
            key = entry.record.key
            found = self._db.execute(
                "SELECT number, row, record, problems FROM entry WHERE key = ?", (key,)
            ).fetchone()
            if found and key != "label:":
                number, row, record, problems = found
                entry = _joined(Entry(row, from_json(record), _problems(problems)), entry)
                self._db.execute(
                    "UPDATE entry SET title=?, record=?, names=?, problems=? WHERE number=?",
                    (*_stored(entry), number),
                )
            else:
                self._db.execute(
                    "INSERT INTO entry (row, key, title, record, names, problems) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (entry.row, key, *_stored(entry)),
                )

    def decide(self, planned: Iterable[Planned]) -> None:
        """Write what was decided about a batch."""
        planned = list(planned)
        self._db.executemany("DELETE FROM problem WHERE number = ?", [(p.number,) for p in planned])
        self._db.executemany(
            "INSERT INTO problem VALUES (?, ?, ?)",
            [
                (item.number, p.row, f"{p.column}: {p.message}" if p.column else p.message)
                for item in planned
                for p in item.problems
            ],
        )
        self._db.executemany(
            "UPDATE entry SET title=?, record=?, state=?, problems=?, changes=?, notes=?, pk=?, "
            "seen=? WHERE number=?",
            [
                (
                    item.record.title(),
                    to_json(item.record),
                    item.state,
                    _dump((p.row, p.column, p.message) for p in item.problems),
                    _dump((c.term, c.column, c.old, c.new) for c in item.changes),
                    _dump(item.notes),
                    item.pk,
                    item.seen,
                    item.number,
                )
                for item in planned
            ],
        )

    def set_fact(self, name: str, value: Any) -> None:
        """Keep a small fact about the whole plan."""
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, json.dumps(value)))

    # --- Reading -------------------------------------------------------------------------------

    def fact(self, name: str, default: Any = None) -> Any:
        found = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return json.loads(found[0]) if found else default

    def __len__(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM entry").fetchone()[0])

    def counts(self) -> dict[State, int]:
        """How many concepts are in each state."""
        rows = self._db.execute("SELECT state, COUNT(*) FROM entry GROUP BY state")
        found = {State(state): int(count) for state, count in rows if state}
        return {state: found.get(state, 0) for state in State}

    def batches(self, state: State | None = None) -> Iterator[list[Planned]]:
        """The concepts in the file's order, those of `state` or all, a batch at a time."""
        last = 0
        while batch := self._select("number > ?", [last], state, BATCH):
            yield batch
            last = batch[-1].number

    def page(self, states: Iterable[State], offset: int, limit: int) -> list[Planned]:
        """Some concepts in the given states, for the preview."""
        names = [str(state) for state in states]
        where = f"state IN ({', '.join('?' * len(names))})"
        return self._select(where, list(names), None, limit, offset)

    def _select(
        self, where: str, values: list[Any], state: State | None, limit: int, offset: int = 0
    ) -> list[Planned]:
        if state:
            where, values = f"{where} AND state = ?", [*values, str(state)]
        query = f"SELECT {_COLUMNS} FROM entry WHERE {where} ORDER BY number LIMIT ? OFFSET ?"  # noqa: S608 — fixed words
        return [_planned(row) for row in self._db.execute(query, (*values, limit, offset))]

    def numbers_of(self, column: str, values: Iterable[str]) -> dict[str, int]:
        """The first entry for each of some keys or names that the file has."""
        wanted = sorted(set(values))
        found: dict[str, int] = {}
        for start in range(0, len(wanted), BATCH):
            part = wanted[start : start + BATCH]
            found |= dict(
                self._db.execute(
                    f"SELECT {column}, MIN(number) FROM entry "  # noqa: S608 — a fixed word
                    f"WHERE {column} IN ({', '.join('?' * len(part))}) GROUP BY {column}",
                    part,
                ).fetchall()
            )
        return found

    def problems(self) -> Iterator[tuple[int, str, str]]:
        """(row, title of the concept, what is wrong) for each row that has something, in order."""
        rows = self._db.execute(
            "SELECT problem.row, title, message FROM problem JOIN entry USING (number) "
            "ORDER BY problem.row, problem.rowid"
        )
        for row, group in groupby(rows, key=itemgetter(0)):
            found = list(group)
            messages = dict.fromkeys(message for _row, _title, message in found)
            yield row, found[0][1], " · ".join(messages)


def names_of(record: ConceptRecord) -> str:
    """What a concept without an id is known by: its headwords."""
    return json.dumps(record.headwords(), ensure_ascii=False)


def _stored(entry: Entry) -> tuple[str, str, str, str]:
    record = entry.record
    problems = _dump((p.row, p.column, p.message) for p in entry.problems)
    return record.title()[:300], to_json(record), names_of(record), problems


def _joined(first: Entry, more: Entry) -> Entry:
    """One entry of two runs of rows; `checked` again, as together they may contradict."""
    record = replace(first.record, terms=(*first.record.terms, *more.record.terms))
    places = [first.row] * len(first.record.terms) + [more.row] * len(more.record.terms)
    problems = tuple(dict.fromkeys((*first.problems, *more.problems)))
    joined = checked(Entry(first.row, record, ()), places)
    if replace(more.record, terms=()) not in (
        replace(first.record, terms=()),
        _silent(more.record),
    ):
        message = _("This differs from row %(row)s, which is of the same concept.")
        problems += (Problem(more.row, "concept_id", message % {"row": first.row}),)
    return replace(joined, problems=tuple(dict.fromkeys((*problems, *joined.problems))))


def _silent(record: ConceptRecord) -> ConceptRecord:
    return ConceptRecord(public_id=record.public_id, label=record.label)


def _dump(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def _problems(text: str) -> tuple[Problem, ...]:
    return tuple(Problem(*values) for values in json.loads(text))


def _planned(row: tuple[Any, ...]) -> Planned:
    number, place, record, title, state, problems, changes, notes, pk, seen = row
    return Planned(
        number=number,
        row=place,
        record=from_json(record),
        title=title,
        state=State(state) if state else State.REFUSED,
        problems=_problems(problems),
        changes=tuple(Change(*values) for values in json.loads(changes)),
        notes=tuple(json.loads(notes)),
        pk=pk,
        seen=seen,
    )
