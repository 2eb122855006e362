"""What curricula add to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static

from . import admin_views, review_hooks  # noqa: F401  The review's hooks register themselves.
from .checklist import changeable_curricula


@hooks.register("insert_global_admin_css")
def curricula_style() -> SafeString:
    """The tables, the checklist and the pasting."""
    return format_html(
        '<link rel="stylesheet" href="{}">', versioned_static("curricula/admin/curricula.css")
    )


@hooks.register("register_admin_urls")
def curricula_urls() -> list[Any]:
    """curricula/…"""
    patterns = [
        path("checklist/<int:pk>/", admin_views.checklist, name="checklist"),
        path("paste-rows/", admin_views.checklist, name="paste_rows"),
    ]
    return [path("curricula/", include((patterns, "curricula_admin"), "curricula_admin"))]


class CurriculaMenuItem(MenuItem):
    """Shown to those who may change a curriculum."""

    def is_shown(self, request: HttpRequest) -> bool:
        return changeable_curricula(request.user).exists()
