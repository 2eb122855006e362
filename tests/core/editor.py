"""Helpers of the editor's tests: what a browser would post."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from tests.factories import AdminFactory


def signed_in(client: Client) -> Client:
    """The client of an administrator."""
    client.force_login(AdminFactory())
    return client


def texts(name: str, **by_language: str) -> dict[str, str]:
    """`texts("name", en="About")` → the three fields of a translated field."""
    return {f"{name}_{code}": by_language.get(code, "") for code in ("lo", "vi", "en")}


def block(kind: str, block_id: str, **by_language: str) -> dict[str, Any]:
    """A translated block as the form posts it; paragraphs are given as HTML."""
    convert = rich_text if kind == "paragraphs" else str
    value = {
        code: convert(by_language.get(code, ""), features=FEATURES)
        if kind == "paragraphs"
        else by_language.get(code, "")
        for code in ("lo", "vi", "en")
    }
    return {"type": kind, "id": block_id, "value": value}


FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link", "language"]


def page_data(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The post data of a content page; blocks as `block` makes them."""
    stream = []
    for entry in blocks:
        stream.append((entry["type"], entry["value"]))
    data = nested_form_data({"body": streamfield(stream)})
    for number, entry in enumerate(blocks):
        data[f"body-{number}-id"] = entry["id"]
    return {
        **texts("name"),
        **texts("introduction"),
        **texts("share_title"),
        **texts("share_description"),
        "slug": "",
        "source_language": "en",
        "languages": ["lo", "vi", "en"],
        "ready_languages": ["lo", "vi", "en"],
        **data,
        **fields,
    }


def loaded(page: Page) -> dict[str, str]:
    """The hidden fields that say which revision the editor opened."""
    revision = page.latest_revision
    return {
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")
