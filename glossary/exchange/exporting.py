"""Exports: which concepts, into which file, and never half a file."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.db.models import Q

from glossary.models import Concept, Term

from .formats import Format, write
from .records import ConceptRecord
from .stored import all_records


@dataclass(frozen=True)
class Selection:
    """What to export: concepts of a trade, terms of a language, reviewed terms; '' is all.

    A language or `reviewed` leaves out the other terms, and the concepts that then have none.
    """

    trade: str = ""
    language: str = ""
    reviewed: bool = False

    @property
    def concepts(self) -> Any:
        """The live concepts of the selection."""
        found = Concept.objects.published()
        if self.trade:
            found = found.in_trade(self.trade)
        terms = Q()
        if self.language:
            terms &= Q(terms__language=self.language)
        if self.reviewed:
            terms &= Q(terms__review_state=Term.Review.REVIEWED)
        return found.filter(terms).distinct() if terms else found

    def records(self) -> Iterator[ConceptRecord]:
        """The records of the selection, by public id."""
        for record in all_records(self.concepts):
            kept = tuple(term for term in record.terms if self._takes(term))
            yield record if len(kept) == len(record.terms) else replace(record, terms=kept)

    def _takes(self, term: Any) -> bool:
        return (not self.language or term.language == self.language) and (
            not self.reviewed or term.review_state == Term.Review.REVIEWED
        )

    def present(self, ids: set[str]) -> set[str]:
        """Which of some public ids the selection holds."""
        if not ids:
            return set()
        return set(self.concepts.filter(public_id__in=ids).values_list("public_id", flat=True))


def export(
    selection: Selection, target: IO[bytes], form: Format, progress: Callable[[int], Any] = int
) -> Counter[str]:
    """Write a selection to an open file; return what the format has no place for.

    `progress` is called with the number of concepts so far.
    """
    return write(_counted(selection.records(), progress), target, form, selection.present)


def export_to(
    selection: Selection, path: Path, form: Format, progress: Callable[[int], Any] = int
) -> Counter[str]:
    """Write a selection to a path: a new file takes the place of the old one when it is whole."""
    folder = path.resolve().parent
    with NamedTemporaryFile(dir=folder, prefix=f".{path.name}.", delete=False) as target:
        temporary = Path(target.name)
        try:
            left_out = export(selection, target, form, progress)
            target.flush()
            os.fsync(target.fileno())
            # A temporary file is its owner's alone; an export is like any other file.
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return left_out


def _counted(
    records: Iterable[ConceptRecord], progress: Callable[[int], Any]
) -> Iterator[ConceptRecord]:
    for number, record in enumerate(records, start=1):
        yield record
        if number % 500 == 0:
            progress(number)
