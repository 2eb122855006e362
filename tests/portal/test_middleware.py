"""portal.middleware"""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.middleware import PublicCacheMiddleware


def kept(response: HttpResponse, path: str = "/en/", method: str = "get") -> bool:
    def get_response(request: HttpRequest) -> HttpResponse:
        return response

    request = getattr(RequestFactory(), method)(path)
    answered = PublicCacheMiddleware(get_response)(request)
    return "public" in answered.get("Cache-Control", "")


def test_a_plain_page_may_be_kept() -> None:
    assert kept(HttpResponse())
    assert kept(HttpResponse(headers={"Vary": "Accept-Encoding"}))


@pytest.mark.parametrize(
    "headers", [{"Vary": "Accept-Language, Cookie"}, {"Cache-Control": "private"}]
)
def test_what_depends_on_a_cookie_or_says_otherwise_is_left_alone(headers: dict[str, str]) -> None:
    assert not kept(HttpResponse(headers=headers))


def test_what_sets_a_cookie_or_answers_a_form_is_left_alone() -> None:
    response = HttpResponse()
    response.set_cookie("a", "b")
    assert not kept(response)
    assert not kept(HttpResponse(), method="post")
    assert not kept(HttpResponse(status=404))
    assert not kept(HttpResponse(), "/admin/pages/")
