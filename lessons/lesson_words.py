"""The words of lessons: the entries of their vocabulary blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import StreamValue

from core.identity import public_id_from
from core.languages import CODES, LocalText
from media.models import Recording

from .models import CoursePage, LessonPage
from .practice_words import Side, Word, WordMaker

# Courses stand two levels above lessons; a level takes four letters of a path (treebeard).
_STEPS_TO_COURSE = 2 * LessonPage.steplen


@dataclass(frozen=True)
class NamedLesson:
    """A lesson that a list names."""

    public_id: str
    url: str
    name: LocalText


def named(lesson: LessonPage) -> NamedLesson:
    """The lesson as lists show it."""
    name = lesson.local("name") or LocalText(lesson.title, lesson.source_language)
    return NamedLesson(lesson.public_id, lesson.url or "", name)


def vocabulary_entries(stream: StreamValue) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id, stored value) of each vocabulary entry of a body, without converting it."""
    for item in stream.raw_data:
        if item["type"] != "vocabulary":
            continue
        for entry in (item["value"] or {}).get("entries") or []:
            # Entries written before Wagtail gave list items an id stand bare.
            if entry.get("type") == "item":
                yield entry.get("id") or "", entry["value"]
            else:
                yield "", entry


def concept_keys(lessons: list[LessonPage]) -> list[int]:
    """The keys of the concepts in the vocabulary of lessons."""
    entries = (value for lesson in lessons for _, value in vocabulary_entries(lesson.body))
    return [value["concept"] for value in entries if isinstance(value.get("concept"), int)]


def lesson_words(lessons: list[LessonPage], maker: WordMaker) -> Iterator[tuple[str, Word]]:
    """(public id of the lesson, word) of each vocabulary entry; two queries.

    `maker` must have read `concept_keys(lessons)`.
    """
    courses = {lesson.path[:-_STEPS_TO_COURSE] for lesson in lessons}
    taught = dict(
        CoursePage.objects.filter(path__in=courses).values_list("path", "teaches")
        if courses
        else ()
    )
    keys = {
        value["recording"]
        for lesson in lessons
        for _, value in vocabulary_entries(lesson.body)
        if isinstance(value.get("recording"), int)
    }
    recordings = Recording.objects.in_bulk(keys) if keys else {}
    for lesson in lessons:
        code = taught.get(lesson.path[:-_STEPS_TO_COURSE], "")
        for entry_id, value in vocabulary_entries(lesson.body):
            recording = recordings.get(value.get("recording") or 0)
            word = _word(entry_id, value, code, recording, lesson, maker)
            if word is not None:
                yield lesson.public_id, word


def _word(
    entry_id: str,
    value: dict[str, Any],
    code: str,
    recording: Recording | None,
    lesson: LessonPage,
    maker: WordMaker,
) -> Word | None:
    """A term of the glossary, or a free phrase with its translations; None where it is empty."""
    pronunciation = str(value.get("pronunciation") or "")
    concept = value.get("concept")
    if isinstance(concept, int):
        word = maker.word(concept, {code: pronunciation})
        if word is not None:
            return word
    text = str(value.get("text") or "").strip()
    if not text or not code:
        return None
    sides = {
        language: Side(language, str(translated))
        for language, translated in (value.get("translation") or {}).items()
        if translated and language in CODES and language in lesson.visible_languages
    }
    heard = recording if recording is not None and recording.mp3 else None
    sides[code] = Side(code, text, pronunciation, heard)
    return Word(
        # An entry keeps its id when its text is corrected; without one the text itself must do.
        public_id=public_id_from(f"phrase {entry_id or f'{code} {text}'}"),
        sides=sides,
        changed=lesson.last_published_at,
    )
