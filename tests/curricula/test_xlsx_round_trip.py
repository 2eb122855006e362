"""A programme goes into a form and out of it again, and nothing is lost."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from centres.models import CentrePage
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from curricula.xlsx.form import Sheet, Tables
from curricula.xlsx.importing import import_form, version_of
from curricula.xlsx.planning import make_plan
from curricula.xlsx.stored import read_stored, tables_of
from portal.models import HomePage
from tests.factories import AdminFactory, centre_page

from .xlsx_programme import everything, exported, full_programme, read_back, said


@pytest.fixture
def centre(home: HomePage) -> CentrePage:
    return centre_page(home)


@pytest.fixture
def programme(centre: CentrePage) -> CurriculumPage:
    return full_programme(centre)


def imported(tables: Tables, centre: CentrePage, over: CurriculumPage | None) -> CurriculumPage:
    seen = version_of(read_stored(over)) if over else {}
    return import_form(tables, centre, over, AdminFactory(), seen)


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
def test_an_export_says_what_it_said_when_read_back(
    programme: CurriculumPage, tmp_path: Path, language: str
) -> None:
    tables = tables_of(read_stored(programme))
    assert said(read_back(exported(programme, tmp_path, language))) == said(tables)


def test_an_import_elsewhere_gives_the_same_programme(
    programme: CurriculumPage, home: HomePage, tmp_path: Path
) -> None:
    elsewhere = centre_page(home, name_en="Hue College", slug="hue")
    tables = read_back(exported(programme, tmp_path))
    plan = make_plan(tables, (), elsewhere, None, AdminFactory())
    assert plan.problems == []
    assert len(plan.added) == 6
    copy = imported(tables, elsewhere, None)
    assert everything(copy) == everything(programme)
    assert said(tables_of(read_stored(copy))) == said(tables)
    pages = [copy, *copy.get_descendants().specific()]
    assert not any(page.live for page in pages)
    assert {page.origin_id for page in pages} == {
        page.public_id for page in [programme, *programme.get_descendants().specific()]
    }


def test_an_unchanged_form_changes_nothing(programme: CurriculumPage, tmp_path: Path) -> None:
    plan = make_plan(
        read_back(exported(programme, tmp_path)),
        (),
        programme.centre,  # type: ignore[arg-type]
        programme,
        AdminFactory(),
    )
    assert (plan.problems, plan.added, plan.changed, plan.kept) == ([], [], [], [])
