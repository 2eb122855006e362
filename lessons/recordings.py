"""Voices of lesson texts: which are missing in a course, and attaching one to every place of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.identity import public_id_from
from media.models import Recording

from .checklist import course_lessons, newest
from .models import CoursePage, LessonPage
from .spots import Spot, spots


class NotAttached(Exception):
    """No lesson took the recording; `str()` says why, in the reader's language."""

    message: Any = _("This text has a recording by now, or stands in no lesson any more.")

    def __str__(self) -> str:
        return str(self.message)


class LessonsLocked(NotAttached):
    """Every lesson with the text is locked or may not be changed by this person."""

    message = _(
        "The lessons with this text are locked, or you may not change them. Record it later."
    )


@dataclass
class VoicelessText:
    """A text without a recording, once a course, with the lessons it stands in."""

    text: str
    translation: dict[str, str]
    lessons: list[LessonPage] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Names the text in an address."""
        return public_id_from(f"spoken {self.text}")


def _silent(lesson: LessonPage, stored: list[dict[str, Any]]) -> Iterator[Spot]:
    """The places of a stored body that lack a recording; the glossary's terms have their own."""
    for spot in spots(lesson.body, stored):
        if not spot.value.get("recording") and not spot.value.get("concept"):
            yield spot


def voiceless_texts(course: CoursePage, user: Any) -> list[VoicelessText]:
    """What is still to be spoken in a course, in teaching order; only lessons `user` may change.

    Lessons are read as their newest drafts have them.
    """
    found: dict[str, VoicelessText] = {}
    for lesson in course_lessons(course, user).select_related("latest_revision"):
        draft = newest(lesson)
        for spot in _silent(draft, draft.body.get_prep_value()):
            told = spot.value.get("translation") or spot.value.get("meaning") or {}
            entry = found.setdefault(spot.text, VoicelessText(spot.text, told))
            if lesson not in entry.lessons:
                entry.lessons.append(lesson)
    return list(found.values())


def attach_recording(course: CoursePage, text: str, recording: Recording, user: Any) -> int:
    """Save `recording` and give it to every place of the course that says `text` without one.

    A published lesson without an open draft is published again; where a draft is open, the draft
    and the published page both get it. Lessons that are locked are passed over. Returns how many
    lessons took it. Raises NotAttached, and then nothing is kept.
    """
    is_new = recording.pk is None
    try:
        with transaction.atomic():
            keys = list(LessonPage.objects.descendant_of(course).order_by("path").values_list("pk"))
            taken, refused = 0, 0
            recording.save()
            for (key,) in keys:
                lesson = LessonPage.objects.select_for_update().get(pk=key)
                wanted = _given(lesson.get_latest_revision_as_object(), text, recording)
                if wanted is None:
                    continue
                permissions = lesson.permissions_for_user(user)
                if not permissions.can_edit() or permissions.page_locked():
                    refused += 1
                    continue
                _save(lesson, wanted, text, recording, user)
                taken += 1
            if not taken:
                raise LessonsLocked if refused else NotAttached
            return taken
    except BaseException:
        # The database takes the change back by itself; files of a new recording it cannot.
        if is_new:
            recording.delete_files()
        raise


def _given(lesson: LessonPage, text: str, recording: Recording) -> LessonPage | None:
    """`lesson` with the recording wherever it says `text`; None where it has no such place."""
    stored = lesson.body.get_prep_value()
    silent = [spot for spot in _silent(lesson, stored) if spot.text == text]
    for spot in silent:
        spot.value["recording"] = recording.pk
    if not silent:
        return None
    lesson.body = json.dumps(stored)
    return lesson


def _save(
    lesson: LessonPage, newest_draft: LessonPage, text: str, recording: Recording, user: Any
) -> None:
    has_draft = not lesson.live or lesson.has_unpublished_changes
    # What else may be wrong with the lesson is not the speaker's concern.
    revision = newest_draft.save_revision(user=user, clean=False, log_action=True)
    if not has_draft:
        # The right to change the lesson was asked for; a voice changes no word of it.
        revision.publish(user=user, skip_permission_checks=True)
    elif lesson.live and (
        published := _given(LessonPage.objects.get(pk=lesson.pk), text, recording)
    ):
        LessonPage.objects.filter(pk=lesson.pk).update(body=published.body)
