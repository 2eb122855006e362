"""core.templatetags.content"""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core.languages import LocalText
from core.reader import reader_for
from tests.factories import TradeFactory

ROOT = Path(__file__).resolve().parents[2]
DRAWINGS = ROOT / "site" / "static" / "pictograms"


def render(source: str, path: str = "/en/", **context: object) -> str:
    request = RequestFactory().get(path)
    language = request.path.split("/")[1]
    with translation.override(language if language in ("lo", "vi", "en") else "en"):
        values = {"request": request, "reader": reader_for(request), **context}
        return Template("{% load content %}" + source).render(Context(values))


def test_drawings_stand_inside_the_page_and_are_hidden_from_screen_readers() -> None:
    svg = render('{% pictogram "welder" %}')
    assert svg.startswith('<svg aria-hidden="true"')
    assert "xmlns" not in svg
    assert 'class="icon"' in render('{% icon "search" %}')


@pytest.mark.parametrize("name", ["", None, "nothing-of-that-name", "../brand/mark", "a/b"])
def test_an_unknown_drawing_draws_nothing(name: str | None) -> None:
    assert render("{% pictogram name %}", name=name) == ""


def test_every_drawing_that_a_template_names_exists() -> None:
    named = {}
    for folder in ("site", "glossary", "trades", "media"):
        for path in (ROOT / folder).rglob("*.html"):
            for tag, name in re.findall(r'{% (icon|pictogram) "([^"]+)" %}', path.read_text()):
                named[tag, name] = path
    assert len(named) > 10
    for (tag, name), path in named.items():
        files = [DRAWINGS / f"{name}.svg", DRAWINGS / "icons" / f"{name}.svg"]
        assert any(file.exists() for file in files), f"{path.name}: {{% {tag} {name!r} %}}"


def test_text_says_its_language_and_is_escaped() -> None:
    text = LocalText("<b>máy hàn", "vi")
    assert render("{% local_text t %}", t=text) == '<span lang="vi">&lt;b&gt;máy hàn</span>'
    assert render("{% local_text t %}", t=None) == ""


def test_a_field_falls_back_to_a_language_that_is_ready() -> None:
    trade = TradeFactory.build(name_lo="", ready_languages=["vi", "lo"], source_language="vi")
    assert render('{% local trade "name" %}', "/lo/", trade=trade) == '<span lang="vi">Hàn</span>'


def test_the_note_says_once_what_is_not_in_the_readers_language() -> None:
    trade = TradeFactory.build(name_lo="ຊ່າງເຊື່ອມ", summary_en="Joins metal.")
    note = render("{% missing_note trade reader %}", "/lo/", trade=trade)
    said = "Parts of this page are not yet in %(wanted)s: they are shown in another language."
    with translation.override("lo"):
        assert translation.gettext(said) % {"wanted": "ລາວ"} in note
    assert note.count("fallback-note") == 1
    assert 'lang="en"' in note
    assert render("{% missing_note trade reader %}", "/en/", trade=trade).strip() == ""
    trade.name_lo = ""
    said = "This page is not yet in %(wanted)s: it is shown in another language."
    with translation.override("lo"):
        expected = translation.gettext(said) % {"wanted": "ລາວ"}
    assert expected in render("{% missing_note trade reader %}", "/lo/", trade=trade)


LANGUAGE_LINKS = "{% language_links as links %}{% for l in links %}{{ l.url }} {% endfor %}"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/vi/glossary/?q=a%26b&page=2", "/lo/glossary/?q=a%26b&amp;page=2"),
        # The old language becomes the companion when the companion becomes the page's.
        ("/vi/about/?with=lo", "/lo/about/?with=vi"),
        ("/en/about/?with=vi", "/lo/about/?with=vi"),
        ("/locked/", "/lo/"),
    ],
)
def test_the_language_switch_stays_on_the_page(path: str, expected: str) -> None:
    assert render(LANGUAGE_LINKS, path).split(" ")[0] == expected


def test_links_keep_the_companion() -> None:
    assert render('{% with_companion "/vi/a/" %}', "/vi/?with=lo") == "/vi/a/?with=lo"
    assert render('{% with_companion "/vi/a/?q=1" %}', "/vi/?with=lo") == "/vi/a/?q=1&amp;with=lo"
    assert render('{% with_companion "/vi/a/" %}', "/vi/?with=vi") == "/vi/a/"


def test_the_canonical_address_drops_the_companion_and_names_ready_languages() -> None:
    head = render("{% head_links codes %}", "/vi/about/?with=lo", codes=("vi", "en"))
    assert '<link rel="canonical" href="http://testserver/vi/about/">' in head
    assert 'hreflang="en" href="http://testserver/en/about/"' in head
    assert 'hreflang="x-default" href="http://testserver/about/"' in head
    assert 'hreflang="lo"' not in head


def test_a_page_shown_in_another_language_is_known_under_that_ones_address() -> None:
    head = render("{% head_links codes %}", "/lo/about/", codes=("vi", "en"))
    assert '<link rel="canonical" href="http://testserver/vi/about/">' in head


def test_searches_stay_out_of_search_engines() -> None:
    head = render("{% head_links %}", "/vi/glossary/?q=a")
    assert "noindex" in head
    assert "canonical" not in head


@pytest.mark.parametrize(
    ("size", "text"), [(0, ""), (None, ""), (1, "1 KB"), (12_400, "12 KB"), (2_340_000, "2.3 MB")]
)
def test_sizes_are_said_in_kilobytes(size: int | None, text: str) -> None:
    assert render("{{ size|kilobytes }}", size=size) == text
