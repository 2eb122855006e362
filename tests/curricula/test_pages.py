"""Public pages of curricula, modules and units: what readers see, in which language."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from centres.models import Ministry
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from media.models import SiteDocument, SiteImage
from portal.models import HomePage
from tests.curricula.samples import items, modules_of, stream, texts, unit, welding
from tests.factories import ConceptFactory, module_page, module_unit_page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0l4 3"/></svg>'
HTML = {"vi": "<p>Tắt điện trước.</p>", "lo": "<p>ປິດໄຟກ່ອນ.</p>", "en": ""}


def read(client: Client, page: Any, language: str = "en", query: str = "") -> str:
    """The page's HTML in one language, white space made one."""
    response = client.get(f"/{language}/{page.url.split('/', 2)[2]}{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def text(html: str) -> str:
    """What a reader reads."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# --- Curriculum -----------------------------------------------------------------------------------


def test_the_first_part_says_what_for_whom_and_how_long(client: Client, home: HomePage) -> None:
    page = welding(home, levels=["vqf/1", "lao-nqf/1"])
    html = read(client, page)
    shown = text(html[: html.index('id="modules"') + 1] + "</main>")
    for part in (
        *("Arc welding", "W-1", "10 weeks", "300 hours", "primary school completed"),
        *("3 modules", "12 credits", "Elementary level I", "Certificate 1", "Centre of Hue"),
        "A draft",
    ):
        assert part in shown


def test_the_table_has_the_hours_teachers_know(client: Client, home: HomePage) -> None:
    page = welding(home, hours_exam=20)
    first = modules_of(page)[0]
    first.specific_to, first.lao_credits, first.hours_company = "VN", "4(2-2-0)", 30
    first.save()
    html = read(client, page)
    shown = text(html)
    assert "MĐ01 Module 1 for Vietnam only 4 4(2-2-0) 100 20 80 0 70 30" in shown
    assert "Revision and final exams 20" in shown
    assert "Together 12 320 60 232 8 270 30" in shown
    assert f'href="/en/centres/centre-of-hue/welding/{first.slug}/"' in html


def test_levels_are_compared_and_never_called_the_same(client: Client, home: HomePage) -> None:
    shown = text(read(client, welding(home, levels=["vqf/1", "lao-nqf/1"])))
    assert "Levels: compare, not equivalent" in shown
    assert "Decision 1982/QĐ-TTg" in shown
    assert "to be reviewed by someone from the field" in shown
    assert "ASEAN Qualifications Reference Framework none named" in shown


def test_the_agreement_names_who_signed_and_who_is_in_charge_now(
    client: Client, home: HomePage
) -> None:
    signed, now = (
        Ministry.objects.create(slug=slug, country="VN", name_en=name)
        for slug, name in (("molisa", "Ministry of Labour"), ("moet", "Ministry of Education"))
    )
    page = welding(
        home,
        **{"agreement_en": "Agreement of 2023", "agreement_signed_on": date(2023, 5, 4)},
        **{"agreement_signatory": signed, "agreement_owner": now},
        **{"agreement_owner_since": date(2025, 2, 28), "appraised_on": date(2024, 6, 1)},
        **{"verdict": "passed_with_edits", "source_en": "A draft of ours"},
    )
    shown = text(read(client, page))
    for part in (
        *("Agreement of 2023 , signed on May 4, 2023", "Signed by Ministry of Labour"),
        *("Ministry of Education , since Feb. 28, 2025", "passed with edits, June 1, 2024"),
        *("Next appraisal due June 1, 2027", "CC BY-SA 4.0", "A draft of ours"),
    ):
        assert part.replace(" ,", ",") in shown.replace(" ,", ",")


def test_drafts_and_private_parts_are_not_shown(client: Client, home: HomePage) -> None:
    page = welding(home)
    hidden = module_page(page, name_en="Hidden module", code="MĐ08", live=False)
    secret = module_unit_page(modules_of(page)[0], name_en="Hidden unit", live=False)
    assert "Hidden" not in read(client, page)
    assert "Hidden" not in read(client, modules_of(page)[0])
    for one in (hidden, secret):
        assert client.get(f"/en/{one.url.split('/', 2)[2]}").status_code == 404


def test_supplies_say_how_many_and_for_how_many_learners(client: Client, home: HomePage) -> None:
    mask = {"item": texts("Mask"), "quantity": "18", "unit": texts("set"), "learners": 18}
    rods = {"item": texts("Rods"), "quantity": "2.50", "unit": texts("kg"), "learners": 18}
    page = welding(home, equipment=stream(("item", mask), ("item", rods)))
    shown = text(read(client, page, "vi"))
    assert "Mask vi 18 set vi" in shown
    assert "Rods vi 2,5 kg vi" in shown
    assert shown.count("18 learners") + shown.count("18 người") == 1


# --- Languages ------------------------------------------------------------------------------------


def test_missing_and_stale_texts_are_counted_and_marked(client: Client, home: HomePage) -> None:
    lines = stream(("item", {"en": "One", "vi": "Một"}), ("item", {"en": "Two", "vi": "Hai"}))
    page = welding(home, knowledge=lines)
    page.confirm_translation("vi")
    page.confirm_translation("lo")
    page.knowledge[1].value["en"] = "Two, changed"
    page.save()
    vietnamese = read(client, page, "vi")
    assert vietnamese.count('class="stale"') == 1
    assert re.search(r'Hai</span> <span class="stale">', vietnamese)
    assert "1 " in text(vietnamese)
    lao = read(client, page, "lo")
    assert "2 " in text(lao) and "fallback-note" in lao
    assert 'lang="en">Two, changed</span>' in lao
    assert "fallback-note" not in read(client, page, "en")


def test_a_second_language_stands_beside_the_first(client: Client, home: HomePage) -> None:
    page = welding(home, description=stream(("paragraphs", HTML)))
    page.ready_languages = ["en", "vi", "lo"]
    page.save()
    html = read(client, page, "vi", "?with=lo")
    assert '<p class="beside beside--name lang-lo" lang="lo">ຈອດໄຟຟ້າ</p>' in html
    assert re.search(r"Tắt điện trước.*companion__side--second.*ປິດໄຟກ່ອນ", html)
    # The link to a module keeps the second language.
    assert f'/vi/centres/centre-of-hue/welding/{modules_of(page)[0].slug}/?with=lo"' in html
    assert 'rel="canonical"' in html and '?with=lo" rel="canonical' not in html


# --- Modules and units ----------------------------------------------------------------------------


@pytest.fixture
def taught(home: HomePage) -> ModuleUnitPage:
    """A unit with one block of every kind."""
    image = SiteImage.objects.create(
        title="arc", file=ContentFile(SVG.encode(), "arc.svg"), alternative_vi="Hồ quang"
    )
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode")
    document = SiteDocument.objects.create(
        title="sheet", file=ContentFile(b"%PDF-1.4 %%EOF", "sheet.pdf"), label_vi="Phiếu bài tập"
    )
    step = {"action": texts("Cut"), "check": texts("Even"), "mistake": texts("Slant")}
    cells = items(items(texts("1"), texts("2")))
    module = modules_of(welding(home))[0]
    module.prerequisites = "MĐ02"
    module.save()
    return unit(
        module,
        ("heading", texts("Head")),
        ("paragraphs", HTML),
        ("safety", {"kind": "fire", "text": HTML}),
        ("procedure", {"title": texts("P"), "steps": items({**step, "drawing": image.pk}, step)}),
        ("table", {"columns": items(texts("A"), texts("B")), "rows": cells}),
        ("drawing", {"image": image.pk, "caption": texts("Caption")}),
        ("exercise", {"title": texts("E"), "task": HTML, "criteria": items(texts("C"))}),
        ("remember", items(texts("R"))),
        ("terms", items(concept.pk)),
        ("file", {"document": document.pk, "label": {}}),
        name_vi="Bài một",
        source_language="vi",
        slug="one",
        hours_theory=2,
        hours_practice=5,
        objectives=stream(("item", texts("Goal"))),
    )


def test_a_unit_shows_every_kind_of_block(client: Client, taught: ModuleUnitPage) -> None:
    html = read(client, taught, "vi")
    shown = text(html)
    for part in ("Head vi", "Cut vi", "Even vi", "Slant vi", "A vi", "Caption vi", "C vi", "R vi"):
        assert part in shown
    assert 'class="safety safety--fire"' in html
    # Colour, sign and word.
    assert re.search(r'safety__sign"><svg.*?</svg></span><strong>[^<]+</strong>', html)
    assert html.count("<img ") == 2 and 'alt="Hồ quang" lang="vi"' in html
    assert re.search(r'href="/vi/glossary/[^"]+" lang="vi">que hàn</a>', html)
    assert "ທູບຈອດ" in html
    assert re.search(r"Phiếu bài tập.*PDF, 1 KB", html)
    assert "Hàn điện" in html and 'href="/vi/centres/centre-of-hue/welding/"' in html


def test_the_words_of_the_glossary_are_marked_in_units(
    client: Client, taught: ModuleUnitPage
) -> None:
    taught.body[1].value["vi"].source = "<p>Cầm que hàn.</p>"
    taught.save()
    assert re.search(r"<p>Cầm <a [^>]*>que hàn</a>.</p>", read(client, taught, "vi"))


def test_a_module_lists_its_units_and_what_comes_before(
    client: Client, taught: ModuleUnitPage
) -> None:
    module = ModulePage.objects.get(pk=taught.get_parent().pk)
    shown = text(read(client, module, "vi"))
    assert "1 Bài một 7 2 5 0" in shown
    assert "MĐ02 Module 2" in shown
    assert "Cut vi" not in shown


def test_a_whole_module_can_be_printed(client: Client, taught: ModuleUnitPage) -> None:
    module = ModulePage.objects.get(pk=taught.get_parent().pk)
    module_unit_page(module, name_vi="Bài hai", slug="two", body=stream(("heading", texts("Z"))))
    html = read(client, module, "vi", "?view=print")
    shown = text(html)
    assert shown.index("Cut vi") < shown.index("Z vi")
    assert 'href="#unit-1"' in html and 'id="unit-1"' in html
    # Search engines know the module's own page.
    assert 'name="robots" content="noindex' in html


def test_units_lead_to_the_next_and_the_one_before(client: Client, taught: ModuleUnitPage) -> None:
    module = ModulePage.objects.get(pk=taught.get_parent().pk)
    second = module_unit_page(module, name_vi="Bài hai", slug="two")
    assert f'rel="next" href="{second.url.replace("/en/", "/vi/")}"' in read(client, taught, "vi")
    assert 'rel="prev"' in read(client, second, "vi")


def test_a_lost_picture_or_term_does_not_break_a_unit(
    client: Client, taught: ModuleUnitPage
) -> None:
    SiteImage.objects.all().delete()
    SiteDocument.objects.all().delete()
    for concept in list(ConceptFactory._meta.model.objects.all()):
        concept.delete()
    shown = text(read(client, taught, "vi"))
    assert "Cut vi" in shown and "Caption vi" in shown


def test_markup_typed_into_plain_texts_stays_text(client: Client, home: HomePage) -> None:
    page = welding(home, name_en="<script>alert(1)</script>", rights_holder="<b>me</b>")
    html = read(client, page)
    assert "<script>alert" not in html and "<b>me" not in html


def test_a_curriculum_without_anything_can_be_read(client: Client, home: HomePage) -> None:
    page = welding(home, trade=None, levels=[], weeks=None, code="", rights_holder="")
    for module in modules_of(page):
        module.delete()
    assert "No module is published yet." in read(client, CurriculumPage.objects.get(pk=page.pk))
