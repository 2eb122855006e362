"""Compile the message catalogues in Python: a fresh machine has no msgfmt."""

import os
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile every .po file below locale/ whose .mo is missing or older."
    # No database, no start-up checks: this runs before anything else.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for source in sorted(Path(settings.BASE_DIR / "locale").rglob("*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            # Whole or not at all: another process may read it at this moment.
            unfinished = target.with_suffix(f".mo.{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
            self.stdout.write(f"Compiled {source.relative_to(settings.BASE_DIR)}")
