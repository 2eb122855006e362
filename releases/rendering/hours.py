"""Hours of units, modules and the programme."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext


@dataclass(frozen=True)
class Hours:
    """Hours of theory, practice and tests; `company` of them are spent in a company."""

    theory: int = 0
    practice: int = 0
    test: int = 0
    company: int = 0

    @property
    def total(self) -> int:
        return self.theory + self.practice + self.test

    @classmethod
    def of(cls, page: Mapping[str, Any]) -> "Hours":
        """The hours that stand on a module or unit."""
        values = page["values"]
        return cls(
            *(
                values.get(f"hours_{kind}") or 0
                for kind in ("theory", "practice", "test", "company")
            )
        )

    @classmethod
    def sum(cls, pages: Iterable[Mapping[str, Any]]) -> "Hours":
        """The hours of all `pages` together."""
        found = [cls.of(page) for page in pages]
        return cls(
            sum(hours.theory for hours in found),
            sum(hours.practice for hours in found),
            sum(hours.test for hours in found),
            sum(hours.company for hours in found),
        )

    def sentence(self) -> str:
        """All of it in one line."""
        return gettext(
            "%(total)d hours: theory %(theory)d, practice %(practice)d, tests %(test)d"
        ) % {
            "total": self.total,
            "theory": self.theory,
            "practice": self.practice,
            "test": self.test,
        }
