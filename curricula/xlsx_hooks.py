"""The form of a programme in the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from centres.models import CentrePage

from .models import CurriculumPage
from .xlsx import views


@hooks.register("register_admin_urls")
def form_urls() -> list[Any]:
    """programme-form/…"""
    patterns = [
        path("<int:pk>/", views.SendView.as_view(), name="send"),
        path("<int:pk>/file/", views.download, name="download"),
        path("upload/<slug:token>/", views.UploadView.as_view(), name="upload"),
        path("upload/<slug:token>/apply/", views.apply_view, name="apply"),
        path("upload/<slug:token>/discard/", views.discard_view, name="discard"),
        path("upload/<slug:token>/marked/", views.marked_file, name="marked"),
    ]
    return [path("programme-form/", include((patterns, "curricula_xlsx"), "curricula_xlsx"))]


@hooks.register("register_page_header_buttons")
def header_button(
    page: Page, user: Any, next_url: str | None = None, view_name: str = ""
) -> Iterator[Button]:
    """In the menu of a centre and of a programme."""
    yield from _button(page.specific_deferred, user)


@hooks.register("register_page_listing_more_buttons")
def listing_button(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of their rows in lists."""
    yield from _button(page, user)


def _button(page: Any, user: Any) -> Iterator[Button]:
    if not isinstance(page, (CentrePage, CurriculumPage)) or not views.may_import(user, page):
        return
    is_centre = isinstance(page, CentrePage)
    label = _("Import a programme") if is_centre else _("Export or import as a form")
    url = reverse("curricula_xlsx:send", args=[page.pk])
    yield Button(label, url, icon_name="upload" if is_centre else "table", priority=90)
