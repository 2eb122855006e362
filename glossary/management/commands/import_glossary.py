"""Import a CSV, XLSX or TBX file into the glossary."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from glossary.exchange.applying import apply_plan
from glossary.exchange.errors import ExchangeError
from glossary.exchange.formats import sniff
from glossary.exchange.plan_file import PlanFile, State
from glossary.exchange.planning import make_plan

# Problems shown on the terminal; the admin shows all of them.
SHOWN = 50
STAGES = {"read": "Read", "compare": "Compared", "apply": "Imported"}


class Command(BaseCommand):
    help = (
        "Import a CSV, XLSX or TBX file into the glossary, in one transaction. Exit code 0: all "
        "of it is in; 1: the file cannot be read and nothing was done; 2: refused entries and "
        "conflicts were left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="only show what the import would do"
        )
        parser.add_argument(
            "--keep-review",
            action="store_true",
            help="trust the file: take over its reviews instead of marking terms unreviewed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        self._terminal = self.stdout.isatty()
        try:
            with TemporaryDirectory(prefix="mittaphap-import-") as folder:
                plan = make_plan(
                    path,
                    sniff(path),
                    Path(folder) / "plan.sqlite3",
                    keep_review=options["keep_review"],
                    progress=self._progress,
                )
                try:
                    self._run(plan, options["dry_run"])
                finally:
                    plan.close()
        except ExchangeError as error:
            raise CommandError(str(error)) from error

    def _run(self, plan: PlanFile, dry_run: bool) -> None:
        for note in plan.fact("notes", []):
            self.stdout.write(note)
        if not dry_run:
            apply_plan(plan, progress=self._progress)
        counts = plan.counts()
        for number, (row, title, message) in enumerate(plan.problems()):
            if number == SHOWN:
                self.stderr.write("… and more: the admin's import marks every one in the file.")
                break
            self.stderr.write(f"Row {row}, {title}: {message}")
        heading = "Would be imported" if dry_run else "Imported"
        self.stdout.write(f"{heading}: " + ", ".join(f"{n} {state}" for state, n in counts.items()))
        if counts[State.REFUSED] or counts[State.CONFLICT]:
            sys.exit(2)

    def _progress(self, stage: str, done: int, total: int) -> None:
        if self._terminal:
            share = f" of {total}" if total else ""
            self.stdout.write(f"\r{STAGES[stage]} {done}{share} concepts", ending="")
            if done == total:
                self.stdout.write("")
