"""A programme goes into a form and out of it again, and nothing is lost."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centres.models import CentrePage
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from curricula.xlsx.form import Row, Sheet, Tables
from curricula.xlsx.importing import import_form, version_of
from curricula.xlsx.planning import make_plan
from curricula.xlsx.stored import read_stored, tables_of
from portal.models import HomePage
from tests.factories import AdminFactory, centre_page

from .xlsx_programme import (
    block_keys,
    differences,
    edited,
    everything,
    exported,
    full_programme,
    read_back,
    row_of,
    said,
    saved,
    stream,
    text,
)


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


def test_an_edit_changes_exactly_its_cells(programme: CurriculumPage, tmp_path: Path) -> None:
    path = exported(programme, tmp_path, "lo")
    edited(
        path,
        ("modules", "name_en", 3, "Safety at work"),
        ("units", "hours_test", 3, 1),
        ("content", "vi", row_of(path, "content", "vi", "Sai"), "Sai nhiều"),
        ("supplies", "quantity", 3, "7,5"),
    )
    before = everything(programme)
    keys = block_keys(programme)
    imported(read_back(path), programme.centre, programme)  # type: ignore[arg-type]
    after = everything(CurriculumPage.objects.get(pk=programme.pk))
    assert list(differences(before, after)) == [
        ("0/streams/equipment/0/value/quantity", "6.5", "7.5"),
        ("1/texts/name/en", "Safety", "Safety at work"),
        ("2/values/hours_test", 0, 1),
        ("2/streams/body/3/value/steps/0/value/mistake/vi", "Sai", "Sai nhiều"),
    ]
    assert block_keys(CurriculumPage.objects.get(pk=programme.pk)) == keys == ["a1b2c"]
    live = ModuleUnitPage.objects.get(name_vi="Điện giật")
    assert (live.hours_test, live.has_unpublished_changes) == (0, True)
    assert ModuleUnitPage.objects.get(name_vi="Khói").revisions.count() == 0


def test_new_rows_become_pages_in_their_place(programme: CurriculumPage, tmp_path: Path) -> None:
    tables = read_back(exported(programme, tmp_path))
    first, second = tables[Sheet.MODULES]
    new = Row(0, {"code": "MĐ09", "name_vi": "Đo", "hours_theory": "5"})
    tables[Sheet.MODULES] = [first, new, second]
    tables[Sheet.UNITS].append(Row(0, {"module": "MĐ09", "name_vi": "Thước"}))
    tables[Sheet.TEXTS].append(
        Row(0, {"belongs": "MĐ09.1", "section": "objectives", "vi": "Đo được"})
    )
    imported(read_back(saved(tables, tmp_path)), programme.centre, programme)  # type: ignore[arg-type]
    modules = ModulePage.objects.child_of(programme).order_by("path")
    assert [page.code for page in modules] == ["MĐ01", "MĐ09", "MH02"]
    page = ModuleUnitPage.objects.get(name_vi="Thước")
    assert (page.live, page.source_language, page.get_parent().specific) == (
        False,
        "vi",
        modules[1],
    )
    assert page.objectives[0].value["vi"] == "Đo được"


def test_rows_that_are_gone_keep_their_pages(programme: CurriculumPage, tmp_path: Path) -> None:
    tables = read_back(exported(programme, tmp_path))
    for sheet, column in (("modules", "mark"), ("units", "module"), ("content", "unit")):
        rows = tables[sheet]
        tables[sheet] = [row for row in rows if not row[column].startswith("MH02")]
    tables[Sheet.TEXTS] = [row for row in tables[Sheet.TEXTS] if row["section"] != "knowledge"]
    tables = read_back(saved(tables, tmp_path))
    plan = make_plan(tables, (), programme.centre, programme, AdminFactory())  # type: ignore[arg-type]
    assert plan.problems == []
    assert [page.draft.name_vi for page in plan.kept] == ["Luật", "Luật lao động"]  # type: ignore[attr-defined]
    assert [page.title for page in plan.changed] == ["MTP-01 Welding"]
    imported(tables, programme.centre, programme)  # type: ignore[arg-type]
    assert ModulePage.objects.get(code="MH02").live
    draft = CurriculumPage.objects.get(pk=programme.pk).get_latest_revision_as_object()
    assert (len(draft.knowledge), len(draft.equipment)) == (0, 2)


def test_links_among_new_pages_lead_to_the_copies(
    programme: CurriculumPage, home: HomePage, tmp_path: Path
) -> None:
    second = ModulePage.objects.get(code="MH02")
    link = f'<p>Xem <a linktype="page" id="{second.pk}">luật</a></p>'
    first = ModulePage.objects.get(code="MĐ01")
    first.position = stream(("paragraphs", text(link)))
    first.save()
    elsewhere = centre_page(home, name_en="Hue College", slug="hue")
    copy = imported(read_back(exported(programme, tmp_path)), elsewhere, None)
    one, two = ModulePage.objects.child_of(copy).order_by("path")
    assert f'id="{two.pk}"' in one.get_latest_revision_as_object().position[0].value["vi"].source


def test_an_import_takes_the_same_number_of_queries_for_each_page(
    programme: CurriculumPage, tmp_path: Path
) -> None:
    def queries(units: int) -> int:
        tables = read_back(exported(programme, tmp_path))
        mark = tables[Sheet.MODULES][0]["mark"]
        for number in range(units):
            name = f"Bài {units} {number}"
            tables[Sheet.UNITS].append(Row(0, {"module": mark, "name_vi": name}))
        with CaptureQueriesContext(connection) as captured:
            imported(tables, programme.centre, programme)  # type: ignore[arg-type]
        return len(captured)

    queries(1)
    two, four, six = queries(2), queries(4), queries(6)
    assert six - four == four - two < 2 * 60
