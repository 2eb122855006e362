"""A programme that holds every kind of block, and what two programmes have in common."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import load_workbook
from wagtail.images.tests.utils import get_test_image_file

from centres.models import CentrePage
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from curricula.xlsx.form import Row, Tables, value_fields
from curricula.xlsx.reading import read_form
from curricula.xlsx.stored import read_stored, stored_blocks, tables_of
from curricula.xlsx.writing import write_form
from media.models import SiteDocument, SiteImage
from tests.factories import ConceptFactory, TradeFactory, curriculum_page, module_page
from trades.models import Framework, FrameworkLevel


def block_id(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"


def stream(*blocks: tuple[str, Any], start: int = 1) -> str:
    """A stored stream with ids that count up."""
    return json.dumps(
        [
            {"type": kind, "id": block_id(number), "value": value}
            for number, (kind, value) in enumerate(blocks, start=start)
        ]
    )


def items(*values: Any, start: int) -> list[dict[str, Any]]:
    """A stored list."""
    return [
        {"type": "item", "id": block_id(number), "value": value}
        for number, value in enumerate(values, start=start)
    ]


def text(vi: str, lo: str = "", en: str = "") -> dict[str, str]:
    return {"lo": lo, "vi": vi, "en": en}


def full_programme(centre: CentrePage) -> CurriculumPage:
    """A published programme of two modules and three units with all that there can be."""
    space = centre.space
    image = SiteImage.objects.create(
        title="Arc", file=get_test_image_file("arc.png"), collection=space.collection
    )
    image.get_file_hash()
    document = SiteDocument.objects.create(
        title="Sheet", file=ContentFile(b"%PDF-1.4\n", "sheet.pdf"), collection=space.collection
    )
    document.get_file_hash()
    concept = ConceptFactory(vi="que hàn", lo="ທູບຈອດ", en="stick electrode")
    framework = Framework.objects.create(slug="vqf", name_en="VQF")
    level = FrameworkLevel.objects.create(framework=framework, number=1, name_en="Level 1")
    curriculum = curriculum_page(
        centre,
        name_vi="Hàn điện | cơ bản",
        name_lo="ການຈອດ",
        name_en="Welding",
        source_language="vi",
        languages=["lo", "vi"],
        ready_languages=["vi"],
        introduction_vi="=1+1 không phải công thức\ndòng hai",
        code="MTP-01",
        trade=TradeFactory(),
        entry="primary",
        weeks=12,
        hours_exam=20,
        licence="CC-BY-4.0",
        rights_holder="Mittaphap",
        source_vi="Bản nháp",
        agreement_en="An agreement",
        agreement_signed_on="2023-05-01",
        verdict="passed_with_edits",
        appraised_on="2024-06-02",
        council_members=7,
        outside_reviewers=2,
        decision_number="12/QĐ",
        mark_terms=False,
        unmarked_terms="hàn\nđiện",
        description=stream(
            ("paragraphs", text('<p data-block-key="a1b2c">Một &amp; hai &lt; ba</p>')),
            ("paragraphs", text("<p>a</p><ul><li>b</li><li>c</li></ul><p>- d</p>")),
            (
                "paragraphs",
                text(
                    '<h3>Tựa</h3><p>Chữ <b>đậm</b>, <span lang="lo">ລາວ</span> và '
                    f'<a linktype="document" id="{document.pk}">tệp</a>, '
                    f'<a linktype="page" id="{centre.pk}">trang</a></p>'
                ),
            ),
        ),
        knowledge=stream(("item", text("Biết", "ຮູ້")), ("item", text("Hiểu")), start=10),
        equipment=stream(
            (
                "item",
                {"item": text("Máy"), "quantity": "6.5", "unit": text("cái"), "learners": 18},
            ),
            ("item", {"item": text("Kìm")}),
            start=20,
        ),
        legal_basis=stream(
            (
                "text",
                {
                    **{"title": text("Thông tư"), "number": "42/2015", "date": "2015-10-20"},
                    "issuer": text("Bộ"),
                },
            ),
            start=30,
        ),
    )
    curriculum.levels = [level]
    curriculum.save()
    first = module_page(
        curriculum,
        code="MĐ01",
        name_vi="An toàn",
        source_language="vi",
        credits="2.5",
        hours_theory=12,
        hours_practice=16,
        hours_test=2,
        assessment=stream(("paragraphs", text("<p>Thi</p>"))),
    )
    second = module_page(
        curriculum, code="MH02", name_vi="Luật", name_en="Law", kind="subject",
        source_language="vi", specific_to="VN", prerequisites="MĐ01", lao_credits="3(2-2-2)",
        slug="law",
    )  # fmt: skip
    body = stream(
        ("heading", text("Mở đầu")),
        ("paragraphs", text("<p>Đoạn một</p><p>Đoạn hai</p>")),
        ("safety", {"kind": "danger", "text": text("<p>Nguy hiểm</p>")}),
        (
            "procedure",
            {
                "title": text("Các bước"),
                "steps": items(
                    {
                        **{"action": text("Làm", "ເຮັດ"), "check": text("Đúng")},
                        **{"mistake": text("Sai"), "drawing": image.pk},
                    },
                    {"action": text("Xong")},
                    start=100,
                ),
            },
        ),
        (
            "table",
            {
                "title": text("Bảng"),
                "columns": items(text("Cỡ", "ຂະໜາດ"), text("Dòng | A"), start=200),
                "rows": items(
                    items(text("3,2", "3,2"), text("90\\100"), start=210),
                    items(text(""), text("", "x"), start=220),
                    items(text(""), start=230),
                    start=240,
                ),
            },
        ),
        ("drawing", {"image": image.pk, "alternative": text("Hồ quang"), "caption": text("Hình")}),
        (
            "exercise",
            {
                **{"title": text("Bài"), "task": text("<p>Hàn <i>thử</i></p>"), "minutes": 60},
                "criteria": items(text("Thẳng"), text("Đều"), start=300),
            },
        ),
        ("remember", items(text("Nhớ"), text("Kính"), start=400)),
        ("terms", items(concept.pk, start=500)),
        ("file", {"document": document.pk, "label": text("Phiếu")}),
        start=50,
    )
    unit(first, name_vi="Điện giật", hours_theory=3, hours_practice=4, body=body,
         objectives=stream(("item", text("Tránh")), start=70))  # fmt: skip
    unit(first, name_vi="Khói", name_lo="ຄວັນ", introduction_vi="Ngắn")
    unit(second, name_vi="Luật lao động", body=stream(("heading", text("x"))))
    confirmed = ModuleUnitPage.objects.get(name_vi="Điện giật")
    confirmed.confirm_translation("lo")
    confirmed.save_revision().publish()
    return CurriculumPage.objects.get(pk=curriculum.pk)


def unit(module: ModulePage, **values: Any) -> ModuleUnitPage:
    page: ModuleUnitPage = module.add_child(
        instance=ModuleUnitPage(**{"source_language": "vi", **values})
    )
    return page


# --- Files ----------------------------------------------------------------------------------------


def exported(curriculum: CurriculumPage, folder: Path, language: str = "vi") -> Path:
    """The form of a programme as a file."""
    return saved(tables_of(read_stored(curriculum)), folder, language)


def saved(tables: Tables, folder: Path, language: str = "vi") -> Path:
    """Tables as a file, their rows numbered anew."""
    tables = {sheet: [Row(0, row.cells) for row in rows] for sheet, rows in tables.items()}
    target = BytesIO()
    write_form(tables, target, language)
    path = folder / "form.xlsx"
    path.write_bytes(target.getvalue())
    return path


def read_back(path: Path) -> Tables:
    tables, problems = read_form(path)
    assert problems == []
    return tables


def said(tables: Tables) -> dict[str, list[dict[str, str]]]:
    """The cells that people see."""
    hidden = {"id", "label"}
    return {
        sheet: [{key: cell for key, cell in row.cells.items() if key not in hidden} for row in rows]
        for sheet, rows in tables.items()
        if sheet != "state"
    }


# --- Comparison -----------------------------------------------------------------------------------


def everything(curriculum: CurriculumPage) -> list[Any]:
    """All that a programme says, page by page, each as its newest draft."""
    found: list[Any] = []
    for page in [curriculum, *curriculum.get_descendants().specific()]:
        draft: Any = page.get_latest_revision_as_object()
        values = {name: getattr(draft, name) for name in value_fields(type(draft))}
        if "levels" in values:
            values["levels"] = sorted(level.pk for level in draft.levels.all())
        found.append(
            {
                "kind": type(draft).__name__,
                "values": values,
                "texts": {name: draft.field_texts(name) for name in draft.translated_fields},
                "streams": {
                    name: [_plain(raw) for raw in stored_blocks(draft, name)]
                    for name in draft.translated_streams
                },
                "fingerprints": draft.fingerprints,
            }
        )
    return found


def _plain(raw: Any) -> Any:
    """A stored value as it reads: without the keys that the text editor makes at each save."""
    if isinstance(raw, dict):
        plain = {key: _plain(value) for key, value in raw.items()}
        return {key: value for key, value in plain.items() if value not in (None, "", {}, [])}
    if isinstance(raw, list):
        return [_plain(value) for value in raw]
    return re.sub(r' data-block-key="[^"]*"', "", raw) if isinstance(raw, str) else raw


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """(place, before, after) of every leaf that differs; fingerprints of changed texts apart."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from differences(before.get(key), after.get(key), f"{path}/{key}".lstrip("/"))
    elif isinstance(before, list) and isinstance(after, list):
        for place, (one, other) in enumerate(zip_longest(before, after)):
            yield from differences(one, other, f"{path}/{place}".lstrip("/"))
    elif before != after:
        yield path, before, after


def block_keys(curriculum: CurriculumPage) -> list[str]:
    """The keys that the text editor gave to the description's paragraphs: comments hang on them."""
    draft: Any = curriculum.get_latest_revision_as_object()
    return re.findall(r'data-block-key="(\w+)', str(list(draft.description.raw_data)))


def row_of(path: Path, sheet: str, column: str, cell: str) -> int:
    """The number of the first row with this cell."""
    tables, _problems = read_form(path)
    return next(row.number for row in tables[sheet] if row[column] == cell)


def edited(path: Path, *cells: tuple[str, str, int, Any]) -> None:
    """Write (sheet, column, row, value) into the file, as a spreadsheet program does."""
    book = load_workbook(path)
    for sheet, column, row, value in cells:
        for worksheet in book.worksheets:
            keys = [cell.value for cell in worksheet[1]]
            if keys[0] == f"id:{sheet}":
                worksheet.cell(row, keys.index(column) + 1).value = value
    book.save(path)
