"""One concept as a file gave it, checked as far as that goes without the glossary."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.identity import ALPHABET, LENGTH
from core.languages import CODES
from glossary.models import Concept, Term

from .errors import Problem
from .records import ConceptRecord, TermRecord, said
from .texts import canonical, has_control

# A concept with more terms than this is a file whose rows were not told apart.
MAX_TERMS = 100
PUBLIC_ID = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_CHOICES: dict[str, list[str]] = {
    "language": list(CODES),
    "source_language": list(CODES),
    "status": Term.Status.values,
    "type": Term.Type.values,
    "part_of_speech": Term.PartOfSpeech.values,
    "review_state": Term.Review.values,
}
_CODE_LISTS = {"languages", "ready_languages", "definition_checked"}
# What the columns are called where it differs from the field.
COLUMN_NAMES = {
    "public_id": "term_id",
    "text": "term",
    "review_state": "review",
    "is_safety": "safety",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of one concept: `row` is where it starts; with problems it is refused."""

    row: int
    record: ConceptRecord
    problems: tuple[Problem, ...] = ()


def column_of(field: str) -> str:
    """The column of docs/exchange.md that holds a field."""
    return COLUMN_NAMES.get(field, field)


def checked(entry: Entry, rows: list[int] | None = None) -> Entry:
    """The entry with canonical texts and every problem that shows without the glossary.

    `rows` are the rows of the terms, in their order; by default that of the entry.
    """
    record = entry.record
    places = rows or [entry.row] * len(record.terms)
    problems = list(entry.problems)
    problems += _problems(record, Concept, entry.row)
    for term, place in zip(record.terms, places, strict=False):
        problems += _problems(term, Term, place)
        if not canonical(term.text):
            problems.append(Problem(place, "term", _("Write the term.")))
    if record.public_id and not PUBLIC_ID.fullmatch(record.public_id):
        problems.append(Problem(entry.row, "concept_id", _("This is no id of a concept.")))
    if len(record.terms) > MAX_TERMS:
        message = _("More than %(limit)s terms: give each concept a concept_id of its own.")
        problems.append(Problem(entry.row, "concept_id", message % {"limit": MAX_TERMS}))
    if not record.public_id and not record.terms:
        problems.append(Problem(entry.row, "term", _("A new concept needs a term.")))
    problems += _doubles(record, entry.row)
    return Entry(entry.row, _canonical_record(record), tuple(problems))


def _canonical_record(record: ConceptRecord) -> ConceptRecord:
    terms = tuple(_canonical_fields(term) for term in record.terms)
    return replace(_canonical_fields(record), terms=terms)


def _canonical_fields(record: Any) -> Any:
    changes = {
        name: " ".join(canonical(value).split()) if name == "text" else canonical(value)
        for name, value in said(record)
        if isinstance(value, str)
    }
    return replace(record, **changes)


def _problems(record: ConceptRecord | TermRecord, model: Any, row: int) -> Iterator[Problem]:
    """What is wrong with the fields of a concept or term, one by one."""
    for name, value in said(record):
        message = _value_problem(name, value, model)
        if message:
            yield Problem(row, column_of(name), message)


def _value_problem(name: str, value: Any, model: Any) -> str:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            return _("“%(value)s” is not one of: %(choices)s.") % {
                "value": value[:60],
                "choices": ", ".join(_CHOICES[name]),
            }
    elif name in _CODE_LISTS:
        if not set(value) <= set(CODES):
            return _("Use these language codes: %(codes)s.") % {"codes": ", ".join(CODES)}
    elif name == "reviewed_on":
        return "" if not value or _is_date(value) else _("Write the date as 2026-01-31.")
    elif name == "public_id":
        if value and not PUBLIC_ID.fullmatch(value):
            return _("This is no id of a term: leave it empty for a new one.")
    elif isinstance(value, str):
        return _text_problem(name, value, model)
    return ""


def _text_problem(name: str, value: str, model: Any) -> str:
    if has_control(value.replace("\r", "")):
        return _("This holds control characters, which no text has.")
    if name in {"image", "recording"}:
        return ""
    limit = model._meta.get_field(name).max_length
    if limit and len(value) > limit:
        return _("Longer than %(limit)s characters.") % {"limit": limit}
    return ""


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == len("2026-01-31")


def _doubles(record: ConceptRecord, row: int) -> Iterator[Problem]:
    """Terms, ids and preferred terms that stand twice in one concept."""
    terms = Counter((term.language, canonical(term.text)) for term in record.terms)
    for (language, text), count in terms.items():
        if count > 1:
            message = _("“%(term)s” (%(language)s) stands twice in this concept.")
            yield Problem(row, "term", message % {"term": text[:60], "language": language})
    ids = Counter(term.public_id for term in record.terms if term.public_id)
    for public_id, count in ids.items():
        if count > 1:
            yield Problem(row, "term_id", _("The id %(id)s stands twice.") % {"id": public_id})
    preferred = Counter(term.language for term in record.terms if term.status == "preferred")
    for language, count in preferred.items():
        if count > 1:
            message = _("More than one preferred term in this language: %(language)s.")
            yield Problem(row, "status", message % {"language": language})
