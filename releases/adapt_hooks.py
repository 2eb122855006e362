"""Taking in releases and their updates in the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import include, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.models import Page

from centres.models import CentrePage
from curricula.models import CurriculumPage

from . import adapt_views as views
from .adapting import newer_release
from .models import Adoption
from .update_views import UpdateView, adoptions_of, notice

urls = [
    path("", views.TakeInView.as_view(), name="start"),
    path("update/<int:page_id>/", UpdateView.as_view(), name="update"),
    path("<slug:token>/", views.IntakeView.as_view(), name="intake"),
    path("<slug:token>/accept-key/", views.accept_key_view, name="accept_key"),
    path("<slug:token>/confirm/", views.confirm_view, name="confirm"),
    path("<slug:token>/retry/", views.retry_view, name="retry"),
    path("<slug:token>/discard/", views.discard_view, name="discard"),
]


@hooks.register("register_admin_urls")
def adaptation_urls() -> list[Any]:
    """adaptations/…"""
    return [path("adaptations/", include((urls, "adaptations"), "adaptations"))]


@hooks.register("register_page_header_buttons")
def adaptation_buttons(
    page: Page, user: Any, view_name: str, next_url: Any = None
) -> Iterator[Button]:
    """On a centre: take in a release. On an adapted curriculum: what changed in its source."""
    model = page.specific_class
    if model is CentrePage and page.permissions_for_user(user).can_add_subpage():
        yield Button(
            _("Take in a release"),
            url=f"{reverse('adaptations:start')}?centre={page.pk}",
            icon_name="download",
            priority=7,
        )
    elif model is CurriculumPage and Adoption.objects.filter(curriculum=page.pk).exists():
        yield Button(
            _("What changed in the source"),
            url=reverse("adaptations:update", args=[page.pk]),
            icon_name="history",
            priority=7,
        )


@hooks.register("before_edit_page")
def tell_of_newer_release(request: HttpRequest, page: Page) -> None:
    """Above the editor of an adapted curriculum whose source has a newer release."""
    if request.method != "GET" or not isinstance(page, CurriculumPage):
        return
    adoption = Adoption.objects.filter(curriculum=page).first()
    if adoption is not None and (newer := newer_release(adoption)):
        address = reverse("adaptations:update", args=[page.pk])
        button = messages.button(address, _("See what changed"))
        messages.warning(request, notice(adoption, newer), buttons=[button])


class NewerReleases(Component):
    """The panel of the admin's first page."""

    order = 120

    def render_html(self, parent_context: Any = None) -> SafeString:
        user = parent_context["request"].user
        found = [(adoption, notice(adoption, newer)) for adoption, newer in adoptions_of(user)]
        return render_to_string("releases/admin/adapt_panel.html", {"found": found})


@hooks.register("construct_homepage_panels")
def newer_releases(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(NewerReleases())
