"""The glossary's side of the exchange: records of what the database holds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wagtail.models import WorkflowState

from core.languages import CODES
from core.translated import fingerprint
from glossary.models import Concept, ConceptRelation, Term

from .records import ConceptRecord, TermRecord, version_of
from .texts import canonical

BATCH = 500
_CONCEPT_COLUMNS = (
    "pk",
    "public_id",
    "origin_id",
    "is_safety",
    "source_language",
    "languages",
    "ready_languages",
    *(f"definition_{code}" for code in CODES),
    "definition_source",
    "fingerprints",
    "image__file",
    "live",
    "has_unpublished_changes",
    "locked",
)
_TERM_TEXTS = (
    "text",
    "classifier",
    *(f"example_{code}" for code in CODES),
    "pronunciation",
    "pronunciation_scheme",
    "region",
    "source",
    "sort_as",
    "reviewed_by",
)
_TERM_CHOICES = ("public_id", "language", "status", "type", "part_of_speech", "review_state")


@dataclass(frozen=True, slots=True)
class Stored:
    """A concept as it stands, and what keeps an import from changing it."""

    pk: int
    record: ConceptRecord
    is_live: bool
    has_draft: bool
    is_locked: bool
    in_workflow: bool


def stored_concepts(queryset: Any) -> list[Stored]:
    """The concepts of a (small) queryset, by public id, in six queries."""
    rows = list(queryset.order_by("public_id").values(*_CONCEPT_COLUMNS))
    pks = [row["pk"] for row in rows]
    terms, trades, relations = _terms(pks), _trades(pks), _relations(pks)
    active = _in_workflow(pks)
    return [
        Stored(
            pk=row["pk"],
            record=_record(row, terms[row["pk"]], trades[row["pk"]], relations[row["pk"]]),
            is_live=row["live"],
            has_draft=row["has_unpublished_changes"],
            is_locked=row["locked"],
            in_workflow=row["pk"] in active,
        )
        for row in rows
    ]


def all_records(queryset: Any) -> Iterator[ConceptRecord]:
    """Every concept of a queryset as a record with its version, by public id, a batch at a time."""
    last = ""
    while True:
        ids = list(
            queryset.filter(public_id__gt=last)
            .order_by("public_id")
            .values_list("public_id", flat=True)
            .distinct()[:BATCH]
        )
        if not ids:
            return
        last = ids[-1]
        for stored in stored_concepts(Concept.objects.filter(public_id__in=ids)):
            yield replace(stored.record, version=version_of(stored.record))


def _record(
    row: dict[str, Any],
    terms: list[TermRecord],
    trades: list[str],
    relations: dict[str, list[str]],
) -> ConceptRecord:
    definitions = {f"definition_{c}": canonical(row[f"definition_{c}"] or "") for c in CODES}
    return ConceptRecord(
        public_id=row["public_id"],
        origin_id=row["origin_id"],
        trades=tuple(trades),
        is_safety=row["is_safety"],
        source_language=row["source_language"],
        languages=_in_order(row["languages"]),
        ready_languages=_in_order(row["ready_languages"]),
        **definitions,
        definition_checked=_checked(row),
        definition_source=canonical(row["definition_source"]),
        broader=tuple(relations["broader"]),
        related=tuple(relations["related"]),
        image=row["image__file"] or "",
        terms=tuple(terms),
    )


def _in_order(codes: Any) -> tuple[str, ...]:
    return tuple(code for code in CODES if code in codes)


def _checked(row: dict[str, Any]) -> tuple[str, ...]:
    """The languages whose definition is confirmed against what the source says now."""
    marks = row["fingerprints"].get("definition")
    source = row[f"definition_{row['source_language']}"]
    if not marks or not source:
        return ()
    now = fingerprint(source)
    return tuple(code for code in CODES if marks.get(code) == now and row[f"definition_{code}"])


def _terms(pks: Sequence[int]) -> dict[int, list[TermRecord]]:
    found: dict[int, list[TermRecord]] = defaultdict(list)
    rows = (
        Term.objects.filter(concept__in=pks)
        .order_by("sort_order", "pk")
        .values("concept_id", "reviewed_on", "recording__file", *_TERM_TEXTS, *_TERM_CHOICES)
    )
    for row in rows:
        found[row["concept_id"]].append(
            TermRecord(
                **{name: row[name] for name in _TERM_CHOICES},
                **{name: canonical(row[name] or "") for name in _TERM_TEXTS},
                recording=row["recording__file"] or "",
                reviewed_on=row["reviewed_on"].isoformat() if row["reviewed_on"] else "",
            )
        )
    for terms in found.values():
        # Stable: within a language the editor's order stays.
        terms.sort(key=lambda term: CODES.index(term.language))
    return found


def _trades(pks: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Concept.trades.through.objects.filter(concept__in=pks).order_by("trade__slug")
    for pk, slug in rows.values_list("concept_id", "trade__slug"):
        found[pk].append(slug)
    return found


def _relations(pks: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = ConceptRelation.objects.filter(concept__in=pks).order_by("sort_order", "pk")
    for pk, kind, target in rows.values_list("concept_id", "kind", "target__public_id"):
        found[pk][kind].append(target)
    return found


def _in_workflow(pks: Sequence[int]) -> set[int]:
    states = WorkflowState.objects.active().filter(
        base_content_type=Concept.get_base_content_type(), object_id__in=list(map(str, pks))
    )
    return {int(pk) for pk in states.values_list("object_id", flat=True)}
