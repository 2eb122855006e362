"""What the review of curricula adds to Wagtail's editor and lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Value
from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, WorkflowMenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page, WorkflowState

from .models import CurriculumPage, ModulePage, ModuleUnitPage
from .review import check_changes
from .review_views import ReviewView, told_in_list
from .reviewed import ReviewedWithCurriculum
from .submissions import NotPublishable, SubmittedPage

_REVIEWED = (CurriculumPage, ModulePage, ModuleUnitPage)
_SUBMITS = ("action-submit", "action-restart-workflow")


@hooks.register("register_admin_urls")
def review_urls() -> list[Any]:
    """curricula/review/…"""
    patterns = [path("<int:page_id>/", ReviewView.as_view(), name="review")]
    return [path("curricula/review/", include((patterns, "curricula_review"), "curricula_review"))]


# --- The editor -----------------------------------------------------------------------------------


@hooks.register("before_edit_page")
def keep_to_the_review(request: HttpRequest, page: Page) -> None:
    """Tell what the reviewers ask for; what cannot be published is saved, but not submitted."""
    if not isinstance(page, _REVIEWED):
        return
    if request.method != "POST":
        _tell_comment(request, page)
        return
    if isinstance(page, CurriculumPage) and any(name in request.POST for name in _SUBMITS):
        try:
            check_changes(page, request.user, in_form=True)
        except NotPublishable as refusal:
            _leave_out(request, *_SUBMITS)
            heading = _("It was saved, but not submitted:")
            messages.error(request, told_in_list(heading, refusal.problems))


@hooks.register("before_create_page")
def submit_no_part(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> None:
    """A new module or unit is submitted with its curriculum."""
    if issubclass(page_class, ReviewedWithCurriculum):
        _leave_out(request, "action-submit")


def _leave_out(request: HttpRequest, *names: str) -> None:
    """Take fields out of what was posted, before the view reads it."""
    post = request.POST.copy()
    for name in names:
        post.pop(name, None)
    request.POST = post  # type: ignore[assignment]


def _tell_comment(request: HttpRequest, page: Any) -> None:
    """Say what the reviewers ask for, on every page that may be meant."""
    curriculum = page.reviewed_page
    state = curriculum.current_workflow_state if curriculum else None
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        comment = state.current_task_state.comment if state.current_task_state else ""
        messages.warning(
            request,
            _("The reviewers ask for changes: “%(comment)s”") % {"comment": comment}
            if comment
            else _("The reviewers ask for changes."),
            buttons=[messages.button(_review_url(curriculum), _("Review of the curriculum"))],
        )


class ReviewMenuItem(ActionMenuItem):
    """A link to the review, among the buttons of the editor."""

    name = "action-curriculum-review"
    icon_name = "clipboard-list"

    def __init__(self, curriculum: CurriculumPage, order: int) -> None:
        super().__init__(order=order)
        self.url = _review_url(curriculum)
        self.label = (
            _("Review of the curriculum")
            if curriculum.workflow_in_progress
            else _("Submit the curriculum for review")
        )

    def get_url(self, parent_context: Any) -> str:
        return self.url


@hooks.register("construct_page_action_menu")
def lead_to_the_review(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Modules and units are submitted, and all of it is approved, on the page of the review."""
    page = context.get("page")
    if context["view"] == "create":
        if isinstance(context["parent_page"], (CurriculumPage, ModulePage)):
            items[:] = [item for item in items if item.name != "action-submit"]
        return
    if not isinstance(page, _REVIEWED) or (curriculum := page.reviewed_page) is None:
        return
    items[:] = [item for item in items if not isinstance(item, WorkflowMenuItem)]
    if page != curriculum or page.workflow_in_progress:
        # Saving stays the first button, except where nothing can be saved.
        items.append(ReviewMenuItem(curriculum, order=65))


@hooks.register("register_page_header_buttons")
def review_button(page: Page, user: Any, view_name: str, next_url: Any = None) -> Iterator[Button]:
    """The review, from the list of modules, the list of units and every editor."""
    specific = page.specific_deferred
    if isinstance(specific, _REVIEWED) and page.permissions_for_user(user).can_edit():
        curriculum = specific.reviewed_page
        if curriculum is not None:
            yield Button(
                gettext_lazy("Review of the curriculum"),
                url=_review_url(curriculum),
                icon_name="clipboard-list",
                priority=5,
            )


def _review_url(curriculum: Page) -> str:
    return reverse("curricula_review:review", args=[curriculum.pk])


# --- Lists ----------------------------------------------------------------------------------------


@hooks.register("construct_explorer_page_queryset")
def mark_submitted(parent_page: Page, pages: Any, request: HttpRequest) -> Any:
    """Let the rows of a list know whether they are in review, in a constant number of queries."""
    parent = parent_page.specific_deferred
    if not isinstance(parent, (CurriculumPage, ModulePage)):
        return pages
    curriculum = parent.reviewed_page
    is_in_review = bool(curriculum and curriculum.workflow_in_progress)
    pages = pages.annotate(curriculum_in_review=Value(is_in_review, output_field=BooleanField()))
    if is_in_review:
        rows = SubmittedPage.objects.in_review().filter(page=OuterRef("pk"))
        pages = pages.annotate(is_submitted=Exists(rows))
    return pages
