from typing import Any

from django.core.management.base import BaseCommand

from curricula.catalogue import rebuild_catalogue


class Command(BaseCommand):
    """Make the catalogue of curricula anew from the pages; for after a restored backup."""

    help = "Rebuild the catalogue of curricula."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild_catalogue():,} curricula in the catalogue.")
