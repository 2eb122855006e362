"""A synthetic Vietnamese voice for what a site has no recording of, made by espeak-ng.

It is a stopgap until people have spoken: every recording says that it is synthetic, and one that
a person made is never replaced. espeak-ng speaks no Lao.
"""

import hashlib
import io
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django_tasks import task
from wagtail.models import Collection

from glossary.models import Concept, Term
from glossary.recordings import RecordingConflict, attach_recording
from media.encoding import encode
from media.models import Recording
from media.sound import SoundError, long_limits

from .bodies import keys_of
from .models import CoursePage, LessonPage
from .spots import Spot, spots

PROGRAM = "espeak-ng"
LANGUAGE = "vi"
#: The accents of the north, the centre and the south.
VOICES = ("vi", "vi-vn-x-central", "vi-vn-x-south")
# The speakers of a dialogue in turn; espeak-ng's names of its variants.
SPEAKERS = ("", "+f2", "+m3", "+f4")
WORDS_A_MINUTE = 140  # espeak-ng's own pace is 175, too quick for a beginner.
MOST_SECONDS = 30  # Of work for one text; a long sentence takes 20 ms.
COLLECTION = "Synthetic voices"
MISSING = (
    "No sample voice for Vietnamese: espeak-ng is not installed. "
    "Install it and run: manage.py make_voices"
)
_OWN_FILE = re.compile(r"media/(espeak-[\w-]+-([0-9a-f]{20}))")


class VoiceMissing(RuntimeError):
    """espeak-ng is not installed; `str()` says what to do."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@dataclass
class Result:
    """What a run did; lessons and terms that somebody has locked were left for later."""

    recordings: int = 0
    lessons: int = 0
    terms: int = 0
    locked: int = 0


def can_speak() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which(PROGRAM) is not None


@task()
def make_voices_in_background() -> None:
    """As `make_voices`, by a worker."""
    make_voices()


def start_voices(progress: Callable[[str], Any]) -> None:
    """Have the voices made in the background, where that is possible; say which."""
    if not can_speak():
        progress(MISSING)
        return
    make_voices_in_background.enqueue()
    progress("Sample voice for Vietnamese: made in the background by the task worker")


def make_voices(voice: str = VOICES[0]) -> Result:
    """Record what has no recording: the lessons that teach Vietnamese, and terms in any lesson.

    Running it again makes nothing twice. Raises VoiceMissing.
    """
    if not can_speak():
        raise VoiceMissing
    studio = _Studio(voice)
    for course in CoursePage.objects.live().filter(teaches=LANGUAGE).order_by("path"):
        for lesson in LessonPage.objects.descendant_of(course).order_by("path"):
            _voice_lesson(lesson.pk, studio)
    _voice_terms(studio)
    return studio.result


# --- Recordings -----------------------------------------------------------------------------------


def say(text: str, voice: str) -> bytes:
    """A WAV file of what espeak-ng says."""
    with tempfile.TemporaryDirectory() as folder:
        # Into a pipe it would write a header without the length.
        path = Path(folder) / "said.wav"
        subprocess.run(  # noqa: S603
            [
                *(PROGRAM, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1"),
                *("--stdin", "-w", str(path)),
            ],
            input=text.encode(),
            capture_output=True,
            check=True,
            timeout=MOST_SECONDS,
        )
        return path.read_bytes()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


class _Studio:
    """Makes recordings, knowing those made before by the name of their file."""

    def __init__(self, voice: str) -> None:
        self.voice = voice
        self.result = Result()
        self.known: dict[str, int] = {}
        #: Key of a recording of ours → what text it says, as a digest.
        self.said: dict[int, str] = {}
        made = Recording.objects.filter(is_synthetic=True, file__startswith="media/espeak-")
        for pk, name in made.values_list("pk", "file"):
            if match := _OWN_FILE.match(name):
                self.known[match[1]] = pk
                self.said[pk] = match[2]

    def wants(self, spot: Spot) -> bool:
        """Whether a place lacks a recording, or has ours of a text that was changed since."""
        key = spot.value.get("recording")
        return key is None or self.said.get(key, _digest(spot.text)) != _digest(spot.text)

    def record(self, text: str, speaker: int = 0) -> int | None:
        """The key of a recording of `text`, made where there is none; None where it is silent."""
        name = f"{self.voice}{SPEAKERS[speaker % len(SPEAKERS)]}"
        stem = f"espeak-{name.replace('+', '-')}-{_digest(text)}"
        if stem not in self.known:
            try:
                sound = encode(io.BytesIO(say(text, name)), long_limits())
            except SoundError:
                # Nothing but punctuation is silence.
                return None
            recording = Recording(
                title=text[:255],
                language=LANGUAGE,
                is_synthetic=True,
                collection=_collection(),
                # The small copy stands for the original: anybody can make that one again.
                file=ContentFile(sound.opus, f"{stem}.ogg"),
            )
            recording.take_copies(sound)
            recording.save()
            self.known[stem] = recording.pk
            self.said[recording.pk] = _digest(text)
            self.result.recordings += 1
        return self.known[stem]


def _collection() -> Collection:
    root = Collection.get_first_root_node()
    return root.get_children().filter(name=COLLECTION).first() or root.add_child(name=COLLECTION)


# --- Lessons --------------------------------------------------------------------------------------


def _voice_lesson(key: int, studio: _Studio) -> None:
    """Give a lesson's latest revision its recordings; a published one is published again.

    A draft stays one: its readers get the voice with it.
    """
    draft = LessonPage.objects.get(pk=key).get_latest_revision_as_object()
    for spot in spots(draft.body, draft.body.get_prep_value()):
        if studio.wants(spot):
            studio.record(spot.text, spot.speaker)
    with transaction.atomic():
        # Somebody may have saved it meanwhile; what they wrote newly waits for the next run.
        lesson = LessonPage.objects.select_for_update().get(pk=key)
        draft = lesson.get_latest_revision_as_object()
        stored = draft.body.get_prep_value()
        wanted = [spot for spot in spots(draft.body, stored) if studio.wants(spot)]
        for spot in wanted:
            spot.value["recording"] = studio.record(spot.text, spot.speaker)
        if not any(spot.value["recording"] for spot in wanted):
            return
        if lesson.get_lock() is not None:
            studio.result.locked += 1
            return
        is_published = lesson.live and not lesson.has_unpublished_changes
        draft.body = json.dumps(stored)
        revision = draft.save_revision(clean=False)
        if is_published:
            revision.publish()
        studio.result.lessons += 1


# --- Terms ----------------------------------------------------------------------------------------


def _voice_terms(studio: _Studio) -> None:
    """Give the preferred terms in live lessons their recordings."""
    used: set[int] = set()
    for lesson in LessonPage.objects.live():
        used |= keys_of(lesson.body)[Concept]
    terms = Term.objects.filter(
        concept__in=Concept.objects.published().filter(pk__in=used),
        language=LANGUAGE,
        status=Term.Status.PREFERRED,
        recording=None,
    )
    for term in terms.order_by("pk"):
        key = studio.record(term.text)
        if key is None:
            continue
        try:
            attach_recording(term, Recording.objects.get(pk=key), user=None)
        except RecordingConflict:
            studio.result.locked += 1
        else:
            studio.result.terms += 1
