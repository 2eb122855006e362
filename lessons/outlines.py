"""The path of a course: its units and lessons in order, with names, exercises and sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from core.languages import LocalText
from glossary.cards import shown_concepts
from glossary.models import Concept
from media.models import Recording

from .bodies import count_exercises, heard, keys_of, languages_told
from .models import CoursePage, LessonPage, UnitPage

#: What a lesson's page weighs without sound on a later visit, in bytes; held by a test.
PAGE_BYTES = 15_000
# Seconds for which the sizes of a course are kept; a new recording shows after that.
_SIZES_AGE = 600


@dataclass(frozen=True)
class Stop:
    """A lesson on the path of its course."""

    public_id: str
    url: str
    name: LocalText
    introduction: LocalText | None
    minutes: int
    number: str
    exercises: int = 0
    size: int = 0
    #: Languages that readers see, and those of them in which nothing is missing.
    languages: tuple[str, ...] = ()
    whole_languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stage:
    """A unit on the path of its course; `size` in bytes."""

    number: int
    url: str
    name: LocalText
    introduction: LocalText | None
    goals: Any
    languages: tuple[str, ...]
    stops: list[Stop]

    @property
    def minutes(self) -> int:
        """How long its lessons take."""
        return sum(stop.minutes for stop in self.stops)

    @property
    def size(self) -> int:
        """What its lessons weigh."""
        return sum(stop.size for stop in self.stops)


def path_of(course: CoursePage, with_bodies: bool = True) -> list[Stage]:
    """The live units of a course with their live lessons; two queries, and those for sizes.

    Without bodies neither exercises are counted nor sizes known. A course that is not saved yet
    has none.
    """
    if not course.pk:
        return []
    units = UnitPage.objects.child_of(course).live().order_by("path")
    lessons = LessonPage.objects.descendant_of(course).live().order_by("path")
    if not with_bodies:
        units, lessons = units.defer("goals"), lessons.defer("body")
    lessons = list(lessons)
    sizes = _sizes(course, lessons) if with_bodies else {}
    stages = []
    for number, unit in enumerate(units, start=1):
        below = [lesson for lesson in lessons if lesson.path.startswith(unit.path)]
        stops = [
            _stop(lesson, f"{number}.{place}", sizes, with_bodies)
            for place, lesson in enumerate(below, start=1)
        ]
        stages.append(
            Stage(
                number=number,
                url=unit.url or "",
                name=_name(unit),
                introduction=unit.local("introduction"),
                goals=unit.goals if with_bodies else [],
                languages=unit.visible_languages,
                stops=stops,
            )
        )
    return stages


def _name(page: UnitPage | LessonPage) -> LocalText:
    return page.local("name") or LocalText(page.title, page.source_language)


def _stop(lesson: LessonPage, number: str, sizes: dict[int, int], with_body: bool) -> Stop:
    return Stop(
        public_id=lesson.public_id,
        url=lesson.url or "",
        name=_name(lesson),
        introduction=lesson.local("introduction"),
        minutes=lesson.minutes,
        number=number,
        exercises=count_exercises(lesson.body) if with_body else 0,
        size=sizes.get(lesson.pk, 0),
        languages=lesson.visible_languages,
        whole_languages=_whole_languages(lesson) if with_body else frozenset(),
    )


def _whole_languages(lesson: LessonPage) -> frozenset[str]:
    """The visible languages in which a lesson's name and every text of its body stand."""
    named = {code for code, text in lesson.field_texts("name").items() if text}
    return frozenset(languages_told(lesson.body) & named & set(lesson.visible_languages))


@dataclass(frozen=True)
class Place:
    """Where a lesson stands on its path."""

    stage: Stage | None
    here: Stop
    before: Stop | None
    after: Stop | None


def lesson_place(lesson: LessonPage, course: CoursePage | None) -> Place:
    """The unit of a lesson and its neighbours; two queries."""
    stages = path_of(course, with_bodies=False) if course else []
    stops = [(stage, stop) for stage in stages for stop in stage.stops]
    ids = [stop.public_id for _, stop in stops]
    if lesson.public_id not in ids:
        # A draft in preview stands on no path yet.
        return Place(None, _stop(lesson, "", {}, with_body=False), None, None)
    place = ids.index(lesson.public_id)
    return Place(
        stage=stops[place][0],
        here=stops[place][1],
        before=stops[place - 1][1] if place else None,
        after=stops[place + 1][1] if place + 1 < len(stops) else None,
    )


# --- Sizes ----------------------------------------------------------------------------------------


def sound_bytes(recordings: Iterable[Recording]) -> int:
    """What most browsers load to hear all of `recordings`; a lost file counts nothing."""
    total = 0
    for recording in recordings:
        try:
            total += (recording.opus or recording.mp3).size
        except (OSError, ValueError):
            continue
    return total


def _sizes(course: CoursePage, lessons: list[LessonPage]) -> dict[int, int]:
    """Lesson key → bytes with its sound; at most three queries, kept for ten minutes."""
    newest = max((lesson.latest_revision_id or 0 for lesson in lessons), default=0)
    key = f"lesson-sizes:{course.pk}:{len(lessons)}:{newest}"
    sizes: dict[int, int] | None = cache.get(key)
    if sizes is None:
        keys = {lesson.pk: keys_of(lesson.body) for lesson in lessons}
        concepts = shown_concepts({k for found in keys.values() for k in found[Concept]})
        recordings = Recording.objects.in_bulk({k for f in keys.values() for k in f[Recording]})
        sizes = {}
        for lesson_key, found in keys.items():
            chosen = [recordings[k] for k in found[Recording] if k in recordings]
            used = [concepts[k] for k in found[Concept] if k in concepts]
            sizes[lesson_key] = PAGE_BYTES + sound_bytes(heard(chosen, used, course.teaches))
        cache.set(key, sizes, _SIZES_AGE)
    return sizes
