"""Fetch a release of another site: only what is new here, going on where it stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.languages import pick
from releases import store
from releases.fetching import UnacceptedKey, fetch
from releases.package.canonical import parse_document
from releases.package.errors import PackageError
from releases.terminal import progress_bar


class Command(BaseCommand):
    help = (
        "Fetch a release of another Mittaphap site: only what is new here, going on where it "
        "stopped. Take it into a centre afterwards, in the admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help="The release's page, its API address, or its package.")
        parser.add_argument(
            "--accept-key", default="", metavar="ID", help="Believe this key from now on."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        progress = progress_bar(self.stdout, "Fetching")
        try:
            release = fetch(options["url"], options["accept_key"], progress)
        except UnacceptedKey as error:
            lines = [str(error)]
            if error.key is not None:
                lines += [error.key.base64, f"To accept it: --accept-key {error.key_id}"]
            raise CommandError("\n".join(lines)) from error
        except PackageError as error:
            raise CommandError(str(error)) from error
        document = parse_document(store.read(release.document))
        name = pick(document["curriculum"]["texts"].get("name") or {}, "en")
        self.stdout.write(f"Here and verified: {name}, version {release.version}")
