"""What can be searched: each app registers its kinds of objects."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """Which of two equally good matches stands first."""

    NORMAL = 0
    DEPRECATED = 1
    # Running text, found by its words only.
    BODY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One text of an object, as its app hands it over; see core.search.models.SearchEntry.

    `text` is normalised (orthography.normalise), as all stored text is; `trades` are primary keys.
    """

    object_id: int
    language: str
    text: str
    sub_id: int = 0
    weight: Weight = Weight.NORMAL
    is_listed: bool = False
    initial: str = ""
    sort_key: bytes = b""
    is_reviewed: bool = False
    is_safety: bool = False
    trades: tuple[int, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of searchable object.

    `ids()` gives the keys of all objects, `entries(ids)` the texts of those among `ids` that are
    to be found: an object that is gone or not for readers simply yields none. What editors alone
    may find is of a kind of its own that is not public.
    """

    name: str
    ids: Callable[[], Iterable[int]]
    entries: Callable[[Sequence[int]], Iterable[Entry]]
    is_public: bool = True


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind searchable; called once from its app's `ready()`."""
    KINDS[kind.name] = kind


def public_kinds() -> list[str]:
    """The names of the kinds that readers may search."""
    return [kind.name for kind in KINDS.values() if kind.is_public]
