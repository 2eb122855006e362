"""What an import would do, concept by concept, before anything is written."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from core.languages import CODES
from glossary.models import Concept, Term
from media.models import Recording, SiteImage
from trades.models import Trade

from .creation import pks_by_file
from .errors import ExchangeError, Problem
from .formats import Format, open_reader
from .matching import Matcher
from .merging import MergeError, changes_between, merge
from .plan_file import BATCH, PlanFile, Planned, State, names_of
from .records import ConceptRecord, to_json, version_of
from .stored import Stored

Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """A progress that nobody sees."""


def make_plan(
    source: Path,
    form: Format,
    plan_path: Path,
    keep_review: bool = False,
    progress: Progress = silent,
) -> PlanFile:
    """Read a whole file and compare it with the glossary; nothing is written there.

    `progress(stage, done, total)` is called a batch at a time, the stages being "read" (total 0:
    not known yet) and "compare". Raises ExchangeError where the file as a whole cannot be read.
    """
    plan = PlanFile.create(plan_path)
    try:
        reader = open_reader(source, form)
        entries = iter(reader)
        while batch := list(islice(entries, BATCH)):
            plan.add(batch)
            progress("read", len(plan), 0)
        total = len(plan)
        if not total:
            raise ExchangeError(_("The file holds no concept."))
        plan.set_fact("notes", reader.notes)
        plan.set_fact("keep_review", keep_review)
        comparison = Comparison(plan, keep_review)
        done = 0
        for planned in plan.batches():
            plan.decide(comparison.compare(planned))
            done += len(planned)
            progress("compare", done, total)
    finally:
        plan.close()
    return PlanFile(plan_path)


def state_hash(stored: Stored) -> str:
    """What changes whenever anything about a stored concept does, sign-offs included."""
    return hashlib.sha256(to_json(stored.record).encode()).hexdigest()[:16]


def obstacle(stored: Stored) -> str:
    """Why an import may not change a concept now, '' where it may."""
    if stored.in_workflow:
        return _("The concept is in a workflow: wait until it is done.")
    if stored.has_draft and stored.is_live:
        return _("The concept has an unpublished draft: publish or discard it first.")
    if stored.is_locked:
        return _("The concept is locked: unlock it first.")
    if not stored.is_live:
        return _("The concept is not published: publish it first.")
    return ""


class Comparison:
    """Decides about the entries of one plan, a batch at a time."""

    def __init__(self, plan: PlanFile, keep_review: bool) -> None:
        self.plan = plan
        self.keep_review = keep_review
        self.matcher = Matcher()
        self.slug_by_name: dict[str, str] = {}
        for trade in Trade.objects.all():
            names = [trade.slug, *(getattr(trade, f"name_{code}") or "" for code in CODES)]
            self.slug_by_name |= {name.casefold(): trade.slug for name in names if name}
        self.slugs = sorted(set(self.slug_by_name.values()))

    def compare(self, batch: list[Planned]) -> list[Planned]:
        """The batch with states, changes and reasons."""
        matches = self.matcher.match(batch)
        owners = _term_owners(batch)
        known = self._known(batch)
        firsts = self.plan.numbers_of("names", (names_of(item.record) for item in batch))
        result = []
        for item in batch:
            item = self._resolve_trades(known.keep(item))
            stored = matches.get(item.number, [])
            is_double = firsts[names_of(item.record)] != item.number
            if item.problems:
                item = replace(item, state=State.REFUSED)
            elif len(stored) > 1:
                message = _("Several concepts have these terms: give the concept_id of one.")
                item = _stopped(item, State.CONFLICT, "concept_id", message)
            elif not item.record.public_id and is_double:
                message = _("An entry before this one in the file has the same terms.")
                item = _stopped(item, State.REFUSED, "term", message)
            else:
                item = self._decide(item, stored[0] if stored else None, owners)
            result.append(item)
        return result

    def _decide(self, item: Planned, stored: Stored | None, owners: dict[str, str]) -> Planned:
        record = item.record
        own = stored.record.public_id if stored else ""
        for term in record.terms:
            if owners.get(term.public_id, own) != own:
                message = _("The term %(id)s belongs to another concept: leave its id empty.")
                return _stopped(item, State.REFUSED, "term_id", message % {"id": term.public_id})
        if stored is None:
            return replace(item, state=State.ADDED)
        try:
            merged = merge(record, stored.record, self.keep_review)
        except MergeError as error:
            return _stopped(item, State.REFUSED, error.column, error.message)
        changes = tuple(changes_between(stored.record, merged))
        item = replace(item, record=merged, pk=stored.pk, seen=state_hash(stored), changes=changes)
        if not changes:
            return replace(item, state=State.UNCHANGED)
        reason = obstacle(stored) or _newer(record, stored)
        if reason:
            return _stopped(item, State.CONFLICT, "", reason)
        return replace(item, state=State.CHANGED)

    def _resolve_trades(self, item: Planned) -> Planned:
        """Trades by slug; TBX files may name them in a language as well."""
        if not item.record.trades:
            return item
        unknown = [t for t in item.record.trades if t.casefold() not in self.slug_by_name]
        if unknown:
            message = _("Unknown trade: %(unknown)s. Known ones: %(known)s.") % {
                "unknown": ", ".join(unknown)[:200],
                "known": ", ".join(self.slugs),
            }
            return _stopped(item, State.REFUSED, "trades", message)
        slugs = {self.slug_by_name[trade.casefold()] for trade in item.record.trades}
        return replace(item, record=replace(item.record, trades=tuple(sorted(slugs))))

    def _known(self, batch: list[Planned]) -> "_Known":
        records = [item.record for item in batch]
        targets = {t for r in records for t in (*(r.broader or ()), *(r.related or ()))}
        stored = Concept.objects.filter(public_id__in=targets)
        return _Known(
            concepts={
                *stored.values_list("public_id", flat=True),
                *self.plan.numbers_of("key", targets),
            },
            files={
                *pks_by_file(SiteImage, {r.image for r in records if r.image}),
                *pks_by_file(
                    Recording, {t.recording for r in records for t in r.terms if t.recording}
                ),
            },
        )


class _Known:
    """What a batch may refer to; the rest is left out of it with a note."""

    def __init__(self, concepts: set[str], files: set[str]) -> None:
        self.concepts = concepts
        self.files = files

    def keep(self, item: Planned) -> Planned:
        """The entry without links and files that this site does not have."""
        record = item.record
        links = (*(record.broader or ()), *(record.related or ()))
        missing = [t for t in links if t not in self.concepts or t == record.public_id]
        if missing:
            gone = set(missing)
            record = replace(
                record,
                broader=_without(record.broader, gone),
                related=_without(record.related, gone),
            )
        terms = []
        for term in record.terms:
            if term.recording and term.recording not in self.files:
                missing.append(term.recording)
                term = replace(term, recording=None)
            terms.append(term)
        record = replace(record, terms=tuple(terms))
        if record.image and record.image not in self.files:
            missing.append(record.image)
            record = replace(record, image=None)
        if not missing:
            return item
        note = _("Not on this site, so left out: %(names)s.") % {"names": ", ".join(missing)[:300]}
        return replace(item, record=record, notes=(*item.notes, note))


def _without(targets: tuple[str, ...] | None, gone: set[str]) -> tuple[str, ...] | None:
    return None if targets is None else tuple(target for target in targets if target not in gone)


def _term_owners(batch: list[Planned]) -> dict[str, str]:
    """Term id → id of the concept that has it already."""
    ids = {term.public_id for item in batch for term in item.record.terms if term.public_id}
    terms = Term.objects.filter(public_id__in=ids)
    return dict(terms.values_list("public_id", "concept__public_id"))


def _newer(record: ConceptRecord, stored: Stored) -> str:
    """Whether the concept was changed on the site after the file was exported."""
    if record.version and record.version != version_of(stored.record):
        return _(
            "The concept was changed on the site after this file was exported. Export it again, "
            "or empty the cell “version” to put the file's text in its place."
        )
    return ""


def _stopped(item: Planned, state: State, column: str, message: str) -> Planned:
    problem = Problem(item.row, column, message)
    return replace(item, state=state, problems=(*item.problems, problem))
