"""The public site in a real Chromium: search as you type, languages, without script, axe."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from glossary.models import Concept, Term
from glossary.search import index_concepts
from tests.factories import ConceptFactory, TradeFactory, content_page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
CHROMIUM = shutil.which("chromium")
PHONE = {"width": 360, "height": 740}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture
def welding(home: Any) -> Concept:
    body = [
        ("heading", {"lo": "", "vi": "An toàn", "en": "Safety"}),
        ("paragraphs", {"lo": "<p>ໃສ່ແວ່ນຕາ</p>", "vi": "<p>Đeo kính.</p>", "en": ""}),
    ]
    content_page(home, name_en="About", name_vi="Giới thiệu", slug="about", body=body)
    trade = TradeFactory(pictogram="welder", summary_en="Joins metal.", isco08="7212")
    machine = ConceptFactory(
        lo="ເຄື່ອງເຊື່ອມ", vi="máy hàn", en="welding machine", trades=[trade], is_safety=True
    )
    machine.terms.filter(language="vi").update(
        example_vi="Tắt máy hàn.", example_en="Switch it off."
    )
    machine.terms.add(Term(language="en", text="welder set", status=Term.Status.DEPRECATED))
    machine.save()
    helmet = ConceptFactory(lo="ໝວກເຊື່ອມ", vi="mặt nạ hàn", en="welding helmet", trades=[trade])
    index_concepts([machine.pk, helmet.pk])
    return machine


@pytest.fixture
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Any, live_server: Any, welding: Concept) -> Iterator[Any]:
    """A phone; a script error or a breach of the content policy fails the test."""
    context = browser.new_context(viewport=PHONE, base_url=live_server.url)
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    yield tab
    assert [error for error in errors if "404" not in error] == []


def test_results_come_while_typing_and_are_reached_by_keyboard(tab: Any, welding: Concept) -> None:
    tab.goto("/vi/")
    box = tab.get_by_role("combobox")
    box.press_sequentially("han", delay=20)
    options = tab.get_by_role("option")
    options.first.wait_for()
    assert options.count() == 2
    assert box.get_attribute("aria-expanded") == "true"
    assert options.first.locator("mark").inner_text() == "hàn"
    # It can really be seen: nothing cuts the list off.
    top = options.last.bounding_box()
    at = f"document.elementFromPoint({top['x'] + 40}, {top['y'] + top['height'] / 2})"
    assert tab.evaluate(f"{at}.closest('[role=option]') !== null")
    assert axe.Axe().run(tab).violations_count == 0
    box.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    assert tab.locator(f"#{active}").get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "han"
    box.press("ArrowDown")
    box.press("Enter")
    tab.wait_for_url("**/vi/glossary/*-*/")


def test_a_tap_on_a_suggestion_opens_it(tab: Any, welding: Concept) -> None:
    tab.goto("/lo/glossary/")
    tab.get_by_role("combobox").press_sequentially("ເຄື່ອງ", delay=20)
    tab.locator("[role=option]").first.click()
    tab.wait_for_url(f"**{welding.get_absolute_url('lo')}")


def test_enter_alone_searches(tab: Any) -> None:
    tab.goto("/en/glossary/")
    box = tab.get_by_role("combobox")
    box.fill("weld")
    box.press("Enter")
    tab.wait_for_url("**/en/glossary/?q=weld")
    assert tab.locator(".pair-card").count() == 2


def test_the_language_switch_stays_on_the_page_and_is_remembered(tab: Any) -> None:
    tab.goto("/en/glossary/?q=weld")
    assert tab.context.cookies() == []
    tab.locator(".lang-switch a[hreflang=lo]").click()
    tab.wait_for_url("**/lo/glossary/?q=weld")
    tab.goto("/")
    assert tab.url.endswith("/lo/")


def test_the_companion_language_is_remembered_until_it_is_put_away(tab: Any) -> None:
    tab.goto("/en/about/")
    tab.locator("[data-companion=vi]").click()
    tab.wait_for_url("**/en/about/?with=vi")
    assert tab.get_by_text("Đeo kính.").is_visible()
    tab.goto("/en/trades/")
    tab.locator(".trade-tile").first.click()
    tab.wait_for_url("**/en/trades/welder/?with=vi")
    tab.goto("/en/about/?with=vi")
    tab.locator("[data-companion='']").click()
    tab.wait_for_url(lambda url: "with" not in url)
    tab.locator(".site-nav__link").first.click()
    tab.wait_for_url("**/en/glossary/")
    assert tab.context.cookies() == []


def test_everything_can_be_reached_without_script(
    browser: Any, live_server: Any, welding: Concept
) -> None:
    context = browser.new_context(
        viewport=PHONE, base_url=live_server.url, java_script_enabled=False
    )
    tab = context.new_page()
    tab.goto("/vi/")
    tab.locator("#q").fill("may han")
    tab.locator("#q").press("Enter")
    tab.wait_for_url("**/vi/glossary/?q=may+han")
    tab.locator(".filters summary").click()
    tab.locator("#trade").select_option("welder")
    tab.locator(".filters button").click()
    tab.wait_for_url("**trade=welder**")
    tab.locator(".pair-card__link").first.click()
    tab.wait_for_url(f"**{welding.get_absolute_url('vi')}")
    tab.locator(".lang-switch a[hreflang=en]").click()
    tab.wait_for_url(f"**{welding.get_absolute_url('en')}")
    tab.locator(".definition__other summary, .chip").first.click()


@pytest.mark.parametrize(
    ("language", "scheme"), [("lo", "light"), ("vi", "light"), ("vi", "dark"), ("en", "light")]
)
def test_axe_finds_no_violation(
    browser: Any, live_server: Any, welding: Concept, language: str, scheme: str
) -> None:
    context = browser.new_context(viewport=PHONE, base_url=live_server.url, color_scheme=scheme)
    paths = [
        "", "glossary/", "glossary/?q=han", "glossary/?q=zzzz", "glossary/?reviewed=1",
        "glossary/request/", "trades/", "trades/welder/", "about/?with=vi", "nothing/",
        welding.get_absolute_url(language).removeprefix(f"/{language}/"),
    ]  # fmt: skip
    for path in paths:
        tab = context.new_page()
        tab.goto(f"/{language}/{path}")
        found = axe.Axe().run(tab)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        too_wide = "document.documentElement.scrollWidth > innerWidth"
        assert not tab.evaluate(too_wide), path
        tab.close()
