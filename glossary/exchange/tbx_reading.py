"""TBX files, read entry by entry: nothing is fetched, no entity is expanded, memory stays flat."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from core.languages import CODES

from .entries import PUBLIC_ID, Entry, checked
from .errors import ExchangeError, Problem
from .records import ConceptRecord, TermRecord
from .tbx_vocabulary import ID_PREFIX, PART_READ, STATUS_READ, TYPE_READ, V2, V3
from .xlsx_files import refuse_declarations

# Far more than a real entry has: what is bigger is a trap for the memory.
MAX_ELEMENTS = 20_000
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# A file that was indented breaks its texts across lines; a line feed alone is the text's own.
_INDENT = re.compile(r"[ \t]*\n[ \t]+")


class TbxReader:
    """Entries of a TBX file of either version. `notes` say what was passed over, afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._other_languages: Counter[str] = Counter()
        with path.open("rb") as file:
            refuse_declarations(file)

    @property
    def notes(self) -> list[str]:
        if not self._other_languages:
            return []
        names = ", ".join(sorted(self._other_languages)[:20])
        return [_("Terms in other languages are left out: %(names)s.") % {"names": names}]

    def __iter__(self) -> Iterator[Entry]:
        with self.path.open("rb") as file:
            events = etree.iterparse(
                file,
                events=("start", "end"),
                load_dtd=False,
                no_network=True,
                resolve_entities=False,
                remove_comments=True,
                remove_pis=True,
                huge_tree=False,
                collect_ids=False,
            )
            try:
                yield from self._entries(events)
            except etree.XMLSyntaxError as error:
                raise ExchangeError(
                    _("The file is no complete, valid XML: see line %(line)s.")
                    % {"line": error.lineno or 1}
                ) from error

    def _entries(self, events: Any) -> Iterator[Entry]:
        elements = 0
        root = ""
        for event, element in events:
            if event == "start":
                elements += 1
                if not root:
                    root = _name(element)
                    _check_root(element)
                if elements > MAX_ELEMENTS:
                    raise ExchangeError(
                        _("The entry near line %(line)s is too big for a real one.")
                        % {"line": element.sourceline}
                    )
                continue
            if _name(element) in {V3.entry, V2.entry}:
                yield self._entry(element)
                element.clear()
                # Entries that are done hang on to their parent otherwise.
                while element.getprevious() is not None:
                    del element.getparent()[0]
                elements = 0

    def _entry(self, element: Any) -> Entry:
        row = element.sourceline or 1
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        label = element.get("id") or f"line {row}"
        public_id = label.removeprefix(ID_PREFIX)
        if label.startswith(ID_PREFIX) and PUBLIC_ID.fullmatch(public_id):
            values["public_id"] = public_id
        else:
            values["label"] = label[:100]
        values |= self._concept_fields(element)
        terms: list[TermRecord] = []
        places: list[int] = []
        for section in _children(element, {V3.language, V2.language}):
            tag = section.get(_LANGUAGE) or ""
            code = tag.replace("_", "-").split("-")[0].lower()
            if code not in CODES:
                self._other_languages[tag[:20]] += 1
                continue
            values |= self._definitions(section, code)
            for part in _children(section, {V3.term, V2.term, "ntig"}):
                places.append(part.sourceline or row)
                terms.append(self._term(part, code, problems))
        record = ConceptRecord(**values, terms=tuple(terms))
        if not terms:
            problems.append(Problem(row, "term", _("The entry has no Lao, Vietnamese or English.")))
        return checked(Entry(row, record, tuple(problems)), places)

    def _concept_fields(self, element: Any) -> dict[str, Any]:
        values: dict[str, Any] = self._definitions(element, "")
        trades = [
            _text(item)
            for item in _children(element, {"descrip"}, {"descripGrp"})
            if item.get("type") == "subjectField"
        ]
        links = [
            (item.get("target") or _text(item)).removeprefix(ID_PREFIX)
            for item in _children(element, {"ref"})
            if item.get("type") == "crossReference"
        ]
        # A file that links nothing may come from a tool that knows no links, so it says nothing.
        if trades:
            values["trades"] = tuple(sorted(set(filter(None, trades))))
        if links:
            values["related"] = tuple(dict.fromkeys(filter(None, links)))
        return values

    def _definitions(self, element: Any, code: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for item in _children(element, {"descrip"}, {"descripGrp"}):
            if item.get("type") != "definition":
                continue
            language = (item.get(_LANGUAGE) or code or "en").split("-")[0].lower()
            if language in CODES:
                values.setdefault(f"definition_{language}", _text(item))
            source = _source(item.getparent()) if _name(item.getparent()) == "descripGrp" else ""
            if source:
                values.setdefault("definition_source", source)
        return values

    def _term(self, element: Any, code: str, problems: list[Problem]) -> TermRecord:
        values: dict[str, Any] = {"language": code, "text": ""}
        public_id = (element.get("id") or "").removeprefix(ID_PREFIX)
        if (element.get("id") or "").startswith(ID_PREFIX) and PUBLIC_ID.fullmatch(public_id):
            values["public_id"] = public_id
        for term in _children(element, {"term"}, {"termGrp"}):
            values["text"] = _text(term)
            break
        for note in _children(element, {"termNote"}, {"termGrp", "termNoteGrp"}):
            if note.get("type") == "termType" and _text(note) == "phrase":
                # A part of speech to us; another type may stand before it.
                values["part_of_speech"] = "phrase"
                values.setdefault("type", "full")
            else:
                values |= _term_note(note, problems)
        for item in _children(element, {"descrip"}, {"descripGrp"}):
            language = (item.get(_LANGUAGE) or code).split("-")[0].lower()
            if item.get("type") == "context" and language in CODES:
                values.setdefault(f"example_{language}", _text(item))
        source = _source(element)
        if source:
            values["source"] = source
        return TermRecord(**values)


def _term_note(note: Any, problems: list[Problem]) -> dict[str, Any]:
    """The field that one termNote stands for; types we do not keep stand for none."""
    kind, value = note.get("type"), _text(note)
    if kind == "geographicalUsage":
        return {"region": value}
    tables = {
        "administrativeStatus": ("status", STATUS_READ),
        "termType": ("type", TYPE_READ),
        "partOfSpeech": ("part_of_speech", PART_READ),
    }
    if kind not in tables:
        return {}
    field, known = tables[kind]
    if value not in known:
        message = _("“%(value)s” is not one of: %(choices)s.")
        choices = ", ".join(known)
        problems.append(
            Problem(note.sourceline or 0, kind, message % {"value": value[:60], "choices": choices})
        )
        return {}
    return {field: known[value]}


def _check_root(element: Any) -> None:
    name = _name(element)
    if name not in {V3.root, V2.root}:
        raise ExchangeError(
            _("This is no TBX file: it begins with “%(name)s”, not with “tbx” or “martif”.")
            % {"name": name[:60]}
        )
    if name == V3.root and element.get("style", "dca").lower() != "dca":
        raise ExchangeError(_("Only the DCA style of TBX is read. Export the file as DCA."))


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(
    element: Any, names: set[str], groups: frozenset[str] | set[str] = frozenset()
) -> Any:
    """Children with one of `names`, also inside one of `groups`."""
    for child in element:
        name = _name(child)
        if name in names:
            yield child
        elif name in groups:
            yield from _children(child, names)


def _source(element: Any) -> str:
    for item in _children(element, {"admin"}):
        if item.get("type") == "source":
            return _text(item)
    return ""


def _text(element: Any) -> str:
    if next(element.iter(etree.Entity), None) is not None:
        raise ExchangeError(
            _("Line %(line)s uses an entity (&…;) that is not defined. Write the character itself.")
            % {"line": element.sourceline}
        )
    return _INDENT.sub(" ", "".join(element.itertext())).strip()
