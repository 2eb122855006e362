"""What centres add to the Wagtail admin: rules about whose work is whose, and their menu."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Collection, Page
from wagtail.snippets.models import register_snippet

from media.models import SiteDocument
from trades.wagtail_hooks import keep_in_use

from . import admin_filters, admin_views
from .document_access import may_read
from .models import Ministry, Province
from .search import rebuild_province
from .taking_back import obstacles_to_deletion, obstacles_to_move, take_files_along
from .viewsets import CentresGroup
from .visibility import linkable_pages, space_of, works_everywhere

admin_filters.connect()
register_snippet(CentresGroup)


@hooks.register("register_admin_urls")
def centre_urls() -> list[Any]:
    """centres/…"""
    patterns = [
        path("", admin_views.CentreListView.as_view(), name="list"),
        path("new/", admin_views.NewCentreView.as_view(), name="new"),
        path("<int:pk>/members/", admin_views.MembersView.as_view(), name="members"),
    ]
    return [path("centres/", include((patterns, "centres_admin"), namespace="centres_admin"))]


class AdministratorsMenuItem(MenuItem):
    """Shown to those who look after all centres."""

    def is_shown(self, request: HttpRequest) -> bool:
        return admin_views.looks_after_centres(request.user)


@hooks.register("register_centres_menu_item")
def list_menu_item() -> MenuItem:
    return AdministratorsMenuItem(
        gettext_lazy("All centres"), reverse("centres_admin:list"), name="all-centres",
        icon_name="group", order=1,
    )  # fmt: skip


@hooks.register("register_centres_menu_item")
def new_menu_item() -> MenuItem:
    return AdministratorsMenuItem(
        gettext_lazy("New centre"), reverse("centres_admin:new"), name="new-centre",
        icon_name="plus", order=2,
    )  # fmt: skip


@hooks.register("construct_page_chooser_queryset")
def choose_own_and_public_pages(pages: Any, request: HttpRequest) -> Any:
    """Other centres' drafts are in no chooser."""
    return pages.filter(pk__in=linkable_pages(request.user).values("pk"))


@hooks.register("construct_reports_menu")
def hide_site_wide_reports(request: HttpRequest, items: list[Any]) -> None:
    """Reports about the whole site are for those who work on all of it."""
    if not works_everywhere(request.user):
        items[:] = [item for item in items if item.name != "page-types-usage"]


@hooks.register("before_serve_document")
def serve_own_and_public_documents(document: SiteDocument, request: HttpRequest) -> None:
    """A guessed address gives nothing of a centre's that is on no public page."""
    if not may_read(document, request):
        raise Http404


@hooks.register("describe_collection_contents")
def keep_collections_of_centres(collection: Collection) -> dict[str, Any] | None:
    """A centre's collections go with the centre, not before it."""
    space = space_of(collection)
    if space is None:
        return None
    return {
        "count": 1,
        "count_text": _("the files of “%(centre)s”") % {"centre": space.centre},
        "url": reverse("wagtailadmin_pages:edit", args=[space.centre_id]),
    }


@hooks.register("before_delete_page")
def keep_centres_in_use(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete a centre while something of it is public or used elsewhere."""
    return _refuse(request, page, _("“%(page)s” was not deleted:"), obstacles_to_deletion(page))


@hooks.register("before_move_page")
def keep_files_with_their_pages(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    """Refuse a move to another centre that would part pages from their files or reviewers."""
    return _refuse(
        request, page, _("“%(page)s” was not moved:"), obstacles_to_move(page, destination)
    )


@hooks.register("after_move_page")
def move_files(request: HttpRequest, page: Page) -> None:
    """The files of a page go with it to another centre."""
    moved = take_files_along(page)
    if moved:
        messages.info(
            request, _("%(count)d files went along to the new centre.") % {"count": moved}
        )


@hooks.register("before_bulk_action")
def keep_centres_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same where several pages are deleted or moved at once."""
    pages = [item for item in objects if isinstance(item, Page)]
    for page in pages:
        refusal = None
        if action_type == "delete":
            refusal = keep_centres_in_use(request, page)
        elif action_type == "move":
            destination = action.cleaned_form.cleaned_data["chooser"]
            refusal = keep_files_with_their_pages(request, page, destination)
        if refusal is not None:
            return refusal
    return None


@hooks.register("after_bulk_action")
def move_files_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> None:
    """The same after several pages were moved."""
    if action_type == "move":
        for page in objects:
            move_files(request, Page.objects.get(pk=page.pk))


@hooks.register("before_delete_snippet")
def keep_records_in_use(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Provinces and ministries stay while a centre or curriculum names them."""
    return keep_in_use(request, instances, Province) or keep_in_use(request, instances, Ministry)


@hooks.register("after_edit_snippet")
def find_centres_by_new_names(request: HttpRequest, instance: Any) -> None:
    """A province's other names find its centres from now on."""
    if isinstance(instance, Province):
        rebuild_province(instance)


def _refuse(request: HttpRequest, page: Page, heading: str, told: list[str]) -> HttpResponse | None:
    if not told:
        return None
    messages.error(
        request,
        format_html(
            "{}<ul>{}</ul>",
            heading % {"page": page.get_admin_display_title()},
            format_html_join("", "<li>{}</li>", ((line,) for line in told)),
        ),
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)
