"""What readers asked for, in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from glossary.models import Concept, TermRequest
from tests.factories import AdminFactory
from tests.glossary.admin_forms import shown, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


def asked(text: str, language: str = "lo", count: int = 1) -> TermRequest:
    return TermRequest.objects.create(text=text, folded=text, language=language, count=count)


def page(name: str, *args) -> str:
    return reverse(f"wagtailsnippets_glossary_termrequest:{name}", args=args)


def test_the_most_wanted_come_first(admin: Client) -> None:
    asked("one"), asked("nine", count=9), asked("four", count=4)
    response = admin.get(page("list"))
    assert [r.text for r in response.context["object_list"]] == ["nine", "four", "one"]
    response = admin.get(f"{page('list')}?q=our")
    assert [r.text for r in response.context["object_list"]] == ["four"]
    response = admin.get(f"{page('list')}?ordering=count")
    assert [r.text for r in response.context["object_list"]] == ["one", "four", "nine"]


def test_nobody_makes_a_request_by_hand(admin: Client) -> None:
    admin.post(page("add"), {"text": "x", "language": "lo", "status": "open"})
    assert not TermRequest.objects.exists()
    assert page("add") not in admin.get(page("list")).content.decode()


def test_only_the_state_is_edited(admin: Client) -> None:
    request = asked("ສະກູ")
    admin.post(page("edit", request.pk), {"status": "declined", "text": "other", "count": "99"})
    request.refresh_from_db()
    assert (request.status, request.text, request.count) == ("declined", "ສະກູ", 1)


@pytest.mark.parametrize(
    ("action", "status"), [("requests_done", "done"), ("requests_declined", "declined")]
)
def test_many_at_once(admin: Client, action: str, status: str) -> None:
    requests = [asked("one"), asked("two")]
    address = f"/admin/bulk/glossary/termrequest/{action}/?id={requests[0].pk}&id={requests[1].pk}"
    assert admin.get(address).status_code == 200
    admin.post(address)
    assert set(TermRequest.objects.values_list("status", flat=True)) == {status}


@pytest.mark.parametrize(
    ("text", "language", "group"),
    [
        ("ສະກູ", "vi", "lo"),
        ("đinh vít", "lo", "vi"),
        ("búa đóng", "en", "vi"),
        ("screw", "lo", "en"),
        ("vit", "vi", "vi"),
    ],
)
def test_a_concept_is_made_from_a_request(
    admin: Client, text: str, language: str, group: str
) -> None:
    request = asked(text, language)
    address = f"{url('add')}?request={request.pk}"
    assert address in admin.get(page("list")).content.decode()
    response = admin.get(address)
    data = shown(response.context["form"])
    assert data[f"terms_{group}-0-text"] == text
    admin.post(response.context["action_url"], data | {"action-publish": "1"})
    concept = Concept.objects.get()
    assert [term.text for term in concept.terms_in(group)] == [text]
    request.refresh_from_db()
    assert request.status == "done"


@pytest.mark.parametrize("key", ["", "abc", "99999999999999999999", "-1", "12345"])
def test_an_unknown_request_opens_a_blank_form(admin: Client, key: str) -> None:
    response = admin.get(f"{url('add')}?request={key}")
    assert response.status_code == 200
    assert response.context["form"].formsets["terms_lo"].forms == []
