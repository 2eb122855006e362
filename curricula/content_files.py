"""The curricula that ship with the project: a folder each, one YAML file a module.

`read_curricula` checks every file against the shape below and against the other shipped files
(trades, levels, centres, terms, drawings), without a database; it names all faults at once, each
with its file and line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

import trades.loading
from core.blocks import TranslatedRichText, TranslatedText
from core.content_files import ContentError, Located, read_located, rich_text, shown_path, stable_id
from core.languages import CODES
from glossary.exchange.content import CONTENT as GLOSSARY
from media.sniffing import check_image
from orthography import normalise

from .models import CurriculumPage, Entry, Licence, ModulePage, ModuleUnitPage

CONTENT = Path(__file__).parent / "content"
CENTRES = CONTENT.parent.parent / "centres" / "content" / "centres.yaml"
HOURS = ("theory", "practice", "test")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_THAI = re.compile("[\u0e00-\u0e7f]")
_COMMON = ("slug", "code", "name", "introduction")
_TEACHING = ("knowledge", "skills", "autonomy", "equipment", "materials", "teachers", "assessment")
#: What each kind of file holds: the keys it must have, and those it may have.
CURRICULUM_KEYS = (
    (
        *("centre", "trade", "levels", "source_language", "languages", "entry", "weeks"),
        *("entry_requirements", "description", "graduation", "usage", "legal_basis"),
        *("licence", "rights_holder", "source", *_COMMON, *_TEACHING),
    ),
    ("hours_exam",),
)
MODULE_KEYS = (
    (*_COMMON, "kind", "credits", "hours", "position", *_TEACHING, "usage"),
    ("specific_to", "lao_credits", "prerequisites", "units"),
)
UNIT_KEYS = (("slug", "name", "hours", "objectives"), ("introduction", "body"))
DRAWING_KEYS = (("file", "alternative", "caption"), ())


@dataclass
class Drawing:
    """A shipped drawing and what is said of it in each language."""

    path: Path
    alternative: Mapping[str, str]
    caption: Mapping[str, str]


@dataclass
class Known:
    """What the files may refer to; `concepts` and `images` give the key that is stored.

    A concept without a key is left out: this site has deleted it.
    """

    concepts: Mapping[str, int | None]
    images: Mapping[str, int]


@dataclass(frozen=True)
class Part:
    """A curriculum, module or unit as its file has it; `where` is the file."""

    where: str
    path: str
    data: Located
    #: Languages in which every text has to be, and those in which the name has to be.
    languages: tuple[str, ...]
    parts: tuple["Part", ...] = ()

    @property
    def slug(self) -> str:
        return str(self.data["slug"])

    def texts(self, name: str) -> dict[str, str]:
        """A plain text as the model's fields have it: {"name_vi": …}."""
        texts = self.data.get(name) or {}
        return {f"{name}_{code}": _plain(text) for code, text in texts.items()}


@dataclass
class Faults:
    """What is wrong, collected, so that a writer sees all of it at once."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, data: Any, message: str) -> None:
        line = getattr(data, "line", 0)
        self.found.append(f"{where}:{line}: {message}" if line else f"{where}: {message}")

    def stop(self) -> None:
        """Raise ContentError where anything was found."""
        if self.found:
            raise ContentError("\n".join(self.found))


# --- Reading --------------------------------------------------------------------------------------


class Library:
    """What the files may refer to: drawings, and what the shipped files of other apps name."""

    def __init__(self, folder: Path = CONTENT) -> None:
        self.faults = Faults()
        self.drawings = _read_drawings(folder, self.faults)
        frameworks = read_located(trades.loading.CONTENT / "frameworks.yaml")["frameworks"]
        self.levels = {
            f"{entry['slug']}/{level['number']}"
            for entry in frameworks
            for level in entry["levels"]
        }
        entries = read_located(trades.loading.CONTENT / "trades.yaml")
        self.trades = {entry["slug"] for entry in entries}
        self.centres = {entry["slug"] for entry in read_located(CENTRES)}
        self.concepts = {
            entry["key"]
            for path in GLOSSARY.glob("*.yaml")
            for entry in read_located(path)["concepts"]
        }


def curriculum_files(folder: Path = CONTENT) -> list[Path]:
    """The file of each shipped curriculum; its modules stand beside it."""
    return sorted(folder.glob("*/curriculum.yaml"))


def read_curricula(folder: Path = CONTENT) -> list[Part]:
    """Every shipped curriculum. Raises ContentError with the faults of all."""
    library = Library(folder)
    found, faults = [], Faults(library.faults.found)
    for path in curriculum_files(folder):
        try:
            found.append(read_curriculum(path, library))
        except ContentError as error:
            faults.found.append(str(error))
    faults.stop()
    return found


def read_curriculum(path: Path, library: Library) -> Part:
    """A curriculum with its modules and units. Raises ContentError with all its faults."""
    faults = Faults()
    part = _read_curriculum(path, faults)
    if part is not None:
        _check_references(part, library, faults)
        _check_modules(part, faults)
        # Which key stands for what does not matter here, only whether there is one.
        known = Known(dict.fromkeys(library.concepts, 0), dict.fromkeys(library.drawings, 0))
        for each in walk(part):
            _check_streams(each, known, faults)
    faults.stop()
    assert part is not None  # noqa: S101  (else there was a fault)
    return part


def walk(part: Part) -> Iterator[Part]:
    """A part and all below it."""
    yield part
    for below in part.parts:
        yield from walk(below)


def model_of(part: Part) -> type[CurriculumPage] | type[ModulePage] | type[ModuleUnitPage]:
    """The page model of a part: its path has one, two or three names."""
    return (CurriculumPage, ModulePage, ModuleUnitPage)[part.path.count("/")]


def _read_drawings(folder: Path, faults: Faults) -> dict[str, Drawing]:
    """File name → drawing, of all that a list in `drawings/` names."""
    drawings: dict[str, Drawing] = {}
    for path in sorted((folder / "drawings").glob("*.yaml")):
        where = shown_path(path)
        for entry in _read(path, list, faults) or ():
            if not _has_keys(entry, DRAWING_KEYS, where, faults):
                continue
            name, file = entry["file"], path.parent / str(entry["file"])
            if name in drawings:
                faults.add(where, entry, f"{name} is named twice")
            if not file.is_file():
                faults.add(where, entry, f"there is no file {name}")
                continue
            with file.open("rb") as opened:
                try:
                    check_image(opened)
                except ValidationError as error:
                    faults.add(shown_path(file), None, "; ".join(error.messages))
            for key in ("alternative", "caption"):
                # Wagtail keeps 255 characters of each.
                _check_text(entry[key], ("lo", "vi"), 255, f"{where}:{entry.line}: {key}", faults)
            drawings[name] = Drawing(file, entry["alternative"], entry["caption"])
    return drawings


def _read(path: Path, kind: type, faults: Faults) -> Any:
    """A file's data, None (and a fault) where it is not of that kind."""
    try:
        data = read_located(path)
    except ContentError as error:
        faults.found.append(str(error))
        return None
    if not isinstance(data, kind):
        faults.add(shown_path(path), None, f"a {kind.__name__} is expected")
        return None
    return data


def _read_curriculum(path: Path, faults: Faults) -> Part | None:
    where = shown_path(path)
    data = _read(path, dict, faults)
    if data is None or not _has_keys(data, CURRICULUM_KEYS, where, faults):
        return None
    slug = str(data["slug"])
    languages = tuple(map(str, data["languages"]))
    modules = []
    for file in sorted(path.parent.glob("modules/*.yaml")):
        module = _read(file, dict, faults)
        if module is not None and _has_keys(module, MODULE_KEYS, shown_path(file), faults):
            modules.append(_module(module, file, slug, languages, faults))
    # Programmes are also for readers of English, modules and units as the file says.
    return Part(where, slug, data, CODES, tuple(modules))


def _module(
    data: Located, file: Path, curriculum: str, languages: tuple[str, ...], faults: Faults
) -> Part:
    where, path = shown_path(file), f"{curriculum}/{data['slug']}"
    units = tuple(
        Part(where, f"{path}/{unit['slug']}", unit, languages)
        for unit in data.get("units") or ()
        if _has_keys(unit, UNIT_KEYS, where, faults)
    )
    return Part(where, path, data, languages, units)


def _has_keys(
    data: Any, keys: tuple[Sequence[str], Sequence[str]], where: str, faults: Faults
) -> bool:
    """Whether a mapping has all keys it must have; unknown ones are faults too."""
    required, optional = keys
    if not isinstance(data, dict):
        faults.add(where, None, f"a mapping is expected, not {data!r}")
        return False
    if unknown := set(data) - {*required, *optional}:
        faults.add(where, data, f"unknown {', '.join(sorted(map(str, unknown)))}")
    missing = [key for key in required if data.get(key) is None]
    if missing:
        faults.add(where, data, f"{', '.join(missing)} missing")
    if "slug" in data and not _SLUG.fullmatch(str(data["slug"])):
        faults.add(where, data, f"{data['slug']!r} is no slug: use a-z, 0-9 and hyphens")
    return not missing


# --- Checks ---------------------------------------------------------------------------------------


def _check_references(part: Part, library: Library, faults: Faults) -> None:
    data = part.data
    for kind, wanted, known in (
        ("trade", [data["trade"]], library.trades),
        ("level", data["levels"], library.levels),
        ("centre", [data["centre"]], library.centres),
        ("language", [*data["languages"], data["source_language"]], set(CODES)),
        ("entry", [data["entry"]], set(Entry.values)),
        ("licence", [data["licence"]], set(Licence.labels)),
    ):
        for name in wanted:
            if name not in known:
                faults.add(part.where, data, f"unknown {kind} {name!r}")


def _check_modules(part: Part, faults: Faults) -> None:
    codes: list[str] = []
    for module in part.parts:
        data = module.data
        _check_hours(module, faults)
        if data["kind"] not in ModulePage.Kind.values:
            faults.add(module.where, data, f"unknown kind {data['kind']!r}")
        if data["code"] in codes:
            faults.add(module.where, data, f"code {data['code']} stands twice")
        for code in data.get("prerequisites") or ():
            if code not in codes:
                faults.add(module.where, data, f"no module {code} comes before {data['code']}")
        codes.append(data["code"])
    for each in walk(part):
        slugs = [below.slug for below in each.parts]
        for slug in {slug for slug in slugs if slugs.count(slug) > 1}:
            faults.add(each.where, each.data, f"slug {slug} stands twice")


def _check_hours(module: Part, faults: Faults) -> None:
    hours = [_hours(part, faults) for part in (module, *module.parts)]
    if not module.parts or None in hours:
        return
    total, *units = hours
    for name in HOURS:
        added = sum(unit[name] for unit in units if unit)
        if total and added != total[name]:
            message = f"{name} hours: the units have {added}, the module {total[name]}"
            faults.add(module.where, module.data, message)


def _hours(part: Part, faults: Faults) -> dict[str, int] | None:
    hours = part.data["hours"]
    allowed = {*HOURS, "company"} if model_of(part) is ModulePage else set(HOURS)
    if (
        not isinstance(hours, dict)
        or not set(HOURS) <= set(hours) <= allowed
        or not all(type(number) is int and number >= 0 for number in hours.values())
    ):
        faults.add(part.where, part.data, f"hours are {', '.join(sorted(allowed))}, whole numbers")
        return None
    return hours


def _check_streams(part: Part, known: Known, faults: Faults) -> None:
    where = f"{part.where}:{part.data.line}"
    for name in ("name", "introduction", "source"):
        if name in part.data:
            needed = CODES if name == "name" else part.languages
            longest = model_of(part)._meta.get_field(name).max_length
            _check_text(part.data[name], needed, longest, f"{where}: {name}", faults)
    for name in model_of(part).translated_streams:
        stored_stream(part, name, known, faults)


def _check_text(
    value: Any, needed: Sequence[str], longest: int | None, where: str, faults: Faults
) -> None:
    """A text for each language: {vi: …, lo: …}."""
    if not isinstance(value, dict) or not set(value) <= set(CODES):
        faults.add(where, None, f"a text for each language is expected, not {value!r}")
        return
    for code in needed:
        if not str(value.get(code) or "").strip():
            faults.add(where, None, f"no text in {code} beside {next(iter(value.values()), '')!r}")
    for code, text in value.items():
        if not isinstance(text, str):
            faults.add(where, None, f"{text!r} is no text: put it in quotes")
        elif _THAI.search(text):
            faults.add(where, None, f"Thai letters in {text[:60]!r}")
        elif longest and len(_plain(text)) > longest:
            faults.add(where, None, f"{code}: over {longest} characters: {text[:60]!r}")


# --- As stored ------------------------------------------------------------------------------------


def stored_stream(part: Part, name: str, known: Known, faults: Faults) -> list[dict[str, Any]]:
    """One stream of a part as its field stores it, its blocks' ids the same on every site."""
    stream_block = model_of(part)._meta.get_field(name).stream_block
    maker = _Maker(part, known, faults)
    stored = []
    counts: dict[str, int] = {}
    for kind, value in _entries(part, name, stream_block, faults):
        # Counted by kind: a block put in later changes few of the ids behind it.
        counts[kind] = counts.get(kind, 0) + 1
        path = f"{part.path}/{name}/{kind}/{counts[kind]}"
        where = f"{part.where}:{getattr(value, 'line', part.data.line)}: {kind}"
        block = stream_block.child_blocks[kind]
        made = maker.made(block, value, path, where)
        # A list may have lost all its terms.
        if made != []:
            stored.append({"type": kind, "id": stable_id(path), "value": made})
    return stored


def _entries(part: Part, name: str, stream_block: Any, faults: Faults) -> Iterator[tuple[str, Any]]:
    """(kind, value) of each block; streams of one kind of block do not name it in the files."""
    value = part.data.get(name) or ()
    if name != "body":
        [kind] = stream_block.child_blocks
        for entry in [value] if isinstance(value, dict) else value:
            yield kind, entry
        return
    for number, entry in enumerate(value, start=1):
        if not isinstance(entry, dict) or len(entry) != 1:
            faults.add(part.where, entry, f"block {number} is to be one kind of block")
        elif (kind := next(iter(entry))) not in stream_block.child_blocks:
            faults.add(part.where, entry, f"no such kind of block: {kind}")
        else:
            yield kind, entry[kind]


class _Maker:
    """Turns values of a file into what blocks store."""

    def __init__(self, part: Part, known: Known, faults: Faults) -> None:
        self._part, self._known, self._faults = part, known, faults

    def made(self, block: blocks.Block, value: Any, path: str, where: str) -> Any:
        """`path` is what ids are made from, `where` what messages name."""
        if line := getattr(value, "line", 0):
            where = f"{self._part.where}:{line}: {where.partition(': ')[2]}"
        if isinstance(block, (TranslatedText, TranslatedRichText)):
            return self._text(block, value, where)
        if isinstance(block, blocks.StructBlock):
            return self._struct(block, value, path, where)
        if isinstance(block, blocks.ListBlock):
            return self._list(block, value, path, where)
        if isinstance(block, ImageChooserBlock):
            return self._chosen(self._known.images, value, "drawing", where)
        if isinstance(block, SnippetChooserBlock):
            return self._chosen(self._known.concepts, value, "term", where)
        if isinstance(block, DocumentChooserBlock) or isinstance(value, (dict, list)):
            self._faults.add(where, None, f"{value!r} has no place here")
            return None
        return value.isoformat() if hasattr(value, "isoformat") else value

    def _struct(self, block: blocks.StructBlock, value: Any, path: str, where: str) -> Any:
        if not isinstance(value, dict):
            self._faults.add(where, None, f"a mapping is expected, not {value!r}")
            return {}
        # The files say `file` for the image of a drawing.
        named = {"image" if name == "file" else name: part for name, part in value.items()}
        if unknown := set(named) - set(block.child_blocks):
            self._faults.add(where, None, f"unknown {', '.join(sorted(map(str, unknown)))}")
        for name, child in block.child_blocks.items():
            # A text is needed unless its block says otherwise; Wagtail does not ask for it itself.
            if _is_text(child) and getattr(child.meta, "required", True) and name not in named:
                self._faults.add(where, None, f"{name} missing")
        return {
            name: self.made(child, named[name], f"{path}/{name}", f"{where}: {name}")
            for name, child in block.child_blocks.items()
            if named.get(name) is not None
        }

    def _list(self, block: blocks.ListBlock, value: Any, path: str, where: str) -> Any:
        if not isinstance(value, list) or not value:
            self._faults.add(where, None, f"a list is expected, not {value!r}")
            return []
        made = (
            (number, self.made(block.child_block, part, f"{path}/{number}", where))
            for number, part in enumerate(value, start=1)
        )
        return [
            {"type": "item", "id": stable_id(f"{path}/{number}"), "value": part}
            for number, part in made
            if part is not None
        ]

    def _chosen(
        self, known: Mapping[str, int | None], name: Any, kind: str, where: str
    ) -> int | None:
        if not isinstance(name, str) or name not in known:
            self._faults.add(where, None, f"there is no {kind} {name!r}")
            return None
        return known[name]

    def _text(self, block: Any, value: Any, where: str) -> dict[str, str]:
        longest = getattr(block, "_max_length", None)
        before = len(self._faults.found)
        _check_text(value, self._part.languages, longest, where, self._faults)
        if len(self._faults.found) > before:
            return {}
        texts = {code: _plain(text) for code, text in value.items()}
        if isinstance(block, TranslatedText):
            return texts
        return {
            code: rich_text(text, block.child_blocks[code].features) for code, text in texts.items()
        }


def _is_text(block: blocks.Block) -> bool:
    return isinstance(block, (TranslatedText, TranslatedRichText))


def _plain(text: str) -> str:
    """A text in the one spelling that is stored, on one line."""
    return " ".join(normalise(text).split())
