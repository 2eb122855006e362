"""Make the pages of the shipped courses; what is there already stays as editors made it."""

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page, Site

from core.identity import public_id_from
from core.languages import CODES
from core.models import BasePage
from glossary.exchange.content import concept_id
from glossary.models import Concept

from .course_files import (
    CONTENT,
    INDEX,
    LESSON_BLOCKS,
    ConceptKeys,
    ContentError,
    CourseFile,
    LessonFile,
    UnitFile,
    concept_keys,
    read_courses,
    read_yaml,
    stable_id,
    stored_blocks,
)
from .models import CoursePage, LessonPage, LessonsIndexPage, UnitPage

logger = logging.getLogger(__name__)


def courses_are_loaded() -> bool:
    """Whether this site has a list of courses, whatever its editors made of it."""
    return LessonsIndexPage.objects.exists()


@transaction.atomic
def load_courses(progress: Callable[[str], Any], folder: Path = CONTENT) -> int:
    """Make the pages that are missing, by public id; return how many lessons are new.

    They go below the root page of the default site. Raises ContentError, and makes nothing, where
    a file cannot become a lesson whose exercises can be solved.
    """
    home = Site.objects.get(is_default_site=True).root_page
    courses = read_courses(folder)
    maker = _Maker()
    index = LessonsIndexPage.objects.first() or maker.index(home)
    for course in courses:
        maker.course(index, course)
    if maker.unknown:
        logger.warning("The glossary has no concept %s", ", ".join(sorted(maker.unknown)))
    total = sum(len(unit.lessons) for course in courses for unit in course.units)
    progress(f"Lessons: {maker.lessons} new of {total}")
    return maker.lessons


class _Maker:
    """Makes pages, knowing those that the site has, and its concepts."""

    def __init__(self) -> None:
        self.pages: dict[str, BasePage] = {
            page.public_id: page
            for model in (CoursePage, UnitPage, LessonPage)
            for page in model.objects.all()
        }
        live = Concept.objects.published().values_list("public_id", "pk")
        self.concepts: ConceptKeys = dict(live)
        self.unknown: set[str] = set()
        self.lessons = 0

    def index(self, home: Page) -> LessonsIndexPage:
        data = read_yaml(INDEX, "slug", "name", "introduction")
        return self._publish(home, LessonsIndexPage(**_texts(data)), "lessons", data, CODES)

    def course(self, index: Page, file: CourseFile) -> None:
        page = self.pages.get(public_id_from(f"course:{file.slug}"))
        if page is None:
            data = file.data
            page = CoursePage(
                **_texts(data),
                teaches=data["teaches"],
                audience=data.get("audience") or [],
                level=data.get("level") or "",
                hours=data.get("hours") or 0,
                goals=_goals(data["goals"], file.slug),
            )
            self._publish(index, page, f"course:{file.slug}", data, file.instruction)
        for unit in file.units:
            self._unit(page, unit, file)

    def _unit(self, course: Page, file: UnitFile, of: CourseFile) -> None:
        name = f"{of.slug}/{file.slug}"
        page = self.pages.get(public_id_from(f"unit:{name}"))
        if page is None:
            page = UnitPage(**_texts(file.data), goals=_goals([file.data["goals"]], name))
            self._publish(course, page, f"unit:{name}", file.data, of.instruction)
        for lesson in file.lessons:
            self._lesson(page, lesson, of)

    def _lesson(self, unit: Page, file: LessonFile, of: CourseFile) -> None:
        name = f"lesson:{of.slug}/{file.slug}"
        if public_id_from(name) in self.pages:
            return
        self.unknown |= {k for k in concept_keys(file) if concept_id(k) not in self.concepts}
        page = LessonPage(
            **_texts(file.data), minutes=file.data["minutes"], body=_body(file, self.concepts)
        )
        self._publish(unit, page, name, file.data, of.instruction)
        self.lessons += 1

    def _publish(
        self, parent: Page, page: Any, name: str, data: Mapping[str, Any], languages: Any
    ) -> Any:
        """Put a page below `parent`, its translations declared current."""
        page.public_id = public_id_from(name)
        page.slug = _free_slug(parent, data["slug"])
        page.source_language, *others = languages
        page.languages = page.ready_languages = list(languages)
        for language in others:
            page.confirm_translation(language)
        parent.add_child(instance=page)
        # Adding it has checked it.
        page.save_revision(clean=False).publish()
        return page


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    """The translated fields of a page; a course says its level's note after its introduction."""
    texts = {f"name_{code}": text for code, text in data["name"].items()}
    note = data.get("level_note") or {}
    for code, text in (data.get("introduction") or {}).items():
        texts[f"introduction_{code}"] = f"{text}\n{note[code]}" if code in note else text
    return texts


def _goals(goals: list[dict[str, str]], name: str) -> str:
    """The stored form of a stream of goals."""
    return json.dumps(
        [
            {"type": "goal", "id": stable_id(f"{name}/goal/{number}"), "value": goal}
            for number, goal in enumerate(goals, start=1)
        ]
    )


def _body(lesson: LessonFile, concepts: ConceptKeys) -> Any:
    """The checked body of a lesson. Raises ContentError."""
    value = LESSON_BLOCKS.to_python(stored_blocks(lesson, concepts))
    places = [where for where, _kind, _value in lesson.blocks]
    try:
        return LESSON_BLOCKS.clean(value)
    except ValidationError as error:
        faults = getattr(error, "block_errors", {})
        told = [f"{places[number]}: {_flat(fault)}" for number, fault in faults.items()]
        raise ContentError("\n".join(told) or f"{lesson.where}: {_flat(error)}") from error


def _flat(error: Any) -> str:
    """The messages of a validation error and of those inside it, with their fields' names."""
    inner = getattr(error, "block_errors", None) or {}
    told = [f"{name}: {_flat(fault)}" for name, fault in inner.items()]
    told += [_flat(fault) for fault in getattr(error, "non_block_errors", None) or ()]
    if not told:
        told = [str(message) for message in getattr(error, "messages", [error])]
    return "; ".join(told)


def _free_slug(parent: Page, slug: str) -> str:
    """`slug`, with a number where a sibling has it."""
    taken = set(parent.get_children().values_list("slug", flat=True))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free
