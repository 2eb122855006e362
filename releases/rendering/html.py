"""One semantic rendering of a release's document: what every packaging is made from.

`render_html(document, language)` gives the cover and the sections as well-formed XHTML, as plain
as can be: h1 to h6, p, ul, ol, table, figure, a few classes. Pictures have the address
`files/<sha256>.<extension>`, static drawings `static/<name>`, links inside the document `#<id>`;
each packaging puts the files where these addresses lead, or changes them. All of it is called
inside `translation.override(language)`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from core.languages import CODES, FALLBACK_ORDER, LANGUAGES, LocalText, pick
from orthography import sort_key

from . import facts
from .hours import Hours
from .labels import COUNTRY, CURRICULUM_STREAMS, MODULE_STREAMS
from .rich_text import printable
from .tags import inline, language_tag, number

Document = Mapping[str, Any]
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class RenderError(ValueError):
    """A document lacks something that it refers to."""


@cache
def engine() -> Engine:
    """The templates of documents know no request and no site, only this edition."""
    return Engine(
        dirs=[TEMPLATES],
        builtins=["django.templatetags.i18n", "releases.rendering.tags"],
        loaders=[
            ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])
        ],
    )


@dataclass
class Section:
    """A part with a heading of its own: a chapter, a page or a file of its packaging.

    `html` is one <section> element without its `children`. `borrowed` are the other languages
    whose text stands in it.
    """

    edition: "Edition"
    id: str
    kind: str
    title: str
    title_language: str
    code: str = ""
    ready: Sequence[str] | None = None
    html: str = ""
    children: list["Section"] = field(default_factory=list)
    borrowed: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Code and title in one line of plain text."""
        return f"{self.code} {self.title}".strip()

    def pick(self, values: Mapping[str, str] | None) -> LocalText | None:
        """The text for the reader; what comes from another language is noted."""
        text = pick(values or {}, self.edition.language, self.ready)
        if text and text.is_fallback and text.language not in self.borrowed:
            self.borrowed.append(text.language)
        return text

    def walk(self) -> Iterator["Section"]:
        """This section and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Edition:
    """A document in one language, rendered: `cover` and `sections`."""

    document: Document
    language: str
    title: str = ""
    cover: str = ""
    sections: list[Section] = field(default_factory=list)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def file(self, sha256: str) -> dict[str, Any]:
        """What the document says of a file, and where packagings put it; RenderError for none."""
        try:
            found = self._files[sha256]
        except KeyError as error:
            raise RenderError(f"The document has no file {sha256}.") from error
        return {
            **found,
            "address": file_address(found),
            "alternative": found["texts"].get("alternative") or {self.language: found["title"]},
        }

    def __post_init__(self) -> None:
        self._files = {file["sha256"]: file for file in self.document["files"]}

    def walk(self) -> Iterator[Section]:
        """Every section, in reading order."""
        for section in self.sections:
            yield from section.walk()

    @property
    def release(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["release"]
        return found


def file_address(file: Mapping[str, Any]) -> str:
    """Where a file of the document lies in a packaging."""
    return f"files/{file['sha256']}.{file['extension']}"


def render_html(document: Document, language: str) -> Edition:
    """The document in `language` ("lo", "vi" or "en"), rendered. Raises RenderError."""
    with translation.override(language):
        edition = Edition(document, language)
        edition.entries = _entries(document, language)
        page = document["curriculum"]
        title = pick(page["texts"]["name"], language, page["ready_languages"])
        edition.title = printable(str(title or page["slug"]))
        modules = [
            _module(edition, module, position)
            for position, module in enumerate(document["modules"], start=1)
        ]
        edition.sections = [
            _programme(edition),
            _module_table(edition, modules),
            *modules,
            *([_glossary(edition)] if edition.entries else []),
            _about(edition),
        ]
        edition.cover = _cover(edition)
        return edition


def _render(template: str, section: Section, **values: Any) -> SafeString:
    context = Context({"section": section, **values})
    found: SafeString = engine().get_template(f"releases/rendering/{template}.html").render(context)
    return found


def _with_note(section: Section, page: Mapping[str, Any]) -> None:
    """Say under the heading that some of the text stands in another language."""
    others = [code for code in FALLBACK_ORDER if code in section.borrowed]
    if not others:
        return
    names = format_html(
        " ".join("{}" for _code in others), *(language_tag(code) for code in others)
    )
    words = gettext("Not all of this is in %(language)s yet. The rest stands in:") % {
        "language": LANGUAGES[section.edition.language].own_name
    }
    note = format_html('<p class="small borrowed">{} {}</p>', words, names)
    # The heading is the first element of every section's template.
    level = {"unit": 3}.get(section.kind, 2)
    section.html = section.html.replace(f"</h{level}>", f"</h{level}>{note}", 1)


# --- The parts ------------------------------------------------------------------------------------


def _page_section(edition: Edition, id: str, kind: str, page: Mapping[str, Any]) -> Section:
    name = pick(page["texts"]["name"], edition.language, page["ready_languages"])
    return Section(
        edition,
        id,
        kind,
        printable(str(name or page["slug"])),
        name.language if name else edition.language,
        code=str(page["values"].get("code") or ""),
        ready=page["ready_languages"],
    )


def _fixed_section(edition: Edition, id: str, title: str) -> Section:
    """A section whose heading is the project's own."""
    return Section(
        edition,
        id,
        id,
        title,
        edition.language,
        ready=edition.document["curriculum"]["ready_languages"],
    )


def _cover(edition: Edition) -> str:
    page, centre = edition.document["curriculum"], edition.document["centre"]
    section = _page_section(edition, "cover", "cover", page)
    names = page["texts"]["name"]
    shown = section.title_language
    others = [
        {"text": names[code], "language": code, "tag": LANGUAGES[code].tag}
        for code in CODES
        if code != shown and code in page["ready_languages"] and names.get(code)
    ]
    return _render(
        "cover",
        section,
        curriculum=page,
        centre=centre,
        other_titles=others,
        under_title=facts.under_title(section),
        incomplete=facts.incomplete(section),
        facts=facts.of_cover(section),
    )


def _programme(edition: Edition) -> Section:
    page = edition.document["curriculum"]
    section = _fixed_section(edition, "programme", gettext("The programme"))
    section.html = _render(
        "programme",
        section,
        title=section.title,
        page=page,
        facts=facts.of_programme(section),
        streams=_streams(page, CURRICULUM_STREAMS),
    )
    _with_note(section, page)
    return section


def _streams(
    page: Mapping[str, Any], fields: Sequence[tuple[str, str, str]]
) -> list[dict[str, Any]]:
    """The streams of a page that hold something, in print order."""
    return [
        {"kind": kind, "label": gettext(label), "blocks": page["streams"][name]}
        for name, kind, label in fields
        if page["streams"].get(name)
    ]


def _row(section: Section, page: Mapping[str, Any]) -> dict[str, Any]:
    """A module or unit in a table of hours."""
    values = page["values"]
    return {
        "section": section,
        "code": values.get("code") or "",
        "name": inline(section.pick(page["texts"]["name"])),
        "credits": number(values.get("credits")),
        "country": gettext(COUNTRY.get(values.get("specific_to") or "", "")),
        "hours": Hours.of(page),
    }


def _module_table(edition: Edition, modules: list[Section]) -> Section:
    pages = edition.document["modules"]
    section = _fixed_section(edition, "modules", gettext("Modules and hours"))
    exam = edition.document["curriculum"]["values"].get("hours_exam")
    section.html = _render(
        "modules",
        section,
        title=section.title,
        rows=[_row(*pair) for pair in zip(modules, pages, strict=True)],
        totals=Hours.sum(pages),
        credits=number(facts.credits(pages)),
        exam_note=exam
        and ngettext(
            "Revision and final exams take %(count)d more hour.",
            "Revision and final exams take %(count)d more hours.",
            exam,
        )
        % {"count": exam},
    )
    return section


def _module(edition: Edition, page: Mapping[str, Any], position: int) -> Section:
    section = _page_section(edition, f"module-{position:02}", "module", page)
    section.children = [
        _unit(edition, unit, section, place) for place, unit in enumerate(page["units"], start=1)
    ]
    section.html = _render(
        "module",
        section,
        page=page,
        facts=facts.of_module(section, page),
        streams=_streams(page, MODULE_STREAMS),
        rows=[
            _row(child, unit) for child, unit in zip(section.children, page["units"], strict=True)
        ],
        totals=Hours.sum(page["units"]),
    )
    _with_note(section, page)
    return section


def _unit(edition: Edition, page: Mapping[str, Any], module: Section, position: int) -> Section:
    section = _page_section(edition, f"{module.id}-unit-{position:02}", "unit", page)
    section.code = f"{position}."
    section.html = _render("unit", section, page=page, hours_line=Hours.of(page).sentence())
    _with_note(section, page)
    return section


def _entries(document: Document, language: str) -> dict[str, dict[str, Any]]:
    """Concept → its entry, in the order of the edition's language."""
    found = []
    for position, concept in enumerate(document["terms"], start=1):
        terms = [
            {"language": code, "text": printable(text), "tag": LANGUAGES[code].tag}
            for code in (language, *(code for code in CODES if code != language))
            if (text := _best_term(concept, code))
        ]
        if terms:
            entry = {"id": f"term-{position}", "terms": terms, "definition": concept["definition"]}
            found.append((concept["public_id"], entry))

    def order(item: tuple[str, dict[str, Any]]) -> tuple[bool, bytes]:
        first = item[1]["terms"][0]
        return first["language"] != language, sort_key(first["text"], first["language"])

    return dict(sorted(found, key=order))


def _best_term(concept: Mapping[str, Any], code: str) -> str:
    order = ("preferred", "admitted", "proposed")
    usable = [t for t in concept["terms"] if t["language"] == code and t["status"] in order]
    usable.sort(key=lambda term: order.index(term["status"]))
    return str(usable[0]["text"]) if usable else ""


def _glossary(edition: Edition) -> Section:
    section = _fixed_section(edition, "glossary", gettext("Glossary"))
    # A definition is there or not: concepts of a release have no states.
    section.ready = None
    section.html = _render(
        "glossary", section, title=section.title, entries=list(edition.entries.values())
    )
    return section


def _about(edition: Edition) -> Section:
    section = _fixed_section(edition, "about", gettext("About this release"))
    release = edition.release
    section.html = _render(
        "about",
        section,
        title=section.title,
        page=edition.document["curriculum"],
        facts=facts.of_release(section),
        notes=release.get("notes") or {},
        ancestors=facts.ancestors(section),
        credits=facts.file_credits(edition.document),
    )
    return section
