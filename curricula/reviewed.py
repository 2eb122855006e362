"""Pages that are reviewed with their curriculum, and the lock of what is in review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.locks import BaseLock, WorkflowLock

if TYPE_CHECKING:
    from .models import CurriculumPage


class SubmissionLock(WorkflowLock):
    """Only reviewers change what is in review. The message leads to what was submitted."""

    def get_message(self, user: Any) -> Any:
        page = getattr(self.object, "reviewed_page", None)
        if page is None:  # A centre's own page has the same workflow.
            return super().get_message(user)
        told = (
            _("The curriculum is in review, so only its reviewers can change it.")
            if self.for_user(user)
            else _("The curriculum is in review. What you save now is not part of it.")
        )
        url = reverse("curricula_review:review", args=[page.pk])
        link = '{} <span class="buttons"><a class="{}" href="{}">{}</a></span>'
        style = "button button-small button-secondary"
        return format_html(link, told, style, url, _("What was submitted"))


class Reviewed:
    """Mixin of the pages of a curriculum: a version that is in review is never written over."""

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Autosave, which writes over its own last version, goes on in a new one."""
        overwritten = kwargs.get("overwrite_revision")
        if overwritten is not None and is_in_review(overwritten):
            kwargs["overwrite_revision"] = None
        return super().save_revision(*args, **kwargs)  # type: ignore[misc]


def is_in_review(revision: Any) -> bool:
    """Whether a version was submitted and is not judged yet."""
    from .submissions import SubmittedPage

    return SubmittedPage.objects.in_review().filter(revision=revision).exists()


class ReviewedWithCurriculum(Reviewed):
    """Mixin of the pages below a curriculum: the curriculum is submitted, and they with it."""

    @property
    def reviewed_page(self) -> CurriculumPage | None:
        """The curriculum, without its texts."""
        from .models import CurriculumPage

        curricula = CurriculumPage.objects.ancestor_of(self).defer_streamfields()
        return curricula.first() if self.path else None  # type: ignore[attr-defined]

    @property
    def has_workflow(self) -> bool:
        return False

    def get_workflow(self) -> None:
        return None

    def get_lock(self) -> BaseLock | None:
        """Their own lock, or that of the curriculum in review."""
        lock: BaseLock | None = super().get_lock()  # type: ignore[misc]
        if lock is not None:
            return lock
        # Lists know it for all their rows at once (review_hooks.mark_submitted).
        if getattr(self, "curriculum_in_review", None) is False:
            return None
        curriculum = self.reviewed_page
        task = curriculum.current_workflow_task if curriculum else None
        return SubmissionLock(self, task) if task else None

    @property
    def status_string(self) -> Any:
        status = super().status_string  # type: ignore[misc]
        if getattr(self, "is_submitted", False):
            return _("%(status)s, in review") % {"status": status}
        return status
