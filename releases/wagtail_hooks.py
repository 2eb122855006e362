"""What releases add to the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from curricula.admin_pages import LINKS_HOOK
from curricula.models import CurriculumPage

from . import adapt_hooks as _adapt_hooks  # noqa: F401  Registers itself.
from . import admin_views


@hooks.register("register_admin_urls")
def release_urls() -> list[Any]:
    """releases/…"""
    patterns = [
        path("of/<int:page_id>/", admin_views.CurriculumReleases.as_view(), name="list"),
        path("of/<int:page_id>/new/", admin_views.NewRelease.as_view(), name="new"),
        path("<slug:public_id>/", admin_views.ReleaseView.as_view(), name="release"),
        path("<slug:public_id>/state/", admin_views.ReleaseState.as_view(), name="state"),
    ]
    return [path("releases/", include((patterns, "releases_admin"), "releases_admin"))]


@hooks.register(LINKS_HOOK)
def releases_link(curriculum: CurriculumPage, user: Any) -> Iterator[tuple[Any, str]]:
    """The releases, from the list of curricula."""
    if admin_views.may_release(user, curriculum):
        yield gettext_lazy("Releases"), reverse("releases_admin:list", args=[curriculum.pk])


@hooks.register("register_page_header_buttons")
def releases_button(
    page: Page, user: Any, view_name: str, next_url: Any = None
) -> Iterator[Button]:
    """The releases, from the editor of a curriculum and the list of its modules."""
    if issubclass(page.specific_class or Page, CurriculumPage) and admin_views.may_release(
        user, page
    ):
        yield Button(
            gettext_lazy("Releases"),
            url=reverse("releases_admin:list", args=[page.pk]),
            icon_name="download",
            priority=6,
        )
