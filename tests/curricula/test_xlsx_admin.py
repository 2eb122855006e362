"""Forms in the admin: download, preview, errors marked in the file, import; hostile files."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from centres.models import CentrePage
from curricula.models import CurriculumPage, ModulePage
from curricula.xlsx import reading
from curricula.xlsx.form import FormError, Row, Sheet
from curricula.xlsx.reading import read_form
from curricula.xlsx.uploads import FormUpload, import_upload
from portal.models import HomePage
from tests.factories import UserFactory, centre_page
from tests.glossary.exchange.test_hostile_files import BOMB, repacked

from .xlsx_programme import edited, exported, full_programme, read_back, row_of, saved


def has_calc() -> bool:
    """LibreOffice may be there without its spreadsheet."""
    soffice = shutil.which("soffice")
    return bool(soffice and Path(soffice).resolve().with_name("libsclo.so").exists())


@pytest.fixture
def centre(home: HomePage) -> CentrePage:
    return centre_page(home)


@pytest.fixture
def programme(centre: CentrePage) -> CurriculumPage:
    return full_programme(centre)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def editor(centre: CentrePage) -> Client:
    """A member of the centre who may write but not publish."""
    user = UserFactory(username="editor")
    user.groups.add(centre.space.editors)
    return signed_in(user)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, page: Any, path: Path) -> str:
    """Send a file; return the address of its preview."""
    with path.open("rb") as file:
        response = client.post(reverse("curricula_xlsx:send", args=[page.pk]), {"file": file})
    assert response.status_code == 302, response.content[:2000]
    return str(response.url)


def download(client: Client, page: Any, folder: Path, language: str = "vi") -> Path:
    address = reverse("curricula_xlsx:download", args=[page.pk])
    response = client.get(f"{address}?language={language}")
    path = folder / "downloaded.xlsx"
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    return path


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_an_editor_exports_edits_and_imports(
    editor: Client, programme: CurriculumPage, tmp_path: Path
) -> None:
    path = download(editor, programme, tmp_path, "lo")
    edited(path, ("modules", "name_vi", 3, "An toàn lao động"))
    address = send(editor, programme, path)
    shown = text_of(editor, address)
    assert "An toàn lao động" in shown
    assert "Import as drafts" in shown
    for _again in range(2):
        editor.post(f"{address}apply/")
    assert "Imported" in text_of(editor, address)
    module = ModulePage.objects.get(code="MĐ01")
    assert module.name_vi == "An toàn"
    assert module.get_latest_revision_as_object().name_vi == "An toàn lao động"
    assert module.revisions.count() == 1


def test_an_empty_form_becomes_a_programme(
    editor: Client, centre: CentrePage, tmp_path: Path
) -> None:
    tables = read_back(download(editor, centre, tmp_path, "en"))
    rows = {row["id"]: row for row in tables[Sheet.PROGRAMME]}
    rows["name"].cells["en"] = "Bakery"
    tables[Sheet.MODULES] = [Row(0, {"code": "MĐ01", "name_en": "Bread", "hours_theory": "4"})]
    tables[Sheet.UNITS] = [Row(0, {"module": "MĐ01", "name_en": "Dough"})]
    tables[Sheet.CONTENT] = [
        Row(0, {"unit": "MĐ01.1", "block": "procedure"}),
        Row(0, {"part": "steps", "en": "Knead"}),
        Row(0, {"unit": "MĐ01.1", "block": "paragraphs", "en": "One\n- two\n- a < b"}),
    ]
    address = send(editor, centre, saved(tables, tmp_path))
    assert FormUpload(address.rstrip("/").rpartition("/")[2]).problems == []
    editor.post(f"{address}apply/")
    made = CurriculumPage.objects.get(name_en="Bakery")
    assert (made.live, made.get_parent().pk) == (False, centre.pk)
    unit: Any = made.get_descendants().get(title="Dough").specific
    assert unit.body[0].value["steps"][0]["action"]["en"] == "Knead"
    assert "<li data-block-key=" in unit.body[1].value["en"].source
    assert "a &lt; b</li></ul>" in unit.body[1].value["en"].source


def test_only_those_who_may_write_there_meet_the_form(
    home: HomePage, programme: CurriculumPage, editor: Client, centre: CentrePage, tmp_path: Path
) -> None:
    other = centre_page(home, name_en="Hue College", slug="hue")
    stranger = UserFactory()
    stranger.groups.add(other.space.publishers)
    client = signed_in(stranger)
    for page in (centre, programme):
        for name in ("send", "download"):
            address = reverse(f"curricula_xlsx:{name}", args=[page.pk])
            assert client.get(address).status_code in (302, 403)
            assert client.get(address).get("Content-Disposition") is None
    mine = send(editor, programme, exported(programme, tmp_path))
    for end in ("", "marked/"):
        assert client.get(mine + end).status_code == 404
    assert client.post(mine + "apply/").status_code == 404
    assert client.get(reverse("curricula_xlsx:send", args=[home.pk])).status_code == 404


def test_an_import_stops_when_the_right_to_it_is_gone(
    editor: Client, programme: CurriculumPage, home: HomePage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path)
    edited(path, ("modules", "name_vi", 3, "Khác"))
    address = send(editor, programme, path)
    other = centre_page(home, name_en="Hue College", slug="hue")
    get_user_model().objects.get(username="editor").groups.set([other.space.editors])
    editor.post(f"{address}apply/")
    token = address.rstrip("/").rpartition("/")[2]
    assert "may not change" in FormUpload(token).status.message
    assert not ModulePage.objects.get(code="MĐ01").revisions.exists()


# --- Two people at once ---------------------------------------------------------------------------


def test_what_changed_after_the_preview_refuses_the_import(
    editor: Client, programme: CurriculumPage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path)
    edited(path, ("modules", "name_vi", 3, "Mine"), ("modules", "name_vi", 4, "Mine"))
    address = send(editor, programme, path)
    module = ModulePage.objects.get(code="MH02")
    module.name_vi = "Theirs"
    module.save_revision()
    editor.post(f"{address}apply/")
    assert "changed meanwhile" in text_of(editor, address)
    assert module.get_latest_revision_as_object().name_vi == "Theirs"
    assert not ModulePage.objects.get(code="MĐ01").revisions.exists()


def test_what_others_changed_after_the_export_is_not_undone(
    editor: Client, programme: CurriculumPage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path)
    edited(path, ("modules", "name_vi", 3, "Mine"))
    module = ModulePage.objects.get(code="MĐ01")
    module.name_vi = "Theirs"
    module.save_revision(user=UserFactory())
    shown = text_of(editor, send(editor, programme, path))
    assert "changed by somebody else" in shown
    assert "Import as drafts" not in shown


# --- Errors ---------------------------------------------------------------------------------------

FAULTS = [
    ("modules", "hours_theory", 3, "many", "whole number"),
    ("modules", "credits", 3, "=1+1", "formula"),
    ("modules", "code", 4, "MĐ01", "twice"),
    ("modules", "prerequisites", 3, "MĐ01", "wait for each other"),
    ("modules", "kind", 4, "lecture", "no such choice"),
    ("units", "module", 3, "MĐ77", "No module has the mark"),
    ("texts", "section", 3, "smell", "no such section"),
    ("content", "value", 5, "quite", "valid choice"),
    ("supplies", "quantity", 3, "-3", "greater than or equal"),
    ("legal", "date", 3, "31.02.2020", "valid date"),
    ("programme", "value", "trade", "astronaut", "no such trade"),
    ("programme", "value", "levels", "vqf/99", "no such level"),
    ("programme", "value", "licence", "all mine", "no such choice"),
]


def test_errors_are_marked_in_the_file_and_nothing_is_imported(
    editor: Client, programme: CurriculumPage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path)
    places = []
    for sheet, column, row, value, message in FAULTS:
        number = row_of(path, sheet, "id", row) if isinstance(row, str) else row
        places.append((sheet, column, number, message))
        edited(path, (sheet, column, number, value))
    address = send(editor, programme, path)
    shown = text_of(editor, address)
    assert "Import as drafts" not in shown
    editor.post(f"{address}apply/")
    assert not ModulePage.objects.get(code="MĐ01").revisions.exists()
    marked = tmp_path / "marked.xlsx"
    marked.write_bytes(b"".join(editor.get(f"{address}marked/").streaming_content))  # type: ignore[attr-defined]
    book = load_workbook(marked)
    sheets = {ws["A1"].value.partition(":")[2]: ws for ws in book.worksheets if ws["A1"].value}
    for sheet, column, number, message in places:
        worksheet = sheets[sheet]
        keys = [cell.value for cell in worksheet[1]]
        cell = worksheet.cell(number, keys.index(column) + 1)
        assert message in cell.comment.text, (sheet, column, message)
        assert cell.fill.fgColor.rgb == "FFF6C6C0", (sheet, column)
    # The marked file is a form like any other: mended, it is sent again.
    assert read_form(marked)[0][Sheet.UNITS][0]["module"] == "MĐ77"


@pytest.mark.skipif(not has_calc(), reason="LibreOffice Calc is not installed")
@pytest.mark.formats
def test_libreoffice_reads_the_form_and_writes_it_again(
    programme: CurriculumPage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path, "lo")
    target = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", target, path],
        check=True,
        capture_output=True,
        timeout=180,
    )
    before, after = read_back(path), read_back(target / path.name)
    cells = {sheet: [row.cells for row in rows] for sheet, rows in before.items()}
    assert {sheet: [row.cells for row in rows] for sheet, rows in after.items()} == cells


# --- Hostile files --------------------------------------------------------------------------------


def workbook(fill: Callable[[Any], None]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    fill(book.add_worksheet())
    book.close()
    return target.getvalue()


def rows(count: int) -> bytes:
    def fill(sheet: Any) -> None:
        for number in range(count):
            sheet.write_string(number, 0, f"row {number}")

    return workbook(fill)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", 8) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 200_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: b"", "damaged"),
        (lambda: b"PK nonsense" * 1000, "damaged"),
        (lambda: rows(10), "not the form"),
        (lambda: rows(100_000), "no training programme"),
        (bomb, "too much"),
        (lambda: repacked(rows(3), sheet1=BOMB.encode()), "DOCTYPE"),
    ],
)
def test_what_is_no_form_is_refused_with_a_reason(
    content: Callable[[], bytes], message: str, db: None, tmp_path: Path
) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(content())
    with pytest.raises(FormError, match=message):
        read_form(path)


def test_a_form_without_a_sheet_or_column_is_refused(
    programme: CurriculumPage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path)
    book = load_workbook(path)
    book.remove(next(ws for ws in book.worksheets if ws["A1"].value == "id:units"))
    book.save(path)
    with pytest.raises(FormError, match="sheet of the form is missing"):
        read_form(path)
    path = exported(programme, tmp_path)
    edited(path, ("units", "name_vi", 1, "other"))
    with pytest.raises(FormError, match="is missing"):
        read_form(path)


def test_too_many_rows_within_a_form_are_refused(
    programme: CurriculumPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 40)
    with pytest.raises(FormError, match="more than 40 rows"):
        read_form(exported(programme, tmp_path))


def test_a_row_far_beyond_the_end_is_refused_at_once(
    programme: CurriculumPage, tmp_path: Path
) -> None:
    path = exported(programme, tmp_path)
    far = b'<row r="4000000000"></row></sheetData>'
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part.replace(b"</sheetData>", far))
    with pytest.raises(FormError, match="no training programme"):
        read_form(path)


def test_scripts_and_foreign_files_do_not_come_in(
    editor: Client, home: HomePage, programme: CurriculumPage, tmp_path: Path
) -> None:
    other = full_programme_elsewhere(home)
    path = exported(programme, tmp_path)
    number = row_of(path, "texts", "vi", "Thi")
    evil = '<p onclick="x">a<script>alert(1)</script><a href="javascript:x">b</a></p>'
    edited(
        path,
        ("texts", "vi", number, evil),
        ("content", "value", row_of(path, "content", "block", "drawing"), other),
    )
    shown = text_of(editor, send(editor, programme, path))
    assert "is not among your files" in shown
    path = exported(programme, tmp_path)
    edited(path, ("texts", "vi", number, evil))
    address = send(editor, programme, path)
    editor.post(f"{address}apply/")
    module: Any = ModulePage.objects.get(code="MĐ01").get_latest_revision_as_object()
    source = module.assessment[0].value["vi"].source
    assert not any(word in source for word in ("<script", "onclick", "javascript"))


def full_programme_elsewhere(home: HomePage) -> str:
    """The name of a picture of another centre."""
    from django.core.files.base import ContentFile

    from media.models import SiteImage

    other = centre_page(home, name_en="Hue College", slug="hue")
    image = SiteImage.objects.create(
        title="Secret",
        file=ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "secret.svg"),
        collection=other.space.collection,
        width=1,
        height=1,
    )
    return f"secret.svg#{image.get_file_hash()[:12]}"


def test_a_failed_import_can_be_tried_again(
    editor: Client, programme: CurriculumPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = exported(programme, tmp_path)
    edited(path, ("modules", "name_vi", 3, "Khác"), ("modules", "name_vi", 4, "Khác"))
    address = send(editor, programme, path)

    def broken(page: Any, *args: Any, **kwargs: Any) -> Any:
        if page.code == "MH02":
            raise OSError("disk full")
        return original(page, *args, **kwargs)

    original = ModulePage.save_revision
    with monkeypatch.context() as patch:
        patch.setattr(ModulePage, "save_revision", broken)
        editor.post(f"{address}apply/")
    assert "changed nothing" in text_of(editor, address)
    assert not ModulePage.objects.get(code="MĐ01").revisions.exists()
    editor.post(f"{address}apply/")
    assert "Imported" in text_of(editor, address)
    import_upload(address.rstrip("/").rpartition("/")[2])
    assert ModulePage.objects.get(code="MĐ01").revisions.count() == 1
