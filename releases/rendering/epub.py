"""EPUB 3 for phones and reading programs, written by hand."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from core.languages import pick

from . import trees
from .archives import write_zip
from .html import Edition, Section
from .inputs import Entry, Files, entries
from .labels import licence_name

STYLES = ("document.css", "book.css")
_CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""  # noqa: E501
_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">
<head><meta charset="utf-8"/><title>{title}</title>{styles}</head>
{body}</html>
"""  # noqa: E501
_PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}" prefix="schema: http://schema.org/">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>{language}</dc:language>
<dc:date>{date}</dc:date>
{about}<meta property="dcterms:modified">{date}T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">readingOrder</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">displayTransformability</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">{summary}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
{manifest}</manifest>
<spine>
<itemref idref="cover"/>
<itemref idref="nav"/>
{spine}</spine>
</package>
"""  # noqa: E501


def write_epub(edition: Edition, files: Files, target: Path) -> None:
    """Write the EPUB of an edition: the cover, the contents, a file for each top section."""
    with translation.override(edition.language):
        cover = trees.parse(edition.cover)
        chapters = [(section, _nested(section)) for section in edition.sections]
        trees_of_book = [cover, *(tree for _section, tree in chapters)]
        places = {
            element.get("id"): section.id
            for section, tree in chapters
            for element in tree.iter()
            if element.get("id")
        }
        for tree in trees_of_book:
            trees.level_headings(tree)
            trees.change_links(tree, trees.drop_attachments)
            trees.change_links(tree, lambda address: _address(address, places))
            trees.break_lao_lines(tree)
        carried = entries(trees.pictures(trees_of_book), STYLES, edition, files)
        write_zip(
            target,
            _entries(edition, cover, chapters, carried),
            edition.release["date"],
        )


def _nested(section: Section) -> trees.Tree:
    tree = trees.parse(section.html)
    tree.extend(_nested(child) for child in section.children)
    return tree


def _address(address: str, places: dict[str, str]) -> str | None:
    """Links inside the document lead from file to file."""
    if not address.startswith("#"):
        return address
    name = address[1:]
    return f"{places[name]}.xhtml#{name}" if name in places else None


def _entries(
    edition: Edition,
    cover: trees.Tree,
    chapters: Sequence[tuple[Section, trees.Tree]],
    carried: Sequence[Entry],
) -> Iterator[tuple[str, bytes | Path]]:
    yield "mimetype", b"application/epub+zip"
    yield "META-INF/container.xml", _CONTAINER.encode()
    yield "book/package.opf", _package(edition, chapters, carried).encode()
    yield "book/nav.xhtml", _page(edition, gettext("Contents"), _navigation(edition)).encode()
    yield "book/cover.xhtml", _page(edition, edition.title, trees.serialise(cover)).encode()
    for section, tree in chapters:
        page = _page(edition, section.heading, trees.serialise(tree))
        yield f"book/{section.id}.xhtml", page.encode()
    for entry in carried:
        yield f"book/{entry.name}", entry.path


def _page(edition: Edition, title: str, body: str) -> str:
    links = "".join(f'<link rel="stylesheet" type="text/css" href="{name}"/>' for name in STYLES)
    return format_html(
        _PAGE,
        language=edition.language,
        title=title,
        styles=mark_safe(links),  # noqa: S308  (the names above)
        body=format_html(
            '<body class="edition-{}">{}</body>',
            edition.language,
            mark_safe(body),  # noqa: S308  (rendered by html.py)
        ),
    )


def _navigation(edition: Edition) -> str:
    """The contents, as page and as the reading program's own menu."""

    def lines(sections: Sequence[Section], file: str = "") -> SafeString:
        return format_html(
            "<ol>{}</ol>",
            format_html_join(
                "",
                '<li><a href="{}.xhtml#{}">{}</a>{}</li>',
                (
                    (
                        file or section.id,
                        section.id,
                        section.heading,
                        lines(section.children, file or section.id) if section.children else "",
                    )
                    for section in sections
                ),
            ),
        )

    tree = trees.parse(
        format_html(
            '<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc" role="doc-toc" '
            'aria-label="{0}"><h1>{0}</h1>{1}</nav>',
            gettext("Contents"),
            lines(edition.sections),
        )
    )
    trees.break_lao_lines(tree)
    return trees.serialise(tree)


def _package(
    edition: Edition,
    chapters: Sequence[tuple[Section, trees.Tree]],
    carried: Sequence[Entry],
) -> str:
    release = edition.release
    pages = ["cover", *(section.id for section, _tree in chapters)]
    return format_html(
        _PACKAGE,
        language=edition.language,
        identifier=f"mittaphap:{release['public_id']}:{release['version']}:{edition.language}",
        title=edition.title,
        date=release["date"],
        about=_about(edition),
        summary=gettext(
            "Headings, tables and lists are marked, and every picture has a text beside it."
        ),
        manifest=format_html_join(
            "",
            '<item id="{}" href="{}" media-type="{}"/>\n',
            [
                *((page, f"{page}.xhtml", "application/xhtml+xml") for page in pages),
                *((f"f{n}", entry.name, entry.media_type) for n, entry in enumerate(carried)),
            ],
        ),
        spine=format_html_join("", '<itemref idref="{}"/>\n', ((page,) for page in pages[1:])),
    )


def _about(edition: Edition) -> SafeString:
    values: dict[str, Any] = edition.document["curriculum"]["values"]
    centre = pick(edition.document["centre"]["texts"].get("name") or {}, edition.language)
    rows = [
        ("creator", values.get("rights_holder")),
        ("publisher", centre),
        ("rights", licence_name(values.get("licence") or "")),
    ]
    return format_html_join(
        "", "<dc:{0}>{1}</dc:{0}>\n", ((name, value) for name, value in rows if value)
    )
