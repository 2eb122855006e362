"""What can be wrong with a file, and with one place in it."""

from dataclasses import dataclass


class ExchangeError(Exception):
    """The file as a whole cannot be read or written; the message says what to do next."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place: `row` counts table rows from 1 (the header) or is the line of a
    TBX file; `column` is a column of docs/exchange.md, '' where it concerns the whole row."""

    row: int
    column: str
    message: str
