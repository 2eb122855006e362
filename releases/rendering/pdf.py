"""PDF for print and archive: tagged, PDF/UA-1 and PDF/A-2a at once, by WeasyPrint.

How and why is in docs/decisions/0012-pdf-of-releases.md.
"""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pydyf
import weasyprint
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from PIL import ImageFile
from weasyprint.pdf import generate_pdf
from weasyprint.pdf import tags as pdf_tags
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from . import trees
from .html import Edition, Section
from .inputs import Files, source
from .pdf_volume import ELSEWHERE, Bookmark, Volume

# WeasyPrint lets Pillow accept broken pictures, in the whole process: uploads are checked by it.
ImageFile.LOAD_TRUNCATED_IMAGES = False

BASE = "document:/"
#: Sections before the first module: the programme and the table of modules.
FRONT = 2
#: So many characters of HTML are laid out at once, about 50 pages.
PART_SIZE = 120_000
# What says that the file keeps to PDF/UA-1 beside PDF/A-2a, and that `pdfuaid` is no stranger.
_UA_METADATA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def write_pdf(edition: Edition, files: Files, target: Path) -> None:
    """Write the PDF of an edition."""
    with translation.override(edition.language):
        volume = Volume(_descriptions(edition))
        layout = _Layout(edition, files)
        # The contents must be laid out to know how many pages they take, and again with numbers.
        front = layout.front({})
        numbers = _page_numbers(front, 0)
        pages = len(front.pages)
        del front
        for place, sections in enumerate(_parts(edition), start=1):
            pages += _add_part(volume, place, layout, sections, pages, numbers)
            # The boxes of a page refer to each other, and are the most of what memory holds.
            gc.collect()
        volume.add(0, _drawn(layout.front(numbers)))
        with target.open("wb") as file:
            volume.write(file, _bookmarks(edition.sections))


def _add_part(
    volume: Volume,
    place: int,
    layout: "_Layout",
    sections: Sequence[Section],
    pages: int,
    numbers: dict[str, int],
) -> int:
    """Lay out a part behind `pages` pages and take it into the volume; return its own pages."""
    part = layout.part(sections, first_page=pages + 1)
    numbers |= _page_numbers(part, pages)
    volume.add(place, _drawn(part))
    return len(part.pages)


def _parts(edition: Edition) -> list[list[Section]]:
    """The sections behind the front matter, in groups that are laid out together."""
    parts: list[list[Section]] = []
    size = PART_SIZE
    for section in edition.sections[FRONT:]:
        length = sum(len(found.html) for found in section.walk())
        if size + length > PART_SIZE:
            parts.append([])
            size = 0
        parts[-1].append(section)
        size += length
    return parts


def _page_numbers(part: weasyprint.Document, before: int) -> dict[str, int]:
    """The page on which each section and term begins."""
    found: dict[str, int] = {}
    for number, page in enumerate(part.pages, start=before + 1):
        for name in page.anchors:
            # What goes on over the next page has its name there as well.
            found.setdefault(name, number)
    return found


def _drawn(part: weasyprint.Document) -> pydyf.PDF:
    """The pages of a part as PDF objects."""
    options = {
        **weasyprint.DEFAULT_OPTIONS,
        **{"pdf_variant": "pdf/a-2a", "pdf_version": "1.7", "pdf_tags": True},
        "output_intent": "srgb",
    }
    part.output_intent = "srgb"
    pdf = generate_pdf(part, None, 1, **options)
    _add_ua_metadata(pdf)
    return pdf


def _descriptions(edition: Edition) -> dict[str, str]:
    """What a link to each place of the document leads to, in words."""
    found = {section.id: section.heading for section in edition.walk()}
    return found | {entry["id"]: entry["terms"][0]["text"] for entry in edition.entries.values()}


def _bookmarks(sections: Sequence[Section]) -> list[Bookmark]:
    return [
        Bookmark(section.heading, section.id, _bookmarks(section.children)) for section in sections
    ]


class _OwnFiles(URLFetcher):
    """Fetches the files of the document and of this package, and nothing else from anywhere."""

    def __init__(self, edition: Edition, files: Files) -> None:
        super().__init__()
        self._edition, self._files = edition, files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        path, media_type = source(url.removeprefix(BASE), self._edition, self._files)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media_type})


class _Layout:
    """Lays out parts of an edition, with one set of fonts and pictures for all of them."""

    def __init__(self, edition: Edition, files: Files) -> None:
        self._edition = edition
        self._fetcher = _OwnFiles(edition, files)

    def front(self, numbers: Mapping[str, int]) -> weasyprint.Document:
        """Cover, contents with the page `numbers` known so far, and the programme."""
        edition = self._edition
        sections = edition.sections[:FRONT]
        before = edition.cover + _contents(edition, numbers)
        return self._lay_out(before, sections, first_page=1)

    def part(self, sections: Sequence[Section], first_page: int) -> weasyprint.Document:
        """Some of the sections, on pages that count on from `first_page`."""
        return self._lay_out("", sections, first_page)

    def _lay_out(
        self, before: str, sections: Sequence[Section], first_page: int
    ) -> weasyprint.Document:
        page = _page(self._edition, before, sections, first_page)
        html = weasyprint.HTML(string=page, base_url=BASE, url_fetcher=self._fetcher)
        return html.render(font_config=FontConfiguration(), pdf_tags=True)


def _page(edition: Edition, before: str, sections: Sequence[Section], first_page: int) -> str:
    """Part of a document as a page of HTML, its Lao lines ready to break."""
    body = trees.parse(f'<body class="edition-{edition.language}">{before}</body>')
    for section in sections:
        tree = _nested(section)
        tree.set("class", f"{tree.get('class')} part")
        body.append(tree)
    # Only the cover has the first level.
    trees.level_headings(body, first=1 if before else 2)
    trees.change_links(body, trees.drop_attachments)
    _mark_links_elsewhere(body)
    trees.break_lao_lines(body)
    date = f"{edition.release['date']}T00:00:00Z"
    head = format_html(
        '<title>{}</title><meta name="author" content="{}"/>'
        '<meta name="dcterms.created" content="{}"/><meta name="dcterms.modified" content="{}"/>'
        '<link rel="stylesheet" href="document.css"/><link rel="stylesheet" href="print.css"/>'
        "<style>{}</style>",
        edition.title,
        edition.document["curriculum"]["values"].get("rights_holder") or "",
        date,
        date,
        mark_safe(_page_rules(edition, first_page)),  # noqa: S308  (quoted for CSS there)
    )
    return (
        f'<!DOCTYPE html><html lang="{edition.language}"><head><meta charset="utf-8"/>{head}'
        f"</head>{trees.serialise(body)}</html>"
    )


def _page_rules(edition: Edition, first_page: int) -> str:
    """What differs from document to document in the heads and feet of pages."""
    version = gettext("version %(number)s") % {"number": edition.release["version"]}
    foot = f"{version}, {edition.release['date']}"
    return (
        f"@page {{ @top-left {{ content: {_css_string(edition.title)} }}"
        f" @bottom-left {{ content: {_css_string(foot)} }} }}"
        f"@page :first {{ counter-reset: page {first_page} }}"
    )


def _css_string(text: str) -> str:
    """`text` as a string of CSS that neither CSS nor HTML can read as anything else."""
    return '"' + re.sub(r'[\\"<&\n]', lambda match: f"\\{ord(match[0]):x} ", text) + '"'


def _mark_links_elsewhere(body: trees.Tree) -> None:
    """WeasyPrint drops links to what it does not lay out with them; Volume joins these."""
    here = {element.get("id") for element in body.iter() if element.get("id")}

    def change(address: str) -> str:
        if address.startswith("#") and address[1:] not in here:
            return ELSEWHERE + address[1:]
        return address

    trees.change_links(body, change)


def _nested(section: Section) -> trees.Tree:
    """A section with its children inside, as the structure of the PDF wants it."""
    root = trees.parse(section.html)
    root.extend(_nested(child) for child in section.children)
    return root


def _contents(edition: Edition, numbers: Mapping[str, int]) -> str:
    """The table of contents; a number not known yet takes the same room."""

    def lines(sections: Sequence[Section]) -> str:
        return format_html(
            "<ol>{}</ol>",
            format_html_join(
                "",
                '<li><a href="#{}" data-page="{}">{}</a>{}</li>',
                (
                    (
                        section.id,
                        numbers.get(section.id, "000"),
                        section.heading,
                        lines(section.children) if section.children else "",
                    )
                    for section in sections
                ),
            ),
        )

    return format_html(
        '<section class="contents part" id="contents"><h2>{}</h2>{}</section>',
        gettext("Contents"),
        lines(edition.sections),
    )


# --- What WeasyPrint leaves out -------------------------------------------------------------------


def _add_ua_metadata(pdf: pydyf.PDF) -> None:
    """Say in the metadata that the file keeps to PDF/UA-1 as well."""
    for entry in pdf.objects:
        if isinstance(entry, pydyf.Stream) and entry.extra.get("Type") == "/Metadata":
            entry.stream = [part.replace(b"</rdf:RDF>", _UA_METADATA) for part in entry.stream]


_build_box_tree = pdf_tags._build_box_tree


def _with_attributes(box: Any, parent: Any, *args: Any) -> Iterator[Any]:
    """Give each element of the structure the language of its HTML element, and headers a scope."""
    html = getattr(box, "element", None)
    attributes = {} if html is None else html.attrib
    for element in _build_box_tree(box, parent, *args):
        if "lang" in attributes:
            element["Lang"] = pydyf.String(attributes["lang"])
        if "scope" in attributes and element["S"] == "/TH":
            element["A"]["Scope"] = "/Row" if attributes["scope"] == "row" else "/Column"
        yield element


# WeasyPrint 70 writes neither; the function is private, so its version is pinned, and tests read
# both back.
pdf_tags._build_box_tree = _with_attributes
