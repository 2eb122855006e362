"""What is wrong in a curriculum, and what is still missing: told to its editors, never mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import CODES
from core.translated import State
from glossary.models import Concept

from .findings import Finding
from .models import CurriculumPage, ModulePage, ModuleUnitPage
from .outlines import ModuleRow, Outline
from .rules import check_programme

#: Fields of a curriculum that no programme can do without, beside its objectives.
_NEEDED = ("description", "entry_requirements", "assessment", "graduation")
_OBJECTIVES = ("knowledge", "skills", "autonomy")


@dataclass(frozen=True)
class Report:
    """All that can be said about a curriculum.

    `faults` contradict each other, `warnings` are about rules of law, `gaps` are missing things;
    `translations` counts texts by state, per language.
    """

    faults: list[Finding]
    warnings: list[Finding]
    gaps: list[Finding]
    translations: dict[str, Counter[State]]

    @property
    def is_clean(self) -> bool:
        return not (self.faults or self.warnings or self.gaps)


def report_on(outline: Outline) -> Report:
    """Every check of a curriculum whose outline has its texts (`read_draft_outline`)."""
    return Report(
        faults=find_faults(outline),
        warnings=check_programme(outline),
        gaps=find_gaps(outline),
        translations=translation_totals(outline),
    )


# --- Faults ---------------------------------------------------------------------------------------


def find_faults(outline: Outline) -> list[Finding]:
    """What does not agree with itself: hours, codes, prerequisites, modules that stand twice."""
    found: list[Finding] = []
    for module in outline.modules:
        found += _hours(module)
    found += _doubles(outline)
    found += _prerequisites(outline)
    return found


def _hours(module: ModuleRow) -> Iterator[Finding]:
    """A module whose units add up to other hours; one without units is not written yet."""
    if module.units:
        stated, added = module.hours, module.unit_hours
        for name, have, units in (
            (_("theory"), stated.theory, added.theory),
            (_("practice"), stated.practice, added.practice),
            (_("tests"), stated.test, added.test),
        ):
            if have != units:
                message = _(
                    "%(module)s: the units have %(units)s hours of %(kind)s, the module says "
                    "%(hours)s."
                )
                told = {"module": module.title, "units": units, "kind": name, "hours": have}
                yield Finding(message % told, module.page)
    if module.hours.company > module.hours.total:
        message = _("%(module)s has more hours in a company than hours.")
        yield Finding(message % {"module": module.title}, module.page)


def _doubles(outline: Outline) -> Iterator[Finding]:
    codes: dict[str, ModuleRow] = {}
    origins: dict[str, ModuleRow] = {}
    for module in outline.modules:
        code, origin = module.page.code, module.page.origin_id
        if code and code in codes:
            message = _("The code %(code)s stands twice: %(first)s and %(second)s.")
            told = {"code": code, "first": codes[code].name, "second": module.name}
            yield Finding(message % told, module.page)
        elif origin and origin in origins:
            message = _("%(first)s and %(second)s are copies of the same module.")
            told = {"first": origins[origin].title, "second": module.title}
            yield Finding(message % told, module.page)
        codes.setdefault(code, module)
        origins.setdefault(origin, module)


def _prerequisites(outline: Outline) -> Iterator[Finding]:
    by_code: dict[str, ModuleRow] = {}
    for module in outline.modules:
        by_code.setdefault(module.page.code, module)
    looped: set[str] = set()
    for loop in _loops(by_code):
        looped.update(loop)
        message = _("These modules wait for each other: %(codes)s.")
        told = message % {"codes": " → ".join([*loop, loop[0]])}
        yield Finding(told, by_code[loop[0]].page)
    for module in outline.modules:
        for code in module.page.prerequisite_codes:
            told = {"module": module.title, "code": code}
            if code not in by_code:
                message = _("%(module)s comes after %(code)s, which is not in the programme.")
            elif code == module.page.code:
                message = _("%(module)s is said to come before itself.")
            elif by_code[code].number > module.number and code not in looped:
                message = _("%(module)s comes after %(code)s, which stands below it in the table.")
            else:
                continue
            yield Finding(message % told, module.page)


def _loops(by_code: dict[str, ModuleRow]) -> list[list[str]]:
    """Codes that lead back to themselves over others; each code is followed once."""
    before = {code: iter(row.page.prerequisite_codes) for code, row in by_code.items()}
    loops: list[list[str]] = []
    done: set[str] = set()
    for start in by_code:
        path = [] if start in done else [start]
        while path:
            code = next(before[path[-1]], None)
            if code is None:
                done.add(path.pop())
            elif code in path:
                loop = path[path.index(code) :]
                if len(loop) > 1:
                    loops.append(loop)
            elif code in by_code and code not in done:
                path.append(code)
    return loops


# --- Gaps -----------------------------------------------------------------------------------------


def find_gaps(outline: Outline) -> list[Finding]:
    """What a reviewer would ask for; one query, for the terms that units name."""
    return [*_programme_gaps(outline), *_module_gaps(outline), *_lost_terms(outline)]


def _programme_gaps(outline: Outline) -> Iterator[Finding]:
    page = outline.curriculum
    for is_missing, message in (
        (not page.code, _("The programme has no code.")),
        (page.trade_id is None, _("Choose the trade.")),
        (not page.levels.all(), _("Choose the level, at least of one framework.")),
        (not page.weeks, _("Say how many weeks the programme takes.")),
        (not page.licence, _("Choose a licence.")),
        (not page.rights_holder, _("Say who holds the rights.")),
        (not any(page.field_texts("source").values()), _("Name the source of the programme.")),
        (not page.legal_basis, _("Name the legal basis.")),
        (not outline.modules, _("The programme has no modules.")),
    ):
        if is_missing:
            yield Finding(message, page)
    for name in (*_NEEDED, *_OBJECTIVES):
        if not getattr(page, name):
            yield Finding(_empty(page, name), page)


def _empty(page: CurriculumPage | ModulePage, name: str) -> str:
    return _("“%(field)s” is empty.") % {"field": page._meta.get_field(name).verbose_name}


def _module_gaps(outline: Outline) -> Iterator[Finding]:
    for module in outline.modules:
        page, name = module.page, {"module": module.title}
        for is_missing, message in (
            (not page.code, _("%(module)s has no code.")),
            (page.credits is None, _("%(module)s has no credits.")),
            (not module.hours.total, _("%(module)s has no hours.")),
            (not any(getattr(page, part) for part in _OBJECTIVES), _("%(module)s has no aims.")),
            (not module.units, _("%(module)s has no units.")),
        ):
            if is_missing:
                yield Finding(message % name, page)
        empty = [unit for unit in module.units if not unit.page.body]
        if empty:
            message = ngettext(
                "%(module)s: %(n)s unit holds nothing yet (%(first)s).",
                "%(module)s: %(n)s units hold nothing yet (%(first)s …).",
                len(empty),
            )
            told = {**name, "n": len(empty), "first": empty[0].name}
            yield Finding(message % told, empty[0].page)


def _lost_terms(outline: Outline) -> Iterator[Finding]:
    """Units that name terms which the glossary no longer shows."""
    named = {unit.page: set(_concepts(unit.page)) for row in outline.modules for unit in row.units}
    wanted = set().union(*named.values())
    if not wanted:
        return
    live = set(Concept.objects.published().filter(pk__in=wanted).values_list("pk", flat=True))
    for page, keys in named.items():
        if lost := len(keys - live):
            message = ngettext(
                "%(unit)s: %(n)s term is no longer in the glossary.",
                "%(unit)s: %(n)s terms are no longer in the glossary.",
                lost,
            )
            name = page.local_text("name") or page.title
            yield Finding(message % {"unit": name, "n": lost}, page)


def _concepts(page: ModuleUnitPage) -> Iterator[int]:
    """The keys of the concepts that a unit names, without reading them."""
    for block in page.body.raw_data:
        if block["type"] == "terms":
            for item in block["value"] or ():
                key = item.get("value") if isinstance(item, dict) else item
                if isinstance(key, int):
                    yield key


# --- Translations ---------------------------------------------------------------------------------


def translation_totals(outline: Outline) -> dict[str, Counter[State]]:
    """Language code → how many texts of the whole curriculum are in which state."""
    totals: dict[str, Counter[State]] = {code: Counter() for code in CODES}
    for page in outline.pages:
        for code, counts in page.translation_counts().items():
            totals[code] += counts
    return totals
