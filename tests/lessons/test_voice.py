"""The synthetic voice of Vietnamese lessons, made by the real espeak-ng."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django_tasks import default_task_backend

from glossary.models import Term
from lessons import voice
from lessons.models import LessonPage
from lessons.voice import make_voices, start_voices
from media.encoding import encode
from media.models import Recording
from media.sound import long_limits
from tests.factories import ConceptFactory, UserFactory, course_page, lesson_page, unit_page

pytestmark = pytest.mark.django_db
with_voice = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is missing")


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "translation": {"lo": "…", "en": "…"}, **more}


BLOCKS: list[tuple[str, dict[str, Any]]] = [
    (
        "dialogue",
        {
            "lines": [
                said("Chào em.", speaker="Cô Lan"),
                said("Em chào cô ạ.", speaker="Khăm"),
                said("Chào em.", speaker="Khăm"),
            ]
        },
    ),
    ("letter_card", {"letter": "ă", "sound": {"en": "a"}, "example": "ăn"}),
    ("tone_card", {"pairs": [{"text": "ba", "tone": "ngang"}, {"text": "bà", "tone": "huyền"}]}),
    ("dictation", {"say": {"text": "Chào em."}}),
    ("speak", {"say": {"text": "…"}}),
]


@pytest.fixture
def lesson(home: Any) -> LessonPage:
    unit = unit_page(course_page(home, slug="vietnamese", teaches="vi"))
    concept: Any = ConceptFactory(lo="ຄ້ອນ", vi="cái búa", en="hammer")
    entries = [{"concept": concept.pk}, said("cảm ơn")]
    made = lesson_page(unit, *BLOCKS, ("vocabulary", {"entries": entries}))
    made.save_revision().publish()
    return made


def stored_body(lesson: LessonPage) -> Any:
    """The body as an editor's save stores it: items of lists with their ids."""
    page = LessonPage.objects.get(pk=lesson.pk)
    assert list(page.body)
    return page.body.get_prep_value()


def recordings(lesson: LessonPage) -> list[int | None]:
    """The keys in the places of a lesson, in order."""
    dialogue, letter, tones, dictation, speak, vocabulary = stored_body(lesson)
    values = [
        *(line["value"] for line in dialogue["value"]["lines"]),
        letter["value"],
        *(pair["value"] for pair in tones["value"]["pairs"]),
        dictation["value"]["say"],
        speak["value"]["say"],
        *(entry["value"] for entry in vocabulary["value"]["entries"]),
    ]
    return [value.get("recording") for value in values]


@with_voice
def test_every_text_gets_a_small_recording_that_says_it_is_synthetic(lesson: LessonPage) -> None:
    result = make_voices()
    keys = recordings(lesson)
    # Punctuation says nothing; the concept is heard through its term.
    assert [key is None for key in keys] == [False] * 7 + [True, True, False]
    made = Recording.objects.in_bulk([key for key in keys if key])
    assert all(r.is_synthetic and r.language == "vi" for r in made.values())
    assert all(r.opus.size < 6_000 and r.file.size < 6_000 for r in made.values())
    assert all(0.2 < r.duration < 3 and -22 < r.loudness < -14 for r in made.values())
    titles = [made[key].title if key else None for key in keys]
    assert titles[:4] == ["Chào em.", "Em chào cô ạ.", "Chào em.", "ăn"]
    # Two people say the same words in two voices; one person says them the same each time.
    assert keys[0] != keys[2] and keys[0] == keys[6]
    assert made[keys[4]].opus.read() != made[keys[5]].opus.read()
    term = Term.objects.get(language="vi")
    assert term.recording is not None and term.recording.title == "cái búa"
    assert Term.objects.get(language="lo").recording is None
    assert (result.lessons, result.terms, result.locked) == (1, 1, 0)
    assert result.recordings == Recording.objects.count()


@with_voice
def test_a_second_run_makes_nothing(lesson: LessonPage) -> None:
    make_voices()
    before = (recordings(lesson), LessonPage.objects.get(pk=lesson.pk).latest_revision_id)
    again = make_voices()
    assert (again.recordings, again.lessons, again.terms) == (0, 0, 0)
    assert (recordings(lesson), LessonPage.objects.get(pk=lesson.pk).latest_revision_id) == before


@with_voice
def test_the_next_save_in_the_editor_keeps_the_voice(lesson: LessonPage) -> None:
    make_voices()
    keys = recordings(lesson)
    draft = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    draft.name_en = "Hello again"
    draft.save_revision().publish()
    assert recordings(lesson) == keys


@with_voice
def test_a_persons_recording_stays_and_a_changed_text_is_spoken_anew(lesson: LessonPage) -> None:
    own = Recording(title="ăn", language="vi", file=ContentFile(voice.say("ăn", "vi"), "own.wav"))
    own.save()
    stored = stored_body(lesson)
    stored[1]["value"]["recording"] = own.pk
    page = LessonPage.objects.get(pk=lesson.pk)
    page.body = json.dumps(stored)
    page.save_revision().publish()
    make_voices()
    before = recordings(lesson)
    assert before[3] == own.pk
    page = LessonPage.objects.get(pk=lesson.pk)
    page.body[0].value["lines"][0]["text"] = "Chào cả lớp."
    page.body[1].value["example"] = "ăn cơm"
    page.save_revision().publish()
    assert make_voices().recordings == 1
    after = recordings(lesson)
    assert after[0] != before[0]
    assert Recording.objects.get(pk=after[0]).title == "Chào cả lớp."
    assert after[1:] == before[1:]


@with_voice
def test_a_draft_gets_its_voice_and_stays_a_draft(lesson: LessonPage) -> None:
    draft = LessonPage.objects.get(pk=lesson.pk)
    draft.name_en = "Not yet for readers"
    draft.save_revision()
    make_voices()
    page = LessonPage.objects.get(pk=lesson.pk)
    assert page.name_en != "Not yet for readers"
    assert page.has_unpublished_changes
    assert set(recordings(lesson)) == {None}
    page.get_latest_revision().publish()
    assert LessonPage.objects.get(pk=lesson.pk).name_en == "Not yet for readers"
    assert len(set(recordings(lesson))) > 5


@with_voice
def test_what_somebody_has_locked_is_left_for_later(lesson: LessonPage) -> None:
    LessonPage.objects.filter(pk=lesson.pk).update(locked=True, locked_by=UserFactory())
    concept = Term.objects.get(language="vi").concept
    concept.locked, concept.locked_by = True, UserFactory()
    concept.save()
    result = make_voices()
    assert (result.lessons, result.terms, result.locked) == (0, 0, 2)
    assert set(recordings(lesson)) == {None}
    assert Term.objects.get(language="vi").recording is None


@with_voice
def test_a_course_of_lao_gets_no_voice_but_its_vietnamese_terms_do(home: Any) -> None:
    concept: Any = ConceptFactory(lo="ຄ້ອນ", vi="cái búa", en="hammer")
    words = ("vocabulary", {"entries": [{"concept": concept.pk}, {"text": "ດີ"}]})
    made = lesson_page(unit_page(course_page(home)), words, ("dictation", {"say": {"text": "ດີ"}}))
    result = make_voices()
    assert (result.recordings, result.lessons, result.terms) == (1, 0, 1)
    assert "recording" not in str(LessonPage.objects.get(pk=made.pk).body.raw_data[1])


@with_voice
@pytest.mark.parametrize("accent", voice.VOICES)
def test_espeak_has_every_accent_and_speaker(accent: str) -> None:
    said = {voice.say("Xin chào các bạn", accent + speaker) for speaker in voice.SPEAKERS}
    assert len(said) == len(voice.SPEAKERS)
    for sound in said:
        assert encode(io.BytesIO(sound), long_limits()).duration > 0.5


@with_voice
def test_five_seconds_of_speech_are_about_twenty_kilobytes() -> None:
    text = "Em tên là Khăm, em học nghề hàn ở trung tâm này, rất vui được gặp cô."
    sound = encode(io.BytesIO(voice.say(text, "vi")), long_limits())
    assert 4 < sound.duration < 7
    assert len(sound.opus) / sound.duration < 4_500


@with_voice
def test_the_command_tells_what_it_made(lesson: LessonPage, capsys: Any) -> None:
    call_command("make_voices", voice="vi-vn-x-south")
    assert "put into 1 lessons and 1 terms" in capsys.readouterr().out
    names = Recording.objects.values_list("file", flat=True)
    assert all(name.startswith("media/espeak-vi-vn-x-south-") for name in names)


def test_without_espeak_one_line_says_so_and_nothing_is_made(
    lesson: LessonPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told: list[str] = []
    start_voices(told.append)
    assert told == [voice.MISSING]
    assert not Recording.objects.exists()
    with pytest.raises(CommandError, match="espeak-ng is not installed"):
        call_command("make_voices")


@with_voice
def test_loading_the_demo_leaves_the_work_to_the_worker(lesson: LessonPage) -> None:
    told: list[str] = []
    start_voices(told.append)
    assert len(told) == 1 and "background" in told[0]
    # The tests' own backend works at once.
    assert default_task_backend.alias == "default"
    assert Recording.objects.exists()
