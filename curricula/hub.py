"""What stands on the page of a curriculum beside it: other apps add their part here.

The arrow of imports points from releases to curricula; so they register here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.reader import Reader

from .models import CurriculumPage


@dataclass(frozen=True)
class Section:
    """One app's part of a curriculum's page, right below the table of modules.

    `context(curriculum, reader)` gives the variables of `template` as `section`, None where there
    is nothing to show.
    """

    name: str
    template: str
    context: Callable[[CurriculumPage, Reader], dict[str, Any] | None]
    position: int = 0


_SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section; called once from its app's `ready()`."""
    _SECTIONS[section.name] = section


def shown_sections(curriculum: CurriculumPage, reader: Reader) -> list[dict[str, Any]]:
    """Template and variables of each section that has something to show, in order."""
    found = []
    for section in sorted(_SECTIONS.values(), key=lambda section: section.position):
        if (context := section.context(curriculum, reader)) is not None:
            found.append({"template": section.template, **context})
    return found
