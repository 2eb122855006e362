"""The public pages of courses, units and lessons, as a browser without script gets them."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.template import Context
from django.test import Client
from wagtail.models import PageViewRestriction

from lessons.bodies import steps
from lessons.models import CoursePage, LessonPage, LessonsIndexPage, UnitPage
from lessons.outlines import PAGE_BYTES, path_of
from lessons.templatetags.lesson_text import shuffled, told
from media.models import Recording
from tests.factories import ConceptFactory, course_page, lesson_page, unit_page

from .samples import EXERCISES, PRESENTATION, every_kind, options, page_of, sounds, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(home: Any) -> CoursePage:
    return course_page(home, languages=["vi", "en"], source_language="vi")


@pytest.fixture
def unit(course: CoursePage) -> UnitPage:
    return unit_page(course, name_vi="Chào hỏi")


# --- Lists and paths ------------------------------------------------------------------------------


def test_the_list_names_live_courses_only(client: Client, home: Any, course: CoursePage) -> None:
    course_page(home, name_en="Vietnamese", slug="vietnamese", teaches="vi", live=False)
    secret = course_page(home, name_en="Khmer", slug="khmer")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    page = client.get("/en/lessons/").content.decode()
    assert ">Lao</a>" in page
    assert "Vietnamese</a>" not in page
    assert "Khmer" not in page


def test_a_course_says_what_it_teaches_for_whom_and_how_long(
    client: Client, course: CoursePage, unit: UnitPage
) -> None:
    lesson_page(unit, *every_kind(), name_vi="Xin chào", minutes=25)
    course.level, course.hours, course.audience = "A1", 12, ["students"]
    course.goals = [("goal", words("Chào hỏi.", "Say hello."))]
    course.save()
    page = page_of(client, course)
    for text in ("A1 (self-declared", "12 hours", "students", "Say hello.", "Greetings"):
        assert text in page
    assert "awaits the review of a native teacher" in page
    assert "25 minutes" in page
    assert f"{len(EXERCISES)} exercises" in page
    course.is_draft_content = course.is_self_declared = False
    course.save()
    page = page_of(client, course)
    assert "native teacher" not in page
    assert "self-declared" not in page


def test_drafts_of_units_and_lessons_stand_on_no_path(
    client: Client, course: CoursePage, unit: UnitPage
) -> None:
    lesson_page(unit, name_en="Hello", slug="hello")
    hidden = lesson_page(unit, name_en="Goodbye", slug="goodbye", live=False)
    unit_page(course, name_en="Numbers", slug="numbers", live=False)
    assert [[stop.name.text for stop in stage.stops] for stage in path_of(course)] == [["Hello"]]
    assert client.get(f"{unit.url}goodbye/").status_code == 404
    assert client.get(f"{unit.url}nothing/").status_code == 404
    assert client.get(f"{unit.url}hello/more/").status_code == 404
    assert hidden.url


def test_a_lesson_leads_to_the_one_before_the_next_and_back(
    client: Client, course: CoursePage, unit: UnitPage
) -> None:
    first = lesson_page(unit, name_en="Hello", slug="hello")
    second = lesson_page(unit, name_en="Thanks", slug="thanks")
    other = unit_page(course, name_en="Numbers", slug="numbers")
    third = lesson_page(other, name_en="One to ten", slug="ten")
    page = page_of(client, second)
    assert f'rel="prev" href="{first.url}"' in page
    assert f'rel="next" href="{third.url}"' in page
    assert f'href="{unit.url}"' in page
    assert f'href="{course.url}"' in page
    assert 'rel="prev"' not in page_of(client, first)
    assert 'rel="next"' not in page_of(client, third)


def test_a_course_tells_what_is_not_in_the_readers_language(
    client: Client, course: CoursePage, unit: UnitPage
) -> None:
    course.introduction_vi = "Chào"
    course.save()
    page = page_of(client, course, language="lo")
    assert "fallback-note" in page
    assert "fallback-note" not in page_of(client, lesson_page(unit, name_vi="A"), language="vi")


def test_a_path_lists_lessons_that_are_partly_in_the_readers_language(
    client: Client, course: CoursePage, unit: UnitPage
) -> None:
    names = {"name_vi": "Một", "languages": ["vi", "en"], "source_language": "vi"}
    lesson_page(unit, *every_kind(), slug="whole", **names)
    assert "only partly in your language" not in page_of(client, course)
    assert path_of(course)[0].stops[0].languages == ("vi", "en")
    gap = {"text": "[[ດີ]]", "translation": {"vi": "tốt"}}
    lesson_page(unit, ("gap", gap), slug="part", **names)
    empty = {"vi": "<p>Chữ</p>", "en": '<p data-block-key="a"></p>'}
    lesson_page(unit, ("paragraphs", empty), slug="emptied", **names)
    note = ("teacher_note", {"vi": "<p>Cho giáo viên</p>"})
    lesson_page(unit, note, slug="note", **names)
    assert page_of(client, course).count("only partly in your language") == 2
    assert "only partly" not in page_of(client, course, language="vi")


def test_sizes_count_the_sound_of_words_and_terms_once(course: CoursePage, unit: UnitPage) -> None:
    recording = Recording(title="a", language="lo", duration=1)
    recording.file.name = "a.wav"
    recording.mp3.save("a.mp3", ContentFile(b"x" * 9_000), save=False)
    recording.opus.save("a.opus", ContentFile(b"x" * 5_000), save=False)
    Recording.objects.bulk_create([recording])
    key = Recording.objects.get().pk
    concept = ConceptFactory(lo="ນ້ຳ", vi="nước")
    concept.terms.filter(language="lo").update(recording=key)
    entries = [{"concept": concept.pk}, {"text": "ນ້ຳ", "recording": key}]
    lesson_page(unit, ("vocabulary", {"entries": entries}))
    assert path_of(course)[0].size == PAGE_BYTES + 5_000


# --- Lessons --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
def test_every_kind_of_block_stands_on_the_page(
    client: Client, unit: UnitPage, language: str
) -> None:
    lesson = lesson_page(unit, *every_kind())
    page = page_of(client, lesson, "?with=vi", language)
    for text in ("ສະບາຍດີ ຄູ", "A ແມ່ນ B", "ໄກ່", "ມ້າ", "ຫ້າມສູບຢາ"):
        assert re.search(rf'<(\w+)[^>]*lang="lo"[^>]*>[^<]*{text}', page), text
    assert page.count("data-exercise=") == len(EXERCISES)
    assert "style=" not in page
    assert "<script>" not in page
    # Who reads another language than those of the course gets English.
    told_in = "vi" if language == "vi" else "en"
    assert f'<span lang="{told_in}">{"Chào em." if told_in == "vi" else "Hello."}</span>' in page


def test_answers_and_reasons_are_reachable_without_script(client: Client, unit: UnitPage) -> None:
    for kind, value in EXERCISES.items():
        lesson = lesson_page(unit, (kind, value), name_en=kind, slug=kind.replace("_", "-"))
        page = page_of(client, lesson)
        answer = page.split("Show the answer</summary>")[1].split("</details>")[0]
        assert "This is why" in answer, kind
        assert 'lang="lo"' in answer, kind


def test_a_sound_is_an_answer_whose_text_comes_afterwards(client: Client, unit: UnitPage) -> None:
    first, second = sounds(2)
    answers = [
        {"text": "ປາ", "sound": first, "right": True, "why": words("", "This is why")},
        {"text": "ປ່າ", "sound": second},
    ]
    lesson = lesson_page(unit, ("choice", {"options": answers}))
    task, answer = page_of(client, lesson).split('role="radiogroup"')[1].split("<details", 1)
    assert "Sound 1" in task
    assert "Sound 2" in task
    assert task.count("data-audio") == 2
    assert "ປາ" not in task
    assert "ປາ" in answer


def test_right_answers_are_not_always_first(client: Client, unit: UnitPage) -> None:
    places = set()
    for n in range(8):
        value = {"options": options()}
        lesson = lesson_page(unit, *[("choice", value)] * (n + 1), slug=f"l{n}")
        page = page_of(client, lesson)
        for task in page.split('role="radiogroup"')[1:]:
            inputs = re.findall(r'<input class="option__input"[^>]*>', task.split("</div>")[0])
            places.add(next(i for i, text in enumerate(inputs) if "data-right" in text))
    assert places == {0, 1, 2}


@pytest.mark.parametrize("count", range(2, 9))
def test_shuffled_pieces_never_stand_in_the_right_order(count: int) -> None:
    for seed in range(40):
        mixed = [place for place, _ in shuffled(range(count), str(seed))]
        assert sorted(mixed) == list(range(count))
        assert mixed != list(range(count))


def test_notes_and_open_answers_are_for_the_teachers_view(client: Client, unit: UnitPage) -> None:
    lesson = lesson_page(unit, *every_kind())
    page = page_of(client, lesson)
    assert "Let the class greet." not in page
    assert '<details class="fold exercise__answer">' in page
    page = page_of(client, lesson, "?view=teacher")
    assert "Let the class greet." in page
    assert '<details class="fold exercise__answer" open>' in page
    assert 'content="noindex' in page


def test_the_companion_language_stands_beside_every_text(client: Client, unit: UnitPage) -> None:
    lesson = lesson_page(unit, *every_kind())
    assert 'class="beside' not in page_of(client, lesson)
    page = page_of(client, lesson, "?with=vi")
    for text in ("Bạn nói gì?", "Lời chào.", "con quạ", "Chào em."):
        assert f'<span class="beside lang-vi" lang="vi">{text}</span>' in page


def test_a_translation_that_is_not_ready_is_not_shown(home: Any, client: Client) -> None:
    course = course_page(home, source_language="en")
    lesson = lesson_page(
        unit_page(course), *every_kind(), source_language="en", ready_languages=["en"]
    )
    page = page_of(client, lesson, language="vi")
    assert "Chào em." not in page
    assert '<span lang="en">Hello.</span>' in page


def test_glossary_words_come_with_their_term_sound_and_translation(
    client: Client, unit: UnitPage
) -> None:
    concept = ConceptFactory(lo="ຄ້ອນ", vi="búa", en="hammer")
    concept.terms.filter(language="lo").update(recording=sounds(1)[0])
    draft = ConceptFactory(lo="ເລື່ອຍ", vi="cưa", live=False)
    entries = [{"concept": concept.pk}, {"concept": draft.pk}, {"concept": 999_999}]
    page = page_of(client, lesson_page(unit, ("vocabulary", {"entries": entries})))
    assert f'href="{concept.get_absolute_url("en")}">ຄ້ອນ</a>' in page
    assert '<span lang="en">hammer</span>' in page
    assert "data-audio" in page
    assert "ເລື່ອຍ" not in page
    assert "A recording is awaited" not in page


def test_who_reads_the_taught_language_gets_words_in_another(
    client: Client, unit: UnitPage
) -> None:
    concept = ConceptFactory(lo="ຄ້ອນ", vi="búa", en="hammer")
    lesson = lesson_page(unit, ("vocabulary", {"entries": [{"concept": concept.pk}]}))
    page = page_of(client, lesson, language="lo")
    assert '<span lang="en">hammer</span>' in page


def test_what_has_no_recording_says_so_and_can_be_done(client: Client, unit: UnitPage) -> None:
    value = EXERCISES["listen_choose"]
    silent = page_of(client, lesson_page(unit, ("listen_choose", value), slug="a"))
    assert "A recording is awaited" in silent
    assert "Show the text instead" in silent
    said = {**value, "say": {"text": "ສະບາຍດີ", "recording": sounds(1)[0]}}
    heard = page_of(client, lesson_page(unit, ("listen_choose", said), slug="b"))
    assert "A recording is awaited" not in heard
    # The name of the button must not give the answer away.
    assert 'aria-label="Listen: …"' in heard


def test_text_of_editors_is_escaped(client: Client, unit: UnitPage) -> None:
    nasty = '"><script>x</script>'
    lesson = lesson_page(
        unit,
        ("gap", {"text": f"[[{nasty}]]", "accept": [nasty]}),
        ("order", {"pieces": [nasty, "a"]}),
        ("letter_card", {**PRESENTATION["letter_card"], "letter": nasty}),
        ("dictation", {"say": {"text": nasty}}),
        ("match", {"pairs": [{"left": nasty, "right": words(nasty, nasty)}]}),
    )
    assert "<script>x" not in page_of(client, lesson, "?view=teacher&with=vi")


def test_empty_and_unfinished_blocks_are_shown_without_failing(
    client: Client, unit: UnitPage
) -> None:
    kinds = [(kind, {}) for kind in [*PRESENTATION, *EXERCISES]]
    page_of(client, lesson_page(unit, *kinds), "?view=teacher&with=lo")


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
def test_drafts_are_previewed_before_and_after_they_are_saved(
    course: CoursePage, unit: UnitPage, language: str
) -> None:
    lesson = lesson_page(unit, *every_kind(), live=False)
    new = [model(name_en="New") for model in (LessonsIndexPage, CoursePage, UnitPage, LessonPage)]
    for page in (course, unit, lesson, *new):
        response = page.make_preview_request(preview_mode=language)
        assert response.status_code == 200, page


# --- Steps ----------------------------------------------------------------------------------------


def test_text_leads_to_what_follows_and_letters_stand_in_a_row(unit: UnitPage) -> None:
    letter = ("letter_card", PRESENTATION["letter_card"])
    text = ("paragraphs", PRESENTATION["paragraphs"])
    note = ("teacher_note", PRESENTATION["teacher_note"])
    choice = ("choice", EXERCISES["choice"])
    lesson = lesson_page(unit, note, text, text, letter, letter, choice, note, choice, text)
    kinds = [[part.block_type for part in step.parts] for step in steps(lesson.body)]
    row = ["paragraphs", "paragraphs", "letter_card", "letter_card"]
    assert kinds == [row, ["choice"], ["choice"], ["paragraphs"]]
    noted = [[part.block_type for part in step.parts] for step in steps(lesson.body, True)]
    assert noted[0][0] == "teacher_note"
    assert ["choice", "teacher_note"] in noted


def test_told_says_nothing_for_nothing() -> None:
    assert told(Context({}), None) == ""
