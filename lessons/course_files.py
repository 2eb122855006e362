"""The language courses that ship with the project: readable YAML files, one for each unit."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from wagtail import blocks
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from core.blocks import TranslatedRichText, TranslatedText
from core.languages import CODES
from glossary.exchange.content import LOADER, concept_id
from orthography import normalise

from .blocks import LessonBlocks
from .blocks.choosers import ConceptChooserBlock
from .blocks.spoken import SpokenText

CONTENT = Path(__file__).parent / "content"
INDEX = CONTENT / "index.yaml"
#: Public id → key of the concepts a site has.
ConceptKeys = Mapping[str, int]
LESSON_BLOCKS = LessonBlocks()
LESSON_BLOCKS.set_name("body")


class ContentError(ValueError):
    """A shipped file is not as it should be; the message says where and what."""


@dataclass(frozen=True)
class LessonFile:
    """A lesson as its unit's file has it; `where` names it in messages."""

    course: str
    where: str
    data: Mapping[str, Any]

    @property
    def slug(self) -> str:
        return str(self.data["slug"])

    @property
    def blocks(self) -> Iterator[tuple[str, str, Any]]:
        """(where, kind, value) of each block, in order."""
        for number, entry in enumerate(self.data["blocks"], start=1):
            if not isinstance(entry, dict) or len(entry) != 1:
                raise ContentError(f"{self.where}, block {number}: give one kind of block")
            [(kind, value)] = entry.items()
            yield f"{self.where}, block {number} ({kind})", kind, value


@dataclass(frozen=True)
class UnitFile:
    """A unit and its lessons."""

    data: Mapping[str, Any]
    lessons: tuple[LessonFile, ...]

    @property
    def slug(self) -> str:
        return str(self.data["slug"])


@dataclass(frozen=True)
class CourseFile:
    """A course, its units in order, and the languages it explains in, the source first."""

    data: Mapping[str, Any]
    units: tuple[UnitFile, ...]

    @property
    def slug(self) -> str:
        return str(self.data["slug"])

    @property
    def instruction(self) -> list[str]:
        return list(self.data["instruction"])


def read_yaml(path: Path, *required: str) -> dict[str, Any]:
    """A file's mapping. Raises ContentError."""
    where = _shown(path)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 — a safe loader
    except yaml.YAMLError as error:
        raise ContentError(f"{where}: {error}") from error
    return _with_keys(data, where, required)


def read_courses(folder: Path = CONTENT) -> list[CourseFile]:
    """Every shipped course with its units. Raises ContentError."""
    return [_read_course(path.parent) for path in sorted(folder.glob("*/course.yaml"))]


def _read_course(folder: Path) -> CourseFile:
    data = read_yaml(
        folder / "course.yaml", "slug", "teaches", "instruction", "name", "introduction", "goals"
    )
    units = []
    for path in sorted(folder.glob("unit-*.yaml")):
        unit = read_yaml(path, "course", "slug", "name", "goals", "lessons")
        if unit["course"] != data["slug"]:
            raise ContentError(f"{_shown(path)}: it says it belongs to {unit['course']}")
        lessons = []
        for number, lesson in enumerate(unit["lessons"], start=1):
            where = f"{_shown(path)}, lesson {number}"
            _with_keys(lesson, where, ("slug", "name", "introduction", "minutes", "blocks"))
            lessons.append(LessonFile(data["slug"], f"{where} ({lesson['slug']})", lesson))
        units.append(UnitFile(unit, tuple(lessons)))
    return CourseFile(data, tuple(units))


def _with_keys(data: Any, where: str, required: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ContentError(f"{where}: a mapping is expected")
    if missing := [key for key in required if not data.get(key)]:
        raise ContentError(f"{where}: {', '.join(missing)} missing")
    return data


def _shown(path: Path) -> str:
    return "/".join(path.parts[-2:])


# --- Blocks ---------------------------------------------------------------------------------------


def stable_id(path: str) -> str:
    """The id of a block: the same on every site, since learners' phones remember it."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, path))


def stored_blocks(lesson: LessonFile, concepts: ConceptKeys) -> list[dict[str, Any]]:
    """The body of a lesson as a stream field stores it. Raises ContentError.

    Concepts that this site does not have are left out.
    """
    stored = []
    counts: dict[str, int] = {}
    for where, kind, value in lesson.blocks:
        block = LESSON_BLOCKS.child_blocks.get(kind)
        if block is None:
            raise ContentError(f"{where}: no such kind of block")
        counts[kind] = counts.get(kind, 0) + 1
        if kind == "picture_term" and _is_unknown(value, concepts):
            continue
        # Counted by kind: a block put in later changes few of the ids behind it.
        path = f"{lesson.course}/{lesson.slug}/{kind}/{counts[kind]}"
        stored.append(
            {
                "type": kind,
                "id": stable_id(path),
                "value": _stored(block, _shaped(kind, value, where), path, where, concepts),
            }
        )
    return stored


def concept_keys(lesson: LessonFile) -> set[str]:
    """The glossary keys that a lesson names."""
    found = set()
    for _where, kind, value in lesson.blocks:
        if kind == "vocabulary":
            found |= {entry["concept"] for entry in value["entries"] if "concept" in entry}
        elif kind == "picture_term" and "concept" in value:
            found.add(value["concept"])
    return found


def _shaped(kind: str, value: Any, where: str) -> Any:
    """The value in the shape of its block, where the file has a shorter one."""
    if not isinstance(value, dict):
        raise ContentError(f"{where}: a mapping is expected")
    if kind == "speak":
        said = {name: text for name, text in value.items() if name != "translation"}
        return {"say": said, "translation": value.get("translation") or {}}
    if kind == "gap" and "accept" in value:
        return {**value, "accept": ["|".join(answers) for answers in value["accept"]]}
    if kind == "choice":
        options = [option for option in value.get("options") or () if isinstance(option, dict)]
        if sum(bool(option.get("right")) for option in options) > 1 and not value.get("several"):
            raise ContentError(f"{where}: more than one right answer, but not `several`")
        return {name: part for name, part in value.items() if name != "several"}
    return value


def _stored(block: blocks.Block, value: Any, path: str, where: str, concepts: ConceptKeys) -> Any:
    """A value of a file as its block stores it; `path` is what its ids are made from."""
    if isinstance(block, (TranslatedText, TranslatedRichText)):
        return _translated(block, value, where)
    if isinstance(block, SpokenText) and isinstance(value, str):
        value = {"text": value}
    if isinstance(block, blocks.StructBlock):
        if not isinstance(value, dict):
            raise ContentError(f"{where}: a mapping is expected, not {value!r}")
        if unknown := set(value) - set(block.child_blocks):
            raise ContentError(f"{where}: unknown {', '.join(sorted(unknown))}")
        return {
            name: _stored(block.child_blocks[name], part, f"{path}/{name}", where, concepts)
            for name, part in value.items()
        }
    if isinstance(block, blocks.ListBlock):
        if not isinstance(value, list):
            raise ContentError(f"{where}: a list is expected, not {value!r}")
        numbered = [
            (number, part)
            for number, part in enumerate(value, start=1)
            if not _is_unknown(part, concepts)
        ]
        return [
            {
                "type": "item",
                "id": stable_id(f"{path}/{number}"),
                "value": _stored(block.child_block, part, f"{path}/{number}", where, concepts),
            }
            for number, part in numbered
        ]
    if isinstance(block, ConceptChooserBlock):
        return concepts[concept_id(value)]
    if isinstance(value, (str, bool, int)):
        return value
    raise ContentError(f"{where}: {value!r} has no place here")


def _is_unknown(value: Any, concepts: ConceptKeys) -> bool:
    """Whether it stands for a concept that this site does not have."""
    if not isinstance(value, dict) or "concept" not in value:
        return False
    return concept_id(value["concept"]) not in concepts


def _translated(block: blocks.StructBlock, value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= set(CODES):
        raise ContentError(f"{where}: a text for each language is expected, not {value!r}")
    texts = {code: " ".join(normalise(str(text)).split()) for code, text in value.items()}
    if isinstance(block, TranslatedText):
        return texts
    return {
        code: rich_text(text, block.child_blocks[code].features) for code, text in texts.items()
    }


def rich_text(source: str, features: list[str]) -> str:
    """HTML as the editor would store it, so that its first save changes nothing."""
    if not source.startswith("<"):
        source = f"<p>{source}</p>"
    converter = ContentstateConverter(features)
    html: str = converter.to_database_format(converter.from_database_format(source))
    return html
