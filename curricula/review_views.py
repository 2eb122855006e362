"""The page on which a curriculum is submitted, reviewed and published as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Page, Revision, WorkflowState

from core.languages import CODES
from core.translated import LANGUAGE_CHOICES, State

from . import review
from .checks import report_on
from .models import CurriculumPage
from .outlines import Outline, read_draft_outline
from .publishing import prepare
from .submissions import NotPublishable

# More sentences than this help nobody; the rest is counted.
MOST_PROBLEMS = 20
_LANGUAGE_NAMES = dict(LANGUAGE_CHOICES)


@dataclass(frozen=True)
class Row:
    """A changed page: where its versions are compared, and what it still misses."""

    title: str
    #: Levels below the curriculum: 0 itself, 1 a module, 2 a unit.
    level: int = 0
    is_new: bool = False
    is_gone: bool = False
    url: str = ""
    edit_url: str = ""
    lacks: list[str] = field(default_factory=list)


class ReviewView(WagtailAdminTemplateMixin, View):
    """What changed in a curriculum; the buttons are those that the user has a right to."""

    template_name = "curricula/admin/review.html"
    page_title = gettext_lazy("Review of the curriculum")
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.curriculum = get_object_or_404(CurriculumPage, id=kwargs["page_id"])
        self.permissions = self.curriculum.permissions_for_user(request.user)
        if not self.permissions.can_edit():
            return permission_denied(request)  # type: ignore[no-any-return]
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def url(self) -> str:
        return reverse("curricula_review:review", args=[self.curriculum.pk])

    @cached_property
    def state(self) -> WorkflowState | None:
        """The review that is under way or waits for changes."""
        return self.curriculum.current_workflow_state

    @cached_property
    def is_in_review(self) -> bool:
        return bool(self.state and self.state.status == WorkflowState.STATUS_IN_PROGRESS)

    @cached_property
    def is_reviewer(self) -> bool:
        task = self.curriculum.current_workflow_task
        return bool(task and task.get_actions(self.curriculum, self.request.user))

    @property
    def actions(self) -> dict[str, Callable[[], None]]:
        """What the user may do at this moment."""
        allowed: dict[str, Callable[[], None]] = {}
        if self.is_in_review and self.is_reviewer:
            allowed.update(approve=self.approve, reject=self.reject)
        if not self.is_in_review and self.permissions.can_submit_for_moderation():
            allowed["submit"] = self.submit
        if not self.is_in_review and self.permissions.can_publish():
            allowed["publish"] = self.publish
        if self.state and self.state.user_can_cancel(self.request.user):
            allowed["cancel"] = self.cancel
        return allowed

    # --- Acting --------------------------------------------------------------------------------

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        action = self.actions.get(request.POST.get("action", ""))
        if action is None:
            messages.error(request, _("The state of the review has changed. Look again."))
            return redirect(self.url)
        try:
            action()
        except NotPublishable as refusal:
            messages.error(request, told_in_list(_("This cannot be done yet:"), refusal.problems))
        return redirect(self.url)

    def submit(self) -> None:
        review.submit(self.curriculum, self.request.user)
        messages.success(self.request, _("The curriculum was submitted for review."))

    def publish(self) -> None:
        count = review.publish_whole(self.curriculum, self.request.user)
        told = ngettext("%(n)s page was published.", "%(n)s pages were published.", count)
        messages.success(self.request, told % {"n": count})

    def cancel(self) -> None:
        if self.state is not None:
            self.state.cancel(user=self.request.user)
            messages.success(self.request, _("The review was cancelled."))

    def approve(self) -> None:
        self._judge("approve", _("Approved and published."))

    def reject(self) -> None:
        self._judge("reject", _("Changes were asked for."))

    def _judge(self, action: str, done: str) -> None:
        """Approve or reject what the reviewer saw, not what was submitted again meanwhile."""
        task_state = self.curriculum.current_workflow_task_state
        form = TaskStateCommentForm(self.request.POST)
        if task_state is None or str(task_state.pk) != self.request.POST.get("task_state"):
            messages.error(self.request, _("The state of the review has changed. Look again."))
        elif form.is_valid():
            task = task_state.task.specific
            if task.on_action(task_state, self.request.user, action, **form.cleaned_data):
                raise NotPublishable(self._find_problems(with_texts=True))
            messages.success(self.request, done)

    # --- Showing -------------------------------------------------------------------------------

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_page_subtitle(self) -> str:
        return str(self.curriculum.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.curriculum.pk])
        name = self.get_page_subtitle()
        here = {"url": "", "label": self.page_title, "sublabel": name}
        return [*self.breadcrumbs_items, {"url": edit, "label": name}, here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outline, rows = self._submitted() if self.is_in_review else self._changed()
        report = report_on(outline)
        findings = (
            (_("Faults"), report.faults),
            (_("Rules"), report.warnings),
            (_("Still missing"), report.gaps),
        )
        problems = self._find_problems("check" in self.request.GET) if self.is_in_review else []
        return super().get_context_data(
            curriculum=self.curriculum,
            state=self.state,
            task_state=self.state.current_task_state if self.state else None,
            is_in_review=self.is_in_review,
            rows=rows,
            findings=[(heading, found) for heading, found in findings if found],
            totals=list(_lacks(report.translations)),
            problems=told_in_list("", problems) if problems else "",
            actions=self.actions if rows or self.is_in_review else {},
            comment_form=TaskStateCommentForm(),
            **kwargs,
        )

    def _find_problems(self, with_texts: bool = False) -> list[str]:
        """Why what was submitted cannot be published; its texts are checked only if asked for."""
        if self.state is None:
            return []
        rows = review.submitted_pages(self.state)
        problems = review.problems_of(self.curriculum, rows)
        if with_texts and not problems:
            try:
                prepare([(row.page, row.revision) for row in rows])
            except NotPublishable as refusal:
                return refusal.problems
        return problems

    def _submitted(self) -> tuple[Outline, list[Row]]:
        found = review.submitted_pages(self.state) if self.state else []
        outline = review.submitted_outline(self.curriculum, found)
        gone = [Row(title=row.title, is_gone=True) for row in found if row.page is None]
        kept = [(row.page, row.revision) for row in found if row.page]
        return outline, [*self._rows(outline, kept), *gone]

    def _changed(self) -> tuple[Outline, list[Row]]:
        pages = review.changed_pages(self.curriculum)
        outline = read_draft_outline(self.curriculum)
        return outline, self._rows(outline, [(page, page.latest_revision) for page in pages])

    def _rows(
        self, outline: Outline, versions: Sequence[tuple[Page, Revision | None]]
    ) -> list[Row]:
        drafts = {page.pk: page for page in outline.pages}
        return [
            Row(
                title=drafts[page.pk].get_admin_display_title() if page.pk in drafts else str(page),
                level=max(0, page.depth - self.curriculum.depth),
                is_new=not page.live,
                url=_comparison(page, revision),
                edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
                lacks=list(_lacks(drafts[page.pk].translation_counts()))
                if page.pk in drafts
                else [],
            )
            for page, revision in versions
        ]


def _comparison(page: Page, revision: Revision | None) -> str:
    """Where the version is compared with what readers see, or, if they see none, shown."""
    if revision is None:
        return ""
    if page.live:
        return reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", revision.pk])
    return reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision.pk])


def _lacks(counts: Any) -> Iterator[str]:
    """What translations lack, a sentence per language; nothing for a language that has all."""
    for code in CODES:
        missing, stale = counts[code][State.MISSING], counts[code][State.STALE]
        parts = [
            _("%(n)s untranslated") % {"n": missing} if missing else "",
            _("%(n)s to check") % {"n": stale} if stale else "",
        ]
        if missing or stale:
            told = ", ".join(part for part in parts if part)
            yield _("%(language)s: %(told)s") % {"language": _LANGUAGE_NAMES[code], "told": told}


def told_in_list(heading: str, problems: Sequence[str]) -> SafeString:
    """A heading and the first problems as a list of HTML."""
    lines = list(problems[:MOST_PROBLEMS])
    if more := len(problems) - len(lines):
        lines.append(_("… and %(n)s more") % {"n": more})
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html("{}<ul>{}</ul>", heading, items)
