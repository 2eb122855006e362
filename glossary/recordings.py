"""Voices of terms: which are missing, and attaching one so that no later save undoes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from media.models import Recording
from orthography import normalise

from .models import Concept, Term


class RecordingConflict(Exception):
    """The recording cannot be attached now; `str()` says why, in the reader's language."""

    message: Any = _("The recording was not attached.")

    def __str__(self) -> str:
        return str(self.message)


class AlreadyRecorded(RecordingConflict):
    """Somebody else was quicker, or the same form was sent twice."""

    message = _("This term has a recording by now. To replace it, edit the concept.")


class ConceptLocked(RecordingConflict):
    """Locked by a person, by a workflow task of others, or scheduled."""

    message = _(
        "This concept is locked: someone else is editing or reviewing it, or it waits for its "
        "date of publication. Record this term later."
    )


class TermGone(RecordingConflict):
    """Deleted, or left out of the draft that will replace the published entry."""

    message = _("This term was removed from its concept, so it was not recorded.")


# --- The worklist -------------------------------------------------------------------------------


def voiceless_terms(
    language: str, *, status: str = "preferred", trade: str = "", text: str = ""
) -> QuerySet[Any]:
    """Terms of one language without a recording, in dictionary order (the index term_order)."""
    terms = Term.objects.filter(language=language, status=status).without_recording()
    if trade:
        terms = terms.filter(concept__trades__slug=trade)
    if text := " ".join(normalise(text).split()):
        # SQLite ignores the case of ASCII letters alone; most terms stand in lower case.
        terms = terms.filter(Q(text__icontains=text) | Q(text__icontains=text.lower()))
    return terms.order_by("sort_key", "pk")


def following(terms: QuerySet[Any], term: Term, *, included: bool = False) -> QuerySet[Any]:
    """What comes after `term` in `terms`: as quick at the end of a long list as at its start."""
    operator = "gte" if included else "gt"
    key = bytes(term.sort_key)
    return terms.filter(Q(sort_key__gt=key) | Q(sort_key=key, **{f"pk__{operator}": term.pk}))


def with_context(terms: QuerySet[Any]) -> QuerySet[Any]:
    """What a speaker needs to see of each term, in a fixed number of queries."""
    return terms.select_related("concept").prefetch_related("concept__terms", "concept__trades")


# --- Attaching ----------------------------------------------------------------------------------


def attach_recording(term: Term, recording: Recording, user: Any) -> None:
    """Save `recording` and give it to `term`, in the published entry and in its open draft.

    The editor loads the latest revision, so the published row alone would not last. Without a
    `user` every lock holds. Raises RecordingConflict, and then nothing new is kept.
    """
    with transaction.atomic():
        concept = Concept.objects.select_for_update().filter(pk=term.concept_id).first()
        row = Term.objects.filter(pk=term.pk).first()
        if concept is None or row is None:
            raise TermGone
        if row.recording_id:
            raise AlreadyRecorded
        lock = concept.get_lock()
        if lock is not None and (user is None or lock.for_user(user)):
            raise ConceptLocked
        has_draft = not concept.live or concept.has_unpublished_changes
        entry = concept.get_latest_revision_as_object() if has_draft else concept
        terms = list(entry.terms.all())
        if all(other.public_id != term.public_id for other in terms):
            raise TermGone
        with _files_removed_on_failure(recording):
            recording.save()
            for other in terms:
                if other.public_id == term.public_id:
                    other.recording = recording
            entry.terms = terms
            # What else may be wrong with the entry is not the speaker's concern.
            revision = entry.save_revision(user=user, clean=False, log_action=True)
            if has_draft:
                Term.objects.filter(pk=term.pk).update(recording=recording)
            else:
                # The right to change concepts was asked for; a voice changes no word of it.
                revision.publish(user=user, skip_permission_checks=True)
    term.recording = recording


@contextmanager
def _files_removed_on_failure(recording: Recording) -> Iterator[None]:
    """The database takes back a failed change by itself; the files of a new recording it cannot."""
    is_new = recording.pk is None
    try:
        yield
    except BaseException:
        if is_new:
            recording.delete_files()
        raise
