"""Text pasted from Word, Writer, Google Docs, Excel or a web page, as parts of a unit.

The clipboard's HTML comes from anywhere: nothing of it is kept but its text and the few things
named here (headings, paragraphs, lists, tables, bold, italic, links), written anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lxml import etree
from lxml import html as lxml_html

from .blocks import MAX_COLUMNS, MAX_ROWS
from .pasted_rows import PasteError, read_rows
from .pasted_text import (
    CONTROLS,
    SPACES,
    Item,
    Run,
    Style,
    clean,
    inline,
    is_hidden,
    is_title,
    list_html,
    list_mark,
    plain,
    styled,
)

MOST_CHARACTERS = 2_000_000
MOST_PARTS = 200
MOST_TEXT = 200_000
MOST_CELL = 1000
MOST_HEADING = 200
# So much text makes an editor of its own, or the page becomes slow to open.
_PARAGRAPHS = 8000

_SKIPPED = frozenset(
    (
        *("script", "style", "head", "title", "meta", "link", "xml", "template", "noscript"),
        *("object", "embed", "iframe", "svg", "math", "audio", "video", "canvas", "map"),
        *("select", "textarea", "input", "button", "del"),
    )
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "div", "fieldset"),
        *("figure", "figcaption", "footer", "form", "header", "hr", "html", "main", "nav", "p"),
        *("pre", "section", "details", "summary", "dl", "dt", "dd", "ul", "ol", "li"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", *_HEADINGS),
    )
)


@dataclass(frozen=True)
class Heading:
    """A heading between paragraphs."""

    text: str


@dataclass(frozen=True)
class Paragraphs:
    """Paragraphs and lists as HTML of our own making."""

    html: str


@dataclass(frozen=True)
class Table:
    """A table; each row has as many cells as there are columns."""

    columns: list[str]
    rows: list[list[str]]


Part = Heading | Paragraphs | Table


@dataclass
class Pasted:
    """What a pasted text is made of, and what could not be kept, in sentences."""

    parts: list[Part]
    notes: list[str] = field(default_factory=list)


def read_pasted(html: str, text: str = "") -> Pasted:
    """The parts of a clipboard's HTML, or of its plain text. Raises PasteError."""
    if len(html) > MOST_CHARACTERS or len(text) > MOST_CHARACTERS:
        raise PasteError([_("This is too long. Paste one unit at a time.")])
    pasted = _read_html(html) if html.strip() else Pasted([])
    if not pasted.parts:
        pasted = Pasted(_read_text(text), pasted.notes)
    if not pasted.parts:
        raise PasteError([_("There is no text in what was pasted.")])
    if len(pasted.parts) > MOST_PARTS:
        raise PasteError([_("This is too long. Paste one unit at a time.")])
    return pasted


# --- Plain text -----------------------------------------------------------------------------------


def read_table(text: str) -> Table:
    """The cells of a spreadsheet as a table. Raises PasteError."""
    rows = [row for row in read_rows(clean(CONTROLS.sub("", text))) if any(row)]
    if not rows:
        raise PasteError([_("Paste some rows first.")])
    return _table(rows)


def _read_text(text: str) -> list[Part]:
    text = clean(CONTROLS.sub("", text))
    if not text.strip():
        return []
    if "\t" in text:
        return [read_table(text)]
    lines = [SPACES.sub(" ", line).strip() for line in text.splitlines()]
    return _packed(f"<p>{escape(line)}</p>" for line in lines if line)


# --- HTML -----------------------------------------------------------------------------------------


def _read_html(html: str) -> Pasted:
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    # A surrogate by itself is no text.
    source = CONTROLS.sub("", html).encode("utf-8", "ignore")
    try:
        root = lxml_html.document_fromstring(source, parser=parser)
    except etree.ParserError:
        return Pasted([])
    if any(entry.type_name == "ERR_NAME_TOO_LONG" or "depth" in entry.message.lower()
           for entry in parser.error_log):  # fmt: skip
        raise PasteError([_("This text is nested too deeply. Paste a smaller part of it.")])
    reader = _Reader()
    reader.read(root)
    return Pasted(reader.parts, reader.notes())


class _Reader:
    """Walks a document and collects its parts."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._runs: list[Run] = []
        self._html: list[str] = []
        self._items: list[Item] = []
        #: The lists that one is inside, from outside in: whether each is ordered.
        self._lists: list[bool] = []
        self._characters = 0
        self._pictures = 0
        self._nested_tables = 0
        self._merged_cells = 0

    def read(self, root: Any) -> None:
        self._walk(root, Style())
        self._end_paragraph()
        self._end_paragraphs()

    def notes(self) -> list[str]:
        """What was left out or made simpler."""
        counted = (
            (self._pictures, ngettext(
                "%(n)s picture was left out: add it as a drawing.",
                "%(n)s pictures were left out: add them as drawings.", self._pictures)),
            (self._nested_tables, ngettext(
                "%(n)s table inside a table became text of its cell.",
                "%(n)s tables inside tables became text of their cells.", self._nested_tables)),
            (self._merged_cells, ngettext(
                "%(n)s merged cell was taken apart.",
                "%(n)s merged cells were taken apart.", self._merged_cells)),
        )  # fmt: skip
        return [message % {"n": number} for number, message in counted if number]

    # --- Walking ------------------------------------------------------------------------------

    def _walk(self, node: Any, style: Style) -> None:
        if not isinstance(node.tag, str):
            return
        tag = node.tag.lower()
        if tag == "img":
            self._pictures += 1
        if tag in _SKIPPED or is_hidden(node):
            return
        if tag == "br":
            self._say("\n", style)
        elif tag == "table":
            self._read_table(node)
        elif tag in ("ul", "ol"):
            self._read_list(node, style, tag == "ol")
        elif tag in _HEADINGS or is_title(node):
            self._read_heading(node, int(tag[1]) if tag[1:].isdigit() else 1)
        elif tag in _BLOCKS:
            self._end_paragraph()
            self._content(node, style)
            self._end_paragraph(node)
        else:
            self._content(node, styled(node, tag, style))

    def _content(self, node: Any, style: Style) -> None:
        self._say(node.text, style)
        for child in node:
            self._walk(child, style)
            self._say(child.tail, style)

    def _say(self, text: str | None, style: Style) -> None:
        if not text:
            return
        self._characters += len(text)
        if self._characters > MOST_TEXT:
            raise PasteError([_("This is too long. Paste one unit at a time.")])
        self._runs.append((text, style))

    # --- Paragraphs and lists -----------------------------------------------------------------

    def _end_paragraph(self, node: Any = None) -> None:
        runs, self._runs = self._runs, []
        mark = list_mark(node, runs) if node is not None else None
        html = inline(runs)
        if not html:
            return
        if mark:
            self._items.append(Item(*mark, html))
        elif self._lists:
            self._items.append(Item(len(self._lists), self._lists[-1], html))
        else:
            self._end_list()
            self._html.append(f"<p>{html}</p>")

    def _read_list(self, node: Any, style: Style, is_ordered: bool) -> None:
        self._end_paragraph()
        self._lists.append(is_ordered)
        self._content(node, style)
        self._end_paragraph()
        self._lists.pop()

    def _end_list(self) -> None:
        items, self._items = self._items, []
        if items:
            self._html.append(list_html(items))

    def _end_paragraphs(self) -> None:
        self._end_list()
        html, self._html = self._html, []
        self.parts += _packed(html)

    def _read_heading(self, node: Any, level: int) -> None:
        self._end_paragraph()
        self._content(node, Style())
        runs, self._runs = self._runs, []
        text = SPACES.sub(" ", plain(runs)).strip()
        if not text:
            return
        self._end_list()
        if level > 2 or len(text) > MOST_HEADING:
            tag = "p" if len(text) > MOST_HEADING else "h3" if level == 3 else "h4"
            self._html.append(f"<{tag}>{escape(text)}</{tag}>")
        else:
            self._end_paragraphs()
            self.parts.append(Heading(text))

    # --- Tables -------------------------------------------------------------------------------

    def _read_table(self, node: Any) -> None:
        self._end_paragraph()
        rows = [self._cells(row) for row in _rows_of(node)]
        if len(rows) == 1 and len(rows[0]) == 1:
            # A frame around text, not a table.
            self._content(next(iter(_rows_of(node)))[0], Style())
            self._end_paragraph()
            return
        rows = [row for row in rows if any(row)]
        if rows:
            self._end_paragraphs()
            self.parts.append(_table(rows))

    def _cells(self, row: Any) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            inside = cell.findall(".//table")
            self._nested_tables += len(inside)
            cells.append(self._cell_text(cell))
            across = _span(cell.get("colspan"))
            self._merged_cells += across > 1 or _span(cell.get("rowspan")) > 1
            cells += [""] * (across - 1)
            if len(cells) > 10 * MAX_COLUMNS:
                raise PasteError([_too_wide()])
        while cells and not cells[-1] and len(cells) > MAX_COLUMNS:
            # Spreadsheets copy whole rows.
            cells.pop()
        return cells

    def _cell_text(self, cell: Any) -> str:
        """The text of a cell, a line a paragraph."""
        reader = _CellReader()
        reader._content(cell, Style())
        reader._end_paragraph()
        self._characters += reader._characters
        self._pictures += reader._pictures
        if self._characters > MOST_TEXT:
            raise PasteError([_("This is too long. Paste one unit at a time.")])
        return "\n".join(reader.lines)


class _CellReader(_Reader):
    """Collects the text of a cell: paragraphs, lines of lists and cells of tables inside."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def _end_paragraph(self, node: Any = None) -> None:
        runs, self._runs = self._runs, []
        text = plain(runs)
        self.lines += [line for part in text.split("\n") if (line := SPACES.sub(" ", part).strip())]

    def _read_table(self, node: Any) -> None:
        self._end_paragraph()
        self._content(node, Style())
        self._end_paragraph()

    def _read_heading(self, node: Any, level: int) -> None:
        self._read_table(node)


# --- Tables ---------------------------------------------------------------------------------------


def _rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table itself, not of tables inside its cells."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _table(rows: list[list[str]]) -> Table:
    width = max(map(len, rows))
    # Empty columns at the right are no columns.
    while width > 1 and all(len(row) < width or not row[width - 1] for row in rows):
        width -= 1
    if width > MAX_COLUMNS:
        raise PasteError([_too_wide()])
    rows = [[*row, *[""] * width][:width] for row in rows]
    for row in rows:
        for cell in row:
            if len(cell) > MOST_CELL:
                message = _("A cell of a table holds more than %(n)s characters: “%(text)s …”")
                raise PasteError([message % {"n": MOST_CELL, "text": cell[:40]}])
    has_headings = len(rows) > 1 and all(len(cell) <= MOST_HEADING for cell in rows[0])
    columns = [" ".join(cell.split()) for cell in rows[0]] if has_headings else [""] * width
    body = rows[1:] if has_headings else rows
    if len(body) > MAX_ROWS:
        message = _("A table has %(n)s rows; it may have %(most)s.")
        raise PasteError([message % {"n": len(body), "most": MAX_ROWS}])
    return Table(columns, body)


def _too_wide() -> str:
    return _("A table has more than %(n)s columns.") % {"n": MAX_COLUMNS}


def _span(value: str | None) -> int:
    number = (value or "").strip()
    return min(int(number), 1000) if number.isdecimal() and len(number) < 5 else 1


# --- Writing --------------------------------------------------------------------------------------


def _packed(pieces: Iterable[str]) -> list[Part]:
    """Paragraphs in parts of a size that an editor bears."""
    parts: list[Part] = []
    together = ""
    for piece in pieces:
        if together and len(together) + len(piece) > _PARAGRAPHS:
            parts.append(Paragraphs(together))
            together = ""
        together += piece
    if together:
        parts.append(Paragraphs(together))
    return parts
