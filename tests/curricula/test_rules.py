"""Rules of law: data, and warnings that name the text they rest on."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from curricula.models import CurriculumPage, ModulePage, Rule
from curricula.outlines import read_outline
from curricula.rules import basis_of, check_programme, load_rules, review_due
from portal.models import HomePage
from tests.curricula.samples import level, modules_of, welding


def warnings(page: CurriculumPage) -> dict[str, str]:
    """Short name of each rule that is not kept → what is said."""
    found = check_programme(read_outline(CurriculumPage.objects.get(pk=page.pk)))
    return {finding.rule.slug: finding.message for finding in found if finding.rule}


def change(page: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save()


def test_a_programme_that_keeps_the_rules_has_no_warnings(home: HomePage) -> None:
    assert warnings(welding(home)) == {}


CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"credits": 1}, "vn-elementary-1-credits", "3 credits; the rule is at least 5"),
    ({"hours_practice": 60}, "vn-elementary-1-hours", "at least 300"),
    (
        {"hours_theory": 40, "hours_practice": 60},
        "vn-elementary-1-theory",
        "38.9 % of the hours are theory",
    ),
    ({"credits": 7}, "vn-module-credits", "the rule for a module is between 2 and 6"),
    ({"credits": 1}, "vn-module-credits", "has 1 credits; the rule for a module is between"),
    ({"credits": 6}, "vn-credit-theory", "its hours come to about 4"),
]


@pytest.mark.parametrize(("values", "rule", "message"), CASES)
def test_a_warning_says_what_is_and_what_the_rule_asks(
    home: HomePage, values: dict[str, Any], rule: str, message: str
) -> None:
    page = welding(home)
    for module in modules_of(page):
        change(module, **values)
    assert message in warnings(page)[rule]


def test_the_number_of_modules_counts(home: HomePage) -> None:
    page = welding(home)
    modules_of(page)[0].delete()
    assert "2 modules" in warnings(page)["vn-elementary-1-modules"]


def test_subjects_and_internships_may_have_other_credits(home: HomePage) -> None:
    page = welding(home)
    subject, internship, _module = modules_of(page)
    change(subject, kind=ModulePage.Kind.SUBJECT, credits=1, hours_theory=15, hours_practice=0)
    change(
        internship,
        **{"kind": ModulePage.Kind.INTERNSHIP, "credits": 8, "hours_theory": 0},
        **{"hours_practice": 360, "hours_test": 0},
    )
    found = warnings(page)
    assert "vn-module-credits" not in found
    # An internship's credit is 45 hours.
    assert "vn-credit-theory" not in found


def test_hours_have_to_fit_into_the_weeks(home: HomePage) -> None:
    page = welding(home, weeks=7)
    assert "they need 8" in warnings(page)["vn-week-practice"]
    change(page, weeks=8)
    assert "vn-week-practice" not in warnings(page)


@pytest.mark.parametrize(("entry", "asks"), [("lower_secondary", 50), ("upper_secondary", 35)])
def test_entrants_decide_how_many_credits_the_intermediate_level_asks(
    home: HomePage, entry: str, asks: int
) -> None:
    found = warnings(welding(home, levels=["vqf/4"], entry=entry))
    [told] = [message for slug, message in found.items() if "intermediate-credits" in slug]
    assert f"at least {asks}" in told
    assert "vn-elementary-1-credits" not in found


def test_rules_of_vietnam_are_not_put_to_a_lao_level(home: HomePage) -> None:
    page = welding(home, levels=["lao-nqf/1"], weeks=1)
    assert warnings(page) == {}
    # Without a level, those of the centre's country hold.
    page.levels = []
    page.save()
    assert "vn-week-practice" in warnings(page)


def test_the_council_and_the_next_appraisal_are_looked_at(home: HomePage) -> None:
    page = welding(home, council_members=5, outside_reviewers=1, appraised_on=date(2020, 2, 29))
    found = warnings(page)
    assert "5 members; the rule is at least 7" in found["vn-council-members"]
    assert "1 reviewers" in found["vn-council-outside"]
    assert "vn-review-years" in found
    assert review_due(read_outline(page)) == date(2023, 2, 28)
    change(page, appraised_on=timezone.localdate() - timedelta(days=30), council_members=7)
    found = warnings(page)
    assert "vn-review-years" not in found and "vn-council-members" not in found


def test_the_basis_stands_in_the_readers_language_with_its_date(home: HomePage) -> None:
    welding(home)
    rule = Rule.objects.get(slug="vn-module-credits")
    with translation.override("vi"):
        assert "Thông tư 03/2017/TT-BLĐTBXH" in basis_of(rule)
        assert "2026" in basis_of(rule)
    with translation.override("lo"):
        assert "ໜັງສືແນະນຳ" in basis_of(rule)


def test_rules_are_loaded_once_and_stay_as_they_were_changed(home: HomePage) -> None:
    welding(home)
    Rule.objects.filter(slug="vn-module-credits").update(maximum=Decimal(10))
    assert load_rules() == 0
    assert Rule.objects.get(slug="vn-module-credits").maximum == 10
    assert {rule.level for rule in Rule.objects.filter(measure="modules")} == {
        level("vqf/1"),
        level("vqf/2"),
        level("vqf/3"),
    }
