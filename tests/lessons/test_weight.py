"""What the pages of lessons cost: queries, and bytes on the way to a phone."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images.tests.utils import get_test_image_file

import lessons
from lessons.models import CoursePage, LessonPage, UnitPage
from lessons.outlines import PAGE_BYTES
from media.models import SiteImage
from tests.factories import ConceptFactory, course_page, lesson_page, unit_page

from .samples import EXERCISES, PRESENTATION, every_kind, options, page_of, sounds, words

pytestmark = pytest.mark.django_db

STATIC = Path(lessons.__file__).parent / "static/lessons"
MOST_QUERIES = 15


@pytest.fixture
def course(home: Any) -> CoursePage:
    return course_page(home, languages=["vi", "en"], source_language="vi")


@pytest.fixture
def unit(course: CoursePage) -> UnitPage:
    return unit_page(course, name_vi="Chào hỏi")


def biggest_lesson(unit: UnitPage) -> LessonPage:
    """Every kind of block, each with recordings, pictures and concepts of its own."""
    image = SiteImage.objects.create(title="A", file=get_test_image_file())
    other = SiteImage.objects.create(title="B", file=get_test_image_file("b.png"))
    keys = iter(sounds(60))
    concepts = [ConceptFactory(lo=f"ນ້ຳ{n}", vi=f"nước {n}", image=image) for n in range(12)]
    for concept in concepts:
        concept.terms.filter(language="lo").update(recording=next(keys))
    spoken = lambda text: {"text": text, "recording": next(keys)}  # noqa: E731
    blocks = every_kind()
    blocks += [
        ("picture", {"image": other.pk}),
        ("audio", {"recording": next(keys), "transcript": "ສະບາຍດີ"}),
        ("dialogue", {"lines": [{"speaker": "ຄູ", **spoken("ດີ")} for _ in range(12)]}),
        ("vocabulary", {"entries": [{"concept": c.pk} for c in concepts]}),
        ("vocabulary", {"entries": [spoken("ດີ")]}),
        ("grammar", {**PRESENTATION["grammar"], "examples": [spoken("ດີ")]}),
        (
            "letter_card",
            {**PRESENTATION["letter_card"], "recording": next(keys), "picture": image.pk},
        ),
        ("tone_card", {"pairs": [{**spoken("ມາ"), "tone": "a", "meaning": words("a", "a")}]}),
        (
            "sign",
            {"picture": image.pk, "spots": [{**spoken("ດີ"), "across": 5, "down": 5}], "lines": []},
        ),
        ("choice", {"options": [{"picture": image.pk}, {"picture": other.pk, "right": True}]}),
        ("listen_choose", {**EXERCISES["listen_choose"], "say": spoken("ສະບາຍດີ")}),
        ("minimal_pair", {**EXERCISES["minimal_pair"], "say": spoken("ດີ")}),
        ("dictation", {"say": spoken("ດີ")}),
        ("picture_term", {"concept": concepts[0].pk, "options": options()}),
        ("picture_term", {"picture": other.pk, "options": options()}),
        ("speak", {"say": spoken("ດີ")}),
    ]
    return lesson_page(unit, *blocks)


def test_the_biggest_lesson_takes_few_queries(client: Client, unit: UnitPage) -> None:
    lesson = biggest_lesson(unit)
    # The first view makes the pictures' sizes.
    page_of(client, lesson)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = page_of(client, lesson, "?with=vi&view=teacher")
    assert page.count("data-audio") > 30
    assert page.count("<img") > 15
    assert len(queries) <= MOST_QUERIES, [query["sql"][:90] for query in queries]


def test_courses_and_units_take_few_queries(client: Client, course: CoursePage) -> None:
    for number in range(12):
        unit = unit_page(course, name_en=f"Unit {number}", slug=f"u{number}")
        for letter in "ab":
            lesson_page(unit, *every_kind(), slug=letter)
    for page in (course, unit):
        with CaptureQueriesContext(connection) as queries:
            page_of(client, page)
        assert len(queries) <= MOST_QUERIES


def test_the_scripts_of_exercises_are_small() -> None:
    compressed = {path.name: len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.js")}
    assert sum(compressed.values()) <= 25_000, compressed


def test_a_lesson_visited_again_is_small(client: Client, unit: UnitPage) -> None:
    lesson = lesson_page(unit, *every_kind(), *every_kind())
    page = page_of(client, lesson, "?with=vi")
    assert len(gzip.compress(page.encode())) <= PAGE_BYTES


def test_a_first_visit_without_sound_is_light(client: Client, unit: UnitPage) -> None:
    page = page_of(client, lesson_page(unit, *every_kind(), *every_kind()), language="vi")
    names = set(re.findall(r'(?:src|href)="/static/([^"]+\.(?:js|css))"', page))
    # What lesson.js fetches only where it is needed.
    names |= {f"lessons/{name}.js" for name in ("speak", "tracing", "sign")}
    loaded = {name: len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names}
    loaded["page"] = len(gzip.compress(page.encode()))
    # Looped letters, bold ones, and the headings of the interface (fonts.css).
    for font in ("noto-sans-lao-looped-400", "noto-sans-lao-700", "be-vietnam-pro-700"):
        loaded[font] = Path(finders.find(f"fonts/{font}.woff2")).stat().st_size
    assert sum(loaded.values()) <= 85_000, loaded
