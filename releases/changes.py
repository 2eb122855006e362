"""What changed between two documents of releases: modules, hours, texts, files.

Pages and blocks are matched by what they are, not by where they stand, so that a release can be
compared with the one before it and an adaptation with a later release of what it came from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.languages import CODES

from .matching import match_pages, moved_pages, out_of_order
from .word_diff import Budget, Piece, difference, plain_text, without_block_keys

Page = dict[str, Any]
Block = dict[str, Any]


class Kind(StrEnum):
    """What happened to a page, a block, a file or a term."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class TextChange:
    """A text in one language. `path` names the field, or leads to it within a block."""

    path: tuple[str, ...]
    language: str
    #: As one reads them, without HTML.
    before: str
    after: str
    #: All "same" where only the formatting changed.
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ValueChange:
    """A number, a date, a code, a reference to a file or term …"""

    path: tuple[str, ...]
    before: Any
    after: Any


@dataclass(frozen=True)
class BlockChange:
    """A block of a stream, `before` and `after` as the documents have it."""

    kind: Kind
    stream: str
    id: str
    type: str
    before: Block | None
    after: Block | None
    is_moved: bool = False
    texts: tuple[TextChange, ...] = ()
    values: tuple[ValueChange, ...] = ()


@dataclass(frozen=True)
class PageChange:
    """The curriculum, a module or a unit, `before` and `after` as the documents have it."""

    kind: Kind
    before: Page | None
    after: Page | None
    #: It stands elsewhere among its neighbours, or in another module.
    is_moved: bool = False
    moved_from: Page | None = None
    texts: tuple[TextChange, ...] = ()
    values: tuple[ValueChange, ...] = ()
    blocks: tuple[BlockChange, ...] = ()
    units: tuple["PageChange", ...] = ()

    @property
    def page(self) -> Page:
        """The page as it is now, or as it was when it was removed."""
        return self.after or self.before or {}

    @property
    def is_renamed(self) -> bool:
        return any(change.path == ("name",) for change in self.texts)


@dataclass(frozen=True)
class EntryChange:
    """A file or a term of the document, `before` and `after` as the documents have it."""

    kind: Kind
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Changes:
    """All that changed, in the order of the newer document; removed modules and units come last."""

    curriculum: PageChange | None
    #: Trade and levels.
    values: tuple[ValueChange, ...]
    modules: tuple[PageChange, ...]
    files: tuple[EntryChange, ...]
    terms: tuple[EntryChange, ...]

    def __bool__(self) -> bool:
        return bool(self.curriculum or self.values or self.modules or self.files or self.terms)


def compare(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """The changes from one valid document to another, in time linear in their size."""
    return _Comparison(before, after).changes()


class _Comparison:
    def __init__(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        self._old, self._new = before, after
        self._budget = Budget()
        self._modules = match_pages(before["modules"], after["modules"])
        # Units are matched across modules, so that a moved one is not taken for a new one.
        self._units = match_pages(*([*_units(document)] for document in (before, after)))
        self._old_units = {unit["public_id"]: unit for unit in _units(before)}
        self._home = {
            unit["public_id"]: module for module in before["modules"] for unit in module["units"]
        }

    def changes(self) -> Changes:
        return Changes(
            curriculum=self._page(self._old["curriculum"], self._new["curriculum"]),
            values=tuple(_surroundings(self._old, self._new)),
            modules=self._module_changes(),
            files=_entry_changes(self._old["files"], self._new["files"], "sha256"),
            terms=_entry_changes(self._old["terms"], self._new["terms"], "public_id"),
        )

    def _module_changes(self) -> tuple[PageChange, ...]:
        old = {module["public_id"]: module for module in self._old["modules"]}
        moved = moved_pages(self._modules, self._old["modules"], self._new["modules"])
        changes = []
        for module in self._new["modules"]:
            identifier = module["public_id"]
            former = old.pop(self._modules.get(identifier, ""), None)
            units = self._unit_changes(former, module)
            changes.append(self._page(former, module, identifier in moved, units=units))
        changes += [
            self._page(module, None, units=self._unit_changes(module, None))
            for module in old.values()
        ]
        return tuple(change for change in changes if change is not None)

    def _unit_changes(self, before: Page | None, after: Page | None) -> tuple[PageChange, ...]:
        old_units, new_units = (page["units"] if page else [] for page in (before, after))
        stayed = {unit["public_id"] for unit in old_units}
        matches = {
            new: old for new, old in self._units.items() if old in stayed
        } if old_units and new_units else {}  # fmt: skip
        moved = moved_pages(matches, old_units, new_units)
        changes = []
        for unit in new_units:
            identifier = unit["public_id"]
            former = self._old_units.get(self._units.get(identifier, ""))
            home = self._home[former["public_id"]] if former else None
            moved_from = home if home is not None and home is not before else None
            is_moved = identifier in moved or moved_from is not None
            changes.append(self._page(former, unit, is_moved, moved_from))
        kept = set(self._units.values())
        changes += [self._page(unit, None) for unit in old_units if unit["public_id"] not in kept]
        return tuple(change for change in changes if change is not None)

    def _page(
        self,
        before: Page | None,
        after: Page | None,
        is_moved: bool = False,
        moved_from: Page | None = None,
        units: tuple[PageChange, ...] = (),
    ) -> PageChange | None:
        if before is None or after is None:
            kind = Kind.ADDED if before is None else Kind.REMOVED
            return PageChange(kind, before, after, units=units)
        texts = [
            change
            for name in _names(before["texts"], after["texts"])
            for change in self._texts(
                (name,), before["texts"].get(name, {}), after["texts"].get(name, {})
            )
        ]
        values = _value_changes(before["values"], after["values"])
        blocks = [
            change
            for name in _names(before["streams"], after["streams"])
            for change in self._stream(
                name, before["streams"].get(name, []), after["streams"].get(name, [])
            )
        ]
        if not (texts or values or blocks or units or is_moved):
            return None
        return PageChange(
            *(Kind.CHANGED, before, after, is_moved, moved_from),
            *(tuple(texts), tuple(values), tuple(blocks), units),
        )

    def _stream(self, name: str, before: list[Block], after: list[Block]) -> Iterator[BlockChange]:
        if before == after:
            return
        old = dict(zip(_keys(before), before, strict=True))
        new_keys = set(_keys(after))
        stayed = [key for key in old if key in new_keys]
        moved = out_of_order([key for key in _keys(after) if key in old], stayed)
        for key, block in zip(_keys(after), after, strict=True):
            former = old.get(key)
            if former is None:
                yield BlockChange(Kind.ADDED, name, block["id"], block["type"], None, block)
                continue
            leaves = [*self._leaves((), former["value"], block["value"])]
            if leaves or key in moved:
                yield BlockChange(
                    *(Kind.CHANGED, name, block["id"], block["type"], former, block),
                    *(key in moved, *_sorted_out(leaves)),
                )
        for key, block in old.items():
            if key not in new_keys:
                yield BlockChange(Kind.REMOVED, name, block["id"], block["type"], block, None)

    def _leaves(
        self, path: tuple[str, ...], before: Any, after: Any
    ) -> Iterator[TextChange | ValueChange]:
        """What differs within the values of a block, list items being matched by their ids."""
        if before == after:
            return
        if _is_translated(before or after) and _is_translated(after or before):
            yield from self._texts(path, before or {}, after or {})
        elif _is_list_of_items(before) and _is_list_of_items(after):
            old, new = ({item["id"]: item for item in items} for items in (before, after))
            for place, (key, item) in enumerate(new.items(), start=1):
                former = old.get(key, {}).get("value")
                yield from self._leaves((*path, str(place)), former, item["value"])
            for place, (key, item) in enumerate(old.items(), start=1):
                if key not in new:
                    yield from self._leaves((*path, str(place)), item["value"], None)
            if [key for key in new if key in old] != [key for key in old if key in new]:
                yield ValueChange(path, list(old), list(new))
        elif _is_struct(before) or _is_struct(after):
            old, new = (value if isinstance(value, dict) else {} for value in (before, after))
            for name in _names(old, new):
                yield from self._leaves((*path, name), old.get(name), new.get(name))
        elif _is_list_of_items(before or after) and (before is None or after is None):
            # A list that came or went with the item around it.
            yield from self._leaves(path, before or [], after or [])
        else:
            yield ValueChange(path, before, after)

    def _texts(
        self, path: tuple[str, ...], before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[TextChange]:
        for code in CODES:
            old = without_block_keys(before.get(code) or "")
            new = without_block_keys(after.get(code) or "")
            if old != new:
                old, new = plain_text(old), plain_text(new)
                pieces = difference(old, new, code, self._budget)
                yield TextChange(path, code, old, new, pieces)


def _units(document: dict[str, Any]) -> Iterator[Page]:
    for module in document["modules"]:
        yield from module["units"]


def _value_changes(before: dict[str, Any], after: dict[str, Any]) -> list[ValueChange]:
    return [
        ValueChange((name,), before.get(name), after.get(name))
        for name in _names(before, after)
        if before.get(name) != after.get(name)
    ]


def _surroundings(before: dict[str, Any], after: dict[str, Any]) -> Iterator[ValueChange]:
    old, new = ((document["trade"] or {}).get("slug") for document in (before, after))
    if old != new:
        yield ValueChange(("trade",), before["trade"], after["trade"])
    old, new = (
        [(level["framework"], level["number"]) for level in document["levels"]]
        for document in (before, after)
    )
    if old != new:
        yield ValueChange(("levels",), before["levels"], after["levels"])


def _entry_changes(
    before: list[dict[str, Any]], after: list[dict[str, Any]], key: str
) -> tuple[EntryChange, ...]:
    old = {entry[key]: entry for entry in before}
    changes = []
    for entry in after:
        former = old.pop(entry[key], None)
        if former is None:
            changes.append(EntryChange(Kind.ADDED, None, entry))
        elif former != entry:
            changes.append(EntryChange(Kind.CHANGED, former, entry))
    changes += [EntryChange(Kind.REMOVED, entry, None) for entry in old.values()]
    return tuple(changes)


def _names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The keys of both, in the order of the newer."""
    return [*after, *(name for name in before if name not in after)]


def _keys(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block["id"], block["type"]) for block in blocks]


def _is_translated(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(code in CODES and isinstance(text, str) for code, text in value.items())
    )


def _is_list_of_items(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and isinstance(item.get("id"), str) and "value" in item
        for item in value
    )


def _is_struct(value: Any) -> bool:
    """A dict that is no reference to a file or a term, which is one value."""
    return isinstance(value, dict) and not value.keys() & {"file", "concept"}


def _sorted_out(
    leaves: list[TextChange | ValueChange],
) -> tuple[tuple[TextChange, ...], tuple[ValueChange, ...]]:
    return (
        tuple(leaf for leaf in leaves if isinstance(leaf, TextChange)),
        tuple(leaf for leaf in leaves if isinstance(leaf, ValueChange)),
    )
