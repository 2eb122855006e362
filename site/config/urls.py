"""Addresses. Pages stand below their language; documents, uploads and the API do not."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include("portal.api")),
    path("uploads/", include("media.urls")),
    path("releases/", include("releases.file_urls")),
]
urlpatterns += [path("", include("portal.urls"))]
urlpatterns += i18n_patterns(
    path("glossary/", include("glossary.urls")),
    path("trades/", include("trades.urls")),
    path("curricula/", include("curricula.urls")),
    path("practice/", include("lessons.urls")),
    path("releases/", include("releases.urls")),
    path("", include(wagtail_urls)),
)
