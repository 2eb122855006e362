"""New concepts from records, many at a time. The caller holds the transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from core.identity import new_public_id
from core.languages import CODES
from core.translated import fingerprint
from glossary.models import Concept, ConceptRelation, Term
from media.models import Recording, SiteImage
from orthography import normalise
from trades.models import Trade

from .records import REVIEW_FIELDS, ConceptRecord, TermRecord

BATCH = 500
PLAIN_TERM_FIELDS = (
    "language",
    "text",
    "sort_as",
    "status",
    "type",
    "part_of_speech",
    "classifier",
    *(f"example_{code}" for code in CODES),
    "pronunciation",
    "pronunciation_scheme",
    "region",
    "source",
)


class References:
    """Primary keys of what records name: trades by slug, pictures and recordings by file."""

    def __init__(self, records: Iterable[ConceptRecord]) -> None:
        records = list(records)
        images = {r.image for r in records if r.image}
        sounds = {t.recording for r in records for t in r.terms if t.recording}
        self.trade_objects = {trade.pk: trade for trade in Trade.objects.all()}
        self.trades = {trade.slug: pk for pk, trade in self.trade_objects.items()}
        self.images = pks_by_file(SiteImage, images)
        self.recordings = pks_by_file(Recording, sounds)


def pks_by_file(model: Any, names: set[str]) -> dict[str, int]:
    """Stored file name → primary key, of pictures or recordings."""
    if not names:
        return {}
    return dict(model.objects.filter(file__in=names).values_list("file", "pk"))


def create_concepts(records: Sequence[ConceptRecord], keep_review: bool = False) -> list[Concept]:
    """Write new, live concepts with their terms and trades; return them in order.

    Relations are left to `create_relations`, since their targets may come later in a file, and
    the search index to the caller. Terms are unreviewed unless `keep_review`.
    """
    references = References(records)
    concepts = [new_concept(record, references) for record in records]
    Concept.objects.bulk_create(concepts, batch_size=BATCH)
    pairs = list(zip(concepts, records, strict=True))
    terms = [
        new_term(concept.pk, number, record, references, keep_review)
        for concept, concept_record in pairs
        for number, record in enumerate(with_statuses(concept_record.terms))
    ]
    Term.objects.bulk_create(terms, batch_size=BATCH)
    through = Concept.trades.through
    through.objects.bulk_create(
        [
            through(concept_id=concept.pk, trade_id=references.trades[slug])
            for concept, record in pairs
            for slug in record.trades or ()
        ],
        batch_size=BATCH,
    )
    return concepts


def new_concept(record: ConceptRecord, references: References) -> Concept:
    """An unsaved live concept."""
    now = timezone.now()
    concept = Concept(
        public_id=record.public_id or new_public_id(),
        live=True,
        has_unpublished_changes=False,
        first_published_at=now,
        last_published_at=now,
    )
    if record.definition_checked is None:
        # Definitions that arrive together agree with each other as far as anybody said.
        written = [code for code in CODES if getattr(record, f"definition_{code}")]
        source = record.source_language or concept.source_language
        record = replace(record, definition_checked=tuple(c for c in written if c != source))
    set_concept_fields(concept, record, references)
    return concept


def set_concept_fields(concept: Concept, record: ConceptRecord, references: References) -> None:
    """Write what the record says of the concept itself onto an unsaved concept."""
    for name in ("origin_id", "is_safety", "source_language"):
        value = getattr(record, name)
        if value is not None:
            setattr(concept, name, value)
    for name in ("languages", "ready_languages"):
        value = getattr(record, name)
        if value is not None:
            setattr(concept, name, list(value))
    for code in CODES:
        text = getattr(record, f"definition_{code}")
        if text is not None:
            setattr(concept, f"definition_{code}", normalise(text))
    if record.definition_source is not None:
        concept.definition_source = normalise(record.definition_source)
    if record.image is not None:
        concept.image_id = references.images.get(record.image)
    if record.definition_checked is not None:
        source = getattr(concept, f"definition_{concept.source_language}") or ""
        marks = dict.fromkeys(record.definition_checked, fingerprint(source))
        concept.fingerprints = {"definition": marks} if marks and source else {}


def with_statuses(terms: Iterable[TermRecord], taken: Iterable[str] = ()) -> list[TermRecord]:
    """Terms with a status each: where none is said, the first of a language is preferred.

    `taken` are the languages that have a preferred term already.
    """
    terms = list(terms)
    preferred = {t.language for t in terms if t.status == "preferred"} | set(taken)
    result = []
    for term in terms:
        if term.status is None:
            status = "admitted" if term.language in preferred else "preferred"
            preferred.add(term.language)
            term = replace(term, status=status)
        result.append(term)
    return result


def new_term(
    concept_pk: int, number: int, record: TermRecord, references: References, keep_review: bool
) -> Term:
    """An unsaved term with its stored keys."""
    term = Term(
        concept_id=concept_pk,
        public_id=record.public_id or new_public_id(),
        sort_order=number,
    )
    set_term_fields(term, record, references, keep_review)
    return term


def set_term_fields(
    term: Term, record: TermRecord, references: References, keep_review: bool
) -> None:
    """Write what the record says onto an unsaved term; its review only with `keep_review`."""
    for name in PLAIN_TERM_FIELDS:
        value = getattr(record, name)
        if value is not None:
            setattr(term, name, normalise(value))
    if record.recording is not None:
        term.recording_id = references.recordings.get(record.recording)
    term.set_keys()
    if keep_review and record.review_state is not None:
        for name in REVIEW_FIELDS:
            value = getattr(record, name) or ""
            setattr(term, name, value)
        term.reviewed_on = date.fromisoformat(term.reviewed_on) if term.reviewed_on else None
    else:
        term.review_state = Term.Review.UNREVIEWED
        term.reviewed_by = ""
        term.reviewed_on = None


def create_relations(records: Iterable[tuple[int, ConceptRecord]]) -> None:
    """Write the relations of new concepts, given with their primary keys.

    Targets that are not in the glossary are passed over: the plan has said so.
    """
    records = list(records)
    wanted = {
        target
        for _, record in records
        for target in (*(record.broader or ()), *(record.related or ()))
    }
    keys: dict[str, int] = {}
    names = sorted(wanted)
    for start in range(0, len(names), BATCH):
        part = names[start : start + BATCH]
        keys |= dict(Concept.objects.filter(public_id__in=part).values_list("public_id", "pk"))
    ConceptRelation.objects.bulk_create(
        [relation for pk, record in records for relation in relations_of(pk, record, keys)],
        batch_size=BATCH,
    )


def relations_of(pk: int, record: ConceptRecord, keys: dict[str, int]) -> list[ConceptRelation]:
    """The unsaved relations of one concept, broader ones first."""
    kinds = (
        (ConceptRelation.Kind.BROADER, record.broader or ()),
        (ConceptRelation.Kind.RELATED, record.related or ()),
    )
    pairs = [
        (kind, keys[target]) for kind, targets in kinds for target in targets if target in keys
    ]
    return [
        ConceptRelation(concept_id=pk, kind=kind, target_id=target, sort_order=number)
        for number, (kind, target) in enumerate(pairs)
    ]
