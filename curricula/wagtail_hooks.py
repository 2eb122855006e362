"""What curricula add to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static

from . import admin_views
from . import block_forms as _block_forms  # noqa: F401  Registers itself with the editor.
from . import review_hooks as _review_hooks  # noqa: F401  Registers itself, too.
from . import xlsx_hooks as _xlsx_hooks  # noqa: F401  And so does this.
from .admin_pages import CopyModulesView, CurriculaView, MissingReport
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
        path("", CurriculaView.as_view(), name="list"),
        path("missing/", MissingReport.as_view(), name="missing"),
        path("checklist/<int:pk>/", admin_views.checklist, name="checklist"),
        path("copy-modules/<int:pk>/", CopyModulesView.as_view(), name="copy_modules"),
        path("paste-rows/", admin_views.paste_rows, name="paste_rows"),
        path("paste-cells/", admin_views.paste_cells, name="paste_cells"),
        path("paste-text/", admin_views.paste_text, name="paste_text"),
    ]
    return [path("curricula/", include((patterns, "curricula_admin"), "curricula_admin"))]


class CurriculaMenuItem(MenuItem):
    """Shown to those who may change a curriculum."""

    def is_shown(self, request: HttpRequest) -> bool:
        return changeable_curricula(request.user).exists()


@hooks.register("register_admin_menu_item")
def curricula_menu_item() -> MenuItem:
    return CurriculaMenuItem(
        _("Curricula"),
        reverse("curricula_admin:list"),
        name="curricula",
        icon_name="clipboard-list",
        order=110,
    )


@hooks.register("register_reports_menu_item")
def missing_menu_item() -> MenuItem:
    return CurriculaMenuItem(
        _("Curricula: what is missing"),
        reverse("curricula_admin:missing"),
        name="curricula-missing",
        icon_name="tasks",
        order=202,
    )
