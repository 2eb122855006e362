"""Public pages may be kept by browsers and caches for a minute."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header, patch_cache_control

MAX_AGE = 60
_PERSONAL = ("/admin/", "/documents/")


class PublicCacheMiddleware:
    """Says so of every page that holds nothing personal.

    It stands outside SessionMiddleware: what read or set a cookie there is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        is_public = (
            request.method in ("GET", "HEAD")
            and response.status_code == 200
            and not request.path_info.startswith(_PERSONAL)
            and not response.has_header("Cache-Control")
            and not response.cookies
            and not has_vary_header(response, "Cookie")
        )
        if is_public:
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        return response
