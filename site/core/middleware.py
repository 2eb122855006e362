"""The reader's language on each request, and the admin's own content security policy."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware

from .reader import reader_for, remember_reader

# Addresses that stand outside the languages: what is missing there is missing, and no copy of it
# depends on the visitor's language.
OUTSIDE_LANGUAGES = (
    *("/admin/", "/api/", "/documents/", "/static/", "/uploads/"),
    "/releases/files/",
)


class ReaderMiddleware(LocaleMiddleware):
    """Django's choice of language, and `request.reader` from it and from `?with=`."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.reader = reader_for(request)  # type: ignore[attr-defined]
        remember_reader(request.reader)  # type: ignore[attr-defined]

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(OUTSIDE_LANGUAGES):
            return response
        return super().process_response(request, response)  # type: ignore[no-any-return]


class PolicyMiddleware(CSPMiddleware):
    """A strict policy everywhere; /admin/ has its own, for Wagtail's inline scripts and styles."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            parts.replace = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts
