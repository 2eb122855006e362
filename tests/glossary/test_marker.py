"""The living dictionary: published terms only, in pages and lessons, in few queries, kept fresh."""

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.safestring import mark_safe
from PIL import Image

from core.markers import mark
from glossary import marker
from glossary.models import Concept, Term
from glossary.search import index_concepts
from media.models import SiteImage
from portal.models import HomePage
from tests.factories import ConceptFactory, content_page, course_page, lesson_page, unit_page

pytestmark = pytest.mark.django_db


def concept(**texts: Any) -> Concept:
    """A published concept in the search table, as publishing leaves it."""
    made = ConceptFactory(**texts)
    index_concepts([made.pk])
    return made


def marked(text: str, language: str = "vi", **kwargs: Any) -> list[str]:
    """The marked words of a text."""
    with translation.override("en"):
        html = mark(mark_safe(text), language, **kwargs)  # noqa: S308
    soup = BeautifulSoup(html, "html.parser")
    return [link.get_text() for link in soup.select("a.term-mark")]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for a changed glossary at every use."""
    monkeypatch.setattr(marker, "CHECK_EVERY", 0)


# --- What is marked -------------------------------------------------------------------------------


def test_a_mark_is_a_link_to_the_concept_in_the_pages_language() -> None:
    welding = concept(vi="máy hàn", lo="ເຄື່ອງຈອດ", en="welding machine")
    with translation.override("lo"):
        html = mark("Bật máy hàn.", "vi")
    assert html == (
        f'Bật <a class="term-mark" data-concept="{welding.public_id}" '
        f'href="/lo/glossary/{welding.public_id}-welding-machine/">máy hàn</a>.'
    )
    with translation.override("vi"):
        assert f'href="{welding.get_absolute_url()}"' in mark("máy hàn", "vi")


def test_each_language_has_its_own_terms() -> None:
    concept(vi="máy hàn", lo="ຕູ້ຈອດ", en="welder")
    assert marked("welder máy hàn ຕູ້ຈອດ") == ["máy hàn"]
    assert marked('<i lang="lo">ຕູ້ຈອດ</i> <i lang="en">welders</i>') == ["ຕູ້ຈອດ", "welders"]


def test_two_spellings_of_a_concept_count_once_in_a_section() -> None:
    made = concept(vi="máy lạnh")
    made.terms.add(Term(language="vi", text="máy điều hòa", status=Term.Status.ADMITTED))
    made.save()
    assert marked("máy lạnh, máy điều hòa, máy lạnh <h2>B</h2> máy điều hòa") == [
        "máy lạnh",
        "máy điều hòa",
    ]


@pytest.mark.parametrize("status", [Term.Status.PROPOSED, Term.Status.DEPRECATED])
def test_terms_not_recommended_are_never_marked(status: str) -> None:
    made = ConceptFactory(vi="máy hàn")
    made.terms.add(Term(language="vi", text="tủ hàn", status=status))
    made.save()
    assert marked("máy hàn tủ hàn") == ["máy hàn"]


def test_drafts_are_never_marked() -> None:
    ConceptFactory(vi="máy hàn", live=False)
    live = concept(vi="que hàn")
    # A term that stands in a later draft of a live concept only.
    live.terms.add(Term(language="vi", text="kìm hàn"))
    live.save_revision()
    assert marked("máy hàn, que hàn, kìm hàn") == ["que hàn"]


@pytest.mark.parametrize(
    "text", ['x<img src=x onerror="alert(1)">', 'máy "hàn" \'&', "</a><script>"]
)
def test_a_term_cannot_break_out_of_its_link(text: str) -> None:
    made = concept(vi=text)
    html = mark(f"a {text} b", "vi")
    soup = BeautifulSoup(html, "html.parser")
    assert [tag.name for tag in soup.find_all(True)] == ["a"]
    assert soup.a is not None
    assert soup.a["data-concept"] == made.public_id
    assert soup.get_text() == f"a {text} b"


# --- Kept fresh -----------------------------------------------------------------------------------


def test_marks_follow_publishing_unpublishing_and_deleting(at_once: None) -> None:
    assert marked("máy hàn, que hàn") == []
    made = ConceptFactory(vi="máy hàn", live=False)
    assert marked("máy hàn, que hàn") == []
    made.save_revision().publish()
    assert marked("máy hàn, que hàn") == ["máy hàn"]
    made.terms.set([Term(language="vi", text="que hàn")])
    made.save_revision().publish()
    assert marked("máy hàn, que hàn") == ["que hàn"]
    made.refresh_from_db()
    made.unpublish()
    assert marked("máy hàn, que hàn") == []
    made.save_revision().publish()
    made.delete()
    assert marked("máy hàn, que hàn") == []


def test_marks_follow_an_import(at_once: None, tmp_path: Any) -> None:
    assert marked("máy hàn") == []
    file = tmp_path / "terms.csv"
    file.write_text("concept_id,language,term\n1,vi,máy hàn\n", "utf-8")
    call_command("import_glossary", str(file), verbosity=0)
    assert Concept.objects.count() == 1
    assert marked("máy hàn") == ["máy hàn"]


def test_the_glossary_is_read_once_and_looked_at_now_and_then(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    concept(vi="máy hàn")
    with django_assert_num_queries(2):
        marked("máy hàn")
    with django_assert_num_queries(0):
        marked("máy hàn <h2>x</h2> máy hàn")
    concept(vi="que hàn")
    with django_assert_num_queries(0):
        assert marked("que hàn") == []
    clock = marker.time.monotonic() + marker.CHECK_EVERY + 1
    monkeypatch.setattr(marker.time, "monotonic", lambda: clock)
    with django_assert_num_queries(2):
        assert marked("que hàn") == ["que hàn"]
    clock += marker.CHECK_EVERY + 1
    with django_assert_num_queries(1):
        marked("que hàn")


# --- In pages -------------------------------------------------------------------------------------

PARAGRAPHS = {"vi": "<p>Bật <b>máy hàn</b>, máy hàn.</p><h3>máy hàn</h3><p>Tắt máy hàn.</p>"}


def page_with(home: HomePage, **fields: Any) -> Any:
    body = [("heading", {"vi": "máy hàn"}), ("paragraphs", PARAGRAPHS)]
    return content_page(home, name_vi="máy hàn", slug="p", **{"body": body, **fields})


def marks_on(client: Client, url: str) -> list[str]:
    response = client.get(url)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return [link.parent.name for link in soup.select("a.term-mark") if link.parent]


def test_a_content_page_marks_its_text(client: Client, home: HomePage) -> None:
    concept(vi="máy hàn")
    page_with(home, introduction_vi="Về máy hàn")
    assert marks_on(client, "/vi/p/") == ["p", "b", "p"]
    assert b"js/term-card.js" in client.get("/vi/p/").content


def test_an_editor_switches_marks_off_for_a_page_or_a_word(client: Client, home: HomePage) -> None:
    concept(vi="máy hàn")
    page = page_with(home, mark_terms=False)
    assert marks_on(client, "/vi/p/") == []
    assert b"js/term-card.js" not in client.get("/vi/p/").content
    page.mark_terms = True
    page.unmarked_terms = "que\r\n\r\n  Máy  hàn \n"
    page.save()
    assert page.unmarked_words == ("que", "Máy hàn")
    assert marks_on(client, "/vi/p/") == []


def test_a_lesson_marks_its_text_and_not_its_exercises(client: Client, home: HomePage) -> None:
    concept(vi="máy hàn", lo="ຕູ້ຈອດ")
    options = [
        {"type": "item", "value": {"text": "ຕູ້ຈອດ", "right": True}},
        {"type": "item", "value": {"text": "ຄີມ"}},
    ]
    body = [
        ("paragraphs", PARAGRAPHS),
        ("choice", {"question": {"vi": "máy hàn?"}, "options": options}),
    ]
    lesson = lesson_page(unit_page(course_page(home)), *body)
    with translation.override("vi"):
        url = lesson.url
    assert marks_on(client, url) == ["b", "p"]


def test_marks_cost_a_page_two_queries_at_most_and_none_when_warm(
    client: Client, home: HomePage
) -> None:
    concept(vi="máy hàn")
    page = page_with(home)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/vi/p/")
        return len(captured)

    queries()
    marker.forget()
    cold, warm = queries(), queries()
    page.mark_terms = False
    page.save()
    queries()
    without = queries()
    assert (cold - without, warm - without) == (2, 0)


# --- The card -------------------------------------------------------------------------------------


def picture() -> SiteImage:
    content = BytesIO()
    Image.new("RGB", (400, 300), "red").save(content, "PNG")

    return SiteImage.objects.create(
        title="x", alternative_vi="Một máy hàn", file=ImageFile(content, name="x.png")
    )


def test_the_card_shows_the_concept_in_all_languages(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    made = ConceptFactory(vi="máy <hàn>", lo="ຕູ້ຈອດ", en="welder", image=picture())
    client.get(f"/vi/glossary/{made.public_id}/card")
    with django_assert_max_num_queries(4):
        response = client.get(f"/vi/glossary/{made.public_id}/card")
    soup = BeautifulSoup(response.content, "html.parser")
    assert [(term.name, term["lang"], term.get_text()) for term in soup.select(".term")] == [
        ("h2", "vi", "máy <hàn>"),
        ("p", "lo", "ຕູ້ຈອດ"),
        ("p", "en", "welder"),
    ]
    assert soup.img is not None
    assert soup.img["alt"] == "Một máy hàn"
    assert soup.select_one("a.button")["href"] == f"/vi/glossary/{made.public_id}-welder/"  # type: ignore[index]
    assert len(response.content) < 3000
    assert not soup.find("script")


def test_the_card_may_be_kept_and_is_not_sent_twice(client: Client) -> None:
    made = ConceptFactory(vi="máy hàn")
    url = f"/vi/glossary/{made.public_id}/card"
    response = client.get(url)
    assert response["Cache-Control"] == "public, max-age=600"
    assert response["X-Robots-Tag"] == "noindex"
    again = client.get(url, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_there_is_no_card_of_a_draft(client: Client) -> None:
    made = ConceptFactory(vi="máy hàn", live=False)
    assert client.get(f"/vi/glossary/{made.public_id}/card").status_code == 404
    assert client.get("/vi/glossary/2222222222/card").status_code == 404
    assert client.post(f"/vi/glossary/{made.public_id}/card").status_code == 405
