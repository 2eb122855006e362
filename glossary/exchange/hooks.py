"""Import and export in the Wagtail admin."""

from typing import Any

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from . import admin_views as views

urls = [
    path("", views.ImportView.as_view(), name="import"),
    path("export/", views.ExportView.as_view(), name="export"),
    path("export/file/", views.export_file, name="export_file"),
    path("<slug:token>/", views.UploadView.as_view(), name="upload"),
    path("<slug:token>/apply/", views.apply_view, name="apply"),
    path("<slug:token>/discard/", views.discard_view, name="discard"),
    path("<slug:token>/marked/", views.marked_file, name="marked"),
]


class ExchangeMenuItem(MenuItem):
    """Shown to those who may import or export."""

    def is_shown(self, request: Any) -> bool:
        return views.may_export(request.user)


@hooks.register("register_admin_urls")
def exchange_urls() -> list[Any]:
    """glossary-exchange/…"""
    return [path("glossary-exchange/", include((urls, "glossary_exchange")))]


@hooks.register("register_glossary_menu_item")
def exchange_menu_item() -> MenuItem:
    return ExchangeMenuItem(
        _("Glossary import and export"),
        reverse("glossary_exchange:import"),
        name="glossary-exchange",
        icon_name="download",
        order=90,
    )
