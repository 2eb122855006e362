"""Writing what a plan says, in one transaction; everything is checked once more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from glossary.models import Concept, Term
from glossary.search import index_concepts

from .creation import create_concepts, create_relations
from .errors import Problem
from .history import History
from .plan_file import PlanFile, Planned, State
from .planning import Progress, obstacle, silent, state_hash
from .revising import Revising
from .stored import stored_concepts


@dataclass(frozen=True)
class Result:
    """How many concepts were written; `stopped` are those that changed since the plan."""

    added: int
    changed: int
    stopped: int


def apply_plan(plan: PlanFile, user: Any = None, progress: Progress = silent) -> Result:
    """Write the added and changed concepts of a plan.

    What somebody changed since the plan was made is left alone and becomes a conflict in it.
    New concepts are live; changed ones get a new, published revision. Progress has the stage
    "apply".
    """
    try:
        with transaction.atomic():
            return _apply(plan, user, progress)
    except BaseException:
        # The plan must not tell of rows that the database has rolled back.
        plan.rollback()
        raise


def _apply(plan: PlanFile, user: Any, progress: Progress) -> Result:
    keep_review = bool(plan.fact("keep_review"))
    counts = plan.counts()
    total = counts[State.ADDED] + counts[State.CHANGED]
    history = History(user)
    done = added = changed = 0
    for batch in plan.batches(State.ADDED):
        fresh = _still_new(plan, batch)
        pks = create_concepts([item.record for item in fresh], keep_review)
        plan.decide(replace(item, pk=pk) for item, pk in zip(fresh, pks, strict=True))
        history.created(pks, [item.title for item in fresh])
        added += len(fresh)
        done += len(batch)
        progress("apply", done, total)
    # Only now can links be made among the new ones, and the search index reads them.
    for batch in plan.batches(State.ADDED):
        made = [(item.pk, item.record) for item in batch if item.pk is not None]
        create_relations(made)
        index_concepts([pk for pk, _record in made])
    for batch in plan.batches(State.CHANGED):
        changed += _change(plan, batch, history)
        done += len(batch)
        progress("apply", done, total)
    return Result(added, changed, total - added - changed)


def _still_new(plan: PlanFile, batch: Sequence[Planned]) -> list[Planned]:
    """The entries whose concept and terms still do not exist."""
    ids = [item.record.public_id for item in batch if item.record.public_id]
    term_ids = [t.public_id for item in batch for t in item.record.terms if t.public_id]
    concepts = set(Concept.objects.filter(public_id__in=ids).values_list("public_id", flat=True))
    terms = set(Term.objects.filter(public_id__in=term_ids).values_list("public_id", flat=True))
    gone = [
        item
        for item in batch
        if item.record.public_id in concepts
        or any(term.public_id in terms for term in item.record.terms)
    ]
    _stop(plan, gone)
    lost = {item.number for item in gone}
    return [item for item in batch if item.number not in lost]


def _stop(plan: PlanFile, items: Iterable[Planned], reason: str = "") -> None:
    """Turn entries into conflicts, in the plan that the result page shows."""
    message = reason or _("The concept was changed while this import waited. Import it again.")
    plan.decide(
        replace(item, state=State.CONFLICT, problems=(Problem(item.row, "", message),))
        for item in items
    )


def _change(plan: PlanFile, batch: Sequence[Planned], history: History) -> int:
    """Write the changed concepts of a batch that are still as the plan saw them."""
    by_pk = {item.pk: item for item in batch}
    # Locked until the transaction ends (PostgreSQL; SQLite has one writer at a time anyway).
    rows = Concept.objects.select_for_update().filter(pk__in=by_pk)
    concepts = {concept.pk: concept for concept in rows}
    stored = {s.pk: s for s in stored_concepts(Concept.objects.filter(pk__in=by_pk))}
    fresh = []
    for pk, item in by_pk.items():
        now = stored.get(pk or 0)
        if now is None or obstacle(now) or state_hash(now) != item.seen:
            _stop(plan, [item])
        else:
            fresh.append((concepts[now.pk], item, now))
    if fresh:
        Revising(fresh, history).write()
        index_concepts([concept.pk for concept, _item, _now in fresh])
    return len(fresh)
