"""Export the glossary, or a part of it, as CSV, XLSX or TBX."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.languages import CODES
from glossary.exchange.errors import ExchangeError
from glossary.exchange.exporting import Selection, export_to
from glossary.exchange.formats import Format
from trades.models import Trade


class Command(BaseCommand):
    help = "Export the live concepts of the glossary. The file appears when it is complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--format",
            choices=[form.value for form in Format],
            help="by default what the file's name says; .tbx is TBX v3, tbx2 is v2 (martif)",
        )
        parser.add_argument("--trade", default="", help="only concepts of this trade (slug)")
        parser.add_argument("--language", default="", choices=CODES, help="only terms of this one")
        parser.add_argument("--reviewed", action="store_true", help="only reviewed terms")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        name = options["format"] or path.suffix.lstrip(".").lower()
        if name not in {form.value for form in Format}:
            raise CommandError("Name the file .csv, .xlsx or .tbx, or give --format.")
        trade = options["trade"]
        if trade and not Trade.objects.filter(slug=trade).exists():
            known = ", ".join(Trade.objects.values_list("slug", flat=True))
            raise CommandError(f"There is no trade “{trade}”. Known ones: {known}.")
        selection = Selection(trade, options["language"], options["reviewed"])
        terminal = self.stdout.isatty()

        def progress(count: int) -> None:
            if terminal:
                self.stdout.write(f"\rExported {count} concepts", ending="")

        try:
            left_out = export_to(selection, path, Format(name), progress)
        except (ExchangeError, OSError) as error:
            raise CommandError(str(error)) from error
        if terminal:
            self.stdout.write("")
        for what, count in left_out.items():
            self.stdout.write(f"Left out, as this format has no place for them: {count} {what}")
        self.stdout.write(f"Exported {selection.concepts.count()} concepts to {path}")
