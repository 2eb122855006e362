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
from glossary.review import UNSIGNED
from media.models import Recording, SiteImage
from orthography import initial, sort_key
from trades.models import Trade

from .records import ConceptRecord, TermRecord
from .rows import insert

BATCH = 500
PLAIN_CONCEPT_FIELDS = (
    "origin_id",
    "is_safety",
    "source_language",
    *(f"definition_{code}" for code in CODES),
    "definition_source",
)
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


def create_concepts(records: Sequence[ConceptRecord], keep_review: bool = False) -> list[int]:
    """Write new, live concepts with their terms and trades; return their keys in order.

    Relations are left to `create_relations`, since their targets may come later in a file, and
    the search index to the caller. Terms are unreviewed unless `keep_review`.
    """
    references = References(records)
    ids = [record.public_id or new_public_id() for record in records]
    now = timezone.now()
    published = {"live": True, "first_published_at": now, "last_published_at": now}
    insert(
        Concept,
        [
            {"public_id": public_id, **published, **new_concept_values(record, references)}
            for public_id, record in zip(ids, records, strict=True)
        ],
    )
    keys = dict(Concept.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    pairs = [(keys[public_id], record) for public_id, record in zip(ids, records, strict=True)]
    insert(
        Term,
        [
            {
                "concept_id": pk,
                "sort_order": number,
                **new_term_values(term, references, keep_review),
            }
            for pk, record in pairs
            for number, term in enumerate(with_statuses(record.terms))
        ],
    )
    insert(
        Concept.trades.through,
        [
            {"concept_id": pk, "trade_id": references.trades[slug]}
            for pk, record in pairs
            for slug in record.trades or ()
        ],
    )
    return [pk for pk, _record in pairs]


def new_concept_values(record: ConceptRecord, references: References) -> dict[str, Any]:
    """The columns of a new concept that the record speaks of."""
    if record.definition_checked is None:
        # Definitions that arrive together agree with each other as far as anybody said.
        written = [code for code in CODES if getattr(record, f"definition_{code}")]
        source = record.source_language or "en"
        record = replace(record, definition_checked=tuple(c for c in written if c != source))
    return concept_values(record, references)


def concept_values(record: ConceptRecord, references: References) -> dict[str, Any]:
    """The columns of a concept that the record speaks of; its texts are canonical."""
    values: dict[str, Any] = {
        name: value for name in PLAIN_CONCEPT_FIELDS if (value := getattr(record, name)) is not None
    }
    for name in ("languages", "ready_languages"):
        if getattr(record, name) is not None:
            values[name] = list(getattr(record, name))
    if record.image is not None:
        values["image_id"] = references.images.get(record.image)
    if record.definition_checked is not None:
        source = getattr(record, f"definition_{record.source_language or 'en'}") or ""
        marks = dict.fromkeys(record.definition_checked, fingerprint(source)) if source else {}
        values["fingerprints"] = {"definition": marks} if marks else {}
    return values


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


def new_term_values(
    record: TermRecord, references: References, keep_review: bool
) -> dict[str, Any]:
    """The columns of a new term."""
    values = term_values(record, references, keep_review)
    return {"public_id": record.public_id or new_public_id(), **values}


def term_values(record: TermRecord, references: References, keep_review: bool) -> dict[str, Any]:
    """The columns of a term, keys included; its review only with `keep_review`."""
    values: dict[str, Any] = {
        name: value for name in PLAIN_TERM_FIELDS if (value := getattr(record, name)) is not None
    }
    if record.recording is not None:
        values["recording_id"] = references.recordings.get(record.recording)
    # As TermText.set_keys does for a term that is saved.
    shown = record.sort_as or record.text
    values["sort_key"] = sort_key(shown, record.language)
    values["initial"] = initial(shown, record.language)
    if keep_review and record.review_state is not None:
        reviewed_on = record.reviewed_on
        values["review_state"] = record.review_state
        values["reviewed_by"] = record.reviewed_by or ""
        values["reviewed_on"] = date.fromisoformat(reviewed_on) if reviewed_on else None
    else:
        values |= UNSIGNED
    return values


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
