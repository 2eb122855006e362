"""The admin's addresses and menu entry of the worklist; imported by glossary.wagtail_hooks."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import recordings_views as views


class VoicesMenuItem(MenuItem):
    """Shown to those who may change concepts."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(views.PERMISSION)


@hooks.register("register_admin_urls")
def recordings_urls() -> list[Any]:
    patterns = [
        path("", views.WorklistView.as_view(), name="worklist"),
        path("<int:pk>/", views.RecordView.as_view(), name="record"),
    ]
    return [
        path(
            "glossary/recordings/",
            include((patterns, "glossary_recordings"), namespace="glossary_recordings"),
        )
    ]


@hooks.register("register_glossary_menu_item")
def voices_menu_item() -> MenuItem:
    return VoicesMenuItem(
        _("Terms without a voice"),
        reverse("glossary_recordings:worklist"),
        name="terms-without-voice",
        icon_name="wagtailmedia-audio",
        order=900,
    )
