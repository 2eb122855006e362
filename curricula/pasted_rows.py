"""Rows pasted from a spreadsheet: cells with tabs between them."""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from core.translated import normalise_input

from .models import MAX_HOURS

MOST_CHARACTERS = 200_000
MOST_ROWS = 150
_HOURS = ("hours_theory", "hours_practice", "hours_test")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d)?")


class PasteError(ValueError):
    """What was pasted cannot be taken; `messages` says why."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = list(messages)


def read_rows(text: str) -> list[list[str]]:
    """The cells of what a spreadsheet puts on the clipboard as text. Raises PasteError."""
    if len(text) > MOST_CHARACTERS:
        raise PasteError([_("This is too long. Paste fewer rows.")])
    text = normalise_input(text).replace("\x00", "")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=False))
    except csv.Error as error:
        raise PasteError([_("These rows cannot be read. Copy them again.")]) from error
    return [[cell.strip() for cell in row] for row in rows]


def read_children(text: str, with_codes: bool) -> list[dict[str, str]]:
    """Units (name, hours) or modules (code, name, credits, hours) as the table holds them.

    A column with the totals may stand before the three kinds of hours; they have to agree. A
    first row of headings is passed over. Raises PasteError, and then nothing is taken.
    """
    rows = [row for row in read_rows(text) if any(row)]
    if rows and not any(_NUMBER.fullmatch(cell) for cell in rows[0]):
        rows = rows[1:]
    if not rows:
        raise PasteError([_("Paste some rows first.")])
    if len(rows) > MOST_ROWS:
        raise PasteError([_("The table holds %(n)s rows at most.") % {"n": MOST_ROWS}])
    found, errors = [], []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(_module(row) if with_codes else _unit(row))
        except PasteError as error:
            told = {"n": number, "message": error.messages[0]}
            errors.append(_("Row %(n)s: %(message)s") % told)
    if errors:
        raise PasteError(errors)
    return found


def _unit(row: list[str]) -> dict[str, str]:
    name, *numbers = row
    return {"name": _short(name, 200), **_hours(numbers)}


def _module(row: list[str]) -> dict[str, str]:
    code, name, credit, *numbers = [*row, "", "", ""][: max(3, len(row))]
    if credit and not _NUMBER.fullmatch(credit):
        raise PasteError([_("“%(text)s” is no number of credits.") % {"text": credit[:40]}])
    return {
        "code": _short(code, 20),
        "name": _short(name, 200),
        "credits": credit.replace(",", "."),
        **_hours(numbers),
    }


def _short(text: str, length: int) -> str:
    if not text:
        raise PasteError([_("the name or the code is missing.")])
    if len(text) > length:
        raise PasteError([_("“%(text)s …” is too long.") % {"text": text[:40]}])
    return " ".join(text.split())


def _hours(cells: list[str]) -> dict[str, str]:
    while cells and not cells[-1] and len(cells) > 3:
        cells = cells[:-1]
    numbers = [_number(cell) for cell in cells]
    if len(numbers) == 4:
        total, *numbers = numbers
        if total != sum(numbers):
            message = _("the total is %(total)s, but the hours add up to %(sum)s.")
            raise PasteError([message % {"total": total, "sum": sum(numbers)}])
    if len(numbers) > 4:
        raise PasteError([_("there are more columns than theory, practice and tests.")])
    return {name: str(number) for name, number in zip(_HOURS, numbers, strict=False)}


def _number(cell: str) -> int:
    if cell in ("", "-", "–"):
        return 0
    value = Decimal(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None
    if value is None or value != int(value) or value > MAX_HOURS:
        raise PasteError([_("“%(text)s” is no number of hours.") % {"text": cell[:40]}])
    return int(value)
