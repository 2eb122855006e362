"""The uploaded file with its errors marked, for the person who mends it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from .csv_files import csv_chunks, read_csv_rows
from .errors import Problem
from .formats import Format
from .plan_file import PlanFile
from .tables import PROBLEM_COLUMN
from .xlsx_files import read_xlsx_rows, write_xlsx


def write_marked(source: Path, form: Format, plan: PlanFile, target: IO[bytes]) -> str:
    """Write the marked file; return the end of its name.

    A table comes back with a column “problem” as its first; of a TBX file there is a CSV report
    of lines and problems, as tools refuse a TBX file with strange elements in it.
    """
    if form == Format.XLSX:
        rows = _marked(read_xlsx_rows(source), plan)
        write_xlsx(rows, target, next(rows))
        return ".xlsx"
    if form == Format.CSV:
        rows = _marked(read_csv_rows(source), plan)
        header = next(rows)
    else:
        header = ["line", "concept", PROBLEM_COLUMN]
        rows = ([str(line), title, message] for line, title, message in plan.problems())
    for chunk in csv_chunks(rows, header):
        target.write(chunk)
    return ".csv"


def _marked(
    rows: Iterator[tuple[int, list[str], list[Problem]]], plan: PlanFile
) -> Iterator[Sequence[str]]:
    problems = plan.problems()
    row, _title, message = next(problems, (0, "", ""))
    _number, header, _problems = next(rows)
    old = [name.strip().lower() for name in header]
    # A file that was marked before gets its column anew.
    skip = old.index(PROBLEM_COLUMN) if PROBLEM_COLUMN in old else None

    def cells(values: list[str]) -> list[str]:
        return [value for number, value in enumerate(values) if number != skip]

    yield [PROBLEM_COLUMN, *cells(header)]
    for number, values, _problems in rows:
        here = message if number == row else ""
        if here:
            row, _title, message = next(problems, (0, "", ""))
        yield [here, *cells(values)]
