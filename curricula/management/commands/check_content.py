"""Check the curricula that ship with the project; needs no database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.content_files import ContentError
from curricula.content_files import read_curricula, walk


class Command(BaseCommand):
    help = "Read the shipped curricula and name every fault with its file and line."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            curricula = read_curricula()
        except ContentError as error:
            raise CommandError(f"\n{error}") from error
        for curriculum in curricula:
            modules = curriculum.parts
            units = sum(len(module.parts) for module in modules)
            self.stdout.write(f"{curriculum.slug}: {len(modules)} modules, {units} units")
        self.stdout.write(f"{sum(1 for c in curricula for _ in walk(c))} pages")
