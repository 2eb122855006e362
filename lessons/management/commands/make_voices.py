"""Give Vietnamese texts of lessons a synthetic voice; running it again makes nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lessons.voice import VOICES, VoiceMissing, make_voices


class Command(BaseCommand):
    help = "Record Vietnamese texts of lessons and their terms with espeak-ng, where none is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--voice", choices=VOICES, default=VOICES[0], help="Which accent.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_voices(options["voice"])
        except VoiceMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Voices: {made.recordings} recordings made, put into {made.lessons} lessons and "
            f"{made.terms} terms; {made.locked} left, being locked"
        )
