"""Build a release from the command line, go on with those cut off, or mend what was lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.languages import CODES
from curricula.models import CurriculumPage
from releases.building import (
    BusyError,
    ChangedFileError,
    build,
    create_release,
    languages_of,
    rebuild,
)
from releases.document import SnapshotError
from releases.models import Release
from releases.store import MissingFileError


class Command(BaseCommand):
    help = "Build the next release of a curriculum, or go on with what was cut off (--resume)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("curriculum", nargs="?", help="Its public id or its slug.")
        parser.add_argument(
            "--languages", nargs="+", choices=CODES, help="By default those that are ready."
        )
        parser.add_argument("--notes", default="", help="What changed, in its source language.")
        parser.add_argument("--resume", action="store_true", help="Go on with unfinished releases.")
        parser.add_argument(
            "--repair", action="store_true", help="Make lost files of published releases again."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            self._repair()
            return
        if options["resume"]:
            releases = list(Release.objects.unfinished())
        elif options["curriculum"]:
            releases = [self._new_release(options)]
        else:
            raise CommandError("Name a curriculum, or say --resume or --repair.")
        for release in releases:
            self._build(release)

    def _new_release(self, options: dict[str, Any]) -> Release:
        curriculum = _find(options["curriculum"])
        languages = options["languages"] or languages_of(curriculum)
        notes = {curriculum.source_language: options["notes"]}
        try:
            return create_release(curriculum, languages, notes=notes)
        except SnapshotError as error:
            raise CommandError(str(error)) from error

    def _repair(self) -> None:
        failed = 0
        for release in Release.objects.published().prefetch_related("files"):
            lost = [file.name for file in release.files.all() if not file.is_there]
            if not lost:
                continue
            try:
                rebuild(release)
            except (BusyError, ChangedFileError, MissingFileError, OSError):
                failed += 1
                release.refresh_from_db()
                self.stderr.write(f"{release}: {release.error or 'it is being built'}")
            else:
                self.stdout.write(f"{release}: made again: {', '.join(lost)}")
        if failed:
            raise CommandError(f"{failed} releases still lack files.")

    def _build(self, release: Release) -> None:
        try:
            release = build(release)
        except BusyError as error:
            raise CommandError(f"{release} is being built by another process.") from error
        if not release.is_published:
            raise CommandError(f"{release}: {release.error}")
        self.stdout.write(f"{release} is published: {release.files.count()} files")


def _find(name: str) -> CurriculumPage:
    """The curriculum of this public id, or the only one with this slug."""
    found = CurriculumPage.objects.filter(public_id=name).first()
    if found is not None:
        return found
    with_slug = list(CurriculumPage.objects.filter(slug=name)[:2])
    if len(with_slug) == 1:
        return with_slug[0]
    if with_slug:
        raise CommandError(f"Several curricula have the slug {name}: name one by its public id.")
    raise CommandError(f"There is no curriculum {name}.")
