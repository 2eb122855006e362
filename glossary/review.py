"""Signing off the terms of a concept, language by language.

A sign-off is a mark on a text, not a change of it. So it makes no revision, and it goes to every
version in use in which the term says the same: the live row, the live revision, the newest draft
and a scheduled one. What a terminologist signs is what the newest version says; where the live
term still says something else, the live one stays unsigned until the draft is published. Editing
a signed term takes the mark off again, whatever the form posts (glossary.forms).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from core.languages import CODES

from .models import Concept, Term
from .search import index_concepts

#: What a reviewer answers for. Source, recording and place in the alphabet are not part of it.
SIGNED_FIELDS = (
    "text",
    "part_of_speech",
    "classifier",
    "type",
    "status",
    *(f"example_{code}" for code in CODES),
    "pronunciation",
    "pronunciation_scheme",
    "region",
)
UNSIGNED: dict[str, Any] = {
    "review_state": str(Term.Review.UNREVIEWED),
    "reviewed_by": "",
    "reviewed_on": None,
}


class ChangedSinceShownError(Exception):
    """The terms are no longer those that the reviewer was shown."""


def can_review(user: Any, language: str) -> bool:
    """Whether `user` may sign off terms of `language`."""
    return bool(user.has_perm(f"glossary.review_{language}"))


def reviewable_languages(user: Any) -> tuple[str, ...]:
    """The languages that `user` may sign off, in the site's order."""
    return tuple(code for code in CODES if can_review(user, code))


def signed_content(term: Term) -> tuple[str, ...]:
    """What a sign-off of `term` stands for; equal for two versions that say the same."""
    return tuple(getattr(term, name) or "" for name in SIGNED_FIELDS)


def clear_review(term: Term) -> None:
    """Take the sign-off from a term that says something new. Does not save."""
    for name, value in UNSIGNED.items():
        setattr(term, name, value)


def reviewable_terms(concept: Concept, language: str) -> list[Term]:
    """The terms that a sign-off of `language` covers: proposals are not agreed yet."""
    return [term for term in concept.terms_in(language) if term.status != Term.Status.PROPOSED]


def fingerprint(concepts: Iterable[Concept], language: str) -> str:
    """A hash of what is shown for signing; another one as soon as any of it changes."""
    shown = [
        [concept.public_id, term.public_id, *signed_content(term)]
        for concept in concepts
        for term in reviewable_terms(concept, language)
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


@transaction.atomic
def sign_off(concept: Concept, language: str, user: Any, seen: str | None = None) -> int:
    """Sign the terms of `language` as the newest version has them; return how many.

    `seen` is the `fingerprint` of what the reviewer was shown. Raises PermissionDenied, and
    ChangedSinceShownError where somebody changed the terms meanwhile.
    """
    mark = {
        "review_state": str(Term.Review.REVIEWED),
        "reviewed_by": (user.get_full_name() or user.get_username())[:150],
        "reviewed_on": timezone.localdate(),
    }
    return _mark(concept, language, user, mark, "glossary.sign_off", seen)


@transaction.atomic
def withdraw(concept: Concept, language: str, user: Any) -> int:
    """Take the sign-off of `language` back; return how many terms it was for."""
    return _mark(concept, language, user, UNSIGNED, "glossary.withdraw_sign_off", None)


def _mark(
    concept: Concept,
    language: str,
    user: Any,
    mark: dict[str, Any],
    action: str,
    seen: str | None,
) -> int:
    if not can_review(user, language):
        raise PermissionDenied
    # Locked, so that no editor saves between the check and the mark (PostgreSQL; SQLite has one
    # writer at a time anyway).
    concept = Concept.objects.select_for_update().get(pk=concept.pk)
    newest = concept.get_latest_revision_as_object()
    if seen is not None and fingerprint([newest], language) != seen:
        raise ChangedSinceShownError
    terms = reviewable_terms(newest, language)
    if not terms:
        return 0
    signed = {term.public_id: signed_content(term) for term in terms}
    live = [
        term.pk
        for term in Term.objects.filter(concept=concept, language=language)
        if signed.get(term.public_id) == signed_content(term)
    ]
    Term.objects.filter(pk__in=live).update(**mark)
    for revision in _versions_in_use(concept):
        _mark_revision(revision, signed, mark)
    index_concepts([concept.pk])
    log(instance=concept, action=action, user=user, data={"language": language})
    return len(terms)


def _versions_in_use(concept: Concept) -> Iterable[Revision]:
    """The revisions that the editor opens or that readers see, now or on schedule."""
    return concept.revisions.filter(
        Q(pk__in=[concept.latest_revision_id, concept.live_revision_id])
        | Q(approved_go_live_at__isnull=False)
    )


def _mark_revision(
    revision: Revision, signed: dict[str, tuple[str, ...]], mark: dict[str, Any]
) -> None:
    stored = {**mark, "reviewed_on": mark["reviewed_on"] and mark["reviewed_on"].isoformat()}
    content = revision.content
    for entry in content.get("terms", []):
        says = tuple(entry.get(name) or "" for name in SIGNED_FIELDS)
        if signed.get(entry.get("public_id")) == says:
            entry.update(stored)
    # Not save(): its date would tell an open editor that somebody changed the text.
    Revision.objects.filter(pk=revision.pk).update(content=content)
