"""What the previews of blocks show: a small example of each, for the editor's own language.

An editor who reads Lao sees examples that teach Vietnamese, everybody else examples that teach
Lao. Values stand as they are stored.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.languages import CODES
from core.reader import current_language

#: Key → the same in Lao, Vietnamese and English.
_WORDS = {
    "hello": ("ສະບາຍດີ", "Xin chào", "Hello"),
    "how": ("ສະບາຍດີບໍ່?", "Bạn khỏe không?", "How are you?"),
    "thanks": ("ຂອບໃຈ", "Cảm ơn", "Thank you"),
    "water": ("ນ້ຳ", "nước", "water"),
    "chicken": ("ໄກ່", "gà", "chicken"),
    "dog": ("ໝາ", "chó", "dog"),
    "fish": ("ປາ", "cá", "fish"),
    "no_smoking": ("ຫ້າມສູບຢາ", "Cấm hút thuốc", "No smoking"),
    "welder": ("ຊ່າງເຊື່ອມ", "thợ hàn", "welder"),
    "carpenter": ("ຊ່າງໄມ້", "thợ mộc", "carpenter"),
    "electrician": ("ຊ່າງໄຟຟ້າ", "thợ điện", "electrician"),
    "come": ("ມາ", "đến", "to come"),
    "horse": ("ມ້າ", "ngựa", "horse"),
    "mother": ("ແມ່", "má", "mother"),
    "ghost": ("ຜີ", "ma", "ghost"),
}
Example = dict[str, Any]


def taught_in_examples() -> str:
    """The language that the examples teach: never the editor's own."""
    return "vi" if current_language() == "lo" else "lo"


def _said(key: str) -> str:
    return _WORDS[key][CODES.index(taught_in_examples())]


def _meant(key: str) -> dict[str, str]:
    texts = dict(zip(CODES, _WORDS[key], strict=True))
    del texts[taught_in_examples()]
    return texts


def _told(text: str) -> dict[str, str]:
    """A sentence that stands in the editor's language only."""
    return {current_language(): text}


def _paragraph(text: str) -> dict[str, str]:
    return _told(f"<p>{text}</p>")


def _phrase(key: str) -> Example:
    return {"text": _said(key), "translation": _meant(key)}


def _options(right: str, *wrong: str) -> list[Example]:
    return [{"text": _said(key), "right": key == right} for key in (right, *wrong)]


def _minimal_pair() -> tuple[str, str]:
    return ("ghost", "mother") if taught_in_examples() == "vi" else ("come", "horse")


def paragraphs() -> Any:
    return _paragraph(_("Greet whoever is older first. A small bow goes with the greeting."))


def picture() -> Example:
    return {"image": _any_image(), "caption": _told(_("What the picture shows."))}


def _any_image() -> int | None:
    # A preview needs a picture that is there; any of the site's will do.
    from media.models import SiteImage

    first: int | None = SiteImage.objects.order_by("pk").values_list("pk", flat=True).first()
    return first


def audio() -> Example:
    return {"title": _told(_("At the gate")), "transcript": _said("hello")}


def dialogue() -> Example:
    keys = ("hello", "how", "thanks")
    return {
        "title": _told(_("In the morning")),
        "lines": [{"speaker": "AB"[n % 2], **_phrase(key)} for n, key in enumerate(keys)],
    }


def vocabulary() -> Example:
    return {"entries": [_phrase(key) for key in ("water", "fish", "chicken")]}


def grammar() -> Example:
    pattern = "A là B" if taught_in_examples() == "vi" else "A ແມ່ນ B"
    return {
        "pattern": pattern,
        "explanation": _paragraph(_("This is how you say what something is.")),
        "examples": [_phrase("how")],
    }


def letter_card() -> Example:
    meaning = {"meaning": _meant("chicken"), "example": _said("chicken")}
    if taught_in_examples() == "vi":
        return {"letter": "g", "sound": _told(_("a voiced k")), **meaning}
    sound = _told(_("like k, without breath"))
    return {"letter": "ກ", "letter_class": "mid", "name": "ກ ໄກ່", "sound": sound, **meaning}


def tone_card() -> Example:
    first, second = _minimal_pair()
    names = ("ngang", "sắc") if taught_in_examples() == "vi" else ("ສາມັນ", "ໂທ")
    return {
        "explanation": _told(_("The same sounds, another tone, another word.")),
        "pairs": [
            {"text": _said(key), "tone": tone, "meaning": _meant(key)}
            for key, tone in zip((first, second), names, strict=True)
        ],
    }


def sign() -> Example:
    return {
        "title": _told(_("In the workshop")),
        "pictogram": "warning",
        "lines": [_phrase("no_smoking")],
    }


def teacher_note() -> Any:
    return _paragraph(_("Let pairs greet each other, then change the pairs."))


def choice() -> Example:
    return {
        "question": _told(_("What do you say when somebody helped you?")),
        "options": _options("thanks", "hello", "how"),
        "why": _told(_("This is how one thanks.")),
    }


def listen_choose() -> Example:
    return {"say": {"text": _said("hello")}, "options": _options("hello", "thanks", "how")}


def minimal_pair() -> Example:
    pair = _minimal_pair()
    return {
        "say": {"text": _said(pair[0])},
        "options": [{"text": _said(key), "meaning": _meant(key)} for key in pair],
    }


def match() -> Example:
    keys = ("water", "fish", "dog")
    return {"pairs": [{"left": _said(key), "right": _meant(key)} for key in keys]}


def order() -> Example:
    pieces = ["Bạn", "khỏe", "không"] if taught_in_examples() == "vi" else ["ສະ", "ບາຍ", "ດີ"]
    meaning = "how" if taught_in_examples() == "vi" else "hello"
    return {"pieces": pieces, "translation": _meant(meaning)}


def gap() -> Example:
    text = "Xin [[chào]]!" if taught_in_examples() == "vi" else "ສະບາຍ[[ດີ]]"
    return {"text": text, "translation": _meant("hello")}


def dictation() -> Example:
    return {"say": {"text": _said("thanks")}, "translation": _meant("thanks")}


def picture_term() -> Example:
    return {
        "pictogram": "welder",
        "options": _options("welder", "carpenter", "electrician"),
    }


def speak() -> Example:
    return {"say": {"text": _said("hello")}, "translation": _meant("hello")}


#: Kind of block → its example; called while the editor's language is active.
EXAMPLES: dict[str, Callable[[], Any]] = {
    example.__name__: example
    for example in (
        *(paragraphs, picture, audio, dialogue, vocabulary, grammar, letter_card, tone_card),
        *(sign, teacher_note, choice, listen_choose, minimal_pair, match, order, gap),
        *(dictation, picture_term, speak),
    )
}
