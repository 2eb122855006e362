"""The Atom feed and the JSON API: what other sites and programs read."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree

from releases import store
from releases.building import withdraw
from releases.models import Release

from .tiny import released, tiny_curriculum

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Any) -> None:
    settings.RELEASES_DIR = tmp_path / "releases"


@pytest.fixture
def release(home: Any) -> Release:
    return released(tiny_curriculum(home), notes={"vi": "Bản đầu & <b>."})


def feed(client: Client, language: str = "vi") -> Any:
    response = client.get(f"/{language}/releases/feed.xml")
    assert response["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(response.content)


def test_the_feed_names_each_release(client: Client, release: Release) -> None:
    [entry] = feed(client).findall("a:entry", ATOM)
    assert "Hàn điện" in entry.findtext("a:title", namespaces=ATOM)
    assert entry.findtext("a:summary", namespaces=ATOM) == "Bản đầu & <b>."
    link = entry.find("a:link", ATOM).get("href")
    assert link.endswith(f"/vi/releases/{release.public_id}/")
    # The same entry in every language, so that no reader shows it twice.
    ids = {
        feed(client, code).findtext("a:entry/a:id", namespaces=ATOM) for code in ("lo", "vi", "en")
    }
    assert ids == {f"http://testserver/releases/{release.public_id}/"}


def test_the_feed_tells_of_a_withdrawal(client: Client, release: Release) -> None:
    withdraw(release, {"en": "Hours were wrong."})
    [entry] = feed(client, "en").findall("a:entry", ATOM)
    assert "Withdrawn" in entry.findtext("a:title", namespaces=ATOM)
    assert entry.findtext("a:summary", namespaces=ATOM) == "Hours were wrong."
    assert entry.findtext("a:updated", namespaces=ATOM) > entry.findtext(
        "a:published", namespaces=ATOM
    )


def test_the_api_names_all_that_a_site_needs_to_fetch_it(client: Client, release: Release) -> None:
    [listed] = client.get("/api/v1/releases/").json()["results"]
    assert (listed["id"], listed["version"], listed["state"]) == (
        *(release.public_id, 1, "published"),
    )
    assert listed["name"] == {"vi": "Hàn điện"}
    assert listed["url"] == f"http://testserver/releases/{release.public_id}/"
    found = client.get(f"/api/v1/releases/{release.public_id}/").json()
    assert found["notes"] == {"vi": "Bản đầu & <b>."}
    assert {file["kind"] for file in found["files"]} == {
        *("pdf", "epub", "docx", "html", "package", "parts", "parts_sig"),
    }
    for file in [*found["files"], found["document"]]:
        response = client.get(file["url"])
        content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert len(content) == file["size"]
        assert store.put_bytes(content) == file["sha256"]
    assert found["keys"] == client.get("/api/v1/releases/keys/").json()


def test_the_api_says_what_was_withdrawn(client: Client, release: Release) -> None:
    withdraw(release, {"lo": "ຜິດ."})
    found = client.get(f"/api/v1/releases/{release.public_id}/").json()
    assert found["withdrawn"]["reason"] == {"lo": "ຜິດ."}
    assert (found["files"], found["document"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "number"),
    [("trade=welder", 1), ("trade=cook", 0), ("country=LA", 1), ("country=VN", 0), ("centre=x", 0)],
)
def test_the_api_is_filtered(client: Client, release: Release, query: str, number: int) -> None:
    assert len(client.get(f"/api/v1/releases/?{query}").json()["results"]) == number


def test_openapi_describes_releases(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path in ("", "{public_id}/", "keys/"):
        assert f"/api/v1/releases/{path}" in paths
