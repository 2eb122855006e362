"""Requests for terms: counted per word, limited against spam, nothing kept about the sender."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from glossary import term_requests
from glossary.models import TermRequest

pytestmark = pytest.mark.django_db
PATH = "/en/glossary/request/"
Send = Callable[..., Any]


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forms may be sent at once."""
    monkeypatch.setattr(term_requests, "LEAST_TIME", -1)
    yield


@pytest.fixture
def send(client: Client, home: Any, _unhurried: None) -> Send:
    def post(text: str, address: str = "10.0.0.1", **more: str) -> Any:
        data = {"text": text, "stamp": term_requests.new_stamp(), "website": "", **more}
        return client.post(PATH, data, REMOTE_ADDR=address)

    return post


def test_a_request_is_counted_and_thanked(client: Client, send: Send) -> None:
    response = send("máy  hàng")
    assert response.status_code == 302
    assert "Thank you" in client.get(response["Location"]).content.decode()
    wish = TermRequest.objects.get()
    assert (wish.text, wish.language, wish.count) == ("máy hàng", "en", 1)


def test_readers_asking_for_the_same_word_add_up_whatever_its_spelling(send: Send) -> None:
    send("máy hàng", "10.0.0.1")
    send("May Hang", "10.0.0.2")
    assert TermRequest.objects.get().count == 2


def test_sending_twice_counts_once(send: Send) -> None:
    stamp = term_requests.new_stamp()
    for _ in range(3):
        assert send("máy hàng", stamp=stamp).status_code == 302
    assert TermRequest.objects.get().count == 1


def test_one_sender_can_ask_for_so_much_a_day(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term_requests, "REQUESTS_A_DAY", 3)
    for number in range(6):
        assert send(f"word {number}").status_code == 302
    assert TermRequest.objects.count() == 3
    send("word 9", "10.0.0.2")
    assert TermRequest.objects.count() == 4


def test_behind_a_proxy_the_sender_is_who_it_heard_from(client: Client, send: Send) -> None:
    for forwarded in ("1.1.1.1, 10.0.0.1", "2.2.2.2, 10.0.0.1", "10.0.0.2"):
        data = {"text": "word", "stamp": term_requests.new_stamp()}
        client.post(PATH, data, REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": forwarded})
    assert TermRequest.objects.get().count == 2


def test_what_fills_in_everything_is_thanked_and_ignored(send: Send) -> None:
    assert send("máy hàng", website="http://spam.example").status_code == 302
    assert not TermRequest.objects.exists()


def test_a_form_sent_at_once_is_asked_to_wait(client: Client, home: Any) -> None:
    response = client.post(PATH, {"text": "máy", "stamp": term_requests.new_stamp()})
    assert "Please wait a moment" in response.content.decode()
    assert 'value="máy"' in response.content.decode()
    assert not TermRequest.objects.exists()


@pytest.mark.parametrize("stamp", ["", "forged", "a:b:c", "\x00"])
def test_a_form_without_a_genuine_stamp_gets_a_new_one_and_keeps_its_text(
    client: Client, home: Any, stamp: str
) -> None:
    page = client.post(PATH, {"text": "máy", "stamp": stamp}).content.decode()
    assert "open for too long" in page
    assert 'value="máy"' in page
    handed = re.search(r'name="stamp" value="([^"]+)"', page)
    assert handed is not None
    assert handed[1] != stamp
    assert not TermRequest.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "…!?", "\x00", "x" * 101, "\u200b"])
def test_what_is_no_word_is_refused_at_its_field(send: Send, text: str) -> None:
    page = send(text).content.decode()
    assert 'aria-invalid="true"' in page
    assert 'href="#id_text"' in page
    assert not TermRequest.objects.exists()


def test_a_hundred_letters_of_any_kind_fit(send: Send) -> None:
    for number, text in enumerate(("ຫຼ" * 50, "ﷺ" * 100, "ﬃ" * 100, "ấ" * 100)):
        assert send(text, f"10.0.1.{number}").status_code == 302


def test_a_forged_form_is_refused(home: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(PATH, {"text": "máy"}).status_code == 403
    page = strict.get(f"{PATH}?q=máy hàng").content.decode()
    assert 'value="máy hàng"' in page
    assert "csrfmiddlewaretoken" in page


def test_the_addresses_of_one_ipv6_network_are_one_sender(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(term_requests, "REQUESTS_A_DAY", 3)
    for number in range(6):
        send(f"word {number}", f"2001:db8:1:2::{number}")
    assert TermRequest.objects.count() == 3
    send("word 9", "2001:db8:1:3::1")
    assert TermRequest.objects.count() == 4


def test_a_made_up_forwarded_address_is_no_other_sender(
    send: Send, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(term_requests, "REQUESTS_A_DAY", 1)
    for number in range(3):
        data = {"text": f"word {number}", "stamp": term_requests.new_stamp(), "website": ""}
        forged = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"10.0.0.{number}, 10.1.1.1"}
        client.post(PATH, data, **forged)
    assert TermRequest.objects.count() == 1
