"""A concept as its page shows it: the pair, definition, examples, names and neighbours."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.languages import CODES, LocalText, pick
from core.pairing import reading_order
from core.reader import Reader
from media.models import Recording
from trades.models import Trade

from .cards import headwords, playable, shown_concepts, with_shown_terms
from .models import Concept, ConceptRelation, Term


@dataclass(frozen=True)
class Heading:
    """One language of the hero; `term` is None where the concept has no term in it."""

    code: str
    term: Term | None
    recording: Recording | None


@dataclass(frozen=True)
class Sentence:
    """An example in one language, the concept's own term set apart in `html`."""

    code: str
    html: SafeString | str


@dataclass(frozen=True)
class Neighbour:
    """A related concept: its address and the term that stands for it."""

    url: str
    term: Term


@dataclass(frozen=True)
class Entry:
    """What the page of one concept shows to one reader."""

    concept: Concept
    headings: list[Heading]
    definition: LocalText | None
    other_definitions: list[LocalText]
    examples: list[list[Sentence]]
    terms: list[Term]
    trades: list[Trade]
    sources: list[str]
    broader: list[Neighbour]
    narrower: list[Neighbour]
    related: list[Neighbour]

    @property
    def title(self) -> LocalText:
        """The first heading there is: the page's name."""
        for heading in self.headings:
            if heading.term is not None:
                return LocalText(heading.term.text, heading.code)
        return LocalText(self.concept.public_id, "en")

    @property
    def has_sound(self) -> bool:
        """Whether any heading can be heard."""
        return any(heading.recording for heading in self.headings)

    @property
    def heading_code(self) -> str | None:
        """The language whose term is the page's main heading."""
        return next((h.code for h in self.headings if h.term is not None), None)


def entry(concept: Concept, reader: Reader) -> Entry:
    """Everything the page shows, also of an unsaved preview; at most six queries."""
    order = reading_order(reader)
    terms = [t for code in order for t in concept.terms_in(code) if t.status != "proposed"]
    texts = concept.field_texts("definition")
    definition = pick(texts, reader.language, concept.visible_languages)
    others = (reader.companion, *order) if reader.companion else order
    shown = definition.language if definition else None
    neighbours = _neighbours(concept, reader)
    return Entry(
        concept=concept,
        headings=headings(concept, reader),
        definition=definition,
        other_definitions=[
            LocalText(texts[code], code)
            for code in dict.fromkeys(others)
            if code != shown and code in concept.visible_languages and texts[code].strip()
        ],
        examples=list(_examples(terms, order)),
        terms=terms,
        trades=list(concept.trades.all()),
        sources=list(dict.fromkeys(term.source for term in terms if term.source)),
        **neighbours,
    )


def headings(concept: Concept, reader: Reader) -> list[Heading]:
    """The languages of a concept in the reader's order; English only where it has a term."""
    words = headwords(concept)
    return [
        Heading(code, words.get(code), playable(words[code]) if code in words else None)
        for code in reading_order(reader)
        if code in words or code != "en"
    ]


def _examples(terms: list[Term], order: tuple[str, ...]) -> Iterator[list[Sentence]]:
    """Each usage example once, its languages in the page's order."""
    names = {code: [t.text for t in terms if t.language == code] for code in CODES}
    seen = set()
    for term in terms:
        texts = term.example_texts()
        key = tuple(texts.values())
        if any(key) and key not in seen:
            seen.add(key)
            yield [Sentence(c, _with_term(texts[c], names[c])) for c in order if texts[c]]


def _with_term(sentence: str, names: list[str]) -> SafeString | str:
    """The sentence with the longest of `names` that it holds in bold."""
    folded = sentence.casefold()
    if len(folded) != len(sentence):
        return sentence
    for name in sorted(names, key=len, reverse=True):
        start = folded.find(name.casefold())
        if start >= 0:
            end = start + len(name)
            return format_html(
                "{}<b>{}</b>{}", sentence[:start], sentence[start:end], sentence[end:]
            )
    return sentence


def _neighbours(concept: Concept, reader: Reader) -> dict[str, list[Neighbour]]:
    """Related concepts that readers may see, by how they are related."""
    ids: dict[str, list[int]] = {"broader": [], "narrower": [], "related": []}
    broader = ConceptRelation.Kind.BROADER
    for relation in concept.relations.all():
        ids["broader" if relation.kind == broader else "related"].append(relation.target_id)
    if concept.pk:
        incoming = ConceptRelation.objects.filter(target_id=concept.pk).order_by("pk")
        for kind, other in incoming.values_list("kind", "concept_id"):
            ids["narrower" if kind == broader else "related"].append(other)
    wanted = {id for group in ids.values() for id in group}
    concepts = shown_concepts(wanted) if wanted else {}
    return {
        name: [
            neighbour
            for id in dict.fromkeys(group)
            if id in concepts and (neighbour := _neighbour(concepts[id], reader))
        ]
        for name, group in ids.items()
    }


def _neighbour(concept: Concept, reader: Reader) -> Neighbour | None:
    words = headwords(concept)
    code = next((c for c in (reader.language, *reading_order(reader)) if c in words), None)
    return Neighbour(concept.get_absolute_url(), words[code]) if code else None


def find_concept(public_id: str) -> Concept:
    """The live concept of that public id with all its page reads; Http404 where there is none."""
    concepts = Concept.objects.published().filter(public_id=public_id)
    for concept in with_shown_terms(concepts.select_related("image").prefetch_related("trades")):
        return concept
    raise Http404


def structured_data(concept: Concept, url: str, list_url: str, list_name: str) -> SafeString:
    """The concept as a schema.org DefinedTerm in JSON-LD, fit to stand inside `<script>`."""
    words = headwords(concept)
    definitions = concept.field_texts("definition")
    others = [t for t in concept.terms.all() if t not in words.values() and t.status == "admitted"]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": url,
        "url": url,
        "termCode": concept.public_id,
        "name": [_tagged(code, term.text) for code, term in words.items()],
        "alternateName": [_tagged(term.language, term.text) for term in others],
        "description": [
            _tagged(code, definitions[code])
            for code in concept.visible_languages
            if definitions[code]
        ],
        "inDefinedTermSet": {"@type": "DefinedTermSet", "name": list_name, "url": list_url},
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    # As Django's json_script does: nothing in the data may end the element.
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308  (escaped above)


def _tagged(code: str, text: str) -> dict[str, str]:
    return {"@language": code, "@value": text}
