"""A block of each kind, as it is stored, for a course that teaches Lao; and its page."""

from typing import Any

from django.test import Client

from media.models import Recording

WHY = {"vi": "Vì sao", "en": "This is why"}


def words(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def options(**more: Any) -> list[dict[str, Any]]:
    return [
        {"text": "ສະບາຍດີ", "right": True, "why": words("Lời chào.", "A greeting."), **more},
        {"text": "ຂອບໃຈ", "why": words("Nghĩa là cảm ơn.", "This means thank you.")},
        {"text": "ເຈົ້າ", "why": words("Nghĩa là bạn.", "This means you.")},
    ]


EXERCISES: dict[str, dict[str, Any]] = {
    "choice": {
        "question": words("Bạn nói gì?", "What do you say?"),
        "options": options(),
        "why": WHY,
    },
    "listen_choose": {"say": {"text": "ສະບາຍດີ"}, "options": options(), "why": WHY},
    "minimal_pair": {
        "say": {"text": "ດີ"},
        "options": [
            {"text": "ດີ", "meaning": words("tốt", "good")},
            {"text": "ຕີ", "meaning": words("đánh", "to hit")},
        ],
        "why": WHY,
    },
    "match": {
        "pairs": [
            {"left": "ກາ", "right": words("con quạ", "crow")},
            {"left": "ຕາ", "right": words("mắt", "eye")},
            {"left": "ດີ", "right": words("tốt", "good")},
        ],
        "why": WHY,
    },
    "order": {
        "pieces": ["ເຈົ້າ", "ສະບາຍດີ", "ບໍ່"],
        "translation": words("Bạn khỏe không?", "How are you?"),
        "why": WHY,
    },
    "gap": {
        "text": "ສະບາຍ[[ດີ]] ຂອບ[[ໃຈ]]",
        "accept": ["ດີ|ດີໆ"],
        "translation": words("Chào, cảm ơn.", "Hello, thank you."),
        "why": WHY,
    },
    "dictation": {
        "say": {"text": "ຂອບໃຈ"},
        "translation": words("Cảm ơn.", "Thank you."),
        "why": WHY,
    },
    "picture_term": {"pictogram": "welder", "options": options(), "why": WHY},
    "speak": {
        "say": {"text": "ສະບາຍດີ", "pronunciation": "xa-bai-đi"},
        "translation": words("Xin chào.", "Hello."),
        "why": WHY,
    },
}

PHRASE = {"text": "ນ້ຳ", "pronunciation": "nam", "translation": words("nước", "water")}

PRESENTATION: dict[str, Any] = {
    "paragraphs": words("<p>Chữ Lào</p>", "<p>Lao letters</p>"),
    "dialogue": {
        "title": words("Buổi sáng", "Morning"),
        "lines": [
            {"speaker": "ຄູ", "text": "ສະບາຍດີ", "translation": words("Chào em.", "Hello.")},
            {"speaker": "ລານ", "text": "ສະບາຍດີ ຄູ", "translation": words("Chào cô.", "Good day.")},
        ],
    },
    "vocabulary": {"title": words("Từ", "Words"), "entries": [PHRASE]},
    "grammar": {
        "pattern": "A ແມ່ນ B",
        "explanation": words("<p>A là B</p>", "<p>A is B</p>"),
        "examples": [PHRASE],
    },
    "letter_card": {
        "letter": "ກ",
        "letter_class": "mid",
        "name": "ກ ໄກ່",
        "sound": words("như c", "like k"),
        "example": "ໄກ່",
        "meaning": words("gà", "chicken"),
    },
    "tone_card": {
        "explanation": words("Hai thanh.", "Two tones."),
        "pairs": [
            {"text": "ມາ", "tone": "ສາມັນ", "meaning": words("đến", "to come")},
            {"text": "ມ້າ", "tone": "ໂທ", "meaning": words("ngựa", "horse")},
        ],
    },
    "sign": {
        "title": words("Ở xưởng", "In the workshop"),
        "pictogram": "safety",
        "lines": [{"text": "ຫ້າມສູບຢາ", "translation": words("Cấm hút thuốc", "No smoking")}],
    },
    "teacher_note": words("<p>Cho cả lớp chào.</p>", "<p>Let the class greet.</p>"),
}


def every_kind() -> list[tuple[str, Any]]:
    """A lesson with one block of each kind that needs no file."""
    return [*PRESENTATION.items(), *EXERCISES.items()]


def page_of(client: Client, lesson: Any, query: str = "", language: str = "en") -> str:
    response = client.get(f"/{language}/{lesson.url.split('/', 2)[2]}{query}")
    assert response.status_code == 200
    return response.content.decode()


def sounds(count: int) -> list[int]:
    """Keys of recordings with copies to play; the files themselves are not needed."""
    made = Recording.objects.bulk_create(
        Recording(title=f"{n}", file="a.wav", mp3="a.mp3", opus="a.opus", duration=1, language="lo")
        for n in range(count)
    )
    return [recording.pk for recording in made]
