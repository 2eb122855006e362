"""One concept with its terms, as plain data: what every reader makes and every writer takes.

A value of None means that the file does not speak of it, so an import leaves it alone; an empty
text means that it is empty. `public_id` and the texts of a term are always there.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from core.languages import CODES

# What a sign-off says; an import keeps it where the content did not change.
REVIEW_FIELDS = ("review_state", "reviewed_by", "reviewed_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRecord:
    """A term. `reviewed_on` is an ISO date or '', `recording` the name of a stored file."""

    public_id: str = ""
    language: str
    text: str
    status: str | None = None
    type: str | None = None
    part_of_speech: str | None = None
    classifier: str | None = None
    example_lo: str | None = None
    example_vi: str | None = None
    example_en: str | None = None
    pronunciation: str | None = None
    pronunciation_scheme: str | None = None
    region: str | None = None
    source: str | None = None
    sort_as: str | None = None
    recording: str | None = None
    review_state: str | None = None
    reviewed_by: str | None = None
    reviewed_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptRecord:
    """A concept. `trades` holds slugs, `broader` and `related` public ids.

    `label` is the name a file gives to a concept that has no public id yet, `version` the state
    of the concept when it was exported, `definition_checked` the languages whose definition is
    declared to agree with the source language's, `image` the name of a stored file.
    """

    public_id: str = ""
    label: str = ""
    version: str = ""
    origin_id: str | None = None
    trades: tuple[str, ...] | None = None
    is_safety: bool | None = None
    source_language: str | None = None
    languages: tuple[str, ...] | None = None
    ready_languages: tuple[str, ...] | None = None
    definition_lo: str | None = None
    definition_vi: str | None = None
    definition_en: str | None = None
    definition_checked: tuple[str, ...] | None = None
    definition_source: str | None = None
    broader: tuple[str, ...] | None = None
    related: tuple[str, ...] | None = None
    image: str | None = None
    terms: tuple[TermRecord, ...] = ()

    @property
    def key(self) -> str:
        """What tells the concepts of one file apart."""
        return self.public_id or f"label:{self.label}"

    def headwords(self) -> list[tuple[str, str]]:
        """(language, text) of the term that stands for the concept in each language it has."""
        found: dict[str, TermRecord] = {}
        for term in self.terms:
            first = found.setdefault(term.language, term)
            if term.status == "preferred" != first.status:
                found[term.language] = term
        return [(code, found[code].text) for code in CODES if code in found]

    def title(self) -> str:
        """What to call the concept in a list."""
        names = " · ".join(text for _, text in self.headwords())
        # A term in a language that is not ours still tells the reader which entry is meant.
        return names or "".join(t.text for t in self.terms[:1]) or self.public_id or self.label


TERM_FIELDS = tuple(field.name for field in fields(TermRecord))
CONCEPT_FIELDS = tuple(
    field.name
    for field in fields(ConceptRecord)
    if field.name not in {"public_id", "label", "version", "terms"}
)
_TUPLES = {"trades", "languages", "ready_languages", "definition_checked", "broader", "related"}


def said(record: ConceptRecord | TermRecord) -> Iterator[tuple[str, Any]]:
    """The fields a record speaks of, with their values."""
    names = TERM_FIELDS if isinstance(record, TermRecord) else CONCEPT_FIELDS
    for name in names:
        value = getattr(record, name)
        if value is not None:
            yield name, value


def to_json(record: ConceptRecord) -> str:
    """A record as one line of JSON, without what it does not say."""
    data: dict[str, Any] = dict(said(record))
    data |= {"public_id": record.public_id, "label": record.label, "version": record.version}
    data["terms"] = [dict(said(term)) for term in record.terms]
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> ConceptRecord:
    """The record that `to_json` wrote."""
    data = json.loads(text)
    terms = tuple(TermRecord(**term) for term in data.pop("terms"))
    for name in _TUPLES & data.keys():
        data[name] = tuple(data[name])
    return ConceptRecord(**data, terms=terms)


def version_of(record: ConceptRecord) -> str:
    """Twelve hex digits that change whenever the content of a full record does.

    Reviews are left out: signing a term off is no change that an import could undo.
    """
    terms = tuple(
        replace(term, review_state=None, reviewed_by=None, reviewed_on=None)
        for term in record.terms
    )
    plain = to_json(replace(record, version="", label="", terms=terms))
    return hashlib.sha256(plain.encode()).hexdigest()[:12]
