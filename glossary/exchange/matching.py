"""Which stored concept an entry of a file speaks of."""

from collections import defaultdict
from collections.abc import Iterable

from core.languages import CODES
from glossary.models import Concept, Term
from orthography import sort_key

from .plan_file import Planned
from .stored import Stored, stored_concepts


class Matcher:
    """Finds the concept of each entry: by its id, or where it has none by its terms.

    An entry without an id is the one stored concept that has all its headwords, so that taking
    in the same list twice makes no doubles.
    """

    def __init__(self) -> None:
        # Their stored keys are not those of their text, so the index below does not find them.
        self._sorted_elsewhere = defaultdict(set)
        terms = Term.objects.exclude(sort_as="").values_list("language", "text", "concept_id")
        for language, text, concept in terms.iterator():
            self._sorted_elsewhere[language, text].add(concept)

    def match(self, batch: Iterable[Planned]) -> dict[int, list[Stored]]:
        """Entry number → its stored concepts: none, one, or several where terms do not decide."""
        batch = list(batch)
        ids = {item.record.public_id for item in batch if item.record.public_id}
        by_id = {s.record.public_id: s for s in _stored(public_id__in=ids)}
        nameless = [item for item in batch if not item.record.public_id]
        pks = self._by_terms(nameless)
        by_pk = {s.pk: s for s in _stored(pk__in=set().union(*pks.values()))} if pks else {}
        found = {number: [by_pk[pk] for pk in sorted(keys)] for number, keys in pks.items()}
        for item in batch:
            if item.record.public_id in by_id:
                found[item.number] = [by_id[item.record.public_id]]
        return found

    def _by_terms(self, items: list[Planned]) -> dict[int, set[int]]:
        headwords = {item.number: item.record.headwords() for item in items}
        wanted = {pair for pairs in headwords.values() for pair in pairs}
        having: dict[tuple[str, str], set[int]] = defaultdict(set)
        for code in CODES:
            texts = {text for language, text in wanted if language == code}
            if not texts:
                continue
            # The status stands in the query because the index begins with it.
            terms = Term.objects.filter(
                language=code,
                status__in=Term.Status.values,
                sort_key__in=[sort_key(text, code) for text in texts],
            )
            for text, concept in terms.values_list("text", "concept_id"):
                having[code, text].add(concept)
        for pair in wanted & self._sorted_elsewhere.keys():
            having[pair] |= self._sorted_elsewhere[pair]
        found = {}
        for number, pairs in headwords.items():
            if pairs:
                concepts = set.intersection(*(having[pair] for pair in pairs))
                if concepts:
                    found[number] = concepts
        return found


def _stored(**filters: set[int] | set[str]) -> list[Stored]:
    return stored_concepts(Concept.objects.filter(**filters)) if any(filters.values()) else []
