"""What changed between two documents, in rows that a page can show.

releases.changes finds the changes; here they get the words of the reader, and of long texts only
what stands around a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.languages import CODES, LANGUAGES, Language, LocalText, pick
from core.reader import current_language
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage

from .change_notes import field_words
from .changes import BlockChange, Changes, EntryChange, Kind, PageChange, TextChange, compare
from .word_diff import Piece, plain_text, words_and_gaps

#: Words shown before and after a change; the rest of a long text is left out.
AROUND = 12
#: Of a block that came or went, at most so many lines a language.
MOST_LINES = 12


@dataclass(frozen=True)
class TextRow:
    """One text in one language: what went, what came, and some of what stayed."""

    language: Language
    pieces: list[Piece]
    #: Only bold, lists and the like changed.
    is_formatting: bool = False


@dataclass(frozen=True)
class Row:
    """A change of a page: of a field or of a block."""

    label: str
    #: "added", "removed", "changed" or "" for a value.
    kind: str = ""
    is_moved: bool = False
    texts: list[TextRow] = field(default_factory=list)
    #: A value, as people read it.
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class PageRow:
    """A module or unit, or the programme itself."""

    name: LocalText
    code: str
    kind: str
    level: int
    is_moved: bool = False
    moved_from: LocalText | None = None
    rows: list[Row] = field(default_factory=list)
    units: list[PageRow] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """A term, or a picture or file."""

    name: str
    kind: str


@dataclass(frozen=True)
class ChangesPage:
    """All that changed, ready to be shown."""

    pages: list[PageRow]
    terms: list[Entry]
    files: list[Entry]

    def __bool__(self) -> bool:
        return bool(self.pages or self.terms or self.files)


def read_changes(
    before: dict[str, Any], after: dict[str, Any], languages: Collection[str] = CODES
) -> ChangesPage:
    """The changes between two documents, in the texts of `languages`."""
    return _Reading(languages).page(compare(before, after))


class _Reading:
    def __init__(self, languages: Collection[str]) -> None:
        self._languages = [code for code in CODES if code in languages]

    def page(self, changes: Changes) -> ChangesPage:
        pages = []
        programme = list(self._around(changes))
        if changes.curriculum:
            programme = [*self._rows(changes.curriculum, CurriculumPage), *programme]
        if programme:
            name = LocalText(_("The programme"), current_language())
            pages.append(PageRow(name, "", Kind.CHANGED, 0, rows=programme))
        pages += [self._page(module, ModulePage, 0) for module in changes.modules]
        return ChangesPage(
            [page for page in pages if _says_something(page)],
            [Entry(_term_name(one), one.kind) for one in changes.terms],
            [Entry(str((one.after or one.before or {})["title"]), one.kind)
             for one in changes.files],
        )  # fmt: skip

    def _around(self, changes: Changes) -> Iterator[Row]:
        for value in changes.values:
            label, before, after = field_words(value, CurriculumPage, current_language())
            yield Row(label, before=before, after=after)

    def _page(self, change: PageChange, model: type[Model], level: int) -> PageRow:
        moved_from = change.moved_from
        # What is new or gone is named with its units; its texts are read in the release itself.
        units = [self._page(unit, ModuleUnitPage, level + 1) for unit in change.units]
        return PageRow(
            name=_name(change.page),
            code=change.page["values"].get("code") or "",
            kind=change.kind,
            level=level,
            is_moved=change.is_moved,
            moved_from=_name(moved_from) if moved_from else None,
            rows=list(self._rows(change, model)) if change.kind is Kind.CHANGED else [],
            units=[unit for unit in units if _says_something(unit)],
        )

    def _rows(self, change: PageChange, model: type[Model]) -> Iterator[Row]:
        by_field: dict[str, list[TextRow]] = {}
        for text in self._wanted(change.texts):
            by_field.setdefault(text.path[0], []).append(_text_row(text))
        for name, rows in by_field.items():
            yield Row(_label(model, name), Kind.CHANGED, texts=rows)
        for value in change.values:
            label, before, after = field_words(value, model, current_language())
            yield Row(label, before=before, after=after)
        for block in change.blocks:
            row = self._block(block, model)
            if row.texts or row.kind != Kind.CHANGED or row.is_moved or block.values:
                yield row

    def _block(self, change: BlockChange, model: type[Model]) -> Row:
        label = _block_label(model, change)
        if change.kind is Kind.CHANGED:
            texts = [_text_row(text) for text in self._wanted(change.texts)]
        else:
            block = change.after or change.before or {}
            kind = "added" if change.kind is Kind.ADDED else "removed"
            texts = list(self._whole(block.get("value"), kind))
        return Row(label, change.kind, change.is_moved, texts)

    def _wanted(self, texts: tuple[TextChange, ...]) -> list[TextChange]:
        return [text for text in texts if text.language in self._languages]

    def _whole(self, value: Any, kind: str) -> Iterator[TextRow]:
        """The texts of a block that came or went."""
        for code in self._languages:
            lines = [plain_text(texts[code]) for texts in _texts_in(value) if texts.get(code)]
            if len(lines) > MOST_LINES:
                lines = [*lines[:MOST_LINES], "…"]
            if lines:
                yield TextRow(LANGUAGES[code], [Piece(kind, "\n".join(lines))])


def _says_something(page: PageRow) -> bool:
    return bool(page.kind != Kind.CHANGED or page.rows or page.units or page.is_moved)


def _texts_in(value: Any) -> Iterator[dict[str, str]]:
    """Every translated text within the value of a block, in order."""
    if isinstance(value, dict):
        if value and all(key in CODES for key in value):
            yield value
        else:
            for part in value.values():
                yield from _texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part)


def _text_row(change: TextChange) -> TextRow:
    language = LANGUAGES[change.language]
    if all(piece.kind == "same" for piece in change.pieces):
        return TextRow(language, _shortened(change.pieces, change.language), is_formatting=True)
    return TextRow(language, _shortened(change.pieces, change.language))


def _shortened(pieces: tuple[Piece, ...], language: str) -> list[Piece]:
    """Of what stayed, the words next to a change; cut between words, as Lao must be."""
    shown = []
    for place, piece in enumerate(pieces):
        words = words_and_gaps(piece.text, language) if piece.kind == "same" else []
        start = AROUND * 2 if place else 0
        end = AROUND * 2 if place < len(pieces) - 1 else 0
        if not start and not end:
            start = AROUND * 2
        if len(words) > start + end + AROUND:
            text = "".join([*words[:start], " … ", *words[len(words) - end :]])
            piece = Piece("same", text)
        shown.append(piece)
    return shown


# --- Words ----------------------------------------------------------------------------------------


def _name(page: dict[str, Any]) -> LocalText:
    texts = page["texts"].get("name") or {}
    return pick(texts, current_language()) or LocalText(page["slug"], "en")


def _label(model: type[Model], name: str) -> str:
    """What a field is called."""
    if name not in {one.name for one in model._meta.get_fields()}:
        return name
    return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))


def _block_label(model: type[Model], change: BlockChange) -> str:
    """The section of a programme or module, or the kind of block in a unit."""
    if change.stream != "body":
        return _label(model, change.stream)
    blocks = getattr(model._meta.get_field("body"), "stream_block").child_blocks  # noqa: B009
    block = blocks.get(change.type)
    return capfirst(str(block.label)) if block else change.type


def _term_name(change: EntryChange) -> str:
    """A term in its languages: que hàn – ທູບເຊື່ອມ."""
    entry = change.after or change.before or {}
    first: dict[str, str] = {}
    for term in entry["terms"]:
        first.setdefault(term["language"], term["text"])
    return " – ".join(first[code] for code in CODES if code in first)
