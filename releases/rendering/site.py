"""A site of small pages in a zip: for USB sticks, opened from file://, with its own search."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Context
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from . import trees
from .archives import write_zip
from .html import Edition, Section, engine
from .inputs import Files, entries
from .labels import licence_name

STYLES = ("document.css", "site.css")
_BLOCKS = {
    *("p", "li", "ul", "ol", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "div", "section"),
}


def write_site(edition: Edition, files: Files, target: Path) -> None:
    """Write the site of an edition as a zip of one folder; index.html is where to begin."""
    with translation.override(edition.language):
        sections = list(edition.walk())
        pages = {section.id: trees.parse(section.html) for section in sections}
        cover = trees.parse(edition.cover)
        places = {
            element.get("id"): name
            for name, tree in pages.items()
            for element in tree.iter()
            if element.get("id")
        }
        for tree in (cover, *pages.values()):
            trees.level_headings(tree)
            trees.change_links(tree, lambda address: _address(address, places))
            _frame_tables(tree)
        index = _search_index(sections, pages)
        addresses = [*trees.pictures([cover, *pages.values()]), *_attachments(pages)]
        carried = entries([*addresses, "static/search.js"], STYLES, edition, files)
        folder = folder_name(edition)
        text = {
            "index.html": _start(edition, cover),
            **dict(_pages(edition, sections, pages)),
            "search.html": _search(edition),
            "search-index.js": f"window.pagesOfDocument = {index};\n",
        }
        write_zip(
            target,
            [
                *((f"{folder}/{name}", content.encode()) for name, content in text.items()),
                *((f"{folder}/{entry.name}", entry.path) for entry in carried),
            ],
            edition.release["date"],
        )


def folder_name(edition: Edition) -> str:
    """The one folder in the zip."""
    slug = edition.document["curriculum"]["slug"]
    return f"{slug}-{edition.release['version']}-{edition.language}"


def _address(address: str, places: dict[str, str]) -> str | None:
    if not address.startswith("#"):
        return address
    name = address[1:]
    if name not in places:
        return None
    page = places[name]
    return f"{page}.html" if page == name else f"{page}.html#{name}"


def _attachments(pages: dict[str, trees.Tree]) -> list[str]:
    """The files that readers may open from a page."""
    links = (link.get("href", "") for tree in pages.values() for link in tree.iter("a"))
    return list(dict.fromkeys(address for address in links if address.startswith("files/")))


def _frame_tables(root: trees.Tree) -> None:
    """Let a wide table move sideways inside its frame instead of widening the page."""
    for table in list(root.iter("table")):
        parent = table.getparent()
        frame = parent.makeelement("div", {"class": "table-frame", "tabindex": "0"})
        if table.get("class") in ("facts", "supplies"):
            del frame.attrib["tabindex"]
        frame.tail, table.tail = table.tail, None
        parent.replace(table, frame)
        frame.append(table)


# --- Pages ----------------------------------------------------------------------------------------


def _page(edition: Edition, name: str, title: str, body: str, **more: Any) -> str:
    tops = [section for section in edition.sections if section.kind != "module"]
    here = name.partition("-")[0]
    places = [
        (f"{top.id}.html", top.title, here == top.id or (here == "module" and top.id == "modules"))
        for top in tops
    ]
    places.append(("search.html", gettext("Search"), name == "search"))
    values = edition.document["curriculum"]["values"]
    version = gettext("version %(number)s") % {"number": edition.release["version"]}
    footer = [version, edition.release["date"], values.get("rights_holder")]
    context = {
        "language": edition.language,
        "title": title,
        "document_title": edition.title,
        "body": mark_safe(body),  # noqa: S308  (rendered by html.py)
        "places": places,
        "footer": ", ".join(
            str(part) for part in [*footer, licence_name(values.get("licence") or "")] if part
        ),
        **more,
    }
    return _render("page", context)


def _render(template: str, context: dict[str, Any]) -> SafeString:
    found = engine().get_template(f"releases/rendering/{template}.html")
    return found.render(Context(context))


def _pages(
    edition: Edition, sections: list[Section], pages: dict[str, trees.Tree]
) -> Iterator[tuple[str, str]]:
    """Each section on a page of its own, with the way to the one before and after it."""
    above = {child.id: section for section in sections for child in section.children}
    table = next(section for section in sections if section.kind == "modules")
    for before, section, after in zip(
        [None, *sections], sections, [*sections[1:], None], strict=False
    ):
        parent = above.get(section.id, table if section.kind == "module" else None)
        page = _page(
            edition,
            section.id,
            section.heading,
            trees.serialise(pages[section.id]),
            previous=before and _link(before),
            next=after and _link(after),
            above=parent and _link(parent),
        )
        yield f"{section.id}.html", page


def _link(section: Section) -> tuple[str, str]:
    return f"{section.id}.html", section.heading


def _start(edition: Edition, cover: trees.Tree) -> str:
    """The first page: the cover, and the modules to choose from."""
    modules = [section for section in edition.sections if section.kind == "module"]
    body = trees.serialise(cover) + _render("start", {"modules": modules})
    return _page(edition, "index", edition.title, body)


def _search(edition: Edition) -> str:
    scripts = ["search-index.js", "static/search.js"]
    return _page(edition, "search", gettext("Search"), _render("search", {}), scripts=scripts)


def _search_index(sections: list[Section], pages: dict[str, trees.Tree]) -> str:
    """[[address, title, [passage, …]], …] as JSON: the search folds it where it is opened."""
    found = [
        [f"{section.id}.html", section.heading, list(_passages(pages[section.id]))]
        for section in sections
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _passages(root: trees.Tree) -> Iterator[str]:
    """The text of each paragraph, cell and line of a list, once."""
    for element in root.iter():
        # The heading of the page is its title, which the index has already.
        if element.tag in _BLOCKS and element.tag != "h1":
            text = " ".join(_own_text(element).split())
            if any(character.isalpha() for character in text):
                yield text


def _own_text(element: trees.Tree) -> str:
    """The text of an element without that of the blocks in it."""
    parts = [element.text or ""]
    for child in element:
        if child.tag not in _BLOCKS:
            parts.append("".join(child.itertext()))
        parts.append(child.tail or "")
    return "".join(parts)
