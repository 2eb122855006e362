"""Load the content that ships with the project; running it again adds nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.demo import load_demo


class Command(BaseCommand):
    help = "Load trades, frameworks, glossary, courses and pages that ship with the project."

    def handle(self, *args: Any, **options: Any) -> None:
        load_demo(progress=self.stdout.write)
