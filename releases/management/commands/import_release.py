"""Take a transfer package into a centre, as draft pages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from centres.models import CentrePage
from releases import store
from releases.importing import import_document, preview, receive, unpacked
from releases.package.errors import PackageError
from releases.package.reading import Package
from releases.terminal import description, key_argument, verified
from releases.trust import accept_key


class Command(BaseCommand):
    help = "Make draft pages of a transfer package below a centre: all of them or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--centre", required=True, help="The centre's slug.")
        parser.add_argument("--dry-run", action="store_true", help="Only show what would be made.")
        parser.add_argument(
            "--key",
            help="The source's public key (a .pub file of minisign, or its line), which is then "
            "believed from now on.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        centre = CentrePage.objects.filter(slug=options["centre"]).first()
        if centre is None:
            raise CommandError(f"There is no centre {options['centre']}.")
        try:
            key = key_argument(options["key"]) if options["key"] else None
            with verified(options["file"], [key] if key else [], self.stdout) as package:
                self._show(package)
                if options["dry_run"]:
                    with unpacked(package):
                        self.stdout.write("Nothing was made (--dry-run).")
                    return
                receive(package)
                if key == package.signed.key:
                    accept_key(key, str(options["file"]))
                curriculum = import_document(package.document, store.path_of, centre)
        except PackageError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Made as drafts below {centre.slug}: {curriculum.slug}")

    def _show(self, package: Package) -> None:
        found = preview(package.document)
        self.stdout.write("\n".join(description(package)))
        self.stdout.write(f"{found.modules} modules, {found.units} units, {found.files} files")
        for line in found.unknown:
            self.stdout.write(f"Unknown here, left out: {line}")
        if found.refusal:
            raise CommandError(found.refusal)
