"""The groups and the workflow that a new site begins with.

Made after each `migrate` where they are missing, and never changed afterwards: what a manager
changed stays as it is.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from wagtail.admin.models import Admin
from wagtail.models import (
    GroupApprovalTask,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)
from wagtail.snippets.models import create_extra_permissions

EDITORS = "Glossary editors"
REVIEWERS = {
    "lo": "Glossary reviewers Lao",
    "vi": "Glossary reviewers Vietnamese",
    "en": "Glossary reviewers English",
}
WORKFLOW = "Glossary review"

_EDITOR_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "glossary.view_concept",
    "glossary.add_concept",
    "glossary.change_concept",
    "glossary.view_termrequest",
    "glossary.change_termrequest",
)
_REVIEWER_PERMISSIONS = (
    "wagtailadmin.access_admin",
    "glossary.view_concept",
    "glossary.change_concept",
    "glossary.publish_concept",
)
_APPS = ("glossary", "wagtailadmin")


@transaction.atomic
def make_roles() -> None:
    """Make the groups and the workflow that are missing."""
    # This may run before the steps of Django and Wagtail that make the permissions.
    for label in _APPS:
        create_permissions(apps.get_app_config(label), verbosity=0)
    # Publishing, locking and unlocking.
    create_extra_permissions(apps.get_app_config("wagtailsnippets"))
    _make_group(EDITORS, _EDITOR_PERMISSIONS)
    for code, name in REVIEWERS.items():
        _make_group(name, (*_REVIEWER_PERMISSIONS, f"glossary.review_{code}"))
    _make_workflow()


def make_roles_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate, connected in glossary.apps."""
    tables = set(connections[using].introspection.table_names())
    needed = {Group._meta.db_table, WorkflowContentType._meta.db_table, Admin._meta.db_table}
    if using == "default" and needed <= tables:
        make_roles()


def _make_group(name: str, permissions: tuple[str, ...]) -> None:
    group, made = Group.objects.get_or_create(name=name)
    if not made:
        return
    for permission in permissions:
        label, codename = permission.split(".")
        group.permissions.add(
            Permission.objects.get(content_type__app_label=label, codename=codename)
        )


def _make_workflow() -> None:
    if Workflow.objects.filter(name=WORKFLOW).exists():
        return
    content_type = ContentType.objects.get_for_model(apps.get_model("glossary", "Concept"))
    workflow = Workflow.objects.create(name=WORKFLOW)
    task = GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.set(Group.objects.filter(name__in=REVIEWERS.values()))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.get_or_create(
        content_type=content_type, defaults={"workflow": workflow}
    )
