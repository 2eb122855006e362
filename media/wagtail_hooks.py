"""What the admin adds for media: only sound, no video, in wagtailmedia's views."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import path, re_path
from wagtail import hooks
from wagtailmedia.views import chooser

from . import admin_views


def not_offered(request: HttpRequest) -> Any:
    raise Http404


@hooks.register("register_admin_urls")
def audio_only_urls() -> list[Any]:
    """Stand before wagtailmedia's own, since this app comes before it."""
    return [
        path("media/chooser/", chooser.chooser, {"media_type": "audio"}),
        path("media/audio/chooser/upload/", admin_views.chooser_upload),
        re_path(r"^media/(?:video|media)/", not_offered),
        re_path(r"^media/chooser/video/", not_offered),
    ]
