"""What a lesson still misses, in the editor and in the report."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from lessons.checklist import Checklist, checklist_of, newest
from lessons.models import CoursePage, LessonPage, UnitPage
from media.models import Recording, SiteImage
from tests.core.editor import signed_in, soup
from tests.factories import ConceptFactory, UserFactory, course_page, lesson_page, unit_page

from .editing import ID, edit, lesson_data, opened, order_block
from .samples import EXERCISES, PHRASE, every_kind, words

pytestmark = pytest.mark.django_db

TWO_ALIKE = {"options": [{"text": "ດີ", "right": True}, {"text": "ດີ"}]}


@pytest.fixture
def unit(home: Any) -> UnitPage:
    return unit_page(course_page(home))


def checked(lesson: LessonPage) -> Checklist:
    return checklist_of(lesson, "lo")


def messages(gaps: list[Any]) -> list[str]:
    return [f"{gap.place} {gap.message}" for gap in gaps]


# --- What is found --------------------------------------------------------------------------------


def test_a_finished_lesson_misses_nothing(unit: UnitPage) -> None:
    recording = Recording(title="x", file="x.wav", mp3="x.mp3", language="lo")
    Recording.objects.bulk_create([recording])
    spoken = {"say": {"text": "ດີ", "recording": Recording.objects.get().pk}}
    kinds = ["choice", "match", "order", "gap"]
    body = [(kind, EXERCISES[kind]) for kind in kinds] + [("dictation", spoken)]
    lesson = lesson_page(unit, *body, languages=["vi"], source_language="vi", name_vi="Chào")
    assert checked(lesson).is_complete


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("choice", TWO_ALIKE, "Two of the answers are the same."),
        ("choice", {"options": [{"text": "ກ"}, {"text": "ຂ"}]}, "Mark the right answer."),
        ("gap", {"text": "ບໍ່ມີ"}, "Mark a gap: put the missing word between [[ and ]]."),
        ("gap", {"text": "[[ ]]"}, "One of the gaps is empty."),
        ("order", {"pieces": ["ດີ"]}, "Give at least two pieces."),
        ("dictation", {"say": {}}, "Write what is heard."),
        ("minimal_pair", {"say": {"text": "ກ"}, "options": []}, "Give two words."),
        ("picture_term", EXERCISES["choice"], "Choose a picture."),
    ],
)
def test_an_exercise_that_cannot_be_solved_is_named(
    unit: UnitPage, kind: str, value: Any, message: str
) -> None:
    found = checked(lesson_page(unit, ("paragraphs", words("<p>a</p>", "<p>a</p>")), (kind, value)))
    assert messages(found.unsolvable) == [f"2 {message}"]
    assert found.unsolvable[0].anchor == f"#block-{ID.format(2)}-section"


@pytest.mark.parametrize("kind", EXERCISES)
def test_an_empty_exercise_of_a_draft_breaks_nothing(unit: UnitPage, kind: str) -> None:
    found = checked(lesson_page(unit, (kind, {})))
    assert found.exercises == 1
    assert found.unsolvable or found.unfinished


def test_an_exercise_about_a_concept_that_readers_do_not_see_cannot_be_solved(
    unit: UnitPage,
) -> None:
    hidden = ConceptFactory(lo="ທູບຈອດ", live=False)
    value = {**EXERCISES["choice"], "concept": hidden.pk}
    assert messages(checked(lesson_page(unit, ("picture_term", value))).unsolvable) == [
        "1 Choose a picture."
    ]


def test_each_text_without_a_recording_counts_once(unit: UnitPage) -> None:
    body = [
        ("vocabulary", {"entries": [PHRASE, PHRASE]}),
        ("grammar", {"pattern": "A", "examples": [PHRASE]}),
        ("dictation", {"say": {"text": "ດີ"}}),
    ]
    found = checked(lesson_page(unit, *body))
    assert found.voiceless_texts == 2
    assert [gap.place for gap in found.voiceless] == [1, 2, 3]


def test_terms_of_the_glossary_without_a_voice_are_counted(unit: UnitPage) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn")
    entries = [{"concept": concept.pk, "text": "ທູບຈອດ"}, {"concept": concept.pk}]
    found = checked(lesson_page(unit, ("vocabulary", {"entries": entries})))
    assert (found.voiceless_terms, found.voiceless_texts) == (1, 0)


def test_languages_that_are_not_meant_are_not_missing(unit: UnitPage) -> None:
    block = ("paragraphs", {"vi": "<p>a</p>"})
    values = {"source_language": "vi", "name_vi": "Chào", "name_en": "Hello", "name_lo": ""}
    found = checked(lesson_page(unit, block, languages=["vi", "en"], **values))
    assert found.missing == {"lo": 0, "vi": 0, "en": 1}
    assert found.stale["en"] == 1
    assert found.translations == ["English: 1 text missing, 1 text to check"]


def test_a_picture_without_alternative_text_is_named_with_the_languages(unit: UnitPage) -> None:
    image = SiteImage.objects.create(
        title="Bench", file=get_test_image_file(), alternative_vi="Bàn"
    )
    body = [
        ("picture", {"image": image.pk, "alternative": {"en": "A bench"}}),
        ("sign", {"title": words("a", "a"), "picture": image.pk}),
        ("letter_card", {"letter": "ກ", "example": "ໄກ່", "picture": image.pk}),
    ]
    found = checked(lesson_page(unit, *body))
    assert messages(found.pictures) == [
        "1 “Bench” has no alternative text in: Lao",
        "2 “Bench” has no alternative text in: Lao, English",
    ]


def test_blocks_that_are_not_filled_in_are_named(unit: UnitPage) -> None:
    found = checked(lesson_page(unit, ("dialogue", {"lines": [{"text": "ດີ"}]})))
    assert messages(found.unfinished) == ["1 lines 1: “speaker” is empty"]


def test_too_few_exercises_or_kinds(unit: UnitPage) -> None:
    five_alike = [("dictation", EXERCISES["dictation"])] * 5
    assert checked(lesson_page(unit, *five_alike)).too_few


def test_the_newest_draft_is_what_is_read(unit: UnitPage) -> None:
    lesson = opened(lesson_page(unit, ("choice", TWO_ALIKE)))
    draft = lesson.get_latest_revision_as_object()
    draft.body = "[]"
    draft.save_revision()
    lesson = LessonPage.objects.select_related("latest_revision").get(pk=lesson.pk)
    assert checked(lesson).unsolvable
    assert not checked(newest(lesson)).unsolvable
    assert lesson.body, "the published lesson stays as it was"


def test_a_lesson_of_every_kind_takes_few_queries(unit: UnitPage) -> None:
    concept = ConceptFactory(lo="ທູບຈອດ")
    entries = [{"concept": concept.pk}] * 5
    lesson = lesson_page(unit, *every_kind() * 3, ("vocabulary", {"entries": entries}))
    with CaptureQueriesContext(connection) as queries:
        checked(lesson)
    assert len(queries) <= 4, [query["sql"][:90] for query in queries]


# --- In the editor --------------------------------------------------------------------------------


def panel(client: Client, lesson: LessonPage) -> Any:
    page = soup(client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])))
    return page.select_one("[data-lesson-checklist]")


def test_the_editor_is_told_after_saving_a_draft(client: Client, unit: UnitPage) -> None:
    lesson = opened(lesson_page(unit))
    signed_in(client)
    response = edit(client, lesson, lesson_data(("order", order_block("ດີ"))))
    assert response.status_code == 302, response.context["form"].errors
    found = panel(client, lesson)
    link = found.find("a", href=f"#block-{ID.format(1)}-section")
    assert "Give at least two pieces." in link.parent.text
    # What an autosave asks for.
    address = reverse("lessons_admin:checklist", args=[lesson.pk])
    assert found["data-lesson-checklist"] == address
    assert "Give at least two pieces." in client.get(address).content.decode()


def test_publishing_an_exercise_that_cannot_be_solved_is_refused_at_its_block(
    client: Client, unit: UnitPage
) -> None:
    lesson = opened(lesson_page(unit))
    signed_in(client)
    data = lesson_data(("order", order_block("ດີ")), **{"action-publish": "yes"})
    response = edit(client, lesson, data)
    assert response.status_code == 200
    assert "Give at least two pieces." in response.content.decode()
    assert len(LessonPage.objects.get(pk=lesson.pk).body) == 0


def test_a_new_lesson_has_no_list_yet(client: Client, unit: UnitPage) -> None:
    signed_in(client)
    page = client.get(reverse("wagtailadmin_pages:add", args=["lessons", "lessonpage", unit.pk]))
    assert page.status_code == 200
    assert "data-lesson-checklist" not in page.content.decode()


def test_strangers_do_not_see_a_checklist(client: Client, unit: UnitPage) -> None:
    user = UserFactory()
    user.groups.add(Group.objects.create(name="nobody"))
    client.force_login(user)
    lesson = lesson_page(unit)
    address = reverse("lessons_admin:checklist", args=[lesson.pk])
    assert client.get(address).status_code == 302


# --- In the report --------------------------------------------------------------------------------


def report(client: Client, **query: Any) -> Any:
    response = client.get(reverse("lessons_admin:missing"), query)
    assert response.status_code == 200
    return soup(response)


def test_the_report_counts_per_lesson_and_course(client: Client, home: Any, unit: UnitPage) -> None:
    lesson_page(unit, ("choice", TWO_ALIKE), name_en="First", slug="first")
    lesson_page(unit, ("dictation", {"say": {"text": "ດີ"}}), name_en="Second", slug="second")
    other = course_page(home, name_en="Vietnamese", slug="vietnamese", teaches="vi")
    lesson_page(unit_page(other), name_en="Elsewhere", slug="elsewhere")
    signed_in(client)
    page = report(client)
    names = [row.th.text.strip() for row in page.select("tbody tr")]
    assert names == ["First", "Second"]
    first = [cell.text.strip() for cell in page.select("tbody tr")[0].select("td")]
    assert first[0] == "1"
    totals = [cell.text.strip() for cell in page.select("tfoot td")]
    assert totals[0] == "1" and totals[4] == "1"
    page = report(client, course=other.pk)
    assert [row.th.text.strip() for row in page.select("tbody tr")] == ["Elsewhere"]


def test_the_report_takes_the_same_queries_for_any_number_of_lessons(
    client: Client, unit: UnitPage
) -> None:
    signed_in(client)
    counts = []
    for round_number in range(2):
        for number in range(1 + round_number * 6):
            concept = ConceptFactory(lo=f"ຄຳ{round_number}{number}")
            lesson = lesson_page(
                unit,
                *every_kind(),
                ("vocabulary", {"entries": [{"concept": concept.pk}]}),
                slug=f"l{round_number}{number}",
            )
            opened(lesson).save_revision()
        report(client)
        with CaptureQueriesContext(connection) as queries:
            report(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_report_is_for_those_who_may_change_lessons(client: Client, unit: UnitPage) -> None:
    lesson_page(unit)
    client.force_login(UserFactory())
    assert client.get(reverse("lessons_admin:missing")).status_code == 302
    assert CoursePage.objects.count() == 1
