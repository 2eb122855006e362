"""What the site holds for a trade: each app adds its section to the trade's page.

The arrow of imports points from glossary, lessons and curricula to trades; so they register here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.reader import Reader

from .models import Trade


@dataclass(frozen=True)
class Section:
    """One app's part of a trade's page.

    `context(trade, reader)` gives the variables of `template`, None where there is nothing to show.
    `counts()` gives the key of each trade that has something a line such as "42 terms".
    """

    name: str
    template: str
    context: Callable[[Trade, Reader], dict[str, Any] | None]
    counts: Callable[[], Mapping[int, str]]
    position: int = 0


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section; called once from its app's `ready()`."""
    _SECTIONS[section.name] = section


def sections() -> list[Section]:
    """All sections in their order on the page."""
    return sorted(_SECTIONS.values(), key=lambda section: section.position)
