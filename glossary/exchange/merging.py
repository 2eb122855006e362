"""A file's record laid over the stored one: what the glossary is to hold, and what changes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from glossary.review import SIGNED_FIELDS

from .creation import with_statuses
from .entries import column_of
from .plan_file import Change
from .records import (
    CONCEPT_FIELDS,
    REVIEW_FIELDS,
    TERM_FIELDS,
    ConceptRecord,
    TermRecord,
)

_UNREVIEWED = {"review_state": "unreviewed", "reviewed_by": "", "reviewed_on": ""}


class MergeError(Exception):
    """The two sides contradict each other; carries the column and what to do."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def merge(new: ConceptRecord, old: ConceptRecord, keep_review: bool) -> ConceptRecord:
    """The stored record with what the file says put in its place.

    Terms that the file does not name stay as they are: an import never deletes. Without
    `keep_review` the file's sign-offs and checked translations count for nothing; what is
    stored keeps its own where the content is unchanged.
    """
    values: dict[str, Any] = {}
    for name in CONCEPT_FIELDS:
        value = getattr(new, name)
        if value is not None and (keep_review or name != "definition_checked"):
            values[name] = value
    merged = replace(old, **values, terms=_merged_terms(new, old, keep_review))
    if not keep_review or new.definition_checked is None:
        merged = replace(merged, definition_checked=_still_checked(merged, old))
    return merged


def _still_checked(merged: ConceptRecord, old: ConceptRecord) -> tuple[str, ...]:
    """The translations that agree with their source after a change.

    Where the source is as it was, all that were; where it changed, those that changed with it.
    """
    code = merged.source_language
    now, then = (getattr(side, f"definition_{code}") for side in (merged, old))
    if code == old.source_language and now == then:
        return old.definition_checked or ()
    return tuple(
        other
        for other in merged.languages or ()
        if other != code
        and getattr(merged, f"definition_{other}")
        and getattr(merged, f"definition_{other}") != getattr(old, f"definition_{other}")
    )


def _merged_terms(
    new: ConceptRecord, old: ConceptRecord, keep_review: bool
) -> tuple[TermRecord, ...]:
    by_id = {term.public_id: term for term in old.terms}
    by_text = {(term.language, term.text): term for term in old.terms}
    changed: dict[str, TermRecord] = {}
    added: list[TermRecord] = []
    for term in new.terms:
        match = by_id.get(term.public_id) or (
            by_text.get((term.language, term.text)) if not term.public_id else None
        )
        if match is None:
            added.append(term)
        elif match.public_id in changed:
            raise MergeError("term", _("Two rows speak of the same term."))
        elif match.language != term.language:
            raise MergeError("language", _("A term keeps its language: add a new term instead."))
        else:
            changed[match.public_id] = _merged_term(term, match, keep_review)
    terms = [changed.get(term.public_id, term) for term in old.terms]
    taken = {term.language for term in terms if term.status == "preferred"}
    terms += [_new_term(term, keep_review) for term in with_statuses(added, taken)]
    _check(terms)
    return tuple(terms)


def _merged_term(new: TermRecord, old: TermRecord, keep_review: bool) -> TermRecord:
    values = {
        name: value
        for name in TERM_FIELDS
        if name not in {"public_id", *REVIEW_FIELDS} and (value := getattr(new, name)) is not None
    }
    merged = replace(old, **values)
    if keep_review and new.review_state is not None:
        review = {name: getattr(new, name) or "" for name in REVIEW_FIELDS}
        return replace(merged, **review)
    if any(getattr(merged, name) != getattr(old, name) for name in SIGNED_FIELDS):
        # What a reviewer signed is no longer what it says.
        return replace(merged, **_UNREVIEWED)
    return merged


def _new_term(term: TermRecord, keep_review: bool) -> TermRecord:
    if keep_review and term.review_state is not None:
        return term
    return replace(term, **_UNREVIEWED)


def _check(terms: list[TermRecord]) -> None:
    preferred: set[str] = set()
    texts: set[tuple[str, str]] = set()
    for term in terms:
        if (term.language, term.text) in texts:
            message = _("The concept has the term “%(term)s” already.")
            raise MergeError("term", message % {"term": term.text[:60]})
        texts.add((term.language, term.text))
        if term.status == "preferred":
            if term.language in preferred:
                message = _(
                    "The concept would have two preferred terms in one language (%(language)s): "
                    "give the other one another status in the same file."
                )
                raise MergeError("status", message % {"language": term.language})
            preferred.add(term.language)


def changes_between(old: ConceptRecord, new: ConceptRecord) -> Iterator[Change]:
    """Every field that differs, the concept's own first; a new term is one change."""
    for name in CONCEPT_FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("", column_of(name), _shown(before), _shown(after))
    stored = {term.public_id: term for term in old.terms}
    for term in new.terms:
        match = stored.get(term.public_id)
        if match is None:
            yield Change(f"{term.text} ({term.language})", "term", "", term.text)
            continue
        for name in TERM_FIELDS:
            before, after = getattr(match, name), getattr(term, name)
            if before != after:
                title = f"{match.text} ({match.language})"
                yield Change(title, column_of(name), _shown(before), _shown(after))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(value) if isinstance(value, tuple) else value or ""
