"""What texts of law ask of a programme, and where a programme does otherwise: warnings only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import CODES
from trades.models import FrameworkLevel

from .findings import Finding
from .models import ModulePage, Rule
from .outlines import ModuleRow, Outline

CONTENT = Path(__file__).parent / "content" / "rules.yaml"
# Credits are entered as whole numbers, hours are not cut to fit them.
_CREDIT_TOLERANCE = 1
Measure = Rule.Measure


@transaction.atomic
def load_rules(path: Path = CONTENT) -> int:
    """Make the rules that are missing, by short name; return how many."""
    levels = {
        f"{level.framework.slug}/{level.number}": level
        for level in FrameworkLevel.objects.select_related("framework")
    }
    made = 0
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
        name = entry.get("level")
        if name and name not in levels:
            continue
        _rule, created = Rule.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "country": entry["country"],
                "level": levels[name] if name else None,
                "entry": entry.get("entry", ""),
                "measure": entry["measure"],
                "minimum": entry.get("minimum"),
                "maximum": entry.get("maximum"),
                "as_of": entry["as_of"],
                **{f"basis_{code}": entry["basis"][code] for code in CODES},
            },
        )
        made += created
    return made


def rules_for(outline: Outline) -> list[Rule]:
    """The rules that hold for a programme: those of its levels, entrants and countries."""
    curriculum = outline.curriculum
    levels = list(curriculum.levels.all().select_related("framework"))
    countries = {level.framework.country for level in levels}
    if not countries and (centre := curriculum.centre):
        countries = {centre.country}
    keys = {level.pk for level in levels}
    return [
        rule
        for rule in Rule.objects.select_related("level__framework")
        if rule.country in countries
        and (rule.level_id is None or rule.level_id in keys)
        and rule.entry in ("", curriculum.entry)
    ]


def check_programme(outline: Outline) -> list[Finding]:
    """A warning for each rule that the programme does not keep; three queries."""
    rules = rules_for(outline)
    found: list[Finding] = []
    for rule in rules:
        found += _CHECKS.get(rule.measure, _nothing)(outline, rule)
    found += _credits_by_hours(outline, rules)
    found += _weeks(outline, rules)
    return found


def basis_of(rule: Rule) -> str:
    """The legal basis of a rule and when it was read, for the reader."""
    return _("%(basis)s, as of %(date)s") % {
        "basis": rule.local_basis,
        "date": date_format(rule.as_of, "DATE_FORMAT"),
    }


def review_due(outline: Outline) -> date | None:
    """When the programme is to be appraised again, None where nobody has or no rule asks."""
    appraised = outline.curriculum.appraised_on
    rules = [rule for rule in rules_for(outline) if rule.measure == Measure.REVIEW_YEARS]
    if appraised is None or not rules or rules[0].maximum is None:
        return None
    return _years_later(appraised, int(rules[0].maximum))


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


# --- Measures -------------------------------------------------------------------------------------


def _limits(rule: Rule) -> str:
    low, high = (_number(limit) for limit in (rule.minimum, rule.maximum))
    if low and high:
        return (
            low if low == high else _("between %(low)s and %(high)s") % {"low": low, "high": high}
        )
    return (
        _("at least %(number)s") % {"number": low}
        if low
        else _("at most %(number)s") % {"number": high}
    )


def _number(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    places = 0 if value == int(value) else 1
    return number_format(value, decimal_pos=places)


def _compare(
    outline: Outline, rule: Rule, value: Decimal | int | None, message: str
) -> Iterator[Finding]:
    """A finding where `value` is known and not allowed; `message` names `value` and `limits`."""
    if value is not None and not rule.allows(value):
        told = message % {"value": _number(value), "limits": _limits(rule)}
        yield Finding(told, outline.curriculum, rule)


def _nothing(outline: Outline, rule: Rule) -> Iterable[Finding]:
    return ()


def _credits(outline: Outline, rule: Rule) -> Iterator[Finding]:
    message = _("The programme has %(value)s credits; the rule is %(limits)s.")
    yield from _compare(outline, rule, outline.credits, message)


def _modules(outline: Outline, rule: Rule) -> Iterator[Finding]:
    message = _("The programme has %(value)s modules and subjects; the rule is %(limits)s.")
    yield from _compare(outline, rule, len(outline.modules), message)


def _hours(outline: Outline, rule: Rule) -> Iterator[Finding]:
    message = _("The programme has %(value)s hours; the rule is %(limits)s.")
    yield from _compare(outline, rule, outline.hours_total, message)


def _theory(outline: Outline, rule: Rule) -> Iterator[Finding]:
    message = _("%(value)s %% of the hours are theory; the rule is %(limits)s.")
    yield from _compare(outline, rule, outline.hours.theory_share, message)


def _module_credits(outline: Outline, rule: Rule) -> Iterator[Finding]:
    for module in outline.modules:
        number = module.page.credits
        # The rule is about modules (MĐ); subjects and internships are free.
        if number is None or module.page.kind != ModulePage.Kind.MODULE or rule.allows(number):
            continue
        message = _("%(module)s has %(value)s credits; the rule for a module is %(limits)s.")
        values = {"module": module.title, "value": _number(number), "limits": _limits(rule)}
        yield Finding(message % values, module.page, rule)


def _council(outline: Outline, rule: Rule) -> Iterator[Finding]:
    message = _("The appraisal council has %(value)s members; the rule is %(limits)s.")
    yield from _compare(outline, rule, outline.curriculum.council_members, message)


def _outside(outline: Outline, rule: Rule) -> Iterator[Finding]:
    message = _("The council has %(value)s reviewers from outside; the rule is %(limits)s.")
    yield from _compare(outline, rule, outline.curriculum.outside_reviewers, message)


def _review(outline: Outline, rule: Rule) -> Iterator[Finding]:
    appraised = outline.curriculum.appraised_on
    if appraised is None or rule.maximum is None:
        return
    due = _years_later(appraised, int(rule.maximum))
    if due < timezone.localdate():
        message = _("The next appraisal was due on %(date)s.")
        told = message % {"date": date_format(due, "DATE_FORMAT")}
        yield Finding(told, outline.curriculum, rule)


_CHECKS: dict[Any, Callable[[Outline, Rule], Iterable[Finding]]] = {
    Measure.CREDITS: _credits,
    Measure.MODULES: _modules,
    Measure.HOURS: _hours,
    Measure.THEORY_SHARE: _theory,
    Measure.MODULE_CREDITS: _module_credits,
    Measure.COUNCIL: _council,
    Measure.OUTSIDE_REVIEWERS: _outside,
    Measure.REVIEW_YEARS: _review,
}


# --- What several rules say together --------------------------------------------------------------


def _first(rules: list[Rule], measure: Any) -> Rule | None:
    return next((rule for rule in rules if rule.measure == measure), None)


def _credits_by_hours(outline: Outline, rules: list[Rule]) -> Iterator[Finding]:
    """Modules whose credits are far from what their hours come to."""
    theory = _first(rules, Measure.CREDIT_THEORY)
    practice = _first(rules, Measure.CREDIT_PRACTICE)
    internship = _first(rules, Measure.CREDIT_INTERNSHIP)
    if not (theory and practice and internship):
        return
    for module in outline.modules:
        entered = module.page.credits
        if entered is None or not module.hours.total:
            continue
        company = _company_hours(module)
        school = max(0, module.hours.practice + module.hours.test - company)
        expected = Decimal(
            module.hours.theory / (theory.minimum or 1)
            + school / (practice.minimum or 1)
            + company / (internship.minimum or 1)
        )
        if abs(expected - entered) >= _CREDIT_TOLERANCE:
            yield Finding(
                _(
                    "%(module)s has %(value)s credits, its hours come to about %(expected)s: "
                    "a credit is %(theory)s hours of theory, %(practice)s of practice or "
                    "%(internship)s of internship."
                )
                % {
                    "module": module.title,
                    "value": _number(entered),
                    "expected": _number(round(expected, 1)),
                    "theory": _number(theory.minimum),
                    "practice": _number(practice.minimum),
                    "internship": _number(internship.minimum),
                },
                module.page,
                theory,
            )


def _company_hours(module: ModuleRow) -> int:
    if module.page.kind == ModulePage.Kind.INTERNSHIP:
        return module.hours.practice + module.hours.test
    return module.hours.company


def _weeks(outline: Outline, rules: list[Rule]) -> Iterator[Finding]:
    """A programme whose hours do not fit into its weeks."""
    theory, practice = _first(rules, Measure.WEEK_THEORY), _first(rules, Measure.WEEK_PRACTICE)
    weeks = outline.curriculum.weeks
    if not (weeks and theory and practice and theory.maximum and practice.maximum):
        return
    hours = outline.hours
    needed = hours.theory / theory.maximum + (hours.practice + hours.test) / practice.maximum
    if needed > weeks:
        message = ngettext(
            "The hours do not fit into %(weeks)s week: a week holds %(theory)s hours of theory or "
            "%(practice)s of practice, so they need %(needed)s.",
            "The hours do not fit into %(weeks)s weeks: a week holds %(theory)s hours of theory or "
            "%(practice)s of practice, so they need %(needed)s.",
            weeks,
        )
        told = message % {
            "weeks": weeks,
            "theory": _number(theory.maximum),
            "practice": _number(practice.maximum),
            "needed": _number(-int(-needed // 1)),
        }
        yield Finding(told, outline.curriculum, practice)
