"""The public pages as a whole: home, content pages, the way to a language, caches, robots."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import server_error
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from glossary.search import index_concepts
from portal.models import ContentPage
from portal.sitemaps import CHUNK
from tests.factories import ConceptFactory, TradeFactory, UserFactory, content_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("headers", "cookie", "expected"),
    [
        ({"accept-language": "lo"}, "", "/lo/"),
        ({"accept-language": "vi-VN,vi;q=0.9,en;q=0.5"}, "", "/vi/"),
        ({"accept-language": "fr"}, "", "/en/"),
        ({}, "", "/en/"),
        ({"accept-language": "vi"}, "lo", "/lo/"),
        ({"accept-language": "vi"}, "../x", "/vi/"),
    ],
)
def test_the_root_leads_to_the_visitors_language(
    client: Client, home: Any, headers: dict[str, str], cookie: str, expected: str
) -> None:
    if cookie:
        client.cookies["language"] = cookie
    response = client.get("/", headers=headers)
    assert response.status_code == 302
    assert response["Location"] == expected
    assert "Accept-Language" in response["Vary"]


def test_an_address_without_language_leads_to_the_page_in_the_visitors_language(
    client: Client, home: Any
) -> None:
    response = client.get("/trades/", headers={"accept-language": "vi"})
    assert response["Location"] == "/vi/trades/"


def test_home_has_one_search_box_the_trades_and_the_newest_terms(client: Client, home: Any) -> None:
    concept = ConceptFactory(vi="máy hàn", trades=[TradeFactory()])
    index_concepts([concept.pk])
    page = client.get("/vi/").content.decode()
    assert page.count('role="search"') == 1
    assert 'action="/vi/glossary/"' in page
    assert "Welder" not in page
    assert '<span class="trade-tile__name" lang="vi">Hàn</span>' in page
    assert concept.get_absolute_url("vi") in page


def test_shared_links_carry_title_description_and_picture(client: Client, home: Any) -> None:
    content_page(home, name_en='A "b" & <c>', introduction_en="What it's for.", slug="about")
    page = client.get("/en/about/").content.decode()
    title = "A &quot;b&quot; &amp; &lt;c&gt;"
    assert f"<title>{title} · Mittaphap</title>" in page
    assert f'<meta property="og:title" content="{title}">' in page
    assert '<meta name="description" content="What it&#x27;s for.">' in page
    assert '<meta property="og:url" content="http://testserver/en/about/">' in page
    assert '/brand/open-graph.png">' in page


def test_home_shows_no_empty_sections(client: Client, home: Any) -> None:
    page = client.get("/en/").content.decode()
    assert "<section" in page
    assert "trade-grid" not in page
    assert "pair-list" not in page


BODY = [
    ("heading", {"lo": "", "vi": "An toàn", "en": "Safety"}),
    ("paragraphs", {"lo": "<p>ໃສ່ແວ່ນຕາ</p>", "vi": "<p>Đeo <b>kính</b>.</p>", "en": ""}),
]


@pytest.fixture
def about(home: Any) -> ContentPage:
    return content_page(
        home, name_en="About", name_vi="Giới thiệu", name_lo="ກ່ຽວກັບ", body=BODY, slug="about"
    )


def test_every_piece_of_a_page_says_its_language(client: Client, about: ContentPage) -> None:
    page = client.get("/lo/about/").content.decode()
    assert '<html lang="lo">' in page
    assert '<h1 lang="lo">ກ່ຽວກັບ</h1>' in page
    assert '<h2 lang="en">Safety</h2>' in page
    assert re.search(r'prose" lang="lo"><p[^>]*>ໃສ່ແວ່ນຕາ</p>', page)
    assert page.count("fallback-note") == 1


def test_the_companion_stands_beside_the_text(client: Client, about: ContentPage) -> None:
    page = client.get("/lo/about/?with=vi").content.decode()
    assert re.search(r'lang-vi" lang="vi">.*?Đeo <b>kính</b>', page, re.DOTALL)
    assert 'href="/vi/about/?with=lo"' in page
    assert '<link rel="canonical" href="http://localhost/lo/about/">' in page.replace(
        "testserver", "localhost"
    )
    # Links go on with both languages.
    assert 'href="/lo/trades/?with=vi"' in page


def test_a_text_does_not_stand_beside_itself(client: Client, about: ContentPage) -> None:
    # In English nothing is written, so Vietnamese stands in for it; it is the companion too.
    page = client.get("/en/about/?with=vi").content.decode()
    assert page.count("Đeo <b>kính</b>") == 1


def test_languages_that_are_not_ready_are_not_offered_to_search_engines(
    client: Client, about: ContentPage
) -> None:
    about.ready_languages = ["vi", "en"]
    about.save()
    page = client.get("/vi/about/").content.decode()
    assert 'hreflang="en" href=' in page
    assert 'rel="alternate" hreflang="lo"' not in page
    assert "ໃສ່ແວ່ນຕາ" not in client.get("/vi/about/?with=lo").content.decode()


def test_links_of_rich_text_lead_to_pages(client: Client, home: Any, about: ContentPage) -> None:
    text = f'<p><a linktype="page" id="{about.pk}">here</a></p>'
    body = [("paragraphs", {"lo": "", "vi": "", "en": text})]
    content_page(home, name_en="Other", slug="other", body=body)
    assert '<a href="/en/about/">here</a>' in client.get("/en/other/").content.decode()


def test_a_long_page_makes_at_most_twelve_queries(
    client: Client, home: Any, about: ContentPage, django_assert_max_num_queries: Any
) -> None:
    image = get_image_model().objects.create(title="Arc", file=get_test_image_file())
    targets = [content_page(home, name_en=f"Page {n}", slug=f"p{n}") for n in range(8)]
    text = '<p><a linktype="page" id="{}">here</a></p>'
    body = []
    for page in targets:
        source = text.format(page.pk)
        body += [("paragraphs", {"lo": source, "vi": source, "en": source}), BODY[0]]
        body.append(("picture", {"image": image, "alternative": BODY[0][1], "caption": BODY[0][1]}))
    long = content_page(about, name_en="Long", slug="long", body=body)
    content_page(long, name_en="Below", slug="below")
    # The first visit makes the renditions.
    client.get("/vi/about/long/?with=en")
    with django_assert_max_num_queries(12):
        page = client.get("/vi/about/long/?with=en").content.decode()
    assert page.count('<a href="/vi/p3/">here</a>') == 2
    assert page.count('alt="An toàn"') == 8
    assert 'href="/vi/about/long/below/?with=en"' in page


def test_the_footer_names_public_pages_only(client: Client, home: Any, about: ContentPage) -> None:
    content_page(home, name_en="Draft page", slug="draft", live=False)
    secret = content_page(home, name_en="Secret page", slug="secret")
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    page = client.get("/en/").content.decode()
    assert 'href="/en/about/"' in page
    assert "Draft page" not in page
    assert "Secret page" not in page


# --- Caches ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/en/", "/en/about/", "/en/trades/", "/robots.txt"])
def test_public_pages_may_be_kept_and_set_no_cookie(
    client: Client, about: ContentPage, path: str
) -> None:
    response = client.get(path)
    assert response["Cache-Control"] == "public, max-age=60"
    assert "cookie" not in response.get("Vary", "").lower()
    assert not response.cookies


def test_a_private_page_is_not_kept(client: Client, about: ContentPage) -> None:
    PageViewRestriction.objects.create(page=about, restriction_type="password", password="x")
    response = client.get("/en/about/")
    assert "public" not in response.get("Cache-Control", "")


def test_what_a_signed_in_reader_sees_is_not_kept(client: Client, about: ContentPage) -> None:
    PageViewRestriction.objects.create(page=about, restriction_type="login")
    client.force_login(UserFactory())
    response = client.get("/en/about/")
    assert response.status_code == 200
    assert "public" not in response.get("Cache-Control", "")


def test_forms_are_not_kept(client: Client, home: Any) -> None:
    response = client.get("/en/glossary/request/")
    assert "public" not in response.get("Cache-Control", "")
    assert "public" not in client.get("/admin/login/").get("Cache-Control", "")


# --- Not found, broken ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/lo/nothing/", "/lo/%00/", "/lo/%ED%A0%80/", "/lo/" + "a" * 3000 + "/", "/lo/a/b/c"]
)
def test_a_page_that_is_not_there_has_a_way_on(client: Client, home: Any, path: str) -> None:
    response = client.get(path, follow=True)
    page = response.content.decode()
    assert response.status_code == 404
    assert '<html lang="lo">' in page
    assert 'href="/lo/glossary/"' in page
    assert 'role="search"' in page


def test_the_error_page_needs_nothing_and_speaks_three_languages() -> None:
    page = server_error(RequestFactory().get("/")).content.decode()
    for code in ("lo", "vi", "en"):
        assert f'lang="{code}"' in page
        assert f'href="/{code}/"' in page
    assert "{%" not in page
    assert page == render_to_string("500.html")


# --- Sitemap and robots ---------------------------------------------------------------------------


def test_the_sitemap_names_every_public_address_in_its_ready_languages(
    client: Client, about: ContentPage
) -> None:
    about.ready_languages = ["vi", "en"]
    about.save()
    content_page(about, name_en="Draft", slug="draft", live=False)
    TradeFactory()
    concept = ConceptFactory(vi="máy hàn")
    ConceptFactory(vi="bản nháp", en="draft", live=False)
    index = client.get("/sitemap.xml").content.decode()
    sections = re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", index)
    assert f"/sitemap-concepts-{concept.pk // CHUNK}.xml" in sections
    text = "".join(client.get(section).content.decode() for section in sections)
    found = set(re.findall(r"<loc>http://[^/]+(/[^<]+)</loc>", text))
    assert {
        "/lo/", "/vi/", "/en/", "/vi/about/", "/en/about/", "/lo/glossary/", "/vi/trades/",
        "/lo/trades/welder/", concept.get_absolute_url("lo"), concept.get_absolute_url("vi"),
    } <= found  # fmt: skip
    assert "/lo/about/" not in found
    assert "draft" not in text
    links = re.findall(rf'hreflang="(..)" href="[^"]*{concept.public_id}', text)
    assert sorted(set(links)) == ["en", "lo", "vi"]


def test_the_sitemap_index_costs_the_same_however_many_concepts_there_are(
    client: Client, home: Any, django_assert_max_num_queries: Any
) -> None:
    first = ConceptFactory(vi="máy hàn")
    for number in range(1, 15):
        ConceptFactory(pk=first.pk + number * CHUNK, vi=f"máy {number}")
    with django_assert_max_num_queries(12):
        index = client.get("/sitemap.xml").content.decode()
    assert index.count("/sitemap-concepts-") == 15


def test_a_form_without_its_cookie_is_refused_in_the_language_of_the_page(home: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/vi/glossary/request/", {"text": "máy"})
    page = response.content.decode()
    assert response.status_code == 403
    assert '<html lang="vi"' in page
    assert 'href="/vi/' in page
    assert "CSRF" not in page


def test_an_unreadable_request_is_refused_with_a_way_on(client: Client, home: Any) -> None:
    response = client.post(
        "/lo/glossary/request/", "x" * 3_000_000, content_type="application/x-www-form-urlencoded"
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert 'href="/lo/"' in page


def test_an_unknown_sitemap_is_not_found(client: Client, home: Any) -> None:
    assert client.get("/sitemap-concepts-99.xml").status_code == 404
    assert client.get("/sitemap-x.xml").status_code == 404


def test_robots_names_the_sitemap(client: Client, home: Any) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text
