"""What a centre has published: each app adds its section to the centre's page.

The arrow of imports points from curricula to centres; so they register here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.reader import Reader

from .models import CentrePage


@dataclass(frozen=True)
class Section:
    """One app's part of a centre's page.

    `context(centre, reader)` gives the variables of `template`, None where there is nothing to
    show. `counts()` gives the key of each centre that has something a line such as "3 curricula".
    """

    name: str
    template: str
    context: Callable[[CentrePage, Reader], dict[str, Any] | None]
    counts: Callable[[], Mapping[int, str]]
    position: int = 0


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section; called once from its app's `ready()`."""
    _SECTIONS[section.name] = section


def sections() -> list[Section]:
    """All sections in their order on the page."""
    return sorted(_SECTIONS.values(), key=lambda section: section.position)


def shown_sections(centre: CentrePage, reader: Reader) -> list[dict[str, Any]]:
    """Template and variables of each section that has something to show, in order."""
    return [
        {"template": section.template, **context}
        for section in sections()
        if (context := section.context(centre, reader)) is not None
    ]
