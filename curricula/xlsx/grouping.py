"""The rows of blocks, put together by the page and the stream that they belong to."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .form import Row, Sheet, Tables


@dataclass
class BlockRows:
    """The rows of one block."""

    sheet: Sheet
    rows: list[Row]


class RowsOfBlocks:
    """The rows of blocks, by the mark of their page and the stream they belong to."""

    def __init__(self, tables: Tables, fault: Any) -> None:
        self._found: dict[tuple[str, str], list[BlockRows]] = defaultdict(list)
        for sheet in (Sheet.TEXTS, Sheet.SUPPLIES):
            for row in tables[sheet]:
                self._add(row["belongs"], row["section"], sheet, row)
        for row in tables[Sheet.LEGAL]:
            self._add("", "legal_basis", Sheet.LEGAL, row)
        last: BlockRows | None = None
        for row in tables[Sheet.CONTENT]:
            if row["block"]:
                last = self._add(row["unit"], "body", Sheet.CONTENT, row)
            elif last is None or row["unit"] not in ("", last.rows[0]["unit"]):
                fault(Sheet.CONTENT, row, "block", _("The kind of block is missing."))
            else:
                last.rows.append(row)

    def _add(self, mark: str, name: str, sheet: Sheet, row: Row) -> BlockRows:
        made = BlockRows(sheet, [row])
        self._found[mark, name].append(made)
        return made

    def of(self, mark: str, name: str) -> list[BlockRows]:
        return self._found.get((mark, name), [])

    def places(self) -> Iterator[tuple[Sheet, Row, str, str]]:
        """(sheet, row, mark, stream) of every block."""
        for (mark, name), blocks in self._found.items():
            for block in blocks:
                yield block.sheet, block.rows[0], mark, name
