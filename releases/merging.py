"""Blocks taken apart into texts and structure, so that three versions of one can be merged.

A place within a block is the way there: names of parts, and ids of list items. The same place in
two versions is the same text, wherever it stands now. It works on stored and on portable blocks.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.languages import CODES
from core.translated import fingerprint, is_blank

from .sanitising import sanitised

Place = tuple[str, ...]
Texts = dict[Place, dict[str, str]]


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two stored texts say the same, whichever spelling they came in."""
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    return fingerprint(sanitised(one or "")) == fingerprint(sanitised(other or ""))


def texts_of(value: Any) -> Texts:
    """Every translated text of a block's value: place → language → text."""
    return dict(_texts(value, ()))


def _texts(value: Any, place: Place) -> Iterator[tuple[Place, dict[str, str]]]:
    if _is_translated(value):
        yield place, {code: value.get(code) or "" for code in CODES}
    else:
        for step, part in _parts(value):
            yield from _texts(part, (*place, step))


def structure_of(value: Any) -> Any:
    """What a block's value is beside its texts: items in their order, numbers, choices, files."""
    if _is_translated(value):
        return None
    if isinstance(value, list):
        return [(step, structure_of(part)) for step, part in _parts(value)]
    if isinstance(value, dict):
        inner = {step: structure_of(part) for step, part in _parts(value)}
        # A part that is not there and one that is empty are the same.
        return {step: part for step, part in inner.items() if part not in (None, "", [], {})}
    return value


def with_texts(value: Any, text_at: Callable[[Place], Mapping[str, str] | None]) -> Any:
    """The value with the texts that `text_at` gives for a place; the others stay."""
    return _with_texts(value, (), text_at)


def _with_texts(
    value: Any, place: Place, text_at: Callable[[Place], Mapping[str, str] | None]
) -> Any:
    if _is_translated(value):
        return {**value, **(text_at(place) or {})}
    if isinstance(value, list):
        return [
            {**item, "value": _with_texts(item["value"], (*place, item["id"]), text_at)}
            if _is_item(item)
            else item
            for item in value
        ]
    if isinstance(value, dict):
        return {name: _with_texts(part, (*place, name), text_at) for name, part in value.items()}
    return value


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for item in value:
            if _is_item(item):
                yield item["id"], item["value"]
    elif isinstance(value, dict):
        yield from value.items()


def _is_item(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str) and "value" in item


def _is_translated(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(code in CODES and isinstance(text, str) for code, text in value.items())
    )
