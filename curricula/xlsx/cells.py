"""Texts as cells: formatted text as plain lines where nothing is lost by it, else as HTML."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from core.content_files import rich_text
from core.translated import normalise_input

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
_TAG = re.compile(r"</?(p|h[1-6]|ul|ol|li|b|i|a|span|br|div|strong|em)(\s[^<>]*)?/?>", re.I)
_BLOCK = re.compile(r"<(p|ul|ol)>(.*?)</\1>", re.S)
_ITEM = re.compile(r"<li>([^<]*)</li>")
_NUMBERED = re.compile(r"\d{1,3}\. ")
_LINE_AFTER = re.compile(r"(</(?:p|h3|h4|ul|ol|li)>|<(?:ul|ol)>)(?=<)")
_STORED_LINK = re.compile(r'<a (?=[^>]*linktype="(page|document)")[^>]*?\bid="(\d+)"[^>]*>')
_CELL_LINK = re.compile(r'<a\s[^<>]*?href="(page|file):([^"<>]*)"[^<>]*>')

#: A kind of block and its texts: ("p", ["…"]), ("ul", ["…", "…"]).
_Blocks = list[tuple[str, list[str]]]
#: (kind, key) → what stands in the cell; and the other way.
LinkName = Callable[[str, int], str]
LinkKey = Callable[[str, str], int]


# --- Formatted text -------------------------------------------------------------------------------


def rich_cell(source: str, name: LinkName) -> str:
    """Stored HTML as a cell: lines where they say the same, else HTML that people can read."""
    source = _BLOCK_KEY.sub("", source or "")
    lines = _as_lines(source)
    if lines is not None:
        return lines

    def link(found: re.Match[str]) -> str:
        kind = "page" if found[1] == "page" else "file"
        return f'<a href="{kind}:{html.escape(name(found[1], int(found[2])))}">'

    return _LINE_AFTER.sub(r"\1\n", _STORED_LINK.sub(link, source)).strip()


def rich_source(cell: str, features: list[str], key: LinkKey) -> str:
    """The HTML that a cell means, as the editor stores it; what it does not know is left out.

    Raises ValueError where `key` knows no such page or file.
    """
    cell = normalise_input(cell)
    if not _TAG.search(cell):
        made = "".join(_block_html(kind, texts) for kind, texts in _line_blocks(cell))
        return rich_text(made, features) if made else ""

    def link(found: re.Match[str]) -> str:
        kind = "page" if found[1] == "page" else "document"
        return f'<a linktype="{kind}" id="{key(kind, html.unescape(found[2]))}">'

    source = _CELL_LINK.sub(link, re.sub(r"\s*\n\s*", " ", cell))
    return rich_text(re.sub(r"> <(?=/?(?:p|h3|h4|ul|ol|li)\b)", "><", source), features)


def _as_lines(source: str) -> str | None:
    """Paragraphs and lists without formatting as lines, None where lines would not say it."""
    blocks: _Blocks = []
    place = 0
    for found in _BLOCK.finditer(source):
        if found.start() != place:
            return None
        place = found.end()
        kind, inner = found[1], found[2]
        if kind == "p":
            texts = [inner]
        else:
            texts = _ITEM.findall(inner)
            if "".join(f"<li>{text}</li>" for text in texts) != inner:
                return None
        if "<" in "".join(texts):
            return None
        blocks.append((kind, [html.unescape(text).strip() for text in texts]))
    if place != len(source):
        return None
    lines = []
    for kind, texts in blocks:
        for number, text in enumerate(texts, start=1):
            lines.append({"p": "", "ul": "- ", "ol": f"{number}. "}[kind] + text)
    cell = "\n".join(lines)
    return cell if _line_blocks(cell) == blocks and not _TAG.search(cell) else None


def _line_blocks(cell: str) -> _Blocks:
    blocks: _Blocks = []
    for line in filter(None, (line.strip() for line in cell.split("\n"))):
        if line.startswith(("- ", "• ")):
            kind, text = "ul", line[2:].strip()
        elif number := _NUMBERED.match(line):
            kind, text = "ol", line[number.end() :].strip()
        else:
            kind, text = "p", line
        if kind != "p" and blocks and blocks[-1][0] == kind:
            blocks[-1][1].append(text)
        else:
            blocks.append((kind, [text]))
    return blocks


def _block_html(kind: str, texts: list[str]) -> str:
    if kind == "p":
        return f"<p>{html.escape(texts[0], quote=False)}</p>"
    items = "".join(f"<li>{html.escape(text, quote=False)}</li>" for text in texts)
    return f"<{kind}>{items}</{kind}>"


# --- Rows of tables -------------------------------------------------------------------------------


def joined(texts: list[str]) -> str:
    """The cells of a table's row in one cell of the form."""
    escaped = (text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)
    return " | ".join(escaped).strip() if any(texts) else ""


def split(cell: str) -> list[str]:
    """What was joined."""
    if not cell.strip():
        return []
    parts, place, one = [], 0, []
    while place < len(cell):
        letter = cell[place]
        if letter == "\\" and place + 1 < len(cell) and cell[place + 1] in "\\|":
            one.append(cell[place + 1])
            place += 1
        elif letter == "|":
            parts.append("".join(one).strip())
            one = []
        else:
            one.append(letter)
        place += 1
    return [*parts, "".join(one).strip()]


# --- Numbers and dates ----------------------------------------------------------------------------


def number_cell(value: object) -> str:
    """A number as a cell, without zeros that say nothing."""
    if value is None or value == "":
        return ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number.normalize():f}" if number.is_finite() else str(value)


def number_text(cell: str) -> str:
    """A typed number as the database takes it: a comma may be its point."""
    text = cell.strip().replace(" ", "")
    return text.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", text) else text


def date_text(cell: str) -> str:
    """A date as the database takes it; 20/10/2015 is read as people of both countries do."""
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(cell.strip(), form).date().isoformat()
        except ValueError:
            continue
    return cell.strip()


def date_cell(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else str(value or "")
