"""What the users of the admin may see: their own centre's pages, files and colleagues.

Wagtail's permissions decide who may change what. These are the questions that it does not ask,
and the answers that its lists, choosers and addresses share (`middleware`, `wagtail_hooks`,
`admin_filters`, `placing`).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Collection, Page, Task, Workflow
from wagtail.permissions import policy_registry

from .models import CentreSpace


def works_everywhere(user: Any) -> bool:
    """Whether the user's pages are those of the whole site."""
    if user.is_superuser:
        return True
    root = policy_registry.get_by_type(Page).explorable_root_instance(user)
    return root is not None and root.is_root()


def visible_pages(user: Any) -> QuerySet[Page]:
    """The pages that the user works on, with the pages that lead to them."""
    pages: QuerySet[Page] = policy_registry.get_by_type(Page).explorable_instances(user)
    return pages


def linkable_pages(user: Any) -> QuerySet[Page]:
    """The pages that the user may choose for a link: visible ones, and all that are public."""
    return Page.objects.filter(
        Q(pk__in=visible_pages(user).values("pk"))
        | Q(pk__in=Page.objects.live().public().values("pk"))
    )


def may_see_page(user: Any, page: Page) -> bool:
    """Whether the admin may show the page to the user, if only to review it."""
    return bool(
        visible_pages(user).filter(pk=page.pk).exists()
        or page.specific.permissions_for_user(user).can_edit()
    )


def visible_files(user: Any, model: type) -> QuerySet[Any]:
    """The images, documents or recordings that the user may use or change."""
    policy = policy_registry.get_by_type(model)
    files: QuerySet[Any] = policy.instances_user_has_any_permission_for(
        user, ["change", "delete", "choose"]
    )
    return files


def may_delete_file(user: Any, file: Any) -> bool:
    """Whether the user may delete the file: Wagtail asks for no more than the right to change it.

    Publishers may delete their centre's files, editors those that they brought.
    """
    policy = policy_registry.get_by_type(type(file))
    return bool(
        user.is_superuser
        or file.uploaded_by_user_id == user.pk
        or any(
            grant.permission.codename.startswith("delete_")
            and (
                grant.collection_id == file.collection_id
                or file.collection.is_descendant_of(grant.collection)
            )
            for grant in policy._get_user_permission_objects_for_actions(user, {"delete"})
        )
    )


def space_of(collection: Collection) -> CentreSpace | None:
    """The space that a collection belongs to, None for the site's own."""
    step = Collection.steplen
    ends = range(step, len(collection.path) + 1, step)
    paths = [collection.path[:end] for end in ends]
    return CentreSpace.objects.filter(collection__path__in=paths).first()


# --- What filters of lists and reports offer --------------------------------------------------


def fellows(request: HttpRequest) -> QuerySet[Any]:
    """The users whose names the user may read: those they share a group or a centre with."""
    users = get_user_model().objects.all()
    user: Any = request.user
    if works_everywhere(user):
        return users
    own: Iterable[Any] = user.groups.values("pk")
    spaces = CentreSpace.objects.filter(Q(editors__in=own) | Q(publishers__in=own))
    return users.filter(
        Q(pk=user.pk)
        | Q(groups__in=own)
        | Q(groups__in=spaces.values("editors"))
        | Q(groups__in=spaces.values("publishers"))
    ).distinct()


def visible_workflows(request: HttpRequest) -> QuerySet[Workflow]:
    """The workflows of the user's pages."""
    workflows = Workflow.objects.all()
    if works_everywhere(request.user):
        return workflows
    pages = visible_pages(request.user).values("pk")
    return workflows.filter(workflow_pages__page__in=pages).distinct()


def visible_tasks(request: HttpRequest) -> QuerySet[Task]:
    """The tasks of the workflows of the user's pages."""
    return Task.objects.filter(
        workflow_tasks__workflow__in=visible_workflows(request).values("pk")
    ).distinct()
