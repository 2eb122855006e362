"""Changing live concepts, a batch at a time: rows, revisions and history."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.languages import CODES
from glossary.models import Concept, ConceptRelation, Term

from .creation import (
    BATCH,
    References,
    concept_values,
    new_term_values,
    relations_of,
    term_values,
)
from .history import History
from .plan_file import Planned
from .stored import Stored

_CONCEPT_COLUMNS = (
    "origin_id",
    "is_safety",
    "source_language",
    "languages",
    "ready_languages",
    *(f"definition_{code}" for code in CODES),
    "definition_source",
    "fingerprints",
    "image",
    "latest_revision",
    "live_revision",
    "last_published_at",
    "updated_at",
)
_TERM_COLUMNS = (
    "text",
    "sort_as",
    "sort_key",
    "initial",
    "status",
    "type",
    "part_of_speech",
    "classifier",
    *(f"example_{code}" for code in CODES),
    "pronunciation",
    "pronunciation_scheme",
    "region",
    "source",
    "recording",
    "review_state",
    "reviewed_by",
    "reviewed_on",
)


class Revising:
    """The writing of some changed concepts, each with its plan and what is stored."""

    def __init__(self, batch: list[tuple[Concept, Planned, Stored]], history: History) -> None:
        self.batch = batch
        self.history = history
        self.now = timezone.now()
        self.references = References(item.record for _c, item, _s in batch)
        pks = [concept.pk for concept, _item, _stored in batch]
        self.terms = _by_concept(Term, pks)
        self.relations = _by_concept(ConceptRelation, pks)
        self.trades: dict[int, set[int]] = defaultdict(set)
        through = Concept.trades.through.objects.filter(concept__in=pks)
        for pk, trade in through.values_list("concept_id", "trade_id"):
            self.trades[pk].add(trade)

    def write(self) -> None:
        """Rows first: the revisions hold their keys."""
        self._keep_what_was()
        for concept, item, _stored in self.batch:
            _assign(concept, concept_values(item.record, self.references))
            concept.last_published_at = self.now
            concept.updated_at = self.now
        self._write_terms()
        self._write_trades()
        self._write_relations()
        self._publish()

    def _keep_what_was(self) -> None:
        """A revision of what stood before, where there is none: nothing is lost."""
        bare = [c for c, _item, _stored in self.batch if c.latest_revision_id is None]
        for concept in bare:
            self._load_children(concept)
        # A moment earlier, so that the history shows the two in their order.
        self.history.save_revisions(bare, self.now - timedelta(milliseconds=1))

    def _write_terms(self) -> None:
        new: list[Term] = []
        changed: list[Term] = []
        for concept, item, stored in self.batch:
            rows = self.terms[concept.pk]
            by_id = {row.public_id: row for row in rows}
            before = {term.public_id: term for term in stored.record.terms}
            number = max((row.sort_order for row in rows), default=-1)
            for record in item.record.terms:
                if record.public_id not in before:
                    number += 1
                    values = new_term_values(record, self.references, keep_review=True)
                    term = Term(concept_id=concept.pk, sort_order=number, **values)
                    new.append(term)
                    rows.append(term)
                elif record != before[record.public_id]:
                    row = by_id[record.public_id]
                    _assign(row, term_values(record, self.references, keep_review=True))
                    changed.append(row)
        Term.objects.bulk_create(new, batch_size=BATCH)
        Term.objects.bulk_update(changed, _TERM_COLUMNS, batch_size=100)

    def _write_trades(self) -> None:
        through = Concept.trades.through
        new = []
        for concept, item, _stored in self.batch:
            wanted = {self.references.trades[slug] for slug in item.record.trades or ()}
            gone = self.trades[concept.pk] - wanted
            if gone:
                through.objects.filter(concept=concept.pk, trade__in=gone).delete()
            new += [
                through(concept_id=concept.pk, trade_id=trade)
                for trade in sorted(wanted - self.trades[concept.pk])
            ]
            self.trades[concept.pk] = wanted
        through.objects.bulk_create(new, batch_size=BATCH)

    def _write_relations(self) -> None:
        targets = {
            target
            for _concept, item, _stored in self.batch
            for target in (*(item.record.broader or ()), *(item.record.related or ()))
        }
        found = Concept.objects.filter(public_id__in=targets)
        keys = dict(found.values_list("public_id", "pk"))
        new = []
        for concept, item, stored in self.batch:
            now, before = item.record, stored.record
            if (now.broader, now.related) != (before.broader, before.related):
                ConceptRelation.objects.filter(concept=concept.pk).delete()
                self.relations[concept.pk] = relations_of(concept.pk, now, keys)
                new += self.relations[concept.pk]
        ConceptRelation.objects.bulk_create(new, batch_size=BATCH)

    def _publish(self) -> None:
        concepts = [concept for concept, _item, _stored in self.batch]
        for concept in concepts:
            self._load_children(concept)
        revisions = self.history.save_revisions(concepts, self.now)
        for concept, revision in zip(concepts, revisions, strict=True):
            concept.latest_revision = concept.live_revision = revision
        Concept.objects.bulk_update(concepts, _CONCEPT_COLUMNS, batch_size=100)
        self.history.published(revisions)

    def _load_children(self, concept: Concept) -> None:
        """Give the concept in memory the children that its revision is to hold."""
        concept.terms = list(self.terms[concept.pk])
        concept.relations = list(self.relations[concept.pk])
        trades = self.references.trade_objects
        concept.trades = [trades[pk] for pk in sorted(self.trades[concept.pk])]


def _assign(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _by_concept(model: Any, pks: Iterable[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.filter(concept__in=list(pks)).order_by("sort_order", "pk"):
        found[row.concept_id].append(row)
    return found
