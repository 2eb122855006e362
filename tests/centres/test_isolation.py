"""No address of the admin, the API or the documents tells a member about another centre's work."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from media.models import SiteImage
from portal.models import HomePage
from tests.centres.two_centres import Corner, corner
from tests.core.test_admin_search import full_text  # noqa: F401 — a fixture.

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRET = "zebra"
# Begins like the secret, so that lists and searches find it, and no echo of a query is mistaken.
QUERY = "zebr"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield re.sub(r"\\Z|[\^$\\]", "", route)


def named(theirs: Corner) -> dict[str, list[Any]]:
    """What stands in an address for each name of a parameter."""
    space = theirs.centre.space
    page = [theirs.submitted.pk]
    # Keys of different kinds are often the same small numbers, so few of them try them all.
    anything = {
        *(theirs.curriculum.pk, theirs.image.pk, theirs.recording.pk, theirs.editor.pk),
        *(theirs.workflow_state.workflow_id, space.collection_id, space.editors_id),
    }
    kinds = [
        ("wagtailcore", "page"),
        ("curricula", "curriculumpage"),
        ("media", "siteimage"),
        ("media", "sitedocument"),
        ("media", "recording"),
    ]
    return {
        "page_id": page,
        "parent_page_id": [theirs.curriculum.pk, theirs.centre.get_parent().pk],
        "page_to_move_id": page,
        "destination_id": [theirs.curriculum.pk],
        "image_id": [theirs.image.pk],
        "document_id": [theirs.document.pk],
        "doc_id": [theirs.document.pk],
        "media_id": [theirs.recording.pk],
        "revision_id": [theirs.revision.pk],
        "task_state_id": [theirs.task_state.pk],
        "workflow_state_id": [theirs.workflow_state.pk],
        "task_id": [theirs.task_state.task_id],
        "action": ["delete", "publish", "unpublish", "move", "add_to_collection", "add_tags"],
        "action_name": ["approve", "delete"],
        "model": kinds,
        "filename": [theirs.document.filename],
        "": sorted(anything),
    }


def addresses(theirs: Corner) -> Iterator[str]:
    known = named(theirs)
    for route in routes(get_resolver().url_patterns):
        if not route.startswith(("admin/", "documents/", "api/")) or "log" in route:
            continue
        # The first fails on purpose; the blocks' previews and scripts know no pages.
        if re.search("failwhale|jsi18n|sprite|block-preview|test404|openapi", route):
            continue
        names = [first or second for first, second in PARAMETER.findall(route)]
        kinds = known["model"] if any(name.endswith("model_name") for name in names) else [()]
        for kind in kinds:
            choices = [
                [kind[0]]
                if name.endswith(("app_label", "app_name"))
                else [kind[1]]
                if name.endswith("model_name")
                else known.get(name.replace("document_filename", "filename"), known[""])
                for name in names
            ]
            for turn in range(max(map(len, choices), default=1)):
                parts = (str(values[turn % len(values)]) for values in choices)
                yield "/" + PARAMETER.sub(lambda _match, parts=parts: next(parts), route)


def queries(address: str, theirs: Corner) -> list[dict[str, Any]]:
    if "/bulk/" in address or "multiple" in address:
        files = (theirs.image.pk, theirs.document.pk, theirs.recording.pk)
        return [{"id": [theirs.curriculum.pk]}, *({"id": [pk]} for pk in files)]
    if re.search(r"\d", address.replace("v1", "")):
        return [{}]
    return [
        {"collection_id": theirs.image.collection_id, "child_of": theirs.curriculum.pk},
        {"q": QUERY, "term": QUERY},
    ]


def test_no_address_tells_of_another_centres_drafts_files_and_people(
    home: HomePage,
    client: Client,
    full_text: None,  # noqa: F811
) -> None:
    ours, theirs = corner(home, "Ours", "heron"), corner(home, "Theirs", SECRET)
    hide_names(theirs)
    client.force_login(ours.publisher)
    client.raise_request_exception = False
    asked, told, failed = 0, [], []
    for address in addresses(theirs):
        for query in queries(address, theirs):
            response: Any = client.get(address, query)
            asked += 1
            body = b"".join(response.streaming_content) if response.streaming else response.content
            if SECRET in (body.decode("utf-8", "replace") + str(response.headers)).lower():
                told.append((address, query))
            if response.status_code >= 500:
                failed.append((address, query))
    assert not told
    assert not failed
    assert asked > 500
    # The sweep would find it: its own members do.
    client.force_login(theirs.editor)
    assert SECRET in client.get(f"/admin/pages/{theirs.centre.pk}/").content.decode()


def hide_names(theirs: Corner) -> None:
    """Put the secret word into whatever else of a centre has a name of its own."""
    space = theirs.centre.space
    task = theirs.task_state.task.specific
    for thing in (
        *(space.collection, *space.collection.get_children(), space.editors, space.publishers),
        *(task, theirs.workflow_state.workflow),
    ):
        thing.name = f"{SECRET} {thing.name}"
        thing.save()


@pytest.mark.parametrize("spelled", ["{}", " {}", "+{}", "{:0>30}", "٠{}", "all", "x"])
def test_no_spelling_of_a_key_leads_to_another_centres_work(
    home: HomePage, client: Client, spelled: str
) -> None:
    ours, theirs = corner(home, "Ours", "heron"), corner(home, "Theirs", SECRET)
    client.force_login(ours.publisher)
    told = []

    def ask(address: str, query: dict[str, Any], posted: dict[str, Any] | None = None) -> None:
        url = f"{address}?{urlencode(query)}"
        response: Any = client.get(url) if posted is None else client.post(url, posted)
        if SECRET in response.content.decode().lower():
            told.append((url, posted))

    for action in ("delete", "move", "publish", "unpublish"):
        query = {"id": spelled.format(theirs.curriculum.pk)}
        ask(f"/admin/bulk/wagtailcore/page/{action}/", query)
    for file in (theirs.image, theirs.document, theirs.recording):
        address = f"/admin/bulk/media/{file._meta.model_name}/delete/"
        ask(address, {"id": spelled.format(file.pk)})
    for parent in (theirs.curriculum, theirs.centre, theirs.centre.get_parent()):
        ask("/admin/bulk/wagtailcore/page/delete/", {"id": "all", "childOf": parent.pk})
    key = spelled.format(theirs.curriculum.pk)
    ask("/admin/choose-page/chosen-multiple/", {"id": key})
    ask("/admin/bulk/wagtailcore/page/move/", {"id": ours.module.pk}, {"chooser": key})
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": key}
    ask(f"/admin/pages/{ours.curriculum.pk}/copy/", {}, form)
    assert not told


@pytest.mark.parametrize("spelled", ["{}", " {}", "{:0>30}"])
def test_an_editor_deletes_no_file_that_another_brought(
    home: HomePage, client: Client, spelled: str
) -> None:
    ours = corner(home, "Ours", "heron")
    SiteImage.objects.update(uploaded_by_user=ours.publisher)
    client.force_login(ours.editor)
    query = urlencode({"id": spelled.format(ours.image.pk)})
    client.post(f"/admin/bulk/media/siteimage/delete/?{query}")
    assert SiteImage.objects.filter(pk=ours.image.pk).exists()


def test_members_act_on_all_pages_below_their_own(home: HomePage, client: Client) -> None:
    ours = corner(home, "Ours", "heron")
    corner(home, "Theirs", SECRET)
    client.force_login(ours.publisher)
    address = "/admin/bulk/wagtailcore/page/delete/"
    response = client.get(address, {"id": "all", "childOf": ours.curriculum.pk})
    assert "heron module" in response.content.decode()
