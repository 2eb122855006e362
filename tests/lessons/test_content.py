"""The shipped courses: complete, in both languages of instruction, and loaded without harm."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from wagtail import blocks
from wagtail.models import Page, Site

from core.blocks import TranslatedRichText, TranslatedText
from core.translated import State, fingerprint
from glossary.exchange.content import concept_id, load_content, read_content
from glossary.models import Concept
from lessons.course_files import (
    LESSON_BLOCKS,
    UnitFile,
    concept_keys,
    read_courses,
    rich_text,
    stored_blocks,
)
from lessons.loading import load_courses
from lessons.models import CoursePage, LessonPage, LessonsIndexPage, UnitPage
from orthography import normalise
from portal.models import HomePage
from trades.loading import load_trades

COURSES = {course.slug: course for course in read_courses()}
SHIPPED = {record.public_id for record in read_content()}
# Any key will do where nothing is read from the database.
ALL_CONCEPTS = dict.fromkeys(SHIPPED, 1)
UNITS = [(slug, number) for slug in ("lao-a1", "vietnamese-a1-a2") for number in range(1, 13)]
EXERCISES = {
    *("choice", "listen_choose", "minimal_pair", "match", "order", "gap", "dictation"),
    "picture_term",
}


def quiet(message: str) -> None:
    """Progress that nobody reads."""


def unit_of(slug: str, number: int) -> UnitFile:
    units = [unit for unit in COURSES[slug].units if unit.data["unit"] == number]
    assert len(units) == 1, f"{slug} has {len(units)} units with number {number}"
    return units[0]


def translated(block: blocks.Block, value: Any) -> Iterator[dict[str, str]]:
    """Every translated text in a stored value."""
    if isinstance(block, (TranslatedText, TranslatedRichText)):
        yield value
    elif isinstance(block, blocks.StructBlock):
        for name, part in value.items():
            yield from translated(block.child_blocks[name], part)
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from translated(block.child_block, item["value"])


def texts(value: Any) -> Iterator[str]:
    """Every string in a file's data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


# --- The files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("slug", "teaches"), [("lao-a1", "lo"), ("vietnamese-a1-a2", "vi")])
def test_a_course_has_twelve_units_with_addresses_of_their_own(slug: str, teaches: str) -> None:
    course = COURSES[slug]
    assert course.data["teaches"] == teaches
    assert set(course.instruction) == {"lo", "vi", "en"} - {teaches}
    assert [unit.data["unit"] for unit in course.units] == list(range(1, 13))
    slugs = [lesson.slug for unit in course.units for lesson in unit.lessons]
    assert len(set(slugs)) == len(slugs)
    assert len({unit.slug for unit in course.units}) == len(course.units)


@pytest.mark.parametrize(("slug", "number"), UNITS)
def test_a_unit_is_complete(slug: str, number: int) -> None:
    unit = unit_of(slug, number)
    assert len(unit.lessons) >= 2
    for lesson in unit.lessons:
        kinds = [kind for _where, kind, _value in lesson.blocks]
        assert {"dialogue", "vocabulary", "teacher_note"} <= set(kinds), lesson.where
        exercises = [kind for kind in kinds if kind in EXERCISES]
        assert len(exercises) >= 5, lesson.where
        assert len(set(exercises)) >= 4, lesson.where


@pytest.mark.parametrize(("slug", "number"), UNITS)
def test_everything_is_said_in_both_languages_of_instruction(slug: str, number: int) -> None:
    unit = unit_of(slug, number)
    languages = set(COURSES[slug].instruction)
    found = [unit.data["name"], unit.data["goals"]]
    for lesson in unit.lessons:
        found += [lesson.data["name"], lesson.data["introduction"]]
        for block in stored_blocks(lesson, ALL_CONCEPTS):
            found += translated(LESSON_BLOCKS.child_blocks[block["type"]], block["value"])
    assert len(found) > 50
    assert [text for text in found if set(text) != languages or not all(text.values())] == []


@pytest.mark.parametrize(("slug", "number"), UNITS)
def test_everything_is_in_the_one_spelling_that_is_stored(slug: str, number: int) -> None:
    unit = unit_of(slug, number)
    found = [*texts(unit.data), *texts([lesson.data for lesson in unit.lessons])]
    assert [text for text in found if normalise(text) != text] == []


@pytest.mark.parametrize(("slug", "number"), UNITS)
def test_what_is_heard_is_the_right_answer(slug: str, number: int) -> None:
    for lesson in unit_of(slug, number).lessons:
        for where, kind, value in lesson.blocks:
            if kind == "listen_choose":
                right = [o.get("text") for o in value["options"] if o.get("right")]
                assert right == [value["say"]], where


@pytest.mark.parametrize(("slug", "number"), UNITS)
def test_the_glossary_has_every_concept_that_is_named(slug: str, number: int) -> None:
    keys = {key for lesson in unit_of(slug, number).lessons for key in concept_keys(lesson)}
    assert {key for key in keys if concept_id(key) not in SHIPPED} == set()


@pytest.mark.parametrize(("slug", "number"), UNITS)
def test_the_editor_would_store_rich_text_as_it_is(slug: str, number: int) -> None:
    """Otherwise its first save would make every translation look out of date."""
    found = 0
    for lesson in unit_of(slug, number).lessons:
        for block in stored_blocks(lesson, ALL_CONCEPTS):
            child = LESSON_BLOCKS.child_blocks[block["type"]]
            if isinstance(child, TranslatedRichText):
                for code, html in block["value"].items():
                    again = rich_text(html, child.child_blocks[code].features)
                    assert fingerprint(again) == fingerprint(html)
                    found += 1
    assert found


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A site with the glossary and the courses, once for the tests below."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                home = HomePage(name_en="Home", slug="home")
                Page.get_first_root_node().add_child(instance=home)
                Site.objects.update_or_create(
                    is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
                )
                load_trades()
                load_content(quiet)
                load_courses(quiet)
                yield
                transaction.set_rollback(True)
        finally:
            connection.close_if_unusable_or_obsolete()


def test_every_shipped_lesson_is_published_in_order(loaded: None, db: None) -> None:
    for slug, course in COURSES.items():
        page = CoursePage.objects.get(slug=slug)
        assert page.live
        assert page.is_draft_content
        assert page.name_lo and page.name_vi and page.name_en
        assert page.languages == page.ready_languages == course.instruction
        assert page.source_language == course.instruction[0]
        units = UnitPage.objects.child_of(page).live().order_by("path")
        assert [unit.slug for unit in units] == [unit.slug for unit in course.units]
        lessons = LessonPage.objects.descendant_of(page).live().order_by("path")
        expected = [lesson.slug for unit in course.units for lesson in unit.lessons]
        assert [lesson.slug for lesson in lessons] == expected
    assert LessonsIndexPage.objects.get().name_lo


def test_every_translation_is_declared_current(loaded: None, db: None) -> None:
    pages = [*CoursePage.objects.all(), *UnitPage.objects.all(), *LessonPage.objects.all()]
    for page in pages:
        counts = page.translation_counts()
        for code in page.languages:
            assert not counts[code][State.MISSING] and not counts[code][State.STALE], page.url
            assert counts[code][State.CURRENT] + counts[code][State.SOURCE]


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
@pytest.mark.parametrize("slug", ["lao-a1", "vietnamese-a1-a2"])
def test_every_lesson_can_be_read(
    loaded: None, client: Client, db: None, slug: str, language: str
) -> None:
    course = CoursePage.objects.get(slug=slug)
    pages = [course, *UnitPage.objects.child_of(course)]
    lessons = list(LessonPage.objects.descendant_of(course))
    # One lesson a unit but for English: three languages share the templates and the blocks.
    pages += lessons if language == "en" else lessons[::2]
    for page in pages:
        response = client.get(f"/{language}/{page.url.split('/', 2)[2]}")
        assert response.status_code == 200, page.url


def test_loading_again_adds_nothing_and_keeps_what_editors_did(loaded: None, db: None) -> None:
    edited, unpublished, deleted, *_rest = LessonPage.objects.order_by("path")
    edited.name_en = "Said otherwise"
    edited.save_revision().publish()
    unpublished.unpublish()
    body = list(deleted.body.raw_data)
    again = deleted.public_id
    deleted.delete()
    revisions = {page.pk: page.latest_revision_id for page in LessonPage.objects.all()}
    assert load_courses(quiet) == 1
    assert load_courses(quiet) == 0
    assert LessonPage.objects.get(pk=edited.pk).name_en == "Said otherwise"
    assert not LessonPage.objects.get(pk=unpublished.pk).live
    made = LessonPage.objects.get(public_id=again)
    # Phones know exercises by the ids of their blocks.
    assert [item["id"] for item in made.body.raw_data] == [item["id"] for item in body]
    now = {page.pk: page.latest_revision_id for page in LessonPage.objects.exclude(pk=made.pk)}
    assert now == revisions


def test_words_of_the_glossary_are_tied_to_it(loaded: None, db: None) -> None:
    live = set(Concept.objects.published().values_list("pk", flat=True))
    tied = 0
    for lesson in LessonPage.objects.all():
        for block in lesson.body.blocks_by_name("vocabulary"):
            for entry in block.value["entries"]:
                assert entry["text"] or entry["concept"].pk in live
                tied += entry["concept"] is not None
    assert tied >= 150
