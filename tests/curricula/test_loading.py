"""Reading files of curricula: every fault is named with its file and line, nothing is half made."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from centres.models import CentrePage
from core.content_files import ContentError
from core.identity import public_id_from
from curricula.content_files import read_curricula
from curricula.loading import load_curricula
from curricula.models import CatalogueEntry, CurriculumPage, ModulePage, ModuleUnitPage
from media.models import SiteImage
from portal.models import HomePage
from tests.curricula.samples import load_basis
from tests.factories import ConceptFactory, centre_page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0l4 3"/></svg>'


def quiet(message: str) -> None:
    """Progress that nobody reads."""


def say(text: str, *codes: str) -> dict[str, str]:
    return {code: f"{text} {code}" for code in codes or ("vi", "lo", "en")}


HTML = {code: f"<p>{code}</p>" for code in ("vi", "lo", "en")}
CURRICULUM: dict[str, Any] = {
    **{"slug": "small", "code": "S-1", "centre": "example-centre-vietnam", "trade": "welder"},
    **{"levels": ["vqf/1", "lao-nqf/1"], "source_language": "vi", "languages": ["vi", "lo"]},
    **{"name": say("Hàn"), "introduction": say("Ngắn"), "entry": "primary", "weeks": 3},
    **{"entry_requirements": HTML, "description": HTML, "teachers": HTML, "assessment": HTML},
    **{"graduation": HTML, "usage": HTML, "licence": "CC BY 4.0", "rights_holder": "Mittaphap"},
    **{"knowledge": [say("Biết")], "skills": [say("Làm")], "autonomy": [say("Tự")]},
    "equipment": [{"item": say("Máy"), "quantity": 1.5, "unit": say("cái"), "learners": 18}],
    "materials": [],
    "legal_basis": [{"title": say("Thông tư"), "number": "42/2015", "date": "2015-10-20"}],
    "source": say("Nháp"),
}
UNIT: dict[str, Any] = {
    **{"slug": "one", "name": say("Bài"), "objectives": [say("Kể", "vi", "lo")]},
    "hours": {"theory": 4, "practice": 6, "test": 0},
    "body": [
        {"heading": say("Đầu", "vi", "lo")},
        {"safety": {"kind": "danger", "text": {"vi": "<p>Điện</p>", "lo": "<p>ໄຟຟ້າ</p>"}}},
        {"procedure": {"steps": [{"action": say("Cắt", "vi", "lo"), "drawing": "arc.svg"}]}},
        {
            "table": {
                "columns": [say("A", "vi", "lo"), say("B", "vi", "lo")],
                "rows": [[say("1", "vi", "lo"), say("2", "vi", "lo")]],
            }
        },
        {"drawing": {"file": "arc.svg", "caption": say("Hình", "vi", "lo")}},
        {"exercise": {"title": say("T", "vi", "lo"), "task": HTML, "minutes": 30}},
        {"remember": [say("Nhớ", "vi", "lo")]},
        {"terms": ["electric-arc", "stick-electrode"]},
    ],
}
MODULE: dict[str, Any] = {
    **{"slug": "safety", "code": "MĐ01", "kind": "module", "name": say("An toàn"), "credits": 2},
    **{"introduction": say("Trước", "vi", "lo"), "position": HTML, "usage": HTML},
    "hours": {"theory": 4, "practice": 6, "test": 0, "company": 2},
    **{"knowledge": [], "skills": [], "autonomy": [], "equipment": [], "materials": []},
    **{"teachers": HTML, "assessment": HTML, "units": [UNIT]},
}
DRAWINGS = [{"file": "arc.svg", "alternative": say("Hồ quang"), "caption": say("H", "vi", "lo")}]


def write(folder: Path, change: Callable[[dict[str, Any]], Any] | None = None) -> Path:
    """The files of a small curriculum; `change` gets {"curriculum", "module", "unit"} first."""
    data = copy.deepcopy({"curriculum": CURRICULUM, "module": MODULE, "drawings": DRAWINGS})
    data["unit"] = data["module"]["units"][0]
    if change:
        change(data)
    (folder / "small/modules").mkdir(parents=True)
    (folder / "drawings").mkdir()
    (folder / "drawings/arc.svg").write_text(SVG)
    for path, part in (
        ("small/curriculum", "curriculum"),
        ("small/modules/01-safety", "module"),
        ("drawings/small", "drawings"),
    ):
        text = yaml.safe_dump(data[part], allow_unicode=True, sort_keys=False, width=1000)
        (folder / f"{path}.yaml").write_text(text)
    return folder


def put(part: str, **values: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda data: data[part].update(values)


def body(block: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda data: data["unit"].update(body=[block])


FAULTS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (put("curriculum", colour="red"), "small/curriculum.yaml:1: unknown colour"),
    (put("curriculum", weeks=None), "small/curriculum.yaml:1: weeks missing"),
    (put("curriculum", trade="pilot"), "small/curriculum.yaml:1: unknown trade 'pilot'"),
    (put("curriculum", levels=["vqf/9"]), "unknown level 'vqf/9'"),
    (put("curriculum", centre="nowhere"), "unknown centre 'nowhere'"),
    (put("curriculum", licence="mine"), "unknown licence 'mine'"),
    (put("curriculum", name=say("X", "vi", "lo")), "name: no text in en beside"),
    (put("curriculum", slug="Tiếng"), "'Tiếng' is no slug"),
    (put("curriculum", source=say("ไทย")), "Thai letters"),
    (put("module", kind="lesson"), "unknown kind 'lesson'"),
    (put("module", prerequisites=["MĐ07"]), "no module MĐ07 comes before MĐ01"),
    (
        put("module", hours={"theory": 4, "practice": 7, "test": 0}),
        "practice hours: the units have 6",
    ),
    (put("module", hours={"theory": 4}), "hours are company, practice, test, theory"),
    (put("unit", hours={"theory": -4, "practice": 6, "test": 0}), "whole numbers"),
    (put("unit", objectives=[say("x" * 600, "vi", "lo")]), "over 500 characters"),
    (put("unit", objectives=[{"vi": "Kể"}]), "no text in lo beside 'Kể'"),
    (put("unit", objectives=["Kể"]), "a text for each language is expected"),
    (body({"poem": {}}), "no such kind of block: poem"),
    (body({"heading": {}, "safety": {}}), "block 1 is to be one kind of block"),
    (body({"terms": ["no-such-term"]}), "there is no term 'no-such-term'"),
    (body({"drawing": {"file": "none.svg"}}), "there is no drawing 'none.svg'"),
    (body({"safety": {"text": HTML, "level": 3}}), "safety: unknown level"),
    (body({"procedure": {"steps": [{"check": say("C", "vi", "lo")}]}}), "action missing"),
    (body({"procedure": {"steps": "Cắt"}}), "a list is expected, not 'Cắt'"),
    (body({"exercise": [1]}), "a mapping is expected, not [1]"),
]


@pytest.mark.parametrize(("change", "message"), FAULTS)
def test_a_fault_is_named_with_its_file(
    tmp_path: Path, change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read_curricula(write(tmp_path, change))
    assert message in str(caught.value)
    assert all(".yaml:" in line for line in str(caught.value).splitlines())


def test_the_line_of_a_fault_is_that_of_its_block(tmp_path: Path) -> None:
    folder = write(tmp_path, body({"safety": {"kind": "danger", "texts": 1}}))
    path = folder / "small/modules/01-safety.yaml"
    line = path.read_text().splitlines().index("  - safety:") + 2
    with pytest.raises(ContentError, match=f"modules/01-safety.yaml:{line}: safety: unknown texts"):
        read_curricula(folder)


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write(tmp_path, put("curriculum", trade="pilot"))
    (folder / "small/modules/02-more.yaml").write_text("slug: [")
    (folder / "drawings/arc.svg").write_text(SVG.replace("<path", "<script/><path"))
    with pytest.raises(ContentError) as caught:
        read_curricula(folder)
    for part in ("unknown trade", "02-more.yaml: ", "“script”"):
        assert part in str(caught.value)


def test_a_key_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    folder = write(tmp_path)
    path = folder / "small/curriculum.yaml"
    path.write_text(path.read_text() + "weeks: 4\n")
    with pytest.raises(ContentError, match="'weeks' stands twice"):
        read_curricula(folder)


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def centre(home: HomePage) -> CentrePage:
    load_basis()
    public_id = public_id_from("centre:example-centre-vietnam")
    return centre_page(home, public_id=public_id, country="VN")


def test_pages_are_made_published_and_translated(centre: CentrePage, tmp_path: Path) -> None:
    arc = ConceptFactory(public_id=public_id_from("concept:electric-arc"), vi="hồ quang")
    assert load_curricula(quiet, write(tmp_path)) == 3
    page = CurriculumPage.objects.child_of(centre).get()
    assert page.live and page.live_revision_id == page.latest_revision_id
    assert not page.has_unpublished_changes
    assert page.title == "Hàn vi"
    assert {f"{level.framework.slug}/{level.number}" for level in page.levels.all()} == {
        "vqf/1",
        "lao-nqf/1",
    }
    assert (page.licence, page.languages) == ("CC-BY-4.0", ["lo", "vi", "en"])
    assert page.equipment[0].value["quantity"] == 1.5
    module = ModulePage.objects.get()
    assert (module.hours_company, module.languages) == (2, ["vi", "lo"])
    unit = ModuleUnitPage.objects.get()
    kinds = [part.block_type for part in unit.body]
    assert kinds == [next(iter(block)) for block in UNIT["body"]]
    # The other term is not on this site.
    assert [concept.pk for concept in unit.body[-1].value] == [arc.pk]
    image = unit.body[4].value["image"]
    assert unit.body[2].value["steps"][0]["drawing"] == image
    assert (image.alternative_lo, image.width, image.height) == ("Hồ quang lo", 4, 3)
    assert CatalogueEntry.objects.get().units == 1


def test_the_files_of_a_centre_go_into_its_collection(centre: CentrePage, tmp_path: Path) -> None:
    from centres.models import CentreSpace

    load_curricula(quiet, write(tmp_path))
    space = CentreSpace.objects.filter(centre=centre).first()
    image = SiteImage.objects.get()
    assert space is None or image.collection == space.collection
    # Loading a second time finds the drawing again.
    CurriculumPage.objects.get().delete()
    assert load_curricula(quiet, tmp_path) == 3
    assert SiteImage.objects.get() == image


def test_a_faulty_curriculum_is_left_out_as_a_whole(
    centre: CentrePage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write(tmp_path, body({"safety": {"kind": "poison", "text": HTML}}))
    # Only the block itself knows its kinds, and is asked when the page is made.
    assert load_curricula(quiet, folder) == 0
    assert "small is left out" in caplog.text and "poison" in caplog.text
    assert not CurriculumPage.objects.exists() and not ModulePage.objects.exists()


def test_a_curriculum_of_a_deleted_centre_is_left_out(
    home: HomePage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_curricula(quiet, write(tmp_path)) == 0
    assert "there is no centre example-centre-vietnam" in caplog.text
