"""Curricula in a real Chromium: found on a phone, read beside a second language, printed."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile

from curricula.catalogue import rebuild_catalogue
from curricula.models import ModuleUnitPage
from media.models import SiteImage
from portal.models import HomePage
from tests.curricula.samples import items, modules_of, stream, unit, welding
from tests.factories import ConceptFactory

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = shutil.which("chromium")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0l40 30"/></svg>'

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def taught(home: HomePage) -> ModuleUnitPage:
    """A programme whose first unit has a procedure, a drawing, a table and a safety note."""
    image = SiteImage.objects.create(
        title="arc", file=ContentFile(SVG.encode(), "arc.svg"), alternative_vi="Hồ quang"
    )
    concept = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="electrode")
    html = {"vi": "<p>Tắt điện trước.</p>", "lo": "<p>ປິດໄຟກ່ອນ.</p>"}
    say = {"vi": "Kẹp que hàn", "lo": "ຈັບທູບຈອດ"}
    page = welding(home, legal_basis=stream(("text", {"title": say, "number": "42/2015"})))
    taught = unit(
        modules_of(page)[0],
        ("heading", say),
        ("safety", {"kind": "danger", "text": html}),
        ("procedure", {"title": say, "steps": items({"action": say, "drawing": image.pk})}),
        ("table", {"title": say, "columns": items(say, say), "rows": items(items(say, say))}),
        ("drawing", {"image": image.pk, "caption": say}),
        ("exercise", {"title": say, "task": html, "criteria": items(say), "minutes": 20}),
        ("remember", items(say)),
        ("terms", items(concept.pk)),
        name_vi="Gây hồ quang",
        name_lo="ຈູດແສງໄຟ",
        source_language="vi",
        slug="striking",
        hours_theory=1,
        objectives=stream(("item", say)),
    )
    rebuild_catalogue()
    return taught


@pytest.fixture
def tab(live_server: Any, taught: ModuleUnitPage) -> Iterator[Any]:
    """A phone; a script error or a breach of the content policy fails the test."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, base_url=live_server.url
        )
        tab = context.new_page()
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda m: m.type == "error" and errors.append(m.text))
        yield tab
        assert errors == []
        browser.close()


def is_shown(tab: Any, selector: str) -> bool:
    return bool(tab.locator(selector).first.is_visible())


def test_a_unit_is_found_on_a_phone_and_read_beside_another_language(tab: Any) -> None:
    tab.goto("/vi/curricula/")
    tab.fill("input[type=search]", "han dien")
    tab.press("input[type=search]", "Enter")
    tab.click(".filters summary")
    tab.select_option("#trade", "welder")
    tab.click(".filters button")
    tab.click(".card__title a")
    tab.click(".module-table__name a")
    tab.click(".module-table__name a")
    assert tab.locator("h1").inner_text().endswith("Gây hồ quang")
    tab.click('.companion-switch [data-companion="lo"]')
    assert "with=lo" in tab.url
    assert tab.locator(".step-card .beside").first.inner_text() == "ຈັບທູບຈອດ"
    # Nothing is wider than the phone, and drawings are there.
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    tab.locator(".drawing img").scroll_into_view_if_needed()
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("document.querySelector('.drawing img').naturalWidth") > 0


def test_paper_has_the_content_and_none_of_the_controls(tab: Any, taught: ModuleUnitPage) -> None:
    module = taught.get_parent()
    tab.goto(f"/vi/{module.url.split('/', 2)[2]}?view=print")
    assert is_shown(tab, ".programme-tools")
    tab.emulate_media(media="print")
    for selector in (".programme-tools", ".site-nav", ".breadcrumb", ".companion-switch"):
        assert not is_shown(tab, selector), selector
    for selector in ("#unit-1", ".step-card", ".safety", ".drawing img", ".module-table tfoot"):
        assert is_shown(tab, selector), selector
    assert (
        tab.evaluate("getComputedStyle(document.querySelector('.printed-unit')).breakBefore")
        == "page"
    )


def test_pages_have_no_barriers(tab: Any, taught: ModuleUnitPage) -> None:
    module = taught.get_parent()
    curriculum = module.get_parent()
    unit_path = taught.url.split("/", 2)[2]
    for address in (
        "/lo/curricula/",
        "/en/curricula/?q=nothing&trade=cook",
        f"/vi/{curriculum.url.split('/', 2)[2]}?with=lo",
        f"/lo/{module.url.split('/', 2)[2]}",
        f"/vi/{unit_path}?with=lo",
        f"/en/{unit_path}",
    ):
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            tab.goto(address)
            found = axe.Axe().run(tab)
            assert found.violations_count == 0, f"{address} {scheme}: {found.generate_report()}"
