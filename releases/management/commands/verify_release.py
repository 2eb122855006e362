"""Check that a transfer package is whole, unchanged and signed by a key this site knows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from releases.package.errors import PackageError
from releases.terminal import description, key_argument, verified


class Command(BaseCommand):
    help = "Check signature, hashes and document of a transfer package. Nothing is changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--key", help="The source's public key: a .pub file of minisign, or its line."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys = [key_argument(options["key"])] if options["key"] else []
            with verified(options["file"], keys, self.stdout) as package:
                self.stdout.write("\n".join(description(package)))
        except PackageError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The package is genuine and whole.")
