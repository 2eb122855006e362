"""Concepts in the search table (core.search): a row per term.

Readers find the terms of live concepts, but for proposed ones. Concepts that were never
published, or are no longer, are of a second kind that only the admin searches.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.signals import published, unpublished

from core.search import (
    Entry,
    Kind,
    Listing,
    Weight,
    browse,
    matching_ids,
    rebuild,
    register,
    remove,
)
from orthography import normalise

from .models import Concept, Term

CONCEPT = "concept"
DRAFT = "concept-draft"

_STATUS_ORDER = {status: number for number, status in enumerate(Term.Status.values)}


def index_concepts(ids: Iterable[int]) -> None:
    """Make the search rows of these concepts anew, whatever became of them.

    For bulk changes, after their transaction's last write to the concepts.
    """
    ids = list(dict.fromkeys(ids))
    rebuild(CONCEPT, ids)
    rebuild(DRAFT, ids)


def search_concept_ids(query: str, limit: int = 500) -> list[int]:
    """Keys of concepts for the admin's lists, best first, drafts among them; at most 500."""
    return matching_ids(query, kinds=[CONCEPT, DRAFT], limit=limit)


def browse_terms(language: str, **filters: Any) -> Listing:
    """The A–Z list of the preferred terms of a language; see core.search.browse."""
    return browse(language, kind=CONCEPT, **filters)


# --- What is indexed ------------------------------------------------------------------------------


def _live_ids() -> Iterable[int]:
    return Concept.objects.published().order_by("pk").values_list("pk", flat=True)


def _draft_ids() -> Iterable[int]:
    return Concept.objects.filter(live=False).order_by("pk").values_list("pk", flat=True)


def _live_entries(ids: Sequence[int]) -> Iterator[Entry]:
    live = dict(Concept.objects.published().filter(pk__in=ids).values_list("pk", "is_safety"))
    trades: dict[int, list[int]] = defaultdict(list)
    links = Concept.trades.through.objects.filter(concept_id__in=live)
    for concept_id, trade_id in links.values_list("concept_id", "trade_id"):
        trades[concept_id].append(trade_id)
    listed: set[tuple[int, str]] = set()
    terms = Term.objects.filter(concept_id__in=live).exclude(status=Term.Status.PROPOSED)
    # Preferred terms first, so that the first of a language is the one that the list shows.
    rows = sorted(
        terms.order_by("concept_id", "sort_order", "pk").values_list(
            "concept_id", "status", "pk", "language", "text", "sort_key", "initial", "review_state"
        ),
        key=lambda row: (row[0], _STATUS_ORDER[row[1]]),
    )
    for concept_id, status, pk, language, text, key, letter, review_state in rows:
        is_deprecated = status == Term.Status.DEPRECATED
        is_listed = not is_deprecated and (concept_id, language) not in listed
        if is_listed:
            listed.add((concept_id, language))
        yield Entry(
            object_id=concept_id,
            sub_id=pk,
            language=language,
            text=text,
            weight=Weight.DEPRECATED if is_deprecated else Weight.NORMAL,
            is_listed=is_listed,
            initial=letter,
            sort_key=bytes(key),
            is_reviewed=review_state == Term.Review.REVIEWED,
            is_safety=live[concept_id],
            trades=tuple(trades[concept_id]),
        )


def _draft_entries(ids: Sequence[int]) -> Iterator[Entry]:
    """Terms of concepts that are not live, as their latest revision has them."""
    drafts = Concept.objects.filter(pk__in=ids, live=False)
    revised = dict(
        drafts.exclude(latest_revision=None).values_list("pk", "latest_revision__content")
    )
    for concept_id, content in revised.items():
        for term in content.get("terms", []):
            yield _draft_entry(concept_id, term["language"], term["text"])
    terms = Term.objects.filter(concept__in=drafts.filter(latest_revision=None))
    for concept_id, language, text in terms.values_list("concept_id", "language", "text"):
        yield _draft_entry(concept_id, language, text)


def _draft_entry(concept_id: int, language: str, text: str) -> Entry:
    return Entry(object_id=concept_id, language=language, text=normalise(text))


# --- When -----------------------------------------------------------------------------------------


def connect() -> None:
    """Register the kinds and follow the events that change what is live; from glossary.apps."""
    register(Kind(CONCEPT, _live_ids, _live_entries))
    register(Kind(DRAFT, _draft_ids, _draft_entries, is_public=False))
    published.connect(_changed, sender=Concept, dispatch_uid="search concept published")
    unpublished.connect(_changed, sender=Concept, dispatch_uid="search concept unpublished")
    post_delete.connect(_deleted, sender=Concept, dispatch_uid="search concept deleted")
    post_save.connect(_saved, sender=Concept, dispatch_uid="search concept saved")


def _changed(instance: Concept, **kwargs: Any) -> None:
    index_concepts([instance.pk])


def _deleted(instance: Concept, **kwargs: Any) -> None:
    remove(CONCEPT, [instance.pk])
    remove(DRAFT, [instance.pk])


def _saved(instance: Concept, **kwargs: Any) -> None:
    """A draft of a concept that is not live; saving a revision saves the concept it belongs to."""
    if not instance.live and instance.latest_revision_id:
        rebuild(DRAFT, [instance.pk])
