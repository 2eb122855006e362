"""lessons.practice_lists, and the pages of lists, as a browser without script gets them."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

import lessons
from glossary.models import Term
from glossary.search import index_concepts
from lessons.practice_lists import MAX_IDS, clean_name, parse_ids
from lessons.views import MAX_CODE_BYTES
from tests.factories import ConceptFactory, TradeFactory, UserFactory

from .practising import PHRASE, concepts, vietnamese_lesson, with_sound_and_picture

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def list_url(*ids: str, view: str = "", language: str = "en", query: str = "") -> str:
    return f"/{language}/practice/list/{'.'.join(ids)}/{view}{query}"


def page_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def words_on(page: str) -> list[str]:
    return re.findall(r'<tr data-word="([^"]+)"', page)


# --- Sources --------------------------------------------------------------------------------------


def test_a_chosen_list_keeps_its_order_and_names_each_word_once(client: Client, home: Any) -> None:
    one, two, three = (concept.public_id for concept in concepts(3))
    page = page_of(client, list_url(three, one, two, one))
    assert words_on(page) == [three, one, two]


def test_unknown_and_draft_words_are_left_out_and_told(client: Client, home: Any) -> None:
    shown, draft = concepts(2)
    draft.live = False
    draft.save()
    page = page_of(client, list_url(shown.public_id, draft.public_id, "bbbbbbbbbb"))
    assert words_on(page) == [shown.public_id]
    assert "2 entries of this list are not here any more" in page
    assert "que hàn" not in page


def test_proposed_terms_are_left_out(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    concept.terms.filter(language="vi").update(status=Term.Status.PROPOSED)
    page = page_of(client, list_url(concept.public_id))
    assert "búa" not in page
    assert "data-pair" not in page


def test_a_lesson_gives_its_vocabulary(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    lesson = vietnamese_lesson(home, PHRASE, concept, PHRASE)
    page = page_of(client, f"/vi/practice/lesson/{lesson.public_id}/")
    assert len(words_on(page)) == 2
    assert words_on(page)[1] == concept.public_id
    assert "ສະບາຍດີ" in page
    assert "xin chào" in page
    assert "xa-bai-đi" in page


def test_a_phrase_keeps_its_id_when_its_text_is_corrected(client: Client, home: Any) -> None:
    first = vietnamese_lesson(home, PHRASE)
    corrected = {**PHRASE, "value": {**PHRASE["value"], "text": "ສະບາຍດີ!"}}
    second = vietnamese_lesson(home, corrected, slug="again")
    pages = [page_of(client, f"/en/practice/lesson/{p.public_id}/") for p in (first, second)]
    assert words_on(pages[0]) == words_on(pages[1])


def test_languages_of_a_lesson_that_are_not_ready_are_not_shown(client: Client, home: Any) -> None:
    lesson = vietnamese_lesson(home, PHRASE)
    lesson.source_language, lesson.ready_languages = "vi", ["vi"]
    lesson.save()
    page = page_of(client, f"/en/practice/lesson/{lesson.public_id}/")
    assert "xin chào" in page
    assert '<span lang="en">hello</span>' not in page


@pytest.mark.parametrize("change", ["draft", "private", "unknown"])
def test_lessons_that_are_not_public_have_no_list(client: Client, home: Any, change: str) -> None:
    lesson = vietnamese_lesson(home, PHRASE)
    public_id = lesson.public_id
    if change == "draft":
        lesson.unpublish()
    elif change == "private":
        PageViewRestriction.objects.create(page=lesson, restriction_type="login")
    else:
        public_id = "bbbbbbbbbb"
    assert client.get(f"/en/practice/lesson/{public_id}/").status_code == 404
    assert "ສະບາຍດີ" not in page_of(client, list_url(public_id))


def test_a_chosen_list_may_name_lessons(client: Client, home: Any) -> None:
    concept, other = concepts(2)
    lesson = vietnamese_lesson(home, PHRASE, other)
    page = page_of(client, list_url(concept.public_id, lesson.public_id))
    assert len(words_on(page)) == 3
    assert f'href="{lesson.url}"' in page or lesson.url.split("/", 2)[2] in page


def test_a_trade_gives_its_words_in_the_order_they_were_written(client: Client, home: Any) -> None:
    trade = TradeFactory()
    made = concepts(4, trades=[trade])
    ConceptFactory(lo="ກາ", vi="quạ")
    page = page_of(client, "/en/practice/trade/welder/")
    assert words_on(page) == [concept.public_id for concept in made]
    assert client.get("/en/practice/trade/nothing/").status_code == 404


def test_a_search_gives_what_the_glossary_finds(client: Client, home: Any) -> None:
    trade = TradeFactory()
    found = concepts(2, trades=[trade])[1]
    index_concepts([found.pk])
    assert words_on(page_of(client, "/en/practice/search/?q=que+han")) == [found.public_id]
    assert words_on(page_of(client, "/vi/practice/search/?trade=welder&letter=Q")) == [
        found.public_id
    ]
    assert client.get("/en/practice/search/?trade=nothing").status_code == 404


def test_long_lists_come_in_parts(client: Client, home: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("lessons.views.PART", 2)
    made = [concept.public_id for concept in concepts(3, trades=[TradeFactory()])]
    first = page_of(client, "/en/practice/trade/welder/")
    assert words_on(first) == made[:2]
    assert "?part=2" in first
    second = page_of(client, "/en/practice/trade/welder/?part=2")
    assert words_on(second) == made[2:]
    assert "?part=1" in second
    assert words_on(page_of(client, list_url(*made, query="?name=a&part=2"))) == made[2:]
    for part in ("3", "0", "-1", "x", "99999"):
        assert client.get(f"/en/practice/trade/welder/?part={part}").status_code == 404


# --- Hostile input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["list/A/", "list//", "list/%00/", "list/<b>/", f"list/{'a' * 2601}/", "other/x/"]
)
def test_impossible_lists_are_not_there(client: Client, home: Any, path: str) -> None:
    assert client.get(f"/en/practice/{path}").status_code == 404


def test_ids_are_bounded_and_each_counts_once() -> None:
    assert len(parse_ids(".".join(f"b{number:09d}" for number in range(300)))) == MAX_IDS
    assert parse_ids("..a..b.a.") == ["a", "b"]


def test_a_name_is_one_short_line() -> None:
    assert clean_name(" Bài\n 1\x00\u202e ") == "Bài 1"
    assert len(clean_name("ກ" * 500)) == 80


def test_a_name_is_shown_and_never_trusted(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    query = "?name=%3Cscript%3Ealert(1)%3C/script%3E%22%27"
    page = page_of(client, list_url(concept.public_id, query=query))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    lao = page_of(client, list_url(concept.public_id, query="?name=ບົດຮຽນ"))
    assert '<h1 lang="lo">ບົດຮຽນ</h1>' in lao


# --- Pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "asked"), [("lo", "vi"), ("vi", "lo"), ("en", "lo"), ("en?with=lo", "vi")]
)
def test_the_other_language_asks_and_the_answer_is_folded(
    client: Client, home: Any, language: str, asked: str
) -> None:
    concept = concepts(1)[0]
    code, _, query = language.partition("?")
    page = page_of(
        client, list_url(concept.public_id, language=code, query=f"?{query}" if query else "")
    )
    row = re.search(r"<tr data-word.*?</tr>", page, re.DOTALL)
    assert row is not None
    question, answer = row[0].split("<details>")
    assert f'data-side="{asked}"' in question
    assert f'data-side="{"lo" if asked == "vi" else "vi"}"' in answer
    assert '<span lang="en">hammer</span>' in answer


def test_pages_set_no_cookie_and_may_be_kept(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    urls = [list_url(concept.public_id, view=view) for view in ("", "sheet/", "code.svg")]
    own = ["/en/practice/", "/en/practice/my-list/", "/en/practice/progress/"]
    for url in [*urls, *own, list_url(concept.public_id, view="words.apkg")]:
        response = client.get(url)
        assert response.status_code == 200, url
        assert not response.cookies, url
        assert "public" in response["Cache-Control"], url
        assert "Cookie" not in response.get("Vary", ""), url
        assert client.post(url).status_code == 405, url


def test_queries_do_not_grow_with_the_list(client: Client, home: Any) -> None:
    trade = TradeFactory()
    made = [with_sound_and_picture(c) for c in concepts(3, trades=[trade])]
    lessons = [
        vietnamese_lesson(home, PHRASE, concept, slug=f"l{n}") for n, concept in enumerate(made)
    ]
    ids = [*(concept.public_id for concept in made), *(lesson.public_id for lesson in lessons)]

    def queries(url: str) -> int:
        page_of(client, url)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page_of(client, url)
        return len(captured)

    few = queries(list_url(ids[0], ids[3]))
    assert queries(list_url(*ids)) == few <= MOST_QUERIES
    assert queries(f"/en/practice/lesson/{ids[3]}/") <= MOST_QUERIES
    assert queries("/en/practice/trade/welder/") <= MOST_QUERIES
    assert queries("/en/practice/search/?trade=welder") <= MOST_QUERIES
    assert queries(list_url(*ids, view="sheet/")) <= MOST_QUERIES


def test_a_lost_picture_leaves_the_word(client: Client, home: Any) -> None:
    concept = with_sound_and_picture(concepts(1)[0])
    assert concept.image is not None
    concept.image.file.storage.delete(concept.image.file.name)
    page = page_of(client, list_url(concept.public_id))
    assert words_on(page) == [concept.public_id]
    assert "data-picture" not in page


def test_the_sheet_has_picture_and_both_languages(client: Client, home: Any) -> None:
    concept = with_sound_and_picture(concepts(1)[0])
    cards = page_of(client, list_url(concept.public_id, view="sheet/", query="?name=Bài"))
    for expected in ("ຄ້ອນ", "búa", "hammer", "data-picture", 'alt="A hammer"', "fold=1"):
        assert expected in cards
    folded = page_of(client, list_url(concept.public_id, view="sheet/", query="?name=B&fold=1"))
    assert '<table class="fold-table">' in folded
    assert "sheet-grid" not in folded


def test_the_code_leads_to_the_list(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    response = client.get(list_url(concept.public_id, view="code.svg", query="?name=B"))
    assert response["Content-Type"] == "image/svg+xml"
    assert b"viewBox" in response.content
    page = page_of(client, list_url(concept.public_id, query="?name=B&part=1"))
    assert f'value="http://testserver/en/practice/list/{concept.public_id}/?name=B"' in page


def test_a_list_too_long_for_a_code_says_so(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    ids = [concept.public_id, *(f"b{number:09d}" for number in range(MAX_CODE_BYTES // 11))]
    assert client.get(list_url(*ids, view="code.svg")).status_code == 404
    assert "too long for a QR code" in page_of(client, list_url(*ids))


def test_the_scripts_of_practice_stay_small() -> None:
    folder = Path(lessons.__file__).parent / "static/practice"
    scripts = {path.name: path.read_bytes() for path in folder.rglob("*.js")}
    assert len(gzip.compress(scripts["ts-fsrs.js"])) <= 12_000
    flashcards = ("flashcards", "beforehand", "card-store", "deck", "device", "schedule", "ts-fsrs")
    assert sum(len(gzip.compress(scripts[f"{name}.js"])) for name in flashcards) <= 14_000


# --- Ways in --------------------------------------------------------------------------------------


def test_glossary_trade_and_lesson_lead_to_practice(client: Client, home: Any) -> None:
    trade = TradeFactory()
    concept = concepts(1, trades=[trade])[0]
    index_concepts([concept.pk])
    lesson = vietnamese_lesson(home, concept)
    results = page_of(client, "/en/glossary/?q=hammer&with=vi")
    assert "/en/practice/search/?q=hammer&amp;with=vi" in results
    assert "/en/practice/search/words.apkg?q=hammer&amp;with=vi" in results
    assert 'id="my-list-button"' in results
    assert "/en/practice/search/" not in page_of(client, "/en/glossary/")
    assert "/en/practice/trade/welder/sheet/" in page_of(client, "/en/trades/welder/")
    assert f'data-my-list="{concept.public_id}" data-name="ຄ້ອນ · búa · hammer"' in page_of(
        client, concept.get_absolute_url("en")
    )
    shown = page_of(client, f"/en/{lesson.url.split('/', 2)[2]}")
    assert f"/en/practice/lesson/{lesson.public_id}/" in shown
    assert f'data-my-list="{lesson.public_id}"' in shown


def test_a_lesson_without_words_offers_none(client: Client, home: Any) -> None:
    lesson = vietnamese_lesson(home)
    assert "/practice/lesson/" not in page_of(client, f"/en/{lesson.url.split('/', 2)[2]}")
    assert "There are no words" in page_of(client, f"/en/practice/lesson/{lesson.public_id}/")


def test_who_is_signed_in_gets_the_same_page(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    before = page_of(client, list_url(concept.public_id))
    client.force_login(UserFactory())
    assert page_of(client, list_url(concept.public_id)) == before
