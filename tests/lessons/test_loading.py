"""Reading course files and making pages of them: faults are named, what a site has is kept."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.blocks import TranslatedRichText
from lessons.course_files import ContentError, rich_text
from lessons.loading import courses_are_loaded, load_courses
from lessons.models import LessonPage, LessonsIndexPage
from portal.models import HomePage
from tests.factories import content_page


def quiet(message: str) -> None:
    """Progress that nobody reads."""


def test_words_of_another_language_stay_marked_in_rich_text() -> None:
    features = TranslatedRichText().child_blocks["en"].features
    html = rich_text('<p>Say <b>this</b>: <span lang="lo">ດີ</span></p>', features)
    plain = re.sub(r' data-block-key="[^"]*"', "", html)
    assert plain == '<p>Say <b>this</b>: <span lang="lo">ດີ</span></p>'
    assert "<p" in rich_text("Without a tag", features)


# --- What is refused ------------------------------------------------------------------------------


def write_course(folder: Path, block: Any, **lesson: Any) -> Path:
    """A course of one lesson with one block."""
    words = {"vi": "Chào", "en": "Hello"}
    course = {
        "slug": "small",
        "teaches": "lo",
        "instruction": ["vi", "en"],
        **{"name": words, "introduction": words, "goals": [words]},
    }
    unit = {
        **{"course": "small", "unit": 1, "slug": "one", "name": words, "goals": words},
        "lessons": [
            {
                **{"slug": "hello", "name": words, "introduction": words, "minutes": 30},
                **{"blocks": [block], **lesson},
            }
        ],
    }
    (folder / "small").mkdir()
    for name, data in (("course", course), ("unit-01", unit)):
        (folder / "small" / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
    return folder


WRONG = [{"text": "ດີ"}, {"text": "ປາ"}]
FAULTS: list[tuple[Any, str]] = [
    ({"choice": {"options": WRONG}}, "block 1 (choice): options: Mark the right answer."),
    ({"poem": {"vi": "Thơ"}}, "block 1 (poem): no such kind of block"),
    ({"choice": {"options": WRONG, "hint": "x"}}, "block 1 (choice): unknown hint"),
    ({"choice": {"options": "ດີ"}}, "block 1 (choice): a list is expected, not 'ດີ'"),
    ({"dictation": {"say": {"text": ""}}}, "block 1 (dictation): say: text: This field is requ"),
    ({"gap": {"text": "ດີ"}}, "block 1 (gap): text: Mark a gap"),
    ({"paragraphs": {"fr": "Salut"}}, "block 1 (paragraphs): a text for each language"),
    ({"grammar": "A ແມ່ນ B"}, "block 1 (grammar): a mapping is expected"),
    ({"sign": {"title": [1]}}, "block 1 (sign): a text for each language"),
    ({"choice": {}, "gap": {}}, "block 1: give one kind of block"),
    (
        {"choice": {"options": [{"text": "ດີ", "right": True}, {"text": "ປາ", "right": True}]}},
        "block 1 (choice): more than one right answer",
    ),
]


@pytest.mark.parametrize(("block", "message"), FAULTS)
def test_a_fault_is_named_with_its_file_lesson_and_block(
    home: HomePage, tmp_path: Path, block: Any, message: str
) -> None:
    with pytest.raises(ContentError) as caught:
        load_courses(quiet, write_course(tmp_path, block))
    assert str(caught.value).startswith(f"small/unit-01.yaml, lesson 1 (hello), {message}")
    assert not courses_are_loaded()


def test_a_file_that_is_no_course_is_named(home: HomePage, tmp_path: Path) -> None:
    folder = write_course(tmp_path, {"gap": {}}, slug="")
    with pytest.raises(ContentError, match=r"^small/unit-01.yaml, lesson 1: slug missing"):
        load_courses(quiet, folder)
    (folder / "small/unit-01.yaml").write_text("lessons: [")
    with pytest.raises(ContentError, match=r"^small/unit-01.yaml: "):
        load_courses(quiet, folder)


def test_a_concept_that_the_site_lacks_is_left_out_and_told(
    home: HomePage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    entries = [{"concept": "hammer"}, {"text": "ດີ", "translation": {"vi": "tốt"}}]
    load_courses(quiet, write_course(tmp_path, {"vocabulary": {"entries": entries}}))
    assert "The glossary has no concept hammer" in caplog.text
    [block] = LessonPage.objects.get().body
    assert [entry["text"] for entry in block.value["entries"]] == ["ດີ"]


def test_a_page_that_has_the_address_keeps_it(home: HomePage, tmp_path: Path) -> None:
    content_page(home, slug="lessons")
    load_courses(quiet, write_course(tmp_path, {"dictation": {"say": "ດີ"}}))
    assert LessonsIndexPage.objects.get().slug == "lessons-2"
