"""A curriculum with its modules and units, read at once: the table that teachers know."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from wagtail.models import Page

from core.languages import CODES, LocalText, pick
from core.models import BasePage
from core.reader import current_language

from .models import CurriculumPage, ModulePage, ModuleUnitPage

P = TypeVar("P", CurriculumPage, ModulePage, ModuleUnitPage)


@dataclass(frozen=True)
class HoursSum:
    """Hours of theory, practice and tests; `company` says how many of them are in a company."""

    theory: int = 0
    practice: int = 0
    test: int = 0
    company: int = 0

    @property
    def total(self) -> int:
        return self.theory + self.practice + self.test

    @property
    def school(self) -> int:
        return max(0, self.total - self.company)

    @property
    def theory_share(self) -> Decimal | None:
        """Theory in per cent of all hours, None where there are none."""
        return Decimal(self.theory * 100) / self.total if self.total else None


@dataclass(frozen=True)
class UnitRow:
    """A unit in the table of its module."""

    page: ModuleUnitPage
    number: int
    name: LocalText
    url: str

    @property
    def hours(self) -> HoursSum:
        page = self.page
        return HoursSum(page.hours_theory, page.hours_practice, page.hours_test)


@dataclass(frozen=True)
class ModuleRow:
    """A module in the table of its curriculum, with its units."""

    page: ModulePage
    number: int
    name: LocalText
    url: str
    units: list[UnitRow] = field(default_factory=list)

    @property
    def hours(self) -> HoursSum:
        page = self.page
        return HoursSum(page.hours_theory, page.hours_practice, page.hours_test, page.hours_company)

    @property
    def unit_hours(self) -> HoursSum:
        """What the hours of the units add up to."""
        return total(unit.hours for unit in self.units)

    @property
    def title(self) -> str:
        """Code and name, for messages."""
        return f"{self.page.code} {self.name}".strip()


@dataclass(frozen=True)
class Outline:
    """A curriculum, its modules in order, and what they add up to."""

    curriculum: CurriculumPage
    modules: list[ModuleRow]

    @property
    def hours(self) -> HoursSum:
        """The hours of all modules; those of revision and exams stand beside them."""
        return total(module.hours for module in self.modules)

    @property
    def hours_total(self) -> int:
        """All hours of the programme, revision and exams among them."""
        return self.hours.total + (self.curriculum.hours_exam or 0)

    @property
    def credits(self) -> Decimal:
        return sum((module.page.credits or Decimal() for module in self.modules), Decimal())

    @property
    def unit_count(self) -> int:
        return sum(len(module.units) for module in self.modules)

    @property
    def has_company_hours(self) -> bool:
        return any(module.page.hours_company for module in self.modules)

    @property
    def has_lao_credits(self) -> bool:
        return any(module.page.lao_credits for module in self.modules)

    @property
    def specific_modules(self) -> list[ModuleRow]:
        """The subjects that belong to one country only."""
        return [module for module in self.modules if module.page.specific_to]

    @property
    def pages(self) -> list[BasePage]:
        """Every page in reading order, the curriculum first."""
        found: list[BasePage] = [self.curriculum]
        for module in self.modules:
            found += [module.page, *(unit.page for unit in module.units)]
        return found

    def module_of(self, page: ModulePage | ModuleUnitPage) -> ModuleRow | None:
        """The row of a module, or of the module a unit belongs to."""
        found = (module for module in self.modules if page.path.startswith(module.page.path))
        return next(found, None)


def total(parts: Iterable[HoursSum]) -> HoursSum:
    """What hours add up to, each kind by itself."""
    parts = list(parts)
    return HoursSum(
        theory=sum(part.theory for part in parts),
        practice=sum(part.practice for part in parts),
        test=sum(part.test for part in parts),
        company=sum(part.company for part in parts),
    )


def read_outline(curriculum: CurriculumPage, with_texts: bool = False) -> Outline:
    """The live modules and units of a curriculum; two queries.

    Without texts the streams of modules and units are not read. A curriculum that is not saved
    yet has none.
    """
    if not curriculum.pk:
        return Outline(curriculum, [])
    modules = ModulePage.objects.live().filter(**below(curriculum, 1)).order_by("path")
    units = ModuleUnitPage.objects.live().filter(**below(curriculum, 2)).order_by("path")
    if not with_texts:
        modules = modules.defer(*ModulePage.translated_streams)
        units = units.defer(*ModuleUnitPage.translated_streams)
    return make_outline(curriculum, list(modules), list(units))


def read_draft_outline(curriculum: CurriculumPage) -> Outline:
    """The same as its editors have it: live or not, each page as its newest draft; two queries."""
    modules = ModulePage.objects.filter(**below(curriculum, 1)).order_by("path")
    units = ModuleUnitPage.objects.filter(**below(curriculum, 2)).order_by("path")
    return make_outline(
        newest(curriculum),
        [newest(page) for page in modules.select_related("latest_revision")],
        [newest(page) for page in units.select_related("latest_revision")],
    )


def below(page: Page, levels: int) -> dict[str, Any]:
    """Conditions on pages so many levels below `page`.

    A range, which is found by an index on both databases; Wagtail's own LIKE is not on SQLite.
    """
    last = "Z" * (page.steplen * levels)
    return {"depth": page.depth + levels, "path__range": (page.path, f"{page.path}{last}")}


def make_outline(
    curriculum: CurriculumPage, modules: Sequence[ModulePage], units: Sequence[ModuleUnitPage]
) -> Outline:
    """The outline of page objects at hand, which are in their order; no query."""
    address = curriculum.url or ""
    shown = curriculum.visible_languages
    rows = []
    for number, module in enumerate(modules, start=1):
        url = f"{address}{module.slug}/"
        own = [unit for unit in units if unit.path.startswith(module.path)]
        unit_rows = [
            UnitRow(unit, place, _name(unit, shown), f"{url}{unit.slug}/")
            for place, unit in enumerate(own, start=1)
        ]
        rows.append(ModuleRow(module, number, _name(module, shown), url, unit_rows))
    return Outline(curriculum, rows)


def _name(page: ModulePage | ModuleUnitPage, shown: Sequence[str]) -> LocalText:
    """The name as the table shows it.

    The table belongs to the curriculum: a name is shown in every language of the curriculum,
    though the text of the module may not be meant for it.
    """
    name = pick(page.field_texts("name"), current_language(), {*shown, *page.visible_languages})
    return name or LocalText(page.title, page.source_language)


def curriculum_of(page: ModulePage | ModuleUnitPage) -> CurriculumPage | None:
    """The curriculum a module or unit belongs to."""
    return CurriculumPage.objects.ancestor_of(page).first() if page.path else None


def newest(page: P) -> P:
    """A page as its newest draft has it; reads nothing when latest_revision is there.

    References to other records stay those of the live page.
    """
    if not page.has_unpublished_changes or page.latest_revision is None:
        return page
    draft = copy.copy(page)
    content = page.latest_revision.content
    names: list[str] = [*page.value_fields, *page.translated_streams]
    names += [f"{name}_{code}" for name in page.translated_fields for code in CODES]
    for name in (*names, "languages", "ready_languages", "source_language", "fingerprints"):
        if name in content:
            setattr(draft, name, _value(page, name, content[name]))
    return draft


def _value(page: BasePage, name: str, stored: Any) -> Any:
    return page._meta.get_field(name).to_python(stored)
