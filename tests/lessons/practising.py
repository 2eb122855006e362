"""Words with sound and picture, and a lesson that has some, for the tests of practice."""

from functools import cache
from typing import Any

from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file

from glossary.models import Concept
from lessons.models import CoursePage, LessonPage, UnitPage
from media.models import Recording, SiteImage
from tests.factories import ConceptFactory, course_page, lesson_page, unit_page
from tests.media.sounds import tone

from .samples import words

PAIRS = [
    ("ຄ້ອນ", "búa", "hammer"),
    ("ທູບຈອດ", "que hàn", "stick electrode"),
    ("ສາຍໄຟ", "dây điện", "electric wire"),
    ("ໄຂຄວງ", "tua vít", "screwdriver"),
    ("ຄີມ", "kìm", "pliers"),
    ("ຖົງມື", "găng tay", "gloves"),
]
PHRASE = {
    "id": "11111111-1111-4111-8111-111111111111",
    "type": "item",
    "value": {
        "text": "ສະບາຍດີ",
        "pronunciation": "xa-bai-đi",
        "translation": words("xin chào", "hello"),
    },
}


@cache
def _sine() -> bytes:
    return tone(0.3)


def sound(language: str, seconds: float = 0.3) -> Recording:
    """A recording with its copies."""
    data = _sine() if seconds == 0.3 else tone(seconds)
    return Recording.objects.create(
        title=language, language=language, file=ContentFile(data, f"{language}.wav")
    )


def picture() -> SiteImage:
    return SiteImage.objects.create(
        title="A hammer", alternative_en="A hammer", file=get_test_image_file(size=(400, 300))
    )


def concepts(count: int = len(PAIRS), **kwargs: Any) -> list[Concept]:
    return [ConceptFactory(lo=lo, vi=vi, en=en, **kwargs) for lo, vi, en in PAIRS[:count]]


def with_sound_and_picture(concept: Concept) -> Concept:
    for term in concept.terms.all():
        if term.language != "en":
            term.recording = sound(term.language, 0.4 if term.language == "vi" else 0.3)
            term.save()
    concept.image = picture()
    concept.save()
    return concept


def vocabulary(*entries: Any) -> tuple[str, dict[str, Any]]:
    """A vocabulary block of concepts and stored entries, for `lesson_page`."""
    stored = [
        {"type": "item", "id": f"entry-{entry.pk}", "value": {"concept": entry.pk}}
        if isinstance(entry, Concept)
        else entry
        for entry in entries
    ]
    return "vocabulary", {"title": {}, "entries": stored}


def vietnamese_lesson(home: Any, *entries: Any, **kwargs: Any) -> LessonPage:
    """A lesson of the Lao course for Vietnamese speakers with these words."""
    course = CoursePage.objects.first() or course_page(
        home, languages=["vi", "en"], source_language="vi"
    )
    unit = UnitPage.objects.first() or unit_page(course, name_vi="Chào hỏi")
    return lesson_page(unit, vocabulary(*entries), **{"name_vi": "Xin chào", **kwargs})
