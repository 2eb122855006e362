"""The workflow of a centre: its publishers approve what its editors submit."""

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

_task_model: type[GroupApprovalTask] = GroupApprovalTask


def use_task(model: type[GroupApprovalTask]) -> None:
    """Have new centres reviewed by tasks of this model; called once from its app's `ready()`."""
    global _task_model
    _task_model = model


def attach_workflow(centre: Page, name: str, publishers: Group) -> None:
    """Give the pages of a centre a workflow of their own."""
    title = _("%(centre)s: review") % {"centre": name}
    task = _task_model.objects.create(name=title)
    task.groups.add(publishers)
    workflow = Workflow.objects.create(name=title)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=centre)


def workflow_of(publishers: Group) -> Workflow | None:
    """The workflow made for these publishers, None where it was deleted."""
    return Workflow.objects.filter(
        workflow_tasks__task__groupapprovaltask__groups=publishers,
    ).first()


def remove_workflow(publishers: Group) -> None:
    """Delete the workflow and the tasks made for these publishers alone."""
    for task in GroupApprovalTask.objects.filter(groups=publishers):
        if task.groups.count() == 1:
            Workflow.objects.filter(workflow_tasks__task=task).delete()
            task.delete()
