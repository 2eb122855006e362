"""The public pages of releases: list, release, comparison, keys, and what other pages show."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from curricula.models import CurriculumPage
from releases import store
from releases.building import create_release, withdraw
from releases.models import Release
from tests.factories import centre_page

from .tiny import change_unit, released, tiny_curriculum

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Any) -> None:
    settings.RELEASES_DIR = tmp_path / "releases"


@pytest.fixture
def curriculum(home: Any) -> CurriculumPage:
    return tiny_curriculum(home)


@pytest.fixture
def release(curriculum: CurriculumPage) -> Release:
    return released(curriculum, notes={"vi": "Bản đầu.", "lo": "ສະບັບທຳອິດ."})


def page(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def text(found: Any) -> str:
    return " ".join(found.get_text(" ").split())


# --- One release ----------------------------------------------------------------------------------


def test_a_release_shows_its_files_with_size_and_hash(client: Client, release: Release) -> None:
    shown = page(client, f"/en/releases/{release.public_id}/")
    for file in release.files.exclude(kind__startswith="parts"):
        link = shown.find("a", href=file.url)
        assert link is not None
        assert "KB" in link.get_text()
        assert link.parent.find("code").get_text() == file.sha256
    lao = shown.select_one(".downloads.lang-lo")
    assert "3 texts are not translated. 1 text may be out of date." in text(lao)
    assert "not translated" not in text(shown.select_one(".downloads.lang-vi"))
    assert "Bản đầu." in text(shown)
    assert "Salavan College" in text(shown)


def test_the_qr_code_leads_to_the_page_in_the_visitors_language(
    client: Client, release: Release
) -> None:
    shown = page(client, f"/en/releases/{release.public_id}/")
    address = shown.select_one(".qr a")["href"]  # type: ignore[index]
    assert address == f"http://testserver/releases/{release.public_id}/"
    answer = client.get(f"/releases/{release.public_id}/", headers={"Accept-Language": "vi"})
    assert answer["Location"] == f"/vi/releases/{release.public_id}/"
    assert shown.select_one(".qr svg path") is not None
    # No part of it breaks the policy of public pages.
    assert not shown.select("main [style], main script")


def test_a_withdrawn_release_says_why_and_offers_nothing(client: Client, release: Release) -> None:
    withdraw(release, {"vi": "Giờ bị sai.", "en": "Hours were wrong."})
    shown = page(client, f"/en/releases/{release.public_id}/")
    assert "Hours were wrong." in text(shown)
    assert "can no longer be downloaded" in text(shown)
    assert not shown.select("a[href*='/releases/files/'], .qr")
    assert "withdrawn" in text(page(client, "/en/releases/"))


@pytest.mark.parametrize("state", ["building", "failed"])
def test_what_is_not_finished_is_nowhere_to_be_seen(
    client: Client, release: Release, state: str
) -> None:
    Release.objects.update(state=state)
    assert client.get(f"/en/releases/{release.public_id}/").status_code == 404
    assert client.get(f"/api/v1/releases/{release.public_id}/").status_code == 404
    assert client.get("/api/v1/releases/").json()["results"] == []
    assert "There is no release yet." in text(page(client, "/en/releases/"))
    assert "Hàn điện" not in client.get("/en/releases/feed.xml").content.decode()


def test_a_release_outlives_its_curriculum(client: Client, release: Release) -> None:
    CurriculumPage.objects.get().delete()
    shown = page(client, f"/en/releases/{release.public_id}/")
    assert "Hàn điện" in text(shown)
    assert "Read the curriculum" not in text(shown)


def test_where_it_was_adapted_from_is_told_and_leads_nowhere_unsafe(
    client: Client, release: Release
) -> None:
    first = {"name": {"vi": "Gốc"}, "version": 1, "date": "2026-01-05", "licence": "CC-BY-4.0"}
    release.summary["ancestors"] = [
        {**first, "url": "https://example.org/releases/x/", "centre": {"en": "Hue"}},
        {**first, "name": {"vi": "Xấu"}, "url": "javascript:alert(1)", "date": "never"},
    ]
    release.save()
    found = page(client, f"/en/releases/{release.public_id}/").select_one(".ancestors")
    assert found is not None
    assert [link["href"] for link in found.select("a")] == ["https://example.org/releases/x/"]
    assert "Gốc , version 1, Jan. 5, 2026 Hue · CC BY 4.0" in text(found)
    assert "Xấu" in text(found)


# --- What changed ---------------------------------------------------------------------------------


def test_two_releases_are_compared_word_by_word_in_both_languages(
    client: Client, curriculum: CurriculumPage, release: Release
) -> None:
    change_unit(curriculum, "Đeo găng tay.")
    unit = curriculum.get_descendants().last().specific
    unit.name_lo = "ການປ້ອງກັນ"
    unit.save_revision().publish()
    newer = released(curriculum)
    link = page(client, f"/en/releases/{newer.public_id}/").select_one("a[href*=changes]")
    assert link is not None
    shown = page(client, link["href"])
    went, came = ([text(one) for one in shown.select(f"main {tag}")] for tag in ("del", "ins"))
    assert went == ["what went", "kính"]
    assert came == ["what came", "ການປ້ອງກັນ", "găng tay"]
    words = shown.select_one(".change-text.lang-vi")
    assert words is not None
    assert "Đeo" in text(words)
    # The other way round what came went.
    back = page(client, f"/lo/releases/{release.public_id}/changes/{newer.public_id}/")
    assert [text(one) for one in back.select("main .change-text del")][-1] == "găng tay"
    same = page(client, f"/en/releases/{newer.public_id}/changes/{newer.public_id}/")
    assert "Nothing that readers see has changed." in text(same)


def test_what_is_withdrawn_or_lost_is_not_compared(
    client: Client, curriculum: CurriculumPage, release: Release
) -> None:
    newer = released(curriculum)
    url = f"/en/releases/{newer.public_id}/changes/{release.public_id}/"
    assert client.get(url).status_code == 200
    # Its text changed nothing; still it is its own document.
    store.path_of(release.document).unlink()
    assert client.get(url).status_code == 404
    withdraw(newer, {"en": "Wrong."})
    assert client.get(url).status_code == 404


# --- Lists and other pages ------------------------------------------------------------------------


def test_the_list_is_filtered(client: Client, curriculum: CurriculumPage, home: Any) -> None:
    here = released(curriculum)
    other = tiny_curriculum(
        None, centre=centre_page(home, name_en="Hue College", country="VN"), name_vi="Hàn khí"
    )
    there = released(other)
    centres = {one.public_id: one.curriculum.centre.public_id for one in (here, there)}  # type: ignore[union-attr]
    for query, expected in (
        ("", {here, there}),
        (f"?curriculum={here.curriculum_public_id}", {here}),
        (f"?centre={centres[there.public_id]}", {there}),
        ("?country=LA", {here}),
        ("?trade=welder", {here, there}),
    ):
        shown = page(client, f"/vi/releases/{query}").select("main .card__title a")
        assert {one["href"] for one in shown} == {
            f"/vi/releases/{release.public_id}/" for release in expected
        }
    for query in ("?trade=none", "?centre=none", "?country=TH", "?page=0", "?page=2", "?page=x"):
        assert client.get(f"/vi/releases/{query}").status_code == 404


def test_a_curriculum_and_its_centre_lead_to_the_newest_release(
    client: Client, curriculum: CurriculumPage, release: Release
) -> None:
    newer = released(curriculum)
    create_release(curriculum, ["vi"])
    shown = page(client, curriculum.url.replace("/en/", "/vi/"))  # type: ignore[union-attr]
    section = shown.find(id="downloads").parent  # type: ignore[union-attr]
    links = [link["href"] for link in section.select("a")]
    assert newer.get_absolute_url().replace("/en/", "/vi/") in links
    for file in newer.files.exclude(language=""):
        assert file.url in links
    # The reader's own language comes first.
    assert section.select_one(".downloads")["class"] == ["downloads", "lang-vi"]
    centre = page(client, curriculum.centre.url)  # type: ignore[union-attr]
    assert newer.lasting_path in str(centre.find(id="releases").parent.parent)  # type: ignore[union-attr]


def test_the_keys_are_shown_and_served(client: Client, release: Release) -> None:
    [key] = client.get("/api/v1/releases/keys/").json()
    assert key["is_current"] is True
    assert re.fullmatch("[0-9A-F]{16}", key["id"])
    shown = text(page(client, "/lo/releases/keys/"))
    assert key["id"] in shown
    assert key["public_key"] in shown
    assert "SECRET" not in shown.upper()


def test_queries_do_not_grow(
    client: Client, curriculum: CurriculumPage, django_assert_max_num_queries: Any
) -> None:
    releases = [released(curriculum) for _ in range(4)]
    for url, most in (
        ("/vi/releases/", 8),
        (f"/vi/releases/{releases[-1].public_id}/", 10),
        (f"/vi/releases/{releases[-1].public_id}/changes/{releases[0].public_id}/", 6),
        ("/vi/releases/feed.xml", 3),
        ("/api/v1/releases/", 3),
        (f"/api/v1/releases/{releases[-1].public_id}/", 3),
    ):
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
