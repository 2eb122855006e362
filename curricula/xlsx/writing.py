"""The form as an XLSX file: headings in one language, lists to choose from, problems marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.utility import xl_col_to_name

from .form import (
    MAX_CELL,
    SHEET_NAMES,
    Column,
    FormError,
    Problem,
    Row,
    Sheet,
    Tables,
    columns,
    programme_rows,
)

#: Rows above the data: the keys of the columns (hidden), the headings.
HEAD = 2
#: So far down choices are offered and typed rows look like the others.
_FORMATTED_ROWS = 5000
_CREATED = datetime(2026, 1, 1)
_COLOURS = {"head": "#27406b", "shade": "#eef1f6", "wrong": "#f6c6c0"}
#: What may be done in spite of the protection, which keeps headings and hidden ids.
_ALLOWED: dict[str, bool] = {
    **dict.fromkeys(("format_cells", "format_columns", "format_rows", "insert_rows"), True),
    **dict.fromkeys(("delete_rows", "sort", "autofilter", "objects", "scenarios"), True),
}


def write_form(
    tables: Tables, target: IO[bytes], language: str, problems: Sequence[Problem] = ()
) -> None:
    """Write the form with headings in `language`, the cells of `problems` coloured and explained.

    Raises FormError where a text is longer than a cell may be.
    """
    with override(language):
        book = _Book(target, problems)
        try:
            book.write(tables)
        finally:
            book.workbook.close()


class _Book:
    def __init__(self, target: IO[bytes], problems: Sequence[Problem]) -> None:
        options: dict[str, Any] = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "in_memory": False,
        }
        self.workbook = xlsxwriter.Workbook(target, options)
        self.workbook.set_properties({"title": "Mittaphap", "created": _CREATED})
        wrap = {"text_wrap": True, "valign": "top", "locked": False}
        add = self.workbook.add_format
        self.formats = {
            "cell": add(wrap),
            "number": add({"valign": "top", "locked": False}),
            "wrong": add({**wrap, "bg_color": _COLOURS["wrong"]}),
            "total": add({"valign": "top", "locked": False, "bg_color": _COLOURS["shade"]}),
            "label": add({"text_wrap": True, "valign": "top", "bg_color": _COLOURS["shade"]}),
            "head": add(
                {
                    **{"bold": True, "text_wrap": True, "valign": "vcenter"},
                    **{"font_color": "#ffffff", "bg_color": _COLOURS["head"], "border": 1},
                }
            ),
            "title": add({"bold": True, "font_size": 16}),
            "line": add({"text_wrap": True, "valign": "top"}),
        }
        self.problems: dict[tuple[str, int, str], list[str]] = {}
        for problem in problems:
            place = (problem.sheet, problem.row, problem.column)
            self.problems.setdefault(place, []).append(problem.message)
        self.lists: dict[tuple[str, ...], str] = {}
        self.programme = {name: choices for name, _label, choices, _is_text in programme_rows()}

    def write(self, tables: Tables) -> None:
        self._instructions()
        sheets = {sheet: self.workbook.add_worksheet(str(SHEET_NAMES[sheet])) for sheet in Sheet}
        self.choices = self.workbook.add_worksheet("lists")
        for sheet, worksheet in sheets.items():
            self._sheet(sheet, worksheet, tables[sheet])
        sheets[Sheet.STATE].very_hidden()
        self.choices.very_hidden()

    def _instructions(self) -> None:
        sheet = self.workbook.add_worksheet(_("Instructions"))
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, _("Form of a training programme"), self.formats["title"])
        lines = [
            _(
                "Write in the white cells. Each text has a column for each language; leave empty "
                "what is not translated yet."
            ),
            _("Modules and Units: one row each, in the order of the programme."),
            _(
                "The mark joins the sheets: what belongs to a module or unit names its mark. "
                "A new module without a mark is called by its code."
            ),
            _(
                "Texts: one row for each line of a list, one for each passage of text. A row "
                "without a mark belongs to the programme itself."
            ),
            _(
                "Every line of a passage is a paragraph; lines that begin with “- ” or “1. ” are "
                "lists. What has more formatting stands there as HTML."
            ),
            _(
                "Teaching content: a row that names a block begins it; the rows below, which name "
                "a part, belong to it. A row of a table stands in one cell, with | between its "
                "cells."
            ),
            _("Pictures and files: upload them to the centre first, then write their name."),
            _("Dates are written 2026-11-22 or 22/11/2026. Formulas are not read."),
            _(
                "Hidden columns tell what is on the site already: leave them as they are. A module "
                "or unit whose row is deleted stays on the site; other rows may be deleted."
            ),
            _("Nothing changes before you have seen what the import will do and confirmed it."),
        ]
        for number, line in enumerate(lines, start=2):
            sheet.write_string(number, 0, line, self.formats["line"])
        sheet.protect()

    def _sheet(self, sheet: Sheet, worksheet: Any, rows: Sequence[Row]) -> None:
        shown = columns(sheet)
        place = {column.key: number for number, column in enumerate(shown)}
        for number, column in enumerate(shown):
            options: dict[str, Any] = {"hidden": True} if column.is_hidden else {}
            if column.is_further:
                options = {"level": 1, "hidden": True}
            worksheet.set_column(number, number, column.width, self.formats["cell"], options)
            # The first key also says which sheet it is, whatever its name.
            key = f"{column.key}:{sheet}" if not number else column.key
            worksheet.write_string(0, number, key)
            worksheet.write_string(1, number, capfirst(str(column.label)), self.formats["head"])
        worksheet.set_row(0, None, None, {"hidden": True})
        worksheet.set_row(1, 48)
        worksheet.freeze_panes(HEAD, place.get("name_lo", place.get("lo", 1)))
        for index, row in enumerate(rows):
            # A marked file keeps the numbers that messages name.
            self._row(sheet, worksheet, row.number - 1 if row.number else index + HEAD, row, shown)
        self._mark(sheet, worksheet, rows, place)
        if sheet == Sheet.PROGRAMME:
            self._programme_choices(worksheet, rows, place["value"])
        else:
            for column in shown:
                if column.choices and not column.is_open:
                    self._offer(worksheet, HEAD, _FORMATTED_ROWS, place[column.key], column.choices)
        worksheet.protect("", _ALLOWED)

    def _row(
        self, sheet: Sheet, worksheet: Any, number: int, row: Row, shown: Sequence[Column]
    ) -> None:
        for place, column in enumerate(shown):
            if column.key == "total":
                self._total(worksheet, number, place, shown, row)
                continue
            text = row[column.key]
            first_visible = place == 1 and (sheet, number + 1, "") in self.problems
            is_wrong = first_visible or (sheet, number + 1, column.key) in self.problems
            if not text:
                if is_wrong:
                    worksheet.write_blank(number, place, None, self.formats["wrong"])
                continue
            if len(text) > MAX_CELL:
                message = _("A text is too long for a spreadsheet (%(sheet)s): “%(text)s …”")
                told = {"sheet": SHEET_NAMES[sheet], "text": text[:60]}
                raise FormError(message % told)
            label = column.choices.get(text, text) if column.choices else text
            if sheet == Sheet.PROGRAMME and column.key == "value":
                label = (self.programme.get(row["id"]) or {}).get(text, text)
            name = "wrong" if is_wrong else "label" if column.key == "label" else "cell"
            if column.is_number and _is_number(text):
                name = "number" if name == "cell" else name
                worksheet.write_number(number, place, float(text), self.formats[name])
            else:
                worksheet.write_string(number, place, str(label), self.formats[name])

    def _total(
        self, worksheet: Any, number: int, place: int, shown: Sequence[Column], row: Row
    ) -> None:
        """The one live formula: nobody adds up by hand, and it is never read back."""
        hours = [n for n, column in enumerate(shown) if column.key.startswith("hours_")][:3]
        first, last = xl_col_to_name(hours[0]), xl_col_to_name(hours[-1])
        known = [row[shown[n].key] for n in hours]
        value = sum(float(text) for text in known if _is_number(text))
        formula = f"=SUM({first}{number + 1}:{last}{number + 1})"
        worksheet.write_formula(number, place, formula, self.formats["total"], value)

    def _mark(
        self, sheet: Sheet, worksheet: Any, rows: Sequence[Row], place: dict[str, int]
    ) -> None:
        """Explain the problems of a sheet beside its cells."""
        visible = min(number for number in place.values() if number)
        own = [(key, told) for key, told in self.problems.items() if key[0] == sheet]
        for (_sheet, number, column), messages in own:
            at = place.get(column) or visible
            note = "\n".join(messages)[:1000]
            worksheet.write_comment(max(number, HEAD) - 1, at, note, {"x_scale": 2.5})
        if own:
            worksheet.set_tab_color("#c0392b")

    # --- Choices -------------------------------------------------------------------------------

    def _programme_choices(self, worksheet: Any, rows: Sequence[Row], place: int) -> None:
        for index, row in enumerate(rows):
            number = row.number - 1 if row.number else index + HEAD
            if choices := self.programme.get(row["id"]):
                self._offer(worksheet, number, number, place, choices)

    def _offer(self, worksheet: Any, first: int, last: int, place: int, choices: Any) -> None:
        """Offer words to choose from, which stand on a hidden sheet."""
        labels = tuple(dict.fromkeys(str(label) for label in choices.values()))
        if not labels:
            return
        if labels not in self.lists:
            at = len(self.lists)
            for number, label in enumerate(labels):
                self.choices.write_string(number, at, label)
            name = xl_col_to_name(at)
            self.lists[labels] = f"=lists!${name}$1:${name}${len(labels)}"
        worksheet.data_validation(
            first, place, last, place, {"validate": "list", "source": self.lists[labels]}
        )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal() and text.isascii()
