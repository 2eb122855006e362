"""How the form of a page differs from the page, in words for the preview."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Change:
    """A cell that becomes another; for blocks that come, go or move only `label` says something."""

    label: str
    old: str = ""
    new: str = ""


def block_changes(label: str, old: list[Any], new: list[Any]) -> list[Change]:
    """How many blocks are new, gone, changed, or only in another order."""
    before = {raw["id"]: raw for raw in old}
    after = {raw["id"]: raw for raw in new}
    added = [key for key in after if key not in before]
    removed = [key for key in before if key not in after]
    changed = [key for key in after if key in before and after[key] != before[key]]
    found = []
    if added:
        found.append(Change(label, "", _("%(n)s new") % {"n": len(added)}))
    for key in changed:
        found.append(Change(label, *_difference(before[key]["value"], after[key]["value"])))
    if removed:
        found.append(Change(label, _("%(n)s removed") % {"n": len(removed)}, ""))
    return found or [Change(label, "", _("another order"))]


def _difference(old: Any, new: Any) -> tuple[str, str]:
    """The texts that two values do not share."""
    before, after = list(_leaves(old)), list(_leaves(new))
    one = [text for text in before if text not in after]
    other = [text for text in after if text not in before]
    return " · ".join(one)[:400], " · ".join(other)[:400]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in ("id", "type"):
                yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value not in (None, ""):
        yield str(value)
