import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from core.search import rebuild_all
from core.search.registry import KINDS
from core.search.schema import ensure_search_index


class Command(BaseCommand):
    """Make the search table anew; the site goes on searching meanwhile."""

    help = "Rebuild the search table, of all kinds or of those named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", help=f"Among {', '.join(sorted(KINDS))}.")

    def handle(self, *args: Any, **options: Any) -> None:
        ensure_search_index(connection)
        unknown = sorted(set(options["kinds"]) - set(KINDS))
        if unknown:
            self.stderr.write(f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(KINDS))}.")
            raise SystemExit(2)
        start = time.monotonic()
        rows = rebuild_all(self._show, options["kinds"] or None)
        seconds = time.monotonic() - start
        self.stdout.write(f"{rows:,} search entries in {seconds:.1f} s.")

    def _show(self, kind: str, done: int, total: int) -> None:
        if self.stdout.isatty() or done == total:
            ending = "\n" if done == total else "\r"
            self.stdout.write(f"{kind}: {done:,} of {total:,}", ending=ending)
