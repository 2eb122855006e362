"""TBX files, written entry by entry."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from core.languages import CODES

from .records import ConceptRecord, TermRecord
from .tbx_vocabulary import ID_PREFIX, PART, STATUS, TYPE, Version

BATCH = 500
Present = Callable[[set[str]], set[str]]


class TbxWriter:
    """Writes one file. `left_out` counts afterwards what TBX-Basic has no place for."""

    def __init__(self, version: Version, present: Present) -> None:
        """`present` says which of some public ids the export holds: a link needs its target."""
        self.version = version
        self.present = present
        self.left_out: Counter[str] = Counter()

    def chunks(self, records: Iterable[ConceptRecord]) -> Iterator[bytes]:
        """The whole file, a batch of entries at a time."""
        version = self.version
        yield (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"{version.opening}"
            f"<{version.header}><fileDesc><titleStmt><title>Mittaphap glossary</title></titleStmt>"
            "<sourceDesc><p>Mittaphap: Lao–Vietnamese–English vocational glossary</p></sourceDesc>"
            f"</fileDesc></{version.header}>\n<text>\n<body>\n"
        ).encode()
        records = iter(records)
        while batch := list(islice(records, BATCH)):
            targets = self.present({target for record in batch for target in record.related or ()})
            yield "".join(part for r in batch for part in self._entry(r, targets)).encode()
        yield f"</body>\n</text>\n</{version.root}>\n".encode()

    def _entry(self, record: ConceptRecord, targets: set[str]) -> Iterator[str]:
        terms = [term for term in record.terms if term.status != "proposed"]
        self._count(record, terms)
        if not terms:
            return
        version = self.version
        yield f'<{version.entry} id="{ID_PREFIX}{record.public_id}">\n'
        for trade in record.trades or ():
            yield f'<descrip type="subjectField">{escape(trade)}</descrip>\n'
        used = [code for code in CODES if any(term.language == code for term in terms)]
        for code in CODES:
            # A language section needs a term, so a definition without one stands with the concept.
            if code not in used:
                yield self._definition(record, code, f' xml:lang="{code}"')
        for target in record.related or ():
            link = f' target="{ID_PREFIX}{target}"' if target in targets else ""
            yield f'<ref type="crossReference"{link}>{ID_PREFIX}{target}</ref>\n'
        for code in used:
            yield f'<{version.language} xml:lang="{code}">\n'
            yield self._definition(record, code, "")
            for term in terms:
                if term.language == code:
                    yield from self._term(term)
            yield f"</{version.language}>\n"
        yield f"</{version.entry}>\n"

    def _definition(self, record: ConceptRecord, code: str, language: str) -> str:
        text = getattr(record, f"definition_{code}")
        if not text:
            return ""
        source = record.definition_source
        admin = f'<admin type="source">{escape(source)}</admin>' if source else ""
        definition = f'<descrip type="definition"{language}>{escape(text)}</descrip>'
        return f"<descripGrp>{definition}{admin}</descripGrp>\n"

    def _term(self, term: TermRecord) -> Iterator[str]:
        version = self.version
        yield f"<{version.term} id={quoteattr(ID_PREFIX + term.public_id)}>"
        yield f"<term>{escape(term.text)}</term>"
        for name, value in _term_notes(term):
            yield f'<termNote type="{name}">{escape(value)}</termNote>'
        for code in (term.language, *(code for code in CODES if code != term.language)):
            example = getattr(term, f"example_{code}")
            if example:
                language = "" if code == term.language else f' xml:lang="{code}"'
                yield f'<descrip type="context"{language}>{escape(example)}</descrip>'
        if term.source:
            yield f'<admin type="source">{escape(term.source)}</admin>'
        yield f"</{version.term}>\n"

    def _count(self, record: ConceptRecord, terms: list[TermRecord]) -> None:
        """Count what the entry loses."""
        lost: dict[str, int | bool] = {
            _("concepts without a term"): not terms,
            _("terms that are only proposed"): len(record.terms) - len(terms),
            _("safety marks"): bool(record.is_safety),
            _("links to broader concepts"): len(record.broader or ()),
            _("pictures"): bool(record.image),
            _("language settings and checked translations"): _has_language_settings(record),
            _("origins of copied concepts"): bool(record.origin_id),
            _("classifiers"): sum(bool(term.classifier) for term in terms),
            _("pronunciations"): sum(bool(term.pronunciation) for term in terms),
            _("sorting hints"): sum(bool(term.sort_as) for term in terms),
            _("recordings"): sum(bool(term.recording) for term in terms),
            _("sign-offs of reviewers"): sum(term.review_state == "reviewed" for term in terms),
        }
        self.left_out.update({name: int(count) for name, count in lost.items() if count})


def _has_language_settings(record: ConceptRecord) -> bool:
    translated = tuple(c for c in CODES if c != "en" and getattr(record, f"definition_{c}"))
    settings = (record.source_language, record.languages, record.ready_languages)
    return settings != ("en", CODES, CODES) or record.definition_checked != translated


def _term_notes(term: TermRecord) -> Iterator[tuple[str, str]]:
    """Part of speech, type, status and region in the standard's words."""
    # TBX-Basic knows the phrase as a type of term, and has no part of speech for it.
    is_phrase = term.part_of_speech == "phrase"
    if term.part_of_speech and not is_phrase:
        yield "partOfSpeech", PART[term.part_of_speech]
    if term.type and not (is_phrase and term.type == "full"):
        yield "termType", TYPE[term.type]
    if is_phrase:
        yield "termType", "phrase"
    if term.status:
        yield "administrativeStatus", STATUS[term.status]
    if term.region:
        yield "geographicalUsage", term.region
