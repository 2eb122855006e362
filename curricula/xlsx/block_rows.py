"""Stored blocks as rows of the form, and rows as blocks again.

What a row says as the page says it already stays as it is stored: an import changes no more than
the cells that were changed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks

from core.blocks import TranslatedText
from core.content_files import flat_message, stable_id
from core.languages import CODES

from ..blocks import TableBlock
from . import cells
from .form import Row
from .references import Known, Names, kind_of
from .shapes import ITEM, SELF, Shape, is_cells, is_text, shape_of

_ID = re.compile(r"[0-9a-f-]{36}")
#: Told of each fault: row, column, message.
Fault = Callable[[Row, str, str], None]
Cells = dict[str, str]


# --- As stored ------------------------------------------------------------------------------------


def stored_blocks(page: Any, name: str) -> list[dict[str, Any]]:
    """The blocks of a stream as they are stored, every block and item with its id."""
    stream = getattr(page, name)
    found = []
    for number, raw in enumerate(stream.raw_data, start=1):
        block = stream.stream_block.child_blocks.get(raw["type"])
        path = f"{page.public_id}/{name}/{number}"
        if block is not None:
            own, value = raw.get("id"), _identified(block, raw.get("value"), path)
            found.append({"type": raw["type"], "id": own or stable_id(path), "value": value})
    return found


def _identified(block: Any, value: Any, path: str) -> Any:
    if isinstance(block, blocks.ListBlock):
        items = []
        for number, item in enumerate(value or (), start=1):
            is_new = isinstance(item, dict) and item.get("type") == ITEM and "value" in item
            inner, own = (item["value"], item.get("id")) if is_new else (item, None)
            below = f"{path}/{number}"
            inner = _identified(block.child_block, inner, below)
            items.append({"type": ITEM, "id": own or stable_id(below), "value": inner})
        return items
    if isinstance(block, blocks.StructBlock) and not is_text(block):
        return {
            name: _identified(child, value.get(name), f"{path}/{name}")
            for name, child in block.child_blocks.items()
            if name in (value or {})
        }
    return value


# --- Blocks → rows --------------------------------------------------------------------------------


class BlockWriter:
    """Turns stored values into cells."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def rows(self, raw: dict[str, Any], block: Any) -> Iterator[Cells]:
        """The rows of a block of teaching content, the first one naming its kind."""
        shape = shape_of(block)
        yield {**self._row(shape, raw["value"]), "id": raw["id"], "block": raw["type"]}
        yield from self._parts(shape, raw["value"])

    def row(self, raw: dict[str, Any], block: Any) -> Cells:
        """The one row of a block whose children have columns of their own."""
        if is_text(block):
            return {"id": raw["id"], **self.texts(block, raw["value"])}
        found = {"id": raw["id"]}
        for name, child in block.child_blocks.items():
            value = (raw["value"] or {}).get(name)
            if is_text(child):
                texts = self.texts(child, value)
                found |= {f"{name}_{code}": text for code, text in texts.items()}
            else:
                found[name] = self.leaf(child, value)
        return found

    def texts(self, block: Any, value: Any) -> Cells:
        """Language code → cell of a translated block."""
        return {code: self.text(block, (value or {}).get(code)) for code in CODES}

    def text(self, block: Any, text: Any) -> str:
        if isinstance(block, TranslatedText):
            return str(text or "").strip()
        return cells.rich_cell(text or "", self._names.name)

    def leaf(self, block: Any, value: Any) -> str:
        """The cell of a value that is no text in languages."""
        if value is None or value == "":
            return ""
        if isinstance(block, blocks.ChooserBlock):
            return self._names.name(kind_of(block), int(value))
        if isinstance(block, (blocks.IntegerBlock, blocks.DecimalBlock)):
            return cells.number_cell(value)
        return cells.date_cell(value) if isinstance(block, blocks.DateBlock) else str(value)

    def _row(self, shape: Shape, value: Any) -> Cells:
        found: Cells = {}
        if shape.text is not None:
            found |= self.texts(shape.child(shape.text), _part(value, shape.text))
        if shape.value is not None:
            child, key = shape.child(shape.value), _part(value, shape.value)
            found["value"] = self.leaf(child, key)
            if isinstance(child, blocks.ChooserBlock) and kind_of(child) == "concept" and key:
                found |= self._names.terms(int(key))
        return found

    def _parts(self, shape: Shape, value: Any) -> Iterator[Cells]:
        for name, child in shape.parts.items():
            part = _part(value, name)
            if is_text(child):
                texts = self.texts(child, part)
                if any(texts.values()):
                    yield {"part": name, **texts}
            elif is_cells(shape.block, child):
                is_rows = isinstance(child.child_block, blocks.ListBlock)
                rows = (part or []) if is_rows else [{"id": "", "value": part or []}]
                for row in rows:
                    yield {"part": name, **self._cells(row)}
            else:
                below = shape_of(child.child_block)
                for item in part or ():
                    yield {"part": name, **self._row(below, item["value"]), "id": item["id"]}
                    yield from self._parts(below, item["value"])

    @staticmethod
    def _cells(row: dict[str, Any]) -> Cells:
        ids = [row["id"] or "-", *(cell["id"] for cell in row["value"])]
        texts = {
            code: cells.joined([str(cell["value"].get(code) or "") for cell in row["value"]])
            for code in CODES
        }
        return {"id": " ".join(ids), **texts}


def _part(value: Any, name: str) -> Any:
    return value if name in (SELF, ITEM) else (value or {}).get(name)


# --- Rows → blocks --------------------------------------------------------------------------------


class BlockReader:
    """Turns cells into stored values; `base` is what the page has at that place, if anything."""

    def __init__(self, known: Known, writer: BlockWriter, fault: Fault) -> None:
        self._known, self._writer, self._fault = known, writer, fault
        #: Ids that are taken on the page: a copied row must not repeat them.
        self._taken: set[str] = set()

    def start_page(self) -> None:
        self._taken = set()

    def block(self, rows: Sequence[Row], kind: str, block: Any, base: Any) -> dict[str, Any]:
        """A block of teaching content from its rows."""
        raw = {"type": kind, "id": self._new_id(rows[0]["id"])}
        if base is not None:
            said = [_said(cells_) for cells_ in self._writer.rows(base, block)]
            if said == [_said(row.cells) for row in rows]:
                return {**raw, "value": base["value"]}
        value = self._shaped(shape_of(block), rows[0], rows[1:], base and base["value"])
        return {**raw, "value": value}

    def single(self, row: Row, kind: str, block: Any, base: Any) -> dict[str, Any]:
        """A block whose children have columns of their own."""
        raw = {"type": kind, "id": self._new_id(row["id"])}
        old = base and base["value"]
        if is_text(block):
            return {**raw, "value": self._texts(row, "", block, old)}
        old = old or {}
        made = {}
        for name, child in block.child_blocks.items():
            read = self._texts if is_text(child) else self._leaf
            made[name] = read(row, name, child, old.get(name))
        return {**raw, "value": _without_new_blanks(made, old)}

    # --- Values --------------------------------------------------------------------------------

    def _texts(self, row: Row, name: str, block: Any, base: Any) -> dict[str, Any]:
        made = dict(base or {})
        for code in CODES:
            column = f"{name}_{code}" if name else code
            cell = row[column]
            if cell == self._writer.text(block, made.get(code)):
                continue
            made[code] = self._text(row, column, block.child_blocks[code], cell)
        if block.required and not any(made.values()):
            self._fault(row, column, _("A text is missing."))
        return made

    def _text(self, row: Row, column: str, block: Any, cell: str) -> str:
        try:
            if isinstance(block, blocks.RichTextBlock):
                return cells.rich_source(cell, list(block.features), self._known.key)
            return str(block.clean(cells.normalise_input(cell)))
        except ValidationError as error:
            self._fault(row, column, flat_message(error))
        except ValueError as error:
            self._fault(row, column, str(error))
        return ""

    def _leaf(self, row: Row, column: str, block: Any, base: Any) -> Any:
        cell = row[column]
        if cell == self._writer.leaf(block, base) and (cell or not block.required):
            return base
        if isinstance(block, blocks.ChooserBlock):
            return self._chosen(row, column, block, cell)
        try:
            if isinstance(block, (blocks.IntegerBlock, blocks.DecimalBlock)):
                cell = cells.number_text(cell)
            elif isinstance(block, blocks.DateBlock):
                cell = cells.date_text(cell)
            value = block.clean(cell)
        except ValidationError as error:
            self._fault(row, column, flat_message(error))
            return None
        made = block.get_prep_value(value)
        return str(made) if isinstance(made, Decimal) else made

    def _chosen(self, row: Row, column: str, block: Any, cell: str) -> int | None:
        try:
            if cell:
                return self._known.key(kind_of(block), cell)
            if kind_of(block) == "concept":
                return self._known.concept_by_terms(row.texts())
        except ValueError as error:
            self._fault(row, column, str(error))
            return None
        if block.required:
            self._fault(row, column, _("The name of a file is missing."))
        return None

    # --- Blocks with parts ---------------------------------------------------------------------

    def _shaped(self, shape: Shape, row: Row, below: Sequence[Row], base: Any) -> Any:
        """What a row and the rows of its parts say."""
        groups = self._groups(shape, below)
        if isinstance(shape.block, blocks.ListBlock):
            return self._items(shape, ITEM, groups.get(ITEM, []), base, row)
        if shape.text == SELF:
            return self._texts(row, "", shape.block, base)
        if shape.value == SELF:
            return self._leaf(row, "value", shape.block, base)
        base = base or {}
        made: dict[str, Any] = {}
        for name in shape.block.child_blocks:
            old = base.get(name)
            if name == shape.text:
                made[name] = self._texts(row, "", shape.child(name), old)
            elif name == shape.value:
                made[name] = self._leaf(row, "value", shape.child(name), old)
            elif is_text(shape.child(name)):
                rows = groups.get(name) or [(Row(row.number), [])]
                made[name] = self._texts(rows[0][0], "", shape.child(name), old)
                for again, _below in rows[1:]:
                    self._fault(again, "part", _("This part stands twice."))
            else:
                made[name] = self._items(shape, name, groups.get(name, []), old, row)
        if isinstance(shape.block, TableBlock):
            self._check_width(made, groups.get("rows", []))
        return _without_new_blanks(made, base)

    def _check_width(self, made: dict[str, Any], rows: list[tuple[Row, list[Row]]]) -> None:
        for item, (row, _below) in zip(made["rows"], rows, strict=True):
            if len(item["value"]) > len(made["columns"]):
                self._fault(row, "part", _("A row has more cells than there are columns."))

    def _groups(self, shape: Shape, below: Sequence[Row]) -> dict[str, list[tuple[Row, list[Row]]]]:
        """The rows below a block by part, each with the rows below itself."""
        groups: dict[str, list[tuple[Row, list[Row]]]] = {}
        last: tuple[Row, list[Row]] | None = None
        for row in below:
            if row["part"] in shape.parts:
                last = (row, [])
                groups.setdefault(row["part"], []).append(last)
            elif last is not None and row["part"] in self._inner(shape, last[0]["part"]):
                last[1].append(row)
            else:
                self._fault(row, "part", _("The block above has no such part."))
        return groups

    @staticmethod
    def _inner(shape: Shape, name: str) -> dict[str, Any]:
        block = shape.parts[name]
        if isinstance(block, blocks.ListBlock) and not is_cells(shape.block, block):
            return shape_of(block.child_block).parts
        return {}

    def _items(
        self, shape: Shape, name: str, groups: list[tuple[Row, list[Row]]], base: Any, row: Row
    ) -> list[dict[str, Any]]:
        block = shape.parts[name]
        old = {item["id"]: item["value"] for item in base or ()}
        items = []
        if is_cells(shape.block, block):
            items = self._cells(shape, name, groups, base)
        else:
            below = shape_of(block.child_block)
            for first, rest in groups:
                key = self._new_id(first["id"])
                value = self._shaped(below, first, rest, old.get(first["id"]))
                items.append({"type": ITEM, "id": key, "value": value})
        least, most = block.meta.min_num or 0, block.meta.max_num
        if len(items) < least:
            message = _("“%(part)s” is missing.")
            self._fault(row, "block", message % {"part": dict(shape.labels())[name]})
        if most is not None and len(items) > most:
            message = _("At most %(most)s of “%(part)s”.")
            told = {"most": most, "part": dict(shape.labels())[name]}
            self._fault(groups[-1][0], "part", message % told)
        return items

    def _cells(
        self, shape: Shape, name: str, groups: list[tuple[Row, list[Row]]], base: Any
    ) -> list[dict[str, Any]]:
        block = shape.parts[name]
        if not isinstance(block.child_block, blocks.ListBlock):
            for again, _below in groups[1:]:
                self._fault(again, "part", _("This part stands twice."))
            return self._table_row(groups[0][0], block.child_block, base) if groups else []
        old = {item["id"]: item["value"] for item in base or ()}
        made = []
        for row, _below in groups:
            own = row["id"].split(" ")[0]
            value = self._table_row(row, block.child_block.child_block, old.get(own))
            made.append({"type": ITEM, "id": self._new_id(own), "value": value})
        return made

    def _table_row(self, row: Row, block: Any, base: Any) -> list[dict[str, Any]]:
        """The cells of one row of a table, from its three joined texts."""
        old = {item["id"]: item["value"] for item in base or ()}
        ids = row["id"].split(" ")[1:]
        texts = {code: cells.split(row[code]) for code in CODES}
        width = max(map(len, texts.values())) or len(ids)
        made = []
        for number in range(min(width, 100)):
            own = ids[number] if number < len(ids) else ""
            value = dict(old.get(own) or {})
            for code in CODES:
                cell = texts[code][number] if number < len(texts[code]) else ""
                if cell != self._writer.text(block, value.get(code)):
                    value[code] = self._text(row, code, block.child_blocks[code], cell)
            made.append({"type": ITEM, "id": self._new_id(own), "value": value})
        return made

    def _new_id(self, cell: str) -> str:
        own = cell if _ID.fullmatch(cell) and cell not in self._taken else str(uuid.uuid4())
        self._taken.add(own)
        return own


def _without_new_blanks(made: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """What is blank and was not stored is not stored."""
    return {key: value for key, value in made.items() if key in old or value not in (None, {}, [])}


def _said(row: Cells) -> Cells:
    """What a row says, without ids and places."""
    return {key: row[key] for key in ("block", "part", "value", *CODES) if row.get(key)}
