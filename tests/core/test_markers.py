"""Marks in running text: only in text, once a section, in the language of the text, and safe."""

import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from core import markers
from core.markers import Mark, mark
from core.reader import Reader
from portal.models import HomePage
from tests.core.editor import edit_url, page_data, signed_in, soup
from tests.factories import content_page


class LampMarker:
    """Finds a word for "lamp" in each language, wherever it stands."""

    words = {"en": "lamp", "vi": "đèn", "lo": "ໂຄມ"}

    def find(self, text: str, language: str, unmarked: tuple[str, ...]) -> list[Mark]:
        word = self.words[language]
        if word in unmarked:
            return []
        places = [n for n in range(len(text)) if text.startswith(word, n)]
        return [Mark(place, place + len(word), word) for place in places]

    def attributes(self, mark: Mark) -> Mapping[str, str]:
        return {"href": '/"><script>', "class": "m"}


LINK = '<a class="m" href="/&quot;&gt;&lt;script&gt;">{}</a>'
LAMP = LINK.format("lamp")


@pytest.fixture(autouse=True)
def _lamps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markers, "_markers", [LampMarker()])


def marked(html: str, language: str = "en", **kwargs: Any) -> str:
    return mark(mark_safe(html), language, **kwargs)  # noqa: S308


def test_a_text_node_gets_a_link_and_every_other_byte_stays() -> None:
    html = '<!-- lamp --><P CLASS=x>A  lamp &mdash; &lt;b&gt;<br>\n<IMG alt="a lamp > b" src=x></P>'
    assert marked(html) == html.replace("A  lamp &mdash; &lt;b&gt;", f"A  {LAMP} — &lt;b&gt;")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/">the lamp</a>',
        "<button>lamp</button>",
        "<h2>lamp</h2>",
        "<h4><span>lamp</span></h4>",
        "<pre>x <code>lamp</code></pre>",
        "<label>lamp <input></label>",
        "<script>lamp</script>",
        "<style>.lamp{}</style>",
        "<textarea>lamp <b></textarea>",
        '<svg viewBox="0 0 1 1"><title>lamp</title><path d="M0"/><text>lamp</text></svg>',
        "<ul data-unmarked><li>lamp</li></ul>",
        '<p lang="fr">lamp</p>',
        '<p title="lamp">x</p>',
        "<!-- lamp -->",
        "<p>bad <b lamp",
        "",
    ],
)
def test_what_is_no_running_text_stays_as_it_is(html: str) -> None:
    assert marked(html) in (html, html.replace("<b lamp", f"&lt;b {LAMP}"))


def test_text_after_what_is_left_alone_is_marked_again() -> None:
    assert marked("<a>lamp</a> lamp") == f"<a>lamp</a> {LAMP}"
    # A list item that was never closed ends with its list.
    assert marked("<ul data-unmarked><li>lamp<li>lamp</ul>lamp").endswith(f"</ul>{LAMP}")
    assert marked("</p></a>lamp") == f"</p></a>{LAMP}"


def test_each_text_is_searched_in_its_own_language() -> None:
    html = marked(
        'lamp đèn <span lang="vi">đèn lamp</span> <p lang=lo-LA>ໂຄມ</p> <i lang="VI">đèn</i>'
    )
    assert html.count('class="m"') == 3
    assert LINK.format("đèn") + " lamp</span>" in html
    assert LINK.format("ໂຄມ") in html
    assert marked('<a hreflang="vi">x</a> <p data-note="lang=vi">lamp</p>').count('class="m"') == 1


def test_only_the_first_place_in_a_section_is_marked() -> None:
    assert marked("lamp <p>lamp</p> lamp").count('class="m"') == 1
    assert marked("lamp <h2>Two</h2> lamp <h4>no section</h4> lamp").count('class="m"') == 2
    assert marked("<section>lamp lamp</section><section>lamp</section>").count('class="m"') == 2


def test_a_caller_can_go_on_in_the_same_section() -> None:
    seen: markers.Seen = set()
    assert LAMP in marked("lamp", seen=seen)
    assert marked("lamp", seen=seen) == "lamp"


def test_plain_text_is_escaped_and_the_result_is_safe() -> None:
    result = mark("<b>lamp & co", "en")
    assert isinstance(result, SafeString)
    assert result == f"&lt;b&gt;{LAMP} &amp; co"
    assert mark("<b>", "en") == "&lt;b&gt;"


def test_an_escaped_tag_in_marked_text_stays_escaped() -> None:
    assert marked("&lt;script&gt; lamp &amp;lt;").count("<script>") == 0
    assert marked("&lt;script&gt; lamp &amp;lt;") == f"&lt;script&gt; {LAMP} &amp;lt;"


def test_unclosed_quotes_take_no_time_to_speak_of() -> None:
    start = time.perf_counter()
    marked("<a '" * 1000 + '<a "' * 1001)
    marked("<" * 20_000)
    assert time.perf_counter() - start < 2


def render(source: str, **context: Any) -> str:
    with translation.override("en"):
        return Template("{% load markers %}" + source).render(Context(context))


def test_the_tag_marks_what_stands_inside_in_the_readers_language() -> None:
    source = "{% mark_terms %}<p>{{ text }}</p>{% end_mark_terms %} lamp"
    assert render(source, text="<lamp", reader=Reader("en")) == f"<p>&lt;{LAMP}</p> lamp"
    assert LINK.format("đèn") in render(source, text="đèn", reader=Reader("vi"))
    # Without a request, as in a preview of a block.
    assert LAMP in render(source, text="lamp")


def test_a_page_switches_marks_off_or_some_of_them() -> None:
    source = "{% mark_terms page %}lamp{% end_mark_terms %}"
    assert render(source, page=SimpleNamespace(mark_terms=False)) == "lamp"
    assert render(source, page=SimpleNamespace(mark_terms=True, unmarked_words=("lamp",))) == "lamp"
    assert render(source, page=SimpleNamespace(mark_terms=True, unmarked_words=())) == LAMP
    assert render(source) == LAMP


def test_the_tag_takes_one_page_at_most() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load markers %}{% mark_terms a b %}{% end_mark_terms %}")


def test_the_settings_of_a_page_hold_both_switches(client: Client, home: HomePage) -> None:
    signed_in(client)
    page = content_page(home)
    html = soup(client.get(edit_url(page)))
    assert html.select_one("input[name=mark_terms]").has_attr("checked")
    data = page_data(
        name_en="About", slug="about", unmarked_terms="máy\r\nເເມ່", **{"action-publish": "1"}
    )
    assert client.post(edit_url(page), data).status_code == 302
    page.refresh_from_db()
    assert page.mark_terms is False
    # In the one spelling that text is stored in.
    assert page.unmarked_words == ("máy", "ແມ່")
