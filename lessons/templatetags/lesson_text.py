"""Template tags of lessons: text in the taught language, translations, and what exercises need."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.blocks import StructValue

from core.languages import LocalText, fallback_chain, pick
from core.reader import Reader, current_language
from core.templatetags.content import has_text, told
from glossary.cards import headwords, playable
from glossary.models import Concept
from lessons.exercises import plain, split_gaps
from media.models import Recording

register = template.Library()
register.simple_tag(told, takes_context=True)
register.filter(has_text)

_LAO = re.compile("[\u0e80-\u0eff]")


def _reader(context: template.Context) -> Reader:
    reader: Reader = context.get("reader") or Reader(current_language())
    return reader


def _taught_code(context: template.Context, text: str) -> str:
    """The taught language; a block shown without its course tells it by its script."""
    return context.get("taught") or ("lo" if _LAO.search(text) else "vi")


# --- Text -----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def taught_language(context: template.Context, text: Any = "") -> str:
    """The code of the taught language."""
    return _taught_code(context, str(text))


@register.simple_tag(takes_context=True)
def taught(context: template.Context, text: Any, css_class: str = "") -> SafeString | str:
    """Text in the taught language, inside an element that says so."""
    if not text:
        return ""
    code = _taught_code(context, str(text))
    if css_class:
        return format_html('<span class="{}" lang="{}">{}</span>', css_class, code, text)
    return format_html('<span lang="{}">{}</span>', code, text)


# --- Words ----------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def word_of(context: template.Context, entry: Any) -> dict[str, Any]:
    """A vocabulary entry as text, pronunciation, recording, translations and its concept.

    A concept without a term in the taught language falls back on the free text.
    """
    concept: Concept | None = entry.get("concept")
    words = headwords(concept) if concept else {}
    code = _taught_code(context, str(entry.get("text") or ""))
    if concept and not context.get("taught") and not entry.get("text"):
        code = next((c for c in ("lo", "vi") if c in words and c != _reader(context).language), "")
    free = {
        "code": code,
        "text": entry.get("text"),
        "pronunciation": entry.get("pronunciation"),
        "recording": entry.get("recording"),
        "value": entry.get("translation"),
        "concept": None,
    }
    if concept is None or code not in words:
        return free
    term = words[code]
    return {
        "code": code,
        "text": term.text,
        "pronunciation": entry.get("pronunciation") or term.pronunciation,
        "recording": entry.get("recording") or playable(term),
        "translations": _translations(context, {c: t.text for c, t in words.items()}, code),
        "concept": concept,
        "picture": concept.image,
    }


def _translations(
    context: template.Context, texts: dict[str, str], taught_code: str
) -> list[LocalText]:
    """A term in the reader's language and the companion's, never in the taught one itself."""
    reader = _reader(context)
    others = {code: text for code, text in texts.items() if code != taught_code}
    wanted = reader.language
    if wanted == taught_code:
        # Who reads a course in the language it teaches sees the next best language.
        wanted = next((c for c in fallback_chain(wanted)[1:] if c in others), wanted)
    main = pick(others, wanted)
    shown = [main] if main else []
    companion = reader.companion
    if companion in others and (main is None or companion != main.language):
        shown.append(LocalText(others[companion], companion))
    return shown


@register.simple_tag
def any_sound(values: Iterable[Any]) -> bool:
    """Whether any of the spoken texts has a recording that can be played."""
    return any(_sound_of(value) for value in values)


def _sound_of(value: Any) -> Recording | None:
    recording: Recording | None = value.get("recording")
    if recording is None and (concept := value.get("concept")):
        return next((r for t in headwords(concept).values() if (r := playable(t))), None)
    return recording if recording is not None and recording.mp3 else None


@register.filter
def can_play(recording: Recording | None) -> bool:
    """Whether a recording is there with a file that pages play."""
    return recording is not None and bool(recording.mp3)


@register.filter
def any_synthetic(recordings: Iterable[Recording]) -> bool:
    """Whether a machine speaks in any of them."""
    return any(recording.is_synthetic for recording in recordings)


# --- Exercises ------------------------------------------------------------------------------------


@register.filter
def shuffled(values: Iterable[Any], seed: str) -> list[tuple[int, Any]]:
    """(original place, value) pairs in an order that depends on `seed` only, and is another one.

    The same for every reader, so that pages can be cached and teachers can print them.
    """
    numbered = list(enumerate(values))
    mixed = sorted(numbered, key=lambda pair: _mix(f"{seed}:{pair[0]}"))
    if len(mixed) > 1 and mixed == numbered:
        mixed = [*mixed[1:], mixed[0]]
    return mixed


def _mix(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@register.filter
def right_count(options: Iterable[Any]) -> int:
    """How many options are right."""
    return sum(bool(option.get("right")) for option in options)


@register.filter
def same_as(text: str | None, other: str | None) -> bool:
    """Whether two texts are the same answer; a draft may still lack one."""
    return plain(text or "") == plain(other or "")


@register.simple_tag
def gap_pieces(value: StructValue) -> list[dict[str, Any]]:
    """A gap text in pieces: {text} or {number, answers (JSON list), size, shown}."""
    further = [str(line or "") for line in value.get("accept") or []]
    pieces: list[dict[str, Any]] = []
    number = 0
    for text, is_gap in split_gaps(value["text"] or ""):
        if not is_gap:
            pieces.append({"text": text})
            continue
        more = further[number].split("|") if number < len(further) else []
        answers = list(dict.fromkeys(a.strip() for a in [text, *more] if a.strip()))
        number += 1
        pieces.append(
            {
                "number": number,
                "answers": json.dumps(answers, ensure_ascii=False),
                "shown": text,
                "size": min(max(len(answer) for answer in answers) + 2, 24) if answers else 8,
            }
        )
    return pieces


@register.filter
def as_answers(text: str | None) -> str:
    """One right answer as the JSON list that the browser compares with."""
    return json.dumps([text or ""], ensure_ascii=False)


@register.filter
def join_pieces(pieces: Iterable[Any], code: str) -> str:
    """Pieces as one text: Lao is written without spaces between words."""
    return ("" if code == "lo" else " ").join(str(piece) for piece in pieces)
