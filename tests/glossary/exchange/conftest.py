"""Helpers of the exchange's tests: a plan of a text, an import of it, an export of everything."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glossary.exchange.applying import Result, apply_plan
from glossary.exchange.exporting import Selection, export_to
from glossary.exchange.formats import Format, sniff
from glossary.exchange.plan_file import PlanFile, Planned
from glossary.exchange.planning import make_plan
from tests.factories import TradeFactory


@pytest.fixture
def welder(db: None) -> Any:
    return TradeFactory()


@pytest.fixture
def plan(tmp_path: Path, welder: Any) -> Callable[..., PlanFile]:
    """plan("a,b\\r\\n…", keep_review=False) or plan(path): what an import would do."""

    def make(source: str | bytes | Path, name: str = "file.csv", **options: Any) -> PlanFile:
        if not isinstance(source, Path):
            path = tmp_path / name
            path.write_bytes(source.encode() if isinstance(source, str) else source)
            source = path
        return make_plan(source, sniff(source), tmp_path / "plan.sqlite3", **options)

    return make


@pytest.fixture
def take(plan: Callable[..., PlanFile]) -> Callable[..., Result]:
    """As `plan`, and applied."""
    return lambda *args, **options: apply_plan(plan(*args, **options))


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """save(Format.CSV): the glossary in a file."""

    def write(form: Format, name: str = "export", selection: Selection | None = None) -> Path:
        path = tmp_path / f"{name}-{form}{form.extension}"
        export_to(selection or Selection(), path, form)
        return path

    return write


def entries(plan: PlanFile) -> list[Planned]:
    return [item for batch in plan.batches() for item in batch]


def only(plan: PlanFile) -> Planned:
    (item,) = entries(plan)
    return item


def table(rows: list[dict[str, str]]) -> str:
    """Rows as CSV; the columns are those of the first row."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def edit(path: Path, change: Callable[[dict[str, str]], Any]) -> str:
    """The rows of an exported CSV file, each changed in place by `change`."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    for row in rows:
        change(row)
    return table(rows)
