"""A curriculum read at once: totals, order, drafts, and few queries."""

from decimal import Decimal

import pytest
from django.utils import translation

from curricula.models import CurriculumPage, ModulePage
from curricula.outlines import read_draft_outline, read_outline
from portal.models import HomePage
from tests.curricula.samples import large, modules_of, welding
from tests.factories import module_unit_page


def test_hours_and_credits_are_added_up_by_kind(home: HomePage) -> None:
    page = welding(home, hours_exam=16)
    second = modules_of(page)[1]
    second.hours_company = 40
    second.save()
    module_unit_page(second, hours_theory=3, hours_practice=5)
    module_unit_page(second, hours_theory=1, hours_test=2)
    outline = read_outline(page)
    hours = outline.hours
    assert (hours.theory, hours.practice, hours.test) == (60, 232, 8)
    assert (hours.total, hours.company, hours.school) == (300, 40, 260)
    assert hours.theory_share == Decimal(20)
    assert (outline.hours_total, outline.credits, outline.unit_count) == (316, 12, 2)
    assert outline.modules[1].unit_hours.total == 11
    assert [row.title for row in outline.modules][:1] == ["MĐ01 Module 1"]
    assert [unit.number for unit in outline.modules[1].units] == [1, 2]


def test_addresses_of_rows_lead_to_their_pages(home: HomePage) -> None:
    page = welding(home)
    unit = module_unit_page(modules_of(page)[0])
    row = read_outline(page).modules[0]
    assert row.url == row.page.url
    assert row.units[0].url == unit.url


def test_the_size_of_a_curriculum_does_not_change_the_number_of_queries(
    home: HomePage, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    page = large(home, modules=3, units=3)
    page.url  # noqa: B018  The site's root paths are remembered.
    with django_assert_num_queries(2):  # type: ignore[operator]
        outline = read_outline(page)
        assert outline.unit_count == 9
        assert [row.hours.total for row in outline.modules] == [75] * 3


def test_drafts_are_for_editors(home: HomePage) -> None:
    page = welding(home)
    first, second, _third = modules_of(page)
    first.hours_theory, first.credits, first.name_en = 25, Decimal("4.5"), "New name"
    first.save_revision()
    second.unpublish()
    shown = read_outline(page)
    assert [row.page.code for row in shown.modules] == ["MĐ01", "MĐ03"]
    assert shown.hours.theory == 40
    drafts = read_draft_outline(CurriculumPage.objects.get(pk=page.pk))
    assert [row.page.code for row in drafts.modules] == ["MĐ01", "MĐ02", "MĐ03"]
    assert (drafts.hours.theory, drafts.credits) == (65, Decimal("12.5"))
    assert str(drafts.modules[0].name) == "New name"
    assert ModulePage.objects.get(pk=first.pk).hours_theory == 20


def test_a_name_is_shown_in_every_language_of_the_curriculum(home: HomePage) -> None:
    page = welding(home)
    module = modules_of(page)[0]
    module.name_vi, module.source_language = "An toàn", "vi"
    module.languages = module.ready_languages = ["vi", "lo"]
    module.save()
    # The table belongs to the curriculum, which is meant for English too.
    assert str(read_outline(page).modules[0].name) == "Module 1"
    page.languages, page.source_language = ["vi", "lo"], "vi"
    with translation.override("en"):
        name = read_outline(page).modules[0].name
    assert (str(name), name.language, name.is_fallback) == ("An toàn", "vi", True)


@pytest.mark.django_db
def test_a_curriculum_that_is_not_saved_has_no_modules() -> None:
    assert read_outline(CurriculumPage(name_en="New")).modules == []
