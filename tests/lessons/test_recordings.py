"""Voices of lesson texts: the worklist, and that one recording reaches every place of its text."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lessons.models import CoursePage, LessonPage
from lessons.recordings import LessonsLocked, NotAttached, attach_recording, voiceless_texts
from media.models import Recording
from tests.core.editor import signed_in, soup
from tests.factories import (
    AdminFactory,
    ConceptFactory,
    UserFactory,
    course_page,
    lesson_page,
    unit_page,
)
from tests.media.sounds import tone

from .editing import opened
from .samples import words

pytestmark = pytest.mark.django_db

HELLO = {"text": "ສະບາຍດີ", "translation": words("Xin chào", "Hello")}
DIALOGUE = ("dialogue", {"lines": [{"speaker": "A", **HELLO}, {"speaker": "B", **HELLO}]})
SPEAK = ("speak", {"say": {"text": "ສະບາຍດີ"}})


@pytest.fixture
def course(home: Any) -> CoursePage:
    return course_page(home)


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    return opened(lesson_page(unit_page(course), DIALOGUE, SPEAK, name_en="First"))


def sound() -> SimpleUploadedFile:
    return SimpleUploadedFile("voice.wav", tone())


def new_recording() -> Recording:
    return Recording(title="ສະບາຍດີ", language="lo", file=sound())


def voices(lesson: LessonPage) -> list[int | None]:
    """The recordings of the lesson's dialogue and exercise."""
    dialogue, speak = list(lesson.body)[:2]
    spoken = [*dialogue.value["lines"], speak.value["say"]]
    return [part["recording"].pk if part["recording"] else None for part in spoken]


def fresh(lesson: LessonPage) -> LessonPage:
    return LessonPage.objects.get(pk=lesson.pk)


# --- The list -------------------------------------------------------------------------------------


def test_each_text_is_asked_for_once_a_course(course: CoursePage, lesson: LessonPage) -> None:
    other = unit_page(course, name_en="Again", slug="again")
    second = lesson_page(other, SPEAK, name_en="Second", slug="second")
    (entry,) = voiceless_texts(course, AdminFactory())
    assert entry.text == "ສະບາຍດີ"
    assert entry.translation == HELLO["translation"]
    assert entry.lessons == [lesson, second]


def test_entries_of_the_glossary_are_spoken_there(course: CoursePage) -> None:
    entry = {"concept": ConceptFactory(lo="ນ້ຳ").pk, "text": "ນ້ຳ"}
    lesson_page(unit_page(course), ("vocabulary", {"entries": [entry]}))
    assert voiceless_texts(course, AdminFactory()) == []


def test_nobody_is_asked_for_lessons_they_may_not_change(
    course: CoursePage, lesson: LessonPage
) -> None:
    assert voiceless_texts(course, UserFactory()) == []


# --- Attaching ------------------------------------------------------------------------------------


def test_a_recording_reaches_every_place_and_is_published(
    course: CoursePage, lesson: LessonPage
) -> None:
    second = lesson_page(unit_page(course, slug="again"), DIALOGUE, SPEAK, slug="second")
    user = AdminFactory()
    assert attach_recording(course, "ສະບາຍດີ", new_recording(), user) == 2
    key = Recording.objects.get().pk
    for found in (fresh(lesson), fresh(second)):
        assert voices(found) == [key, key, key]
        assert found.live and not found.has_unpublished_changes
        assert found.latest_revision.user == user
        assert voices(found.get_latest_revision_as_object()) == [key, key, key]
    assert voiceless_texts(course, user) == []


def test_an_open_draft_and_the_published_lesson_both_get_it(
    course: CoursePage, lesson: LessonPage
) -> None:
    draft = lesson.get_latest_revision_as_object()
    draft.name_en = "A draft"
    draft.save_revision()
    attach_recording(course, "ສະບາຍດີ", new_recording(), AdminFactory())
    key = Recording.objects.get().pk
    found = fresh(lesson)
    assert voices(found) == [key, key, key]
    assert found.name_en == "First" and found.has_unpublished_changes
    newest = found.get_latest_revision_as_object()
    assert newest.name_en == "A draft" and voices(newest) == [key, key, key]


def test_a_lesson_that_was_never_published_stays_a_draft(course: CoursePage) -> None:
    draft = lesson_page(unit_page(course), DIALOGUE, SPEAK, live=False)
    attach_recording(course, "ສະບາຍດີ", new_recording(), AdminFactory())
    assert not fresh(draft).live
    assert None not in voices(fresh(draft).get_latest_revision_as_object())


def test_blocks_keep_their_ids_and_translations_their_state(
    course: CoursePage, lesson: LessonPage
) -> None:
    lesson.confirm_translation("vi")
    lesson.save_revision().publish()
    before = fresh(lesson)
    attach_recording(course, "ສະບາຍດີ", new_recording(), AdminFactory())
    after = fresh(lesson)
    assert [block.id for block in after.body] == [block.id for block in before.body]
    assert after.translation_counts() == before.translation_counts()


def test_a_locked_lesson_is_a_conflict_and_nothing_is_kept(
    course: CoursePage, lesson: LessonPage
) -> None:
    lesson.locked, lesson.locked_by = True, AdminFactory()
    lesson.save()
    with pytest.raises(LessonsLocked):
        attach_recording(course, "ສະບາຍດີ", new_recording(), AdminFactory())
    assert not Recording.objects.exists()
    assert voices(fresh(lesson)) == [None, None, None]


def test_the_same_text_twice_is_a_conflict(course: CoursePage, lesson: LessonPage) -> None:
    attach_recording(course, "ສະບາຍດີ", new_recording(), AdminFactory())
    with pytest.raises(NotAttached):
        attach_recording(course, "ສະບາຍດີ", new_recording(), AdminFactory())
    assert Recording.objects.count() == 1


# --- In the admin ---------------------------------------------------------------------------------


def post(client: Client, course: CoursePage, key: str, **fields: Any) -> Any:
    data = {"file": sound(), "rights_holder": "A speaker", "consent": "on", **fields}
    address = reverse("lessons_admin:record", args=[course.pk, key])
    return client.post(address, data, headers={"Accept": "application/json"})


def test_the_worklist_shows_a_text_and_takes_its_sound(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    signed_in(client)
    address = reverse("lessons_admin:worklist", args=[course.pk])
    page = soup(client.get(address))
    assert page.select_one("#voice-text").text == "ສະບາຍດີ"
    assert "Hello" in page.select_one(".voice-card").text
    action = page.select_one(".voice-form")["action"]
    response = client.post(
        action,
        {"file": sound(), "rights_holder": "A speaker", "consent": "on"},
        headers={"Accept": "application/json"},
    )
    assert response.json() == {"next": address}
    recording = Recording.objects.get()
    assert recording.language == "lo" and recording.consent_on and recording.mp3
    assert voices(fresh(lesson)) == [recording.pk] * 3
    assert "has a voice in 1 lesson" in client.get(address).content.decode()


def test_without_consent_it_is_refused(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    signed_in(client)
    (entry,) = voiceless_texts(course, AdminFactory())
    response = post(client, course, entry.key, consent="")
    assert response.status_code == 400
    assert "consent" in response.json()["errors"]
    assert not Recording.objects.exists()


def test_a_text_that_is_gone_is_said_politely(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    signed_in(client)
    response = post(client, course, "aaaaaaaaaaaa")
    assert response.status_code == 409
    assert "stands in no lesson" in response.json()["errors"]["__all__"][0]


def test_a_file_that_is_no_sound_is_refused(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    signed_in(client)
    (entry,) = voiceless_texts(course, AdminFactory())
    response = post(client, course, entry.key, file=SimpleUploadedFile("a.wav", b"no sound"))
    assert response.status_code == 400
    assert "file" in response.json()["errors"]


def test_several_courses_are_offered_first(client: Client, home: Any, lesson: LessonPage) -> None:
    other = course_page(home, name_en="Vietnamese", slug="vietnamese", teaches="vi")
    lesson_page(unit_page(other), slug="else")
    signed_in(client)
    page = client.get(reverse("lessons_admin:voices")).content.decode()
    assert "1 text without a voice" in page and "0 texts without a voice" in page


def test_the_worklist_is_for_those_who_may_change_lessons(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    client.force_login(UserFactory())
    assert client.get(reverse("lessons_admin:voices")).status_code == 302
    assert client.get(reverse("lessons_admin:worklist", args=[course.pk])).status_code == 302
