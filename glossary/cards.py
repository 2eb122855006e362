"""Concepts as pair cards: what lists, search results and suggestions show of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.pairing import reading_order
from core.reader import Reader
from core.search import Hit, Match
from media.models import Recording

from .models import Concept, Term


@dataclass(frozen=True)
class Side:
    """One language of a card: its term, '' where there is none, and the part that matched."""

    code: str
    text: str = ""
    marked: tuple[str, str, str] = ("", "", "")
    recording: Recording | None = None
    #: Whether this side is the heading that leads to the concept.
    is_link: bool = False

    @property
    def html(self) -> SafeString | str:
        """The text with its matched part in `<mark>`."""
        before, match, after = self.marked
        return format_html("{}<mark>{}</mark>{}", before, match, after) if match else self.text


@dataclass(frozen=True)
class Card:
    """One concept of a list; `sides` are Lao and Vietnamese, the reader's first."""

    url: str
    sides: tuple[Side, Side]
    gloss: Side | None
    is_reviewed: bool
    is_safety: bool
    why: str = ""
    found_as: Side | None = None


def with_shown_terms(concepts: QuerySet[Concept]) -> QuerySet[Concept]:
    """The concepts with the terms that readers see, in one query more."""
    terms = Term.objects.exclude(status=Term.Status.PROPOSED).select_related("recording")
    return concepts.prefetch_related(Prefetch("terms", queryset=terms))


def shown_concepts(ids: Iterable[int]) -> dict[int, Concept]:
    """Live concepts by key, with the terms readers see, in two queries."""
    concepts = Concept.objects.published().filter(pk__in=list(ids))
    return {concept.pk: concept for concept in with_shown_terms(concepts)}


def headwords(concept: Concept) -> dict[str, Term]:
    """Language code → the term that stands for the concept: agreed on, or at least admitted."""
    shown = (Term.Status.PREFERRED, Term.Status.ADMITTED)
    return {c: term for c, term in concept.preferred_terms().items() if term.status in shown}


def cards(ids: Sequence[int], reader: Reader, hits: Mapping[int, Hit] | None = None) -> list[Card]:
    """Cards in the order of `ids`; with `hits` (concept key → hit) they say why they were found."""
    concepts = shown_concepts(ids)
    found = hits or {}
    return [concept_card(concepts[id], reader, found.get(id)) for id in ids if id in concepts]


def concept_card(concept: Concept, reader: Reader, hit: Hit | None = None) -> Card:
    """One concept, loaded with the terms readers see (`with_shown_terms`), as a card."""
    words = headwords(concept)
    order = reading_order(reader)
    linked = next((code for code in order if code in words), None)
    first, second, last = (_side(code, words.get(code), hit, linked) for code in order)
    is_shown = hit is not None and any(term.pk == hit.sub_id for term in words.values())
    return Card(
        url=concept.get_absolute_url(),
        sides=(first, second),
        gloss=last if last.text else None,
        is_reviewed=concept.is_reviewed,
        is_safety=concept.is_safety,
        why=_reason(hit, is_shown) if hit else "",
        found_as=Side(hit.language, hit.text, hit.marked) if hit and not is_shown else None,
    )


def _side(code: str, term: Term | None, hit: Hit | None, linked: str | None) -> Side:
    if term is None:
        return Side(code)
    marked = hit.marked if hit is not None and hit.sub_id == term.pk else ("", "", "")
    return Side(code, term.text, marked, playable(term), is_link=code == linked)


def playable(term: Term) -> Recording | None:
    """The recording of a term, where a player can use it."""
    recording = term.recording
    return recording if recording is not None and recording.mp3 else None


def _reason(hit: Hit, is_shown: bool) -> str:
    """Why a search found a concept, in words; '' where the page shows it plainly."""
    if hit.is_deprecated:
        return _("found by a term no longer recommended")
    if is_shown:
        return "" if hit.match is Match.EXACT else str(hit.match.label)
    if hit.match is Match.EXACT:
        return _("also called")
    return _("also called (%(match)s)") % {"match": hit.match.label}
