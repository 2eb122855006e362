"""What a later release of an ancestor changes, and which of our own paragraphs it touches.

Three versions are compared: the release that was adapted (base), the later one (new), and the
newest drafts of the adaptation (ours). What both sides changed in different ways is a conflict.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.languages import CODES, pick
from core.reader import current_language

from .changes import Kind as PageKind
from .changes import PageChange, compare
from .incoming_pages import NOT_ADOPTED
from .matching import out_of_order
from .merging import Place, same_text, structure_of, texts_of
from .own_pages import OwnPage
from .word_diff import Budget, Piece, difference, plain_text

Page = dict[str, Any]
Block = dict[str, Any]


class Kind(StrEnum):
    """What a change does."""

    PAGE_ADDED = "page_added"
    PAGE_REMOVED = "page_removed"
    PAGE_MOVED = "page_moved"
    TEXT = "text"
    VALUE = "value"
    REFERENCE = "reference"
    BLOCK_ADDED = "block_added"
    BLOCK_REMOVED = "block_removed"
    BLOCK_MOVED = "block_moved"
    BLOCK_TEXT = "block_text"
    BLOCK_STRUCTURE = "block_structure"


@dataclass(frozen=True)
class Row:
    """One text or value in the three versions, as one reads it."""

    old: str
    new: str
    ours: str
    language: str = ""
    #: The difference of old and new, for texts.
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Change:
    """One thing to take or to leave."""

    kind: Kind
    #: The page in the newer document, or in the older one where it was removed.
    page: Page
    #: The same page here; for one that was added the page that it belongs below.
    own: OwnPage
    field: str = ""
    block: str = ""
    language: str = ""
    rows: tuple[Row, ...] = ()
    #: We changed the same thing, and differently.
    is_conflict: bool = False
    #: The texts that a change of a block's text concerns.
    places: tuple[Place, ...] = ()

    @property
    def key(self) -> str:
        """The same for the same change, however often it is looked for."""
        parts = (self.page["public_id"], self.kind, self.field, self.block, self.language)
        return "/".join(part for part in parts if part)

    @property
    def can_be_taken(self) -> bool:
        return self.kind is not Kind.PAGE_MOVED

    @property
    def page_name(self) -> str:
        name = str(pick(self.page["texts"].get("name") or {}, current_language()) or "")
        code = self.page["values"].get("code")
        return f"{code} {name}" if code else name or str(self.page["slug"])


@dataclass
class Update:
    """All that can be taken over, in the order of the newer document."""

    base: dict[str, Any]
    new: dict[str, Any]
    changes: list[Change] = field(default_factory=list)
    #: Pages that changed there and are no longer here.
    gone: list[str] = field(default_factory=list)

    @property
    def conflicts(self) -> int:
        return sum(change.is_conflict for change in self.changes)


def find_changes(
    base: dict[str, Any], new: dict[str, Any], own: list[OwnPage], concepts: set[str]
) -> Update:
    """Compare the three; `concepts` are the public ids of those that this site knows."""
    base, new = (_only_known(document, concepts) for document in (base, new))
    return _Comparison(base, new, own).update()


def _only_known(document: dict[str, Any], concepts: set[str]) -> dict[str, Any]:
    """The document without the terms that no page here can hold."""

    def reduced(value: Any) -> Any:
        if isinstance(value, list):
            return [reduced(item) for item in value if not is_unknown(item)]
        if isinstance(value, dict):
            return {name: reduced(part) for name, part in value.items()}
        return value

    def is_unknown(item: Any) -> bool:
        reference = item.get("value") if isinstance(item, dict) else None
        return isinstance(reference, dict) and (
            reference.keys() == {"concept"} and reference["concept"] not in concepts
        )

    def page(one: Page) -> Page:
        return {
            **one,
            "streams": reduced(one["streams"]),
            **({"units": [page(unit) for unit in one["units"]]} if "units" in one else {}),
        }

    return {
        **document,
        "curriculum": page(document["curriculum"]),
        "modules": [page(module) for module in document["modules"]],
    }


class _Comparison:
    def __init__(self, base: dict[str, Any], new: dict[str, Any], own: list[OwnPage]) -> None:
        self._update = Update(base, new)
        self._budget = Budget()
        self._all = own
        self._own: dict[str, OwnPage] = {}
        for page in own:
            # Of two copies the first is the one that follows its origin.
            self._own.setdefault(page.draft.origin_id, page)

    def update(self) -> Update:
        base, new = self._update.base, self._update.new
        changes = compare(base, new)
        curriculum = self._of(base["curriculum"], new["curriculum"])
        if curriculum is None:
            return self._update
        if changes.curriculum:
            self._changed(changes.curriculum, curriculum)
        for value in changes.values:
            self._reference(value.path[0], curriculum)
        for module in changes.modules:
            self._page(module, curriculum)
        return self._update

    def _of(self, *versions: Page | None) -> OwnPage | None:
        """Our page that came from one of these versions of a page."""
        for page in versions:
            if page is not None and page["public_id"] in self._own:
                return self._own[page["public_id"]]
        return None

    def _note(self, kind: Kind, page: Page, own: OwnPage, **more: Any) -> None:
        self._update.changes.append(Change(kind, page, own, **more))

    def _page(self, change: PageChange, parent: OwnPage) -> None:
        own = self._of(change.before, change.after)
        if change.kind is PageKind.ADDED:
            if own is None:
                self._note(Kind.PAGE_ADDED, change.page, parent)
            return
        if own is None:
            self._update.gone.append(_name(change.page))
            return
        if change.kind is PageKind.REMOVED:
            touched = self._is_touched(own, change.before or {})
            self._note(Kind.PAGE_REMOVED, change.page, own, is_conflict=touched)
            return
        if change.is_moved:
            self._note(Kind.PAGE_MOVED, change.page, own)
        self._changed(change, own)
        for unit in change.units:
            self._page(unit, own)

    def _is_touched(self, own: OwnPage, base: Page) -> bool:
        """Whether we changed anything of a page since it was taken in, or put units below it."""
        below = [page for page in self._all if page.draft.path.startswith(own.draft.path)]
        origins = {page["public_id"]: page for page in (base, *base.get("units", ()))}
        return any(
            page.draft.origin_id not in origins or _was_changed(page, origins[page.draft.origin_id])
            for page in below
        )

    # --- Of one page ------------------------------------------------------------------------------

    def _changed(self, change: PageChange, own: OwnPage) -> None:
        before, after = change.before or {}, change.after or {}
        for text in change.texts:
            name, code = text.path[0], text.language
            if name not in own.texts:
                continue
            row = self._row(
                before["texts"].get(name, {}).get(code),
                after["texts"].get(name, {}).get(code),
                own.texts[name].get(code),
                code,
            )
            if row is not None:
                self._note(
                    *(Kind.TEXT, after, own),
                    field=name, language=code, rows=(row[0],), is_conflict=row[1],
                )  # fmt: skip
        for value in change.values:
            name = value.path[0]
            if name in own.values and name not in NOT_ADOPTED:
                self._value(name, before, after, own)
        for name in own.streams:
            old, new = (page["streams"].get(name, []) for page in (before, after))
            self._stream(name, old, new, own, after)

    def _row(
        self, old: str | None, new: str | None, ours: str | None, code: str
    ) -> tuple[Row, bool] | None:
        """The text in the three versions, and whether it is a conflict; None where we have it."""
        if same_text(old, new) or same_text(new, ours):
            return None
        plain = [plain_text(text or "") for text in (old, new, ours)]
        pieces = difference(plain[0], plain[1], code, self._budget)
        return Row(plain[0], plain[1], plain[2], code, pieces), not same_text(old, ours)

    def _value(self, name: str, before: Page, after: Page, own: OwnPage) -> None:
        old, new = before["values"].get(name), after["values"].get(name)
        ours = own.values[name]
        if _same_value(new, ours):
            return
        model = type(own.draft)
        shown = [shown_value(model, name, value) for value in (old, new, ours)]
        row = Row(shown[0], shown[1], shown[2])
        self._note(
            *(Kind.VALUE, after, own),
            field=name, rows=(row,), is_conflict=not _same_value(old, ours),
        )  # fmt: skip

    def _reference(self, name: str, own: OwnPage) -> None:
        """The trade, or the levels, as one names them."""
        base, new = self._update.base, self._update.new
        ours = _own_reference(name, own)
        old, latest = (_reference_names(name, document) for document in (base, new))
        if latest != ours:
            row = Row(", ".join(old), ", ".join(latest), ", ".join(ours))
            self._note(
                *(Kind.REFERENCE, new["curriculum"], own),
                field=name, rows=(row,), is_conflict=old != ours,
            )  # fmt: skip

    # --- Of one stream ----------------------------------------------------------------------------

    def _stream(
        self, name: str, before: list[Block], after: list[Block], own: OwnPage, page: Page
    ) -> None:
        if before == after:
            return
        old, ours = (
            {block["id"]: block for block in blocks} for blocks in (before, own.streams[name])
        )
        new = {block["id"]: block for block in after}
        stayed = [key for key in old if key in new]
        moved = out_of_order([key for key in new if key in old], stayed)
        for key, block in new.items():
            if key in moved and key in ours:
                self._note(Kind.BLOCK_MOVED, page, own, field=name, block=key)
            former = old.get(key)
            if former is None or _differs([former], [block]):
                self._block(name, former, block, ours.get(key), own, page)
        for key, block in old.items():
            if key not in new and key in ours:
                self._note(
                    *(Kind.BLOCK_REMOVED, page, own),
                    field=name, block=key, rows=tuple(_rows(old=block, ours=ours[key])),
                    is_conflict=_differs([block], [ours[key]]),
                )  # fmt: skip

    def _block(
        self, name: str, old: Block | None, new: Block, ours: Block | None, own: OwnPage, page: Page
    ) -> None:
        if ours is None:
            self._note(
                *(Kind.BLOCK_ADDED, page, own),
                field=name, block=new["id"], rows=tuple(_rows(old=old, new=new)),
                # We took it out; they changed it.
                is_conflict=old is not None,
            )  # fmt: skip
            return
        before, after, mine = (texts_of((block or {}).get("value")) for block in (old, new, ours))
        for code in CODES:
            found = []
            for place, texts in after.items():
                if place in before and place in mine:
                    row = self._row(before[place][code], texts[code], mine[place][code], code)
                    if row is not None:
                        found.append((place, *row))
            if found:
                self._note(
                    *(Kind.BLOCK_TEXT, page, own),
                    field=name, block=new["id"], language=code,
                    rows=tuple(row for _place, row, _conflict in found),
                    places=tuple(place for place, _row, _conflict in found),
                    is_conflict=any(conflict for _place, _row, conflict in found),
                )  # fmt: skip
        shapes = [_shape(block) for block in (old, new, ours)]
        if shapes[0] != shapes[1] and shapes[1] != shapes[2]:
            self._note(
                *(Kind.BLOCK_STRUCTURE, page, own),
                field=name, block=new["id"], rows=tuple(_rows(old=old, new=new, ours=ours)),
                is_conflict=shapes[0] != shapes[2],
            )  # fmt: skip


def _was_changed(own: OwnPage, base: Page) -> bool:
    """Whether a page says anything else than when it was taken in."""
    texts = (
        not same_text(base["texts"].get(name, {}).get(code), text)
        for name, languages in own.texts.items()
        for code, text in languages.items()
    )
    values = (
        not _same_value(base["values"].get(name), value)
        for name, value in own.values.items()
        if name in base["values"] and name not in NOT_ADOPTED
    )
    streams = (
        _differs(base["streams"].get(name, []), stream) for name, stream in own.streams.items()
    )
    return any(texts) or any(values) or any(streams)


def _shape(block: Block | None) -> Any:
    return block and (block["type"], structure_of(block["value"]))


def _differs(one: list[Block], other: list[Block]) -> bool:
    """Whether two lists of blocks say different things."""
    if [_shape(block) for block in one] != [_shape(block) for block in other]:
        return True
    for first, second in zip(one, other, strict=True):
        if first["id"] != second["id"]:
            return True
        before, after = texts_of(first["value"]), texts_of(second["value"])
        for place in before.keys() | after.keys():
            texts = (before.get(place, {}), after.get(place, {}))
            if not all(same_text(texts[0].get(code), texts[1].get(code)) for code in CODES):
                return True
    return False


def _same_value(one: Any, other: Any) -> bool:
    return one == other or (one in (None, "") and other in (None, ""))


def _rows(
    old: Block | None = None, new: Block | None = None, ours: Block | None = None
) -> Iterator[Row]:
    """The versions of a whole block, a row a language."""
    for code in CODES:
        told = [_in_words(block, code) for block in (old, new, ours)]
        if any(told):
            yield Row(told[0], told[1], told[2], code)


def _in_words(block: Block | None, code: str) -> str:
    """The texts of a block in one language, a line each."""
    if block is None:
        return ""
    texts = (plain_text(text[code]) for text in texts_of(block["value"]).values())
    return "\n".join(text for text in texts if text)


def _reference_names(name: str, document: dict[str, Any]) -> list[str]:
    if name == "trade":
        return [document["trade"]["slug"]] if document["trade"] else []
    return sorted(f"{level['framework']} {level['number']}" for level in document["levels"])


def _own_reference(name: str, own: OwnPage) -> list[str]:
    if name == "trade":
        return [own.draft.trade.slug] if own.draft.trade else []
    return sorted(f"{level.framework.slug} {level.number}" for level in own.draft.levels.all())


def shown_value(model: type[Any], name: str, value: Any) -> str:
    """A value as one reads it: the label of a choice."""
    choices = dict(getattr(model._meta.get_field(name), "flatchoices", ()))
    return "–" if value in (None, "") else str(choices.get(value, value))


def _name(page: Page) -> str:
    return str(pick(page["texts"].get("name") or {}, current_language()) or page["slug"])
