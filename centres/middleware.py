"""Addresses of the admin that name somebody else's work, and to which Wagtail itself lets in.

Most of Wagtail's views ask for permissions themselves; these checks stand before all of them, so
that none has to be trusted (tests/centres/test_isolation.py asks every address there is).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.models import Page, TaskState

from media.models import Recording, SiteDocument, SiteImage

from .models import CentreSpace
from .visibility import (
    linkable_pages,
    may_delete_file,
    may_see_page,
    visible_files,
    visible_pages,
    works_everywhere,
)

#: Addresses about the whole site, for those alone who work on all of it. The editor's own scripts
#: use none of them; the actions of the API run no hooks, so nobody gets them.
_SITE_WIDE = frozenset(
    {
        *(f"wagtailadmin_api:{kind}:{view}" for kind in ("images", "documents")
          for view in ("listing", "detail", "find")),
        "wagtailadmin_reports:page_types_usage",
        "wagtailadmin_reports:page_types_usage_results",
        # A page of a centre is a draft or public; the form would offer the groups of all centres.
        "wagtailadmin_pages:set_privacy",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtailadmin_workflows:task_chooser",
        "wagtailadmin_workflows:task_chooser_results",
        "wagtailadmin_workflows:task_chooser_create",
        "wagtailadmin_workflows:task_chosen",
    }
)  # fmt: skip
_NOT_OFFERED = "wagtailadmin_api:pages:action"
_DELETING_GROUP = "wagtailusers_groups:delete"
#: Forms that name a page as the place to go to, and would say its name in their refusal.
_GOING = {
    "wagtailadmin_pages:copy": "new_parent_page",
    "wagtailadmin_pages:move": "new_parent_page",
    "wagtail_bulk_action": "chooser",
}
_PAGE_KEYS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
_FILE_KEYS: dict[str, Any] = {
    "image_id": SiteImage,
    "document_id": SiteDocument,
    "doc_id": SiteDocument,
    "media_id": Recording,
}
_FILE_MODELS: dict[str, Any] = {
    "siteimage": SiteImage,
    "sitedocument": SiteDocument,
    "recording": Recording,
}
#: Where a page that is public may be named as well, to link to it.
_LINKING = frozenset({"wagtailadmin_choose_page_child", "wagtailadmin_choose_page_chosen_multiple"})


class OwnWorkMiddleware:
    """Lets nobody name the pages and files of a centre that is not theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse before the view runs."""
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/"):
            return None
        user: Any = request.user
        if not user.is_authenticated:
            return None
        if match.view_name == _NOT_OFFERED:
            return refused(request)
        if match.view_name == _DELETING_GROUP:
            return _keep_group(request, kwargs["pk"])
        if user.is_superuser or _is_allowed(request, match, kwargs):
            return None
        return refused(request)


def refused(request: HttpRequest) -> HttpResponse:
    """Wagtail's own answer: back to the start with a message, or a short JSON."""
    response: HttpResponse = permission_denied(request)
    return response


def _keep_group(request: HttpRequest, key: str) -> HttpResponse | None:
    """The groups of a centre go with it, not before it; Wagtail would fail with an error 500."""
    pk = int(key) if str(key).isdecimal() else 0
    space = CentreSpace.objects.filter(Q(editors=pk) | Q(publishers=pk)).first()
    if space is None:
        return None
    messages.error(
        request,
        _("This group belongs to “%(centre)s” and is deleted with it.") % {"centre": space},
    )
    return redirect("wagtailusers_groups:index")


def _is_allowed(request: HttpRequest, match: ResolverMatch, kwargs: dict[str, Any]) -> bool:
    user: Any = request.user
    if match.view_name in _SITE_WIDE:
        return works_everywhere(user)
    if match.view_name in _GOING and request.method == "POST":
        named = set(request.POST.getlist(_GOING[match.view_name])) - {""}
        if not _are_all_in(visible_pages(user), named):
            return False
    if match.view_name == "wagtail_bulk_action":
        return _is_allowed_bulk(request, kwargs)
    if match.view_name in _LINKING:
        named = {str(kwargs[key]) for key in _PAGE_KEYS if key in kwargs}
        named |= set(request.GET.getlist("id"))
        return _are_all_in(linkable_pages(user), named)
    if not _is_task_of_page(kwargs):
        return False
    for key in _PAGE_KEYS:
        page = Page.objects.filter(pk=kwargs[key]).first() if key in kwargs else None
        if page is not None and not may_see_page(user, page):
            return False
    for key, model in _FILE_KEYS.items():
        file = model.objects.filter(pk=kwargs[key]).first() if key in kwargs else None
        if file is None:
            continue
        if "delete" in (match.url_name or "") and not may_delete_file(user, file):
            return False
        if not visible_files(user, model).filter(pk=file.pk).exists():
            return False
    return True


def _is_task_of_page(kwargs: dict[str, Any]) -> bool:
    """Whether a task that is named beside a page is one of that page's."""
    if "task_state_id" not in kwargs or "page_id" not in kwargs:
        return True
    state = TaskState.objects.filter(pk=kwargs["task_state_id"]).first()
    return state is None or state.workflow_state.object_id == str(kwargs["page_id"])


def _is_allowed_bulk(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Whether the user may see, and where it comes to that delete, all that is named."""
    user: Any = request.user
    ids = set(request.GET.getlist("id"))
    model = _FILE_MODELS.get(kwargs["model_name"])
    if model is None:
        return kwargs["model_name"] != "page" or _are_pages_allowed(request, ids)
    if kwargs["action"] == "add_tags":
        # Files have no tags (media.models.without_tags).
        return False
    files = visible_files(user, model)
    if "all" in ids:
        # Wagtail means all that its policy lets change, which is more than may be deleted.
        return kwargs["action"] != "delete" or all(may_delete_file(user, f) for f in files)
    if not all(map(_is_key, ids)):
        return False
    if kwargs["action"] == "delete":
        return all(may_delete_file(user, file) for file in model.objects.filter(pk__in=ids))
    return _are_all_in(files, ids)


def _are_pages_allowed(request: HttpRequest, ids: set[str]) -> bool:
    """Whether the user may see these pages; "all" stands for what is below a page, or on the site.

    What a user may not change Wagtail would leave out, and name.
    """
    user: Any = request.user
    if "all" not in ids:
        return _are_all_in(visible_pages(user), ids)
    if works_everywhere(user):
        return True
    key = request.GET.get("childOf", "")
    parent = visible_pages(user).filter(pk=key).first() if _is_key(key) else None
    if parent is None:
        return False
    return not parent.get_descendants().exclude(pk__in=visible_pages(user).values("pk")).exists()


def _are_all_in(queryset: Any, named: set[str]) -> bool:
    """Whether the queryset holds all objects with these keys, and each is a key."""
    if not all(map(_is_key, named)):
        return False
    keys = set(map(int, named))
    return bool(queryset.filter(pk__in=keys).count() == len(keys))


def _is_key(text: str) -> bool:
    # Wagtail takes " 7" and "+7" for 7: what is not plainly a number is refused.
    return text.isascii() and text.isdecimal() and len(text) < 19
