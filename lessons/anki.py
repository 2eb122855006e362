"""Lists as Anki packages (.apkg): a note a word, a card each way, with sound and picture."""

import hashlib
import html
import shutil
import tempfile
from pathlib import Path
from typing import Any

import genanki
from django.db.models.fields.files import FieldFile
from django.utils.text import slugify

from core.languages import LANGUAGES

from .practice_lists import PracticeList
from .practice_words import Side, Word

#: So many notes a package holds.
MAX_NOTES = 1_000
#: Sounds and pictures beyond so many bytes are left out.
MAX_MEDIA = 60_000_000
# Anki knows the kind of a note by this number. A change of the fields needs a new one, and then
# the learners' cards are new as well.
_MODEL_ID = 1_598_742_071
_VERSION = "1"
# Anki makes the keys of notes from the time; 0 is none. 1 January 2026.
_OLDEST = 1_767_225_600.0
_FIELDS = (
    "Lao",
    "Vietnamese",
    "English",
    "Lao pronunciation",
    "Vietnamese pronunciation",
    "Lao sound",
    "Vietnamese sound",
    "Picture",
    "Id",
)
_CSS = """
.card { font-family: "Be Vietnam Pro", sans-serif; font-size: 20px; line-height: 1.5;
  text-align: center; color: #1d2433; background: #fbfaf7; }
.term { font-size: 40px; font-weight: 700; }
[lang=lo] { font-family: "Noto Sans Lao", "Lao Sangam MN", "Leelawadee UI", sans-serif;
  line-height: 1.85; }
.lo { color: #2b3a8c; } .vi { color: #a3224f; } .en { color: #46536b; }
.tag { font-size: 14px; font-weight: 700; }
.said { font-size: 18px; color: #566075; }
img { max-width: 320px; max-height: 320px; }
.nightMode.card { color: #e9e6df; background: #14171f; }
.nightMode .lo { color: #a9b6ff; } .nightMode .vi { color: #ff9fbe; }
.nightMode .en, .nightMode .said { color: #b7c0d0; }
"""


def _side(code: str, name: str) -> str:
    """One language of a card, as Anki's templates write it."""
    tag = LANGUAGES[code].tag
    return (
        f'<div class="{code}"><span class="tag" lang="{code}">{tag}</span>'
        f'<div class="term" lang="{code}">{{{{{name}}}}}</div>'
        f"{{{{#{name} pronunciation}}}}"
        f'<div class="said">{{{{{name} pronunciation}}}}</div>'
        f"{{{{/{name} pronunciation}}}}{{{{{name} sound}}}}</div>"
    )


def _template(asked: tuple[str, str], answer: tuple[str, str]) -> dict[str, str]:
    english = (
        '{{#English}}<div class="en"><span class="tag" lang="en">ENG</span> '
        '<span lang="en">{{English}}</span></div>{{/English}}'
    )
    return {
        "name": f"{asked[1]} → {answer[1]}",
        "qfmt": _side(*asked),
        "afmt": f"{{{{FrontSide}}}}<hr id=answer>{_side(*answer)}{english}{{{{Picture}}}}",
    }


_LAO, _VIETNAMESE = ("lo", "Lao"), ("vi", "Vietnamese")


def _model() -> Any:
    return genanki.Model(
        _MODEL_ID,
        "Mittaphap Lao–Vietnamese",
        fields=[{"name": name} for name in _FIELDS],
        templates=[_template(_LAO, _VIETNAMESE), _template(_VIETNAMESE, _LAO)],
        css=_CSS,
    )


class _Note(genanki.Note):  # type: ignore[misc]
    """A note whose identity is the word's, whatever its text becomes."""

    @property
    def guid(self) -> str:
        return f"mittaphap-{self.fields[-1]}"


def noted(found: PracticeList) -> list[Word]:
    """The words of a list that make notes: those in both languages."""
    return [word for word in found.words if word.is_pair]


def fingerprint(found: PracticeList) -> str:
    """What changes when the package would: 20 hexadecimal digits."""
    parts: list[object] = [_VERSION, found.kind, found.key, found.title.text]
    for word in noted(found):
        parts += [word.public_id, word.changed, word.picture and word.picture.file.name]
        for side in word.sides.values():
            sound = side.recording.mp3.name if side.recording else ""
            parts += [side.code, side.text, side.pronunciation, sound]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def file_name(found: PracticeList) -> str:
    """A name for the downloaded file in letters that every system takes."""
    return f"mittaphap-{slugify(found.title.text)[:40] or found.kind}.apkg"


def build_package(found: PracticeList) -> bytes:
    """The package. Notes, kind and deck keep their ids: a second import adds nothing."""
    deck = genanki.Deck(_deck_id(found), f"Mittaphap::{found.title.text.replace('::', ' ')}")
    model = _model()
    # A later edit must look newer to Anki, or it keeps the older text.
    newest = max((w.changed.timestamp() for w in found.words if w.changed), default=_OLDEST)
    with tempfile.TemporaryDirectory() as folder:
        media = _Media(Path(folder))
        for word in noted(found):
            deck.add_note(_Note(model=model, fields=_fields(word, media)))
        target = Path(folder) / "package.apkg"
        package = genanki.Package(deck, media_files=[str(path) for path in media.paths])
        package.write_to_file(str(target), timestamp=newest)
        return target.read_bytes()


def _deck_id(found: PracticeList) -> int:
    """The same number for the same list, within what Anki takes."""
    name = f"{found.kind} {found.key} {found.query}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:5], "big") + 1_000_000_000


def _fields(word: Word, media: "_Media") -> list[str]:
    lao, vietnamese = word.side("lo"), word.side("vi")
    picture = media.add(word.picture.file) if word.picture else ""
    alternative = html.escape(word.alternative.text) if word.alternative else ""
    return [
        html.escape(lao.text),
        html.escape(vietnamese.text),
        html.escape(word.side("en").text),
        html.escape(lao.pronunciation),
        html.escape(vietnamese.pronunciation),
        _sound(lao, media),
        _sound(vietnamese, media),
        f'<img src="{picture}" alt="{alternative}">' if picture else "",
        word.public_id,
    ]


def _sound(side: Side, media: "_Media") -> str:
    name = media.add(side.recording.mp3) if side.recording else ""
    return f"[sound:{name}]" if name else ""


class _Media:
    """The files of a package, copied to `folder` under names that clash with nobody else's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = MAX_MEDIA
        self.paths: dict[Path, None] = {}

    def add(self, file: FieldFile) -> str:
        """Take a file in; its name in Anki, '' where it is lost or no room is left."""
        name = f"mittaphap-{Path(file.name or '').name}"
        path = self._folder / name
        if path in self.paths:
            return name
        try:
            size = file.size
            if size > self._left:
                return ""
            with file.storage.open(file.name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
        except (OSError, ValueError):
            return ""
        self._left -= size
        self.paths[path] = None
        return name
