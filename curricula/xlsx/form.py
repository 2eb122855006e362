"""The sheets of the form, their columns, and the choices of their cells.

Between file and database a form is a `Tables`: rows of text, choices as their keys whatever the
language of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from centres.models import Country, Ministry
from core.languages import CODES, LANGUAGES
from core.translated import LANGUAGE_CHOICES
from trades.models import Trade

from ..blocks import ItemBlocks, LegalTextBlocks, SectionBlocks, SupplyBlocks, UnitBlocks
from ..models import CurriculumPage, ModulePage, ModuleUnitPage
from .shapes import shape_of

VERSION = "1"
MAX_CELL = 32_000
MODELS = (CurriculumPage, ModulePage, ModuleUnitPage)
YES_NO = {"yes": _("yes"), "no": _("no")}
#: Fields of every page that are neither translated text nor of one model alone.
SETTINGS = ("source_language", "languages", "ready_languages", "mark_terms", "unmarked_terms")
#: What a curriculum refers to, by short names.
REFERENCES = ("trade", "levels", "agreement_signatory", "agreement_owner")


class FormError(Exception):
    """The file as a whole cannot be read or written; the message says what to do next."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; `column` is its key, '' for the whole row."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass
class Row:
    """A row of a sheet: its number there and its cells by column, empty ones left out."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def texts(self, name: str = "") -> dict[str, str]:
        """Language code → cell, of the three columns of a text."""
        return {code: self[f"{name}_{code}" if name else code] for code in CODES}


class Sheet(StrEnum):
    """The sheets, in their order in the file."""

    PROGRAMME = "programme"
    MODULES = "modules"
    UNITS = "units"
    TEXTS = "texts"
    SUPPLIES = "supplies"
    LEGAL = "legal"
    CONTENT = "content"
    #: Hidden: where the form comes from, and which translations were confirmed.
    STATE = "state"


Tables = dict[str, list[Row]]


def empty_tables() -> Tables:
    return {sheet: [] for sheet in Sheet}


@dataclass(frozen=True)
class Column:
    """A column; `choices` gives key → label where only some words fit."""

    key: str
    label: str | Promise
    width: int = 12
    choices: Mapping[str, Any] | None = None
    is_number: bool = False
    is_hidden: bool = False
    is_further: bool = False
    is_open: bool = False


def _text_columns(name: str, label: Any, width: int, **kind: Any) -> list[Column]:
    """The three columns of a text; without a name they are called by their language."""
    return [
        Column(
            f"{name}_{code}" if name else code,
            format_lazy("{label} ({language})", label=label, language=LANGUAGES[code].own_name)
            if label
            else LANGUAGES[code].own_name,
            width,
            **kind,
        )
        for code in CODES
    ]


SHEET_NAMES = {
    Sheet.PROGRAMME: _("Programme"),
    Sheet.MODULES: _("Modules"),
    Sheet.UNITS: _("Units"),
    Sheet.TEXTS: _("Texts"),
    Sheet.SUPPLIES: _("Equipment and materials"),
    Sheet.LEGAL: _("Legal basis"),
    Sheet.CONTENT: _("Teaching content"),
    Sheet.STATE: "state",
}
ID = Column("id", "", 4, is_hidden=True)


def _of(model: Any, name: str) -> Any:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def columns(sheet: str) -> list[Column]:
    """The columns of a sheet, labelled in the active language."""
    return {
        Sheet.PROGRAMME: _programme_columns,
        Sheet.MODULES: _module_columns,
        Sheet.UNITS: _unit_columns,
        Sheet.TEXTS: _texts_columns,
        Sheet.SUPPLIES: _supply_columns,
        Sheet.LEGAL: _legal_columns,
        Sheet.CONTENT: _content_columns,
        Sheet.STATE: _state_columns,
    }[Sheet(sheet)]()


def _programme_columns() -> list[Column]:
    return [
        ID,
        Column("label", _("What"), 34),
        Column("value", _("Value"), 26),
        *_text_columns("", "", 40),
    ]


def _settings_columns(model: Any) -> list[Column]:
    further = {"is_further": True}
    shared = [
        column
        for name in ("introduction", "share_title", "share_description")
        for column in _text_columns(name, _of(model, name), 30, **further)
    ]
    return [
        *shared,
        *(
            Column(name, _of(model, name), 14, choices_of(model, name), **further)
            for name in SETTINGS
        ),
    ]


def _module_columns() -> list[Column]:
    def of(name: str, width: int = 9, is_number: bool = False) -> Column:
        choices = choices_of(ModulePage, name)
        return Column(name, _of(ModulePage, name), width, choices, is_number)

    return [
        ID,
        Column("mark", _("Mark"), 9),
        of("code"),
        of("kind", 16),
        *_text_columns("name", _of(ModulePage, "name"), 34),
        of("credits", is_number=True),
        of("lao_credits", 11),
        *(of(name, is_number=True) for name in HOURS),
        Column("total", _("Total hours"), 9),
        of("hours_company", 11, is_number=True),
        of("prerequisites", 16),
        of("specific_to", 12),
        *_settings_columns(ModulePage),
    ]


def _unit_columns() -> list[Column]:
    return [
        ID,
        Column("module", _("Mark of the module"), 12),
        Column("mark", _("Mark"), 11),
        *_text_columns("name", _of(ModuleUnitPage, "name"), 40),
        *(Column(name, _of(ModuleUnitPage, name), 9, is_number=True) for name in HOURS),
        Column("total", _("Total hours"), 9),
        *_settings_columns(ModuleUnitPage),
    ]


def _texts_columns() -> list[Column]:
    return [ID, BELONGS, _section(Sheet.TEXTS), *_text_columns("", "", 60)]


def _supply_columns() -> list[Column]:
    return [ID, BELONGS, _section(Sheet.SUPPLIES), *_struct_columns(SupplyBlocks)]


def _legal_columns() -> list[Column]:
    return [ID, *_struct_columns(LegalTextBlocks)]


def _struct_columns(stream: Any) -> list[Column]:
    """The columns of a sheet whose rows are blocks of one kind."""
    [block] = stream().child_blocks.values()
    found: list[Column] = []
    for name, child in block.child_blocks.items():
        if hasattr(child, "child_blocks"):
            found += _text_columns(name, capfirst(str(child.label)), 30)
        else:
            is_number = name in ("quantity", "learners")
            found.append(Column(name, capfirst(str(child.label)), 14, is_number=is_number))
    return found


def _content_columns() -> list[Column]:
    blocks = UnitBlocks().child_blocks
    parts = dict(pair for block in blocks.values() for pair in shape_of(block).labels())
    safety = dict(blocks["safety"].child_blocks["kind"].field.choices)
    return [
        ID,
        Column("unit", _("Mark of the unit"), 12),
        Column("block", _("Block"), 18, {k: capfirst(str(b.label)) for k, b in blocks.items()}),
        Column("part", _("Part"), 20, parts),
        # Names of files stand there too, so it is no list to choose from.
        Column("value", _("Value"), 24, safety, is_open=True),
        *_text_columns("", "", 60),
    ]


def _state_columns() -> list[Column]:
    return [ID, *(Column(name, name) for name in ("page", "path", *CODES))]


BELONGS = Column("belongs", _("Mark of module or unit"), 14)
HOURS = ("hours_theory", "hours_practice", "hours_test")


# --- Which stream stands on which sheet -----------------------------------------------------------

_SHEETS = {
    SectionBlocks: Sheet.TEXTS,
    ItemBlocks: Sheet.TEXTS,
    SupplyBlocks: Sheet.SUPPLIES,
    LegalTextBlocks: Sheet.LEGAL,
    UnitBlocks: Sheet.CONTENT,
}


def streams_of(model: Any, sheet: str) -> tuple[str, ...]:
    """The streams of a page that stand on a sheet."""
    return tuple(
        name
        for name in model.translated_streams
        if _SHEETS[type(model._meta.get_field(name).stream_block)] == sheet
    )


def _section(sheet: str) -> Column:
    choices: dict[str, Any] = {}
    for model in MODELS:
        for name in streams_of(model, sheet):
            choices.setdefault(name, _of(model, name))
    return Column("section", _("Section"), 26, choices)


# --- Fields of pages ------------------------------------------------------------------------------


def value_fields(model: Any) -> tuple[str, ...]:
    """The fields of a page that stand in one cell each."""
    own = REFERENCES if model is CurriculumPage else ()
    return (*model.value_fields, *own, *SETTINGS)


def choices_of(model: Any, name: str) -> dict[str, Any] | None:
    """Key → label of what a field may be, None where it is free."""
    field_ = model._meta.get_field(name)
    if name == "trade":
        return _named(Trade)
    if field_.many_to_one and field_.related_model is Ministry:
        return _named(Ministry)
    if field_.get_internal_type() == "BooleanField":
        return YES_NO
    if name == "source_language":
        return dict(LANGUAGE_CHOICES)
    if name == "specific_to":
        return dict(Country.choices)
    return {key: label for key, label in field_.choices if key} if field_.choices else None


def _named(model: Any) -> dict[str, str]:
    return {item.slug: str(item) for item in model.objects.all()}


def programme_rows() -> Iterator[tuple[str, str, Mapping[str, Any] | None, bool]]:
    """(key, label, choices, whether it is a text in each language) of the rows of a programme."""
    model = CurriculumPage
    for name in ("name", "introduction"):
        yield name, _of(model, name), None, True
    for name in value_fields(model):
        yield name, _of(model, name), choices_of(model, name), False
        if name == "rights_holder":
            yield "source", _of(model, "source"), None, True
            yield "agreement", _of(model, "agreement"), None, True
    for name in ("share_title", "share_description"):
        yield name, _of(model, name), None, True
