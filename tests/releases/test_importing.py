"""A package becomes draft pages of a centre: checked, complete, new beside what is there."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail.models import Page, PageLogEntry

from centres.models import CentrePage
from core.identity import public_id_from
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from media.models import SiteDocument, SiteImage
from releases import store
from releases.document import take_snapshot
from releases.importing import import_document, preview
from releases.models import Adoption, ForeignRelease, KnownKey
from releases.package.canonical import canonical_bytes, check_document
from releases.package.errors import InvalidDocument, PackageError
from tests.factories import (
    ConceptFactory,
    TradeFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)
from tests.releases.packages import KEY, make_package
from tests.releases.processes import Processes
from tests.releases.sample_documents import block_id, document, file_entry

BLOCK = "00000001-0000-4000-8000-000000000000"


@pytest.fixture
def centre(home: Any) -> CentrePage:
    return centre_page(home)


def no_files(sha256: str) -> Path:
    raise AssertionError(sha256)


def png(colour: int = 1) -> bytes:
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", (8, 8), (colour, 0, 0)).save(target, "PNG")
    return target.getvalue()


def with_paragraph(html: str) -> dict[str, Any]:
    content = document(1, 1)
    [first, *_rest] = content["modules"][0]["units"][0]["streams"]["body"]
    first["value"] = {"vi": html}
    return content


def first_unit() -> Any:
    return ModuleUnitPage.objects.order_by("path")[0]


def test_a_package_becomes_draft_pages_that_know_their_origin(centre: CentrePage) -> None:
    TradeFactory()
    content = document(2, 2)
    curriculum = import_document(content, no_files, centre)
    assert not curriculum.live and curriculum.has_unpublished_changes
    assert (curriculum.origin_id, curriculum.slug) == (
        content["curriculum"]["public_id"],
        "basic-arc-welding",
    )
    assert curriculum.public_id != curriculum.origin_id
    assert (curriculum.licence, curriculum.rights_holder) == (
        "CC-BY-SA-4.0",
        "Mittaphap contributors",
    )
    assert curriculum.trade.slug == "welder"
    modules = list(ModulePage.objects.order_by("path"))
    assert [module.code for module in modules] == ["MD01", "MD02"]
    assert [unit.name_vi for unit in ModuleUnitPage.objects.order_by("path")] == [
        f"Unit {number}" for number in ("1.1", "1.2", "2.1", "2.2")
    ]
    source = content["modules"][0]["units"][0]
    unit = first_unit()
    assert unit.origin_id == source["public_id"]
    assert [block.id for block in unit.body] == [one["id"] for one in source["streams"]["body"]]
    assert unit.latest_revision.as_object().body[0].value["vi"].source.startswith("<p>")
    assert not Page.objects.descendant_of(curriculum, inclusive=True).filter(live=True).exists()
    assert PageLogEntry.objects.filter(action="wagtail.create", page=curriculum.pk).exists()


def test_where_it_came_from_is_kept_for_the_next_release(centre: CentrePage) -> None:
    content = document()
    older = {"public_id": public_id_from("older"), "version": 3, "date": "2025-01-01"}
    content["release"]["ancestors"] = [older]
    curriculum = import_document(content, no_files, centre)
    adoption = Adoption.objects.get(curriculum=curriculum)
    assert store.read(adoption.document) == canonical_bytes(content)
    source = dict(adoption.source)
    assert source.pop("ancestors") == [older]
    assert source["curriculum"] == content["curriculum"]["public_id"]
    assert (source["version"], source["licence"]) == (1, "CC-BY-SA-4.0")
    # As the document of its own release will have it.
    content["release"]["ancestors"] = [source, older]
    content["release"]["public_id"] = public_id_from("newer")
    check_document(content)


def test_a_second_import_stands_beside_the_first(centre: CentrePage) -> None:
    content = document(1, 1)
    first = import_document(content, no_files, centre)
    second = import_document(content, no_files, centre)
    assert (first.slug, second.slug) == ("basic-arc-welding", "basic-arc-welding-2")
    assert first.origin_id == second.origin_id


def test_what_is_unknown_here_is_listed_and_left_out(centre: CentrePage) -> None:
    known = ConceptFactory(vi="găng tay")
    content = document(1, 1)
    content["terms"].append(
        {"public_id": known.public_id, "definition": {}, "terms": []},
    )
    items = [
        {
            "type": "item",
            "id": block_id("a"),
            "value": {"concept": content["terms"][0]["public_id"]},
        },
        {"type": "item", "id": block_id("b"), "value": {"concept": known.public_id}},
    ]
    body = content["modules"][0]["units"][0]["streams"]["body"]
    body.append({"type": "terms", "id": block_id("both"), "value": items})
    body.append({"type": "terms", "id": block_id("lost"), "value": items[:1]})
    assert preview(content).unknown == ["Trade: welder", "Level: vqf 1", "Term: que hàn"]
    curriculum = import_document(content, no_files, centre)
    assert curriculum.trade is None
    last = first_unit().body[-1]
    assert last.id == block_id("both")
    assert [concept.pk for concept in last.value] == [known.pk]


def test_links_between_pages_lead_to_the_new_pages(centre: CentrePage) -> None:
    content = document(1, 2)
    other = content["modules"][0]["units"][1]
    body = content["modules"][0]["units"][0]["streams"]["body"]
    stranger = public_id_from("stranger")
    body[0]["value"] = {
        "vi": f'<p><a href="page:{other["public_id"]}">xem</a> <a href="page:{stranger}">?</a></p>'
    }
    import_document(content, no_files, centre)
    target = ModuleUnitPage.objects.get(origin_id=other["public_id"])
    wanted = f'<p><a linktype="page" id="{target.pk}">xem</a> <a>?</a></p>'
    unit = first_unit()
    assert unit.body[0].value["vi"].source == wanted
    assert unit.latest_revision.as_object().body[0].value["vi"].source == wanted


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>An <b>toàn</b> &amp; khô<br/>ráo</p>", "<p>An <b>toàn</b> &amp; khô<br/>ráo</p>"),
        ('<p data-block-key="a1b2c">Kính</p>', '<p data-block-key="a1b2c">Kính</p>'),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>"),
        ('<p><a href=" jAvascript&#58;alert(1)">a</a></p>', "<p>a</p>"),
        ('<p><a href="https://example.org/?a=1&amp;b=2">a</a></p>',) * 2,
        ('<a linktype="page" id="1">a</a>', "<p>a</p>"),
        ('<embed embedtype="image" id="1"/><img src=x onerror=y>', ""),
        ("<svg><a href='https://a.b'><script>x</script></a></svg>a", "<p>a</p>"),
        ("<p>a</p></div><p>b", "<p>a</p><p>b</p>"),
        ('<p><span lang="lo">ດີ</span><span lang="xx" style="a">c</span></p>',
         '<p><span lang="lo">ດີ</span>c</p>'),
        ("<h1>a</h1><strong>b</strong>", "<h3>a</h3><b>b</b>"),
        ("1 < 2 & <b", "<p>1 &lt; 2 &amp; </p>"),
        ("<b>" * 5000 + "a", None),
    ],
)  # fmt: skip
def test_rich_text_keeps_what_an_editor_could_have_made(
    centre: CentrePage, html: str, expected: str | None
) -> None:
    import_document(with_paragraph(html), no_files, centre)
    source = first_unit().body[0].value["vi"].source
    if expected is None:
        assert source.count("<") < 1000
    else:
        assert source == expected


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        *steps, last = path.split(".")
        for step in steps:
            content = content[int(step)] if step.isdigit() else content[step]  # type: ignore[call-overload]
        content[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("modules.0.values.credits", "many"),
        _set("modules.0.values.credits", "1" * 40),
        _set("modules.0.values.hours_theory", -1),
        _set("modules.0.values.hours_theory", 2**50),
        _set("modules.0.values.hours_theory", None),
        _set("modules.0.values.kind", "party"),
        _set("modules.0.texts.name", {"vi": "a" * 201}),
        _set("curriculum.values.entry", "anybody"),
        _set("curriculum.values.is_draft_content", "perhaps"),
        _set("curriculum.streams.knowledge", [{"type": "nail", "id": BLOCK, "value": {}}]),
        _set("curriculum.streams.knowledge", [{"type": "item", "id": BLOCK, "value": "a"}]),
        _set("curriculum.streams.knowledge", [{"type": "item", "id": BLOCK, "value": {"vi": 1}}]),
        _set("curriculum.streams.knowledge",
             [{"type": "item", "id": BLOCK, "value": {"vi": "a" * 501}}]),
        _set("curriculum.streams.equipment",
             [{"type": "item", "id": BLOCK, "value": {"item": {}, "quantity": "lots"}}]),
        _set("curriculum.streams.legal_basis",
             [{"type": "text", "id": BLOCK, "value": {"title": {}, "date": 7}}]),
        _set("modules.0.units.0.streams.body",
             [{"type": "safety", "id": BLOCK, "value": {"kind": "party", "text": {}}}]),
        _set("modules.0.units.0.streams.body",
             [{"type": "drawing", "id": BLOCK, "value": {"image": 1}}]),
        _set("modules.0.units.0.streams.body",
             [{"type": "drawing", "id": BLOCK, "value": {"image": {"file": "x", "y": 1}}}]),
        _set("modules.0.units.0.streams.body",
             [{"type": "remember", "id": BLOCK, "value": {"a": 1}}]),
    ],
)  # fmt: skip
def test_what_no_page_can_hold_is_refused_and_nothing_is_made(
    centre: CentrePage, change: Callable[[dict[str, Any]], None]
) -> None:
    content = document(1, 1)
    change(content)
    with pytest.raises(InvalidDocument, match="of the package cannot be taken in"):
        import_document(content, no_files, centre)
    assert not CurriculumPage.objects.exists() and not Adoption.objects.exists()


@pytest.mark.parametrize(
    ("licence", "told"),
    [("CC-BY-ND-4.0", "not adapting"), ("Mine", "no licence"), (None, "no ")],
)
def test_a_licence_that_forbids_adapting_is_respected(
    centre: CentrePage, licence: str | None, told: str
) -> None:
    content = document(1, 1)
    content["curriculum"]["values"]["licence"] = licence
    assert told in preview(content).refusal
    with pytest.raises(PackageError, match=told):
        import_document(content, no_files, centre)


# --- Files and packages ---------------------------------------------------------------------------


def imported(folder: Path, centre: CentrePage, *contents: bytes, **changes: Any) -> Any:
    content = document(1, 1, contents=contents, version=changes.pop("version", 1))
    for entry in content["files"]:
        entry.update(changes)
    content["modules"][0]["units"][0]["streams"]["body"] += content["curriculum"]["streams"].pop(
        "description"
    )
    files = folder / "files"
    files.mkdir(exist_ok=True)
    for one in contents:
        (files / file_entry(one)["sha256"]).write_bytes(one)
    package, _inventory = make_package(folder, content, name=f"{len(list(folder.iterdir()))}.zip")
    call_command(
        "import_release", package, centre=centre.slug, key=KEY.public.base64, stdout=io.StringIO()
    )
    return content


def test_pictures_come_into_the_centres_collection_once(centre: CentrePage, tmp_path: Path) -> None:
    imported(tmp_path, centre, png(1), png(2))
    assert SiteImage.objects.count() == 2
    image = SiteImage.objects.first()
    assert image.collection == centre.space.collection
    assert (image.alternative_en, image.rights_holder) == ("A drawing", "Mittaphap")
    imported(tmp_path, centre, png(1), png(3), version=2)
    assert SiteImage.objects.count() == 3
    other = centre_page(Page.objects.get(slug="home"), name_en="Other")
    imported(tmp_path, other, png(1), version=3)
    assert SiteImage.objects.filter(collection=other.space.collection).count() == 1
    taken = CurriculumPage.objects.child_of(other).get()
    shown = ModuleUnitPage.objects.descendant_of(taken).get().body[-1].value["image"]
    assert shown.collection == other.space.collection


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", {"extension": "svg"}),
        (b"<html>", {}),
        (b"MZ", {"extension": "exe"}),
        (b"PK\x05\x06" + bytes(18), {"kind": "document", "extension": "docx"}),
    ],
)
def test_files_that_no_upload_may_be_are_refused(
    centre: CentrePage, tmp_path: Path, content: bytes, changes: dict[str, str]
) -> None:
    with pytest.raises(CommandError, match="cannot be taken in"):
        imported(tmp_path, centre, content, **changes)
    assert not SiteImage.objects.exists() and not CurriculumPage.objects.exists()


def test_files_written_before_a_refusal_are_taken_away(centre: CentrePage, tmp_path: Path) -> None:
    content = document(2, 1, contents=(png(),))
    drawings = content["curriculum"]["streams"].pop("description")
    content["modules"][0]["units"][0]["streams"]["body"] += drawings
    content["modules"][1]["values"]["kind"] = "party"
    path = tmp_path / "one"
    path.write_bytes(png())
    before = {file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()}
    with pytest.raises(InvalidDocument):
        import_document(content, lambda sha256: path, centre)
    assert {file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()} == before


def test_a_dry_run_shows_what_would_be_made(centre: CentrePage, tmp_path: Path) -> None:
    package, _inventory = make_package(tmp_path, document(2, 2))
    out = io.StringIO()
    with pytest.raises(CommandError, match="does not know"):
        call_command("import_release", package, centre=centre.slug, dry_run=True, stdout=out)
    key = tmp_path / "source.pub"
    key.write_text(KEY.public.text)
    call_command("import_release", package, centre=centre.slug, dry_run=True, key=str(key),
                 stdout=out)  # fmt: skip
    assert "2 modules, 4 units" in out.getvalue() and "Trade: welder" in out.getvalue()
    assert not CurriculumPage.objects.exists()
    assert not KnownKey.objects.exists() and not ForeignRelease.objects.exists()


def test_an_accepted_key_is_known_afterwards(centre: CentrePage, tmp_path: Path) -> None:
    package, _inventory = make_package(tmp_path, document(1, 1))
    with pytest.raises(CommandError, match=KEY.public.key_id):
        call_command("verify_release", package, stdout=io.StringIO())
    call_command("verify_release", package, key=KEY.public.base64, stdout=io.StringIO())
    with pytest.raises(CommandError):
        call_command("verify_release", package, stdout=io.StringIO())
    imported(tmp_path, centre)
    out = io.StringIO()
    call_command("verify_release", package, stdout=out)
    assert "genuine" in out.getvalue() and KEY.public.key_id in out.getvalue()


def test_another_release_under_the_same_identifier_is_refused(
    centre: CentrePage, tmp_path: Path
) -> None:
    imported(tmp_path, centre)
    forged = document(1, 1)
    forged["release"]["date"] = "2026-11-23"
    package, _inventory = make_package(tmp_path, forged, name="forged.zip")
    with pytest.raises(CommandError, match="forgery"):
        call_command("import_release", package, centre=centre.slug, stdout=io.StringIO())


# --- Killed ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_has_made_nothing(
    transactional_db: None, home: Any, tmp_path: Path
) -> None:
    centre_page(home)
    package, _inventory = make_package(tmp_path, document(3, 3))
    site = Processes(tmp_path)
    command = ["import_release", package, "--centre", "salavan-college", "--key",
               KEY.public.base64]  # fmt: skip
    # Each run is killed when it has made so many units, in the midst of the transaction.
    for nth in (9, 4, 1):
        assert site.killed_at("curricula_moduleunitpage", nth, *command)
        assert site.count(CurriculumPage) == site.count(ModulePage) == site.count(Adoption) == 0
    assert site.run(*command).returncode == 0
    assert (site.count(CurriculumPage), site.count(ModuleUnitPage)) == (1, 9)


# --- Round trip -----------------------------------------------------------------------------------


def test_what_was_released_comes_back_the_same(home: Any, tmp_path: Path) -> None:
    """Every text, value and block; translations that were current stay so."""
    home_centre, guest = centre_page(home), centre_page(home, name_en="Hue", country="VN")
    concept = ConceptFactory(vi="que hàn")
    sheet = SiteDocument(title="Sheet", file=ContentFile(b"%PDF-1.7 %%EOF", "sheet.pdf"))
    sheet.save()
    body = [
        {"type": "terms", "id": block_id("t"),
         "value": [{"type": "item", "id": block_id("i"), "value": concept.pk}]},
        {"type": "file", "id": block_id("f"), "value": {"document": sheet.pk, "label": {}}},
        {"type": "paragraphs", "id": block_id("p"),
         "value": {"vi": '<p data-block-key="abcde">Kính &amp; găng</p>', "lo": "<p>ແວ່ນ</p>",
                   "en": ""}},
    ]  # fmt: skip
    curriculum = curriculum_page(home_centre, source_language="vi", name_vi="Hàn", weeks=4)
    module = module_page(curriculum, name_vi="An toàn", credits="2.5", hours_theory=4)
    unit = module_unit_page(
        module, name_vi="Kính", source_language="vi", body=json.dumps(body), hours_theory=4
    )
    unit.confirm_translation("lo")
    unit.save()
    before = take_snapshot(curriculum.pk).document
    release = document()["release"]
    taken = import_document({**before, "release": release}, store.path_of, guest)
    for page in Page.objects.descendant_of(taken, inclusive=True).order_by("path").specific():
        page.save_revision().publish()
    after = take_snapshot(taken.pk).document
    assert without_ids(after["modules"]) == without_ids(before["modules"])
    assert without_ids(after["curriculum"]) == without_ids(before["curriculum"])
    assert [entry["sha256"] for entry in after["files"]] == [
        entry["sha256"] for entry in before["files"]
    ]


def without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [without_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without_ids(part)
        for name, part in value.items()
        if name not in ("public_id", "origin_id")
    }
