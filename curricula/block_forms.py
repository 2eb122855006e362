"""How the editor shows the blocks of units: tables as grids, and a box for pasted text."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.blocks.struct_block import StructBlockAdapter

from core.languages import LANGUAGES
from core.translated import LANGUAGE_CHOICES

from .blocks import MAX_COLUMNS, MAX_ROWS, TableBlock, UnitBlocks


class UnitBlocksAdapter(StreamBlockAdapter):
    """Hands the script (paste_text.js) its strings and the address that reads what was pasted."""

    js_constructor = "curricula.blocks.UnitBlocks"

    def js_args(self, block: UnitBlocks) -> list[Any]:
        *args, meta = super().js_args(block)
        meta["paste"] = {
            "url": reverse("curricula_admin:paste_text"),
            "languages": [[code, str(name)] for code, name in LANGUAGE_CHOICES],
            "title": _("Paste a text from Word or a spreadsheet"),
            "language": _("Language of the text"),
            "label": _("Text"),
            "help": _(
                "Copy it there, click into this box and paste. Headings, lists and tables are "
                "kept; look at them below, then add them."
            ),
            "reading": _("Reading …"),
            "preview": _("This will be added at the end:"),
            "add": _("Add to the unit"),
            "done": _("Added. Save the page to keep it."),
            "failed": _("The server did not answer. Paste it again."),
        }
        return [*args, meta]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[versioned_static("curricula/admin/paste_text.js")])


class TableAdapter(StructBlockAdapter):
    """Hands the script (table_grid.js) its strings."""

    js_constructor = "curricula.blocks.TableBlock"

    def js_args(self, block: TableBlock) -> list[Any]:
        *args, meta = super().js_args(block)
        meta["grid"] = {
            "url": reverse("curricula_admin:paste_cells"),
            "mostColumns": MAX_COLUMNS,
            "mostRows": MAX_ROWS,
            "lengths": {"title": 200, "column": 200, "cell": 1000},
            "languages": [
                [code, LANGUAGES[code].tag, str(name)] for code, name in LANGUAGE_CHOICES
            ],
            "words": {
                "title": _("Title"),
                "column": _("Heading of column {column}"),
                "cell": _("Row {row}, column {column}"),
                "addRow": _("Add a row"),
                "addColumn": _("Add a column"),
                "removeRow": _("Remove row {row}"),
                "removeColumn": _("Remove column {column}"),
                "paste": _("Paste cells from a spreadsheet"),
                "help": _(
                    "The first row becomes the headings. An empty table is filled; in a table of "
                    "the same size the cells get this language."
                ),
                "cells": _("Cells"),
                "language": _("Language of the text"),
                "fill": _("Fill the table"),
                "differs": _(
                    "The table has {columns} columns and {rows} rows, what was pasted has "
                    "{pastedColumns} and {pastedRows}. Make them the same, or use an empty table."
                ),
                "failed": _("The server did not answer. Your text is still here: try again."),
            },
        }
        return [*args, meta]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[versioned_static("curricula/admin/table_grid.js")])


register(UnitBlocksAdapter(), UnitBlocks)
register(TableAdapter(), TableBlock)
