"""What was submitted for review: the task of the reviewers, and the versions that they judge."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask, Page, Revision, TaskState, WorkflowState

from .reviewed import SubmissionLock


class NotPublishable(PermissionDenied):
    """Pages that cannot be published as they are; `problems` says why, in sentences.

    Wagtail answers a PermissionDenied with a message, wherever in the admin it comes from.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class CurriculumApprovalTask(GroupApprovalTask):
    """Members of a group approve a curriculum with all its changed modules and units."""

    lock_class = SubmissionLock

    class Meta:
        verbose_name = _("approval of a curriculum")
        verbose_name_plural = _("approvals of curricula")

    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any
    ) -> str | None:
        """Approve or reject, once; where approval is impossible lead to the page that says why."""
        try:
            with transaction.atomic():
                # Of two reviewers who press a button at once the second finds it done.
                current = TaskState.objects.select_for_update().get(pk=task_state.pk)
                super().on_action(current.specific, user, action_name, **kwargs)
        except NotPublishable:
            curriculum = task_state.workflow_state.object_id
            return reverse("curricula_review:review", args=[curriculum]) + "?check=1"
        return None

    @classmethod
    def get_description(cls) -> Any:
        return _("Members of the chosen groups approve a curriculum with all that changed in it")


class SubmittedPageQuerySet(models.QuerySet["SubmittedPage"]):
    def in_review(self) -> "SubmittedPageQuerySet":
        """Those that wait for the reviewers."""
        return self.filter(workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)


class SubmittedPage(models.Model):
    """A page of a submitted curriculum, in the version that approval publishes.

    It outlives page and version, so that it can be told what is gone.
    """

    workflow_state = models.ForeignKey(
        WorkflowState, related_name="submitted_pages", on_delete=models.CASCADE
    )
    page = models.ForeignKey(Page, related_name="+", null=True, on_delete=models.SET_NULL)
    revision = models.ForeignKey(Revision, related_name="+", null=True, on_delete=models.SET_NULL)
    title = models.CharField(max_length=255)
    submitted_at = models.DateTimeField(auto_now_add=True)

    objects = SubmittedPageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workflow_state", "page"], name="one_version_of_a_submitted_page"
            )
        ]
        verbose_name = _("submitted page")
        verbose_name_plural = _("submitted pages")

    def __str__(self) -> str:
        return self.title
