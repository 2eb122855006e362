"""The space of a centre: its collections, its groups with their permissions, its workflow.

A centre has its space from the moment it is first saved until it is deleted, whichever way either
happens (`keep_space` is called by `CentrePage.save`, `remove_space` receives post_delete).
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)
from wagtail.permissions import policy_registry

from media.models import Recording, SiteDocument, SiteImage

from .models import CentrePage, CentreSpace
from .review import attach_workflow, remove_workflow, workflow_of

#: The models of files, in the order of a centre's sub-collections.
FILE_MODELS = (SiteImage, SiteDocument, Recording)

EDITOR_PAGE_ACTIONS = ("add_page", "change_page")
PUBLISHER_PAGE_ACTIONS = (
    *("add_page", "change_page", "publish_page", "bulk_delete_page"),
    *("lock_page", "unlock_page"),
)
# Deleting is a right of its own here, though not in Wagtail (`visibility.may_delete_file`).
EDITOR_FILE_ACTIONS = ("add", "change", "choose")
PUBLISHER_FILE_ACTIONS = ("add", "change", "delete", "choose")

_GROUP_NAME_LENGTH = Group._meta.get_field("name").max_length or 150
_COLLECTION_NAME_LENGTH = Collection._meta.get_field("name").max_length or 255


@transaction.atomic
def keep_space(centre: CentrePage) -> CentreSpace:
    """Make the space of a centre where it has none; else let it follow the centre's name."""
    with override(centre.source_language):
        space = CentreSpace.objects.filter(centre=centre).first()
        if space is None:
            return _make_space(centre)
        _rename(space, centre.title)
        return space


def _make_space(centre: CentrePage) -> CentreSpace:
    name = centre.title
    root = Collection.get_first_root_node()
    collection = root.add_child(instance=Collection(name=name[:_COLLECTION_NAME_LENGTH]))
    for part in (_("Images"), _("Documents"), _("Recordings")):
        collection.add_child(instance=Collection(name=part))
    editors = Group.objects.create(name=_free_group_name(_("%(centre)s: editors"), name))
    publishers = Group.objects.create(name=_free_group_name(_("%(centre)s: publishers"), name))
    for group, page_actions, file_actions in (
        (editors, EDITOR_PAGE_ACTIONS, EDITOR_FILE_ACTIONS),
        (publishers, PUBLISHER_PAGE_ACTIONS, PUBLISHER_FILE_ACTIONS),
    ):
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
        _grant_pages(group, centre, page_actions)
        _grant_files(group, collection, file_actions)
    attach_workflow(centre, name, publishers)
    return CentreSpace.objects.create(
        centre=centre, collection=collection, editors=editors, publishers=publishers
    )


def _grant_pages(group: Group, centre: CentrePage, codenames: Iterable[str]) -> None:
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    )
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=centre.page_ptr, permission=permission)
        for permission in permissions
    )


def _grant_files(group: Group, collection: Collection, actions: Iterable[str]) -> None:
    for model in FILE_MODELS:
        opts = policy_registry.get_by_type(model).auth_model._meta
        permissions = Permission.objects.filter(
            content_type__app_label=opts.app_label,
            codename__in=[f"{action}_{opts.model_name}" for action in actions],
        )
        GroupCollectionPermission.objects.bulk_create(
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in permissions
        )


def _free_group_name(pattern: str, centre: str, own: int | None = None) -> str:
    """The name of a group, cut to length, with a number where another group has it."""
    room = _GROUP_NAME_LENGTH - len(pattern % {"centre": ""}) - 4
    number, free = 1, pattern % {"centre": centre[:room]}
    while Group.objects.filter(name=free).exclude(pk=own).exists():
        number += 1
        free = pattern % {"centre": f"{centre[:room]} {number}"}
    return free


def _rename(space: CentreSpace, name: str) -> None:
    """Let collection, groups and workflow say the centre's name of today."""
    if space.collection.name == name[:_COLLECTION_NAME_LENGTH]:
        return
    space.collection.name = name[:_COLLECTION_NAME_LENGTH]
    space.collection.save()
    for group, pattern in (
        (space.editors, _("%(centre)s: editors")),
        (space.publishers, _("%(centre)s: publishers")),
    ):
        group.name = _free_group_name(pattern, name, own=group.pk)
        group.save()
    if workflow := workflow_of(space.publishers):
        workflow.name = _("%(centre)s: review") % {"centre": name}
        workflow.save()


def remove_space(sender: type[CentreSpace], instance: CentreSpace, **kwargs: Any) -> None:
    """Receive post_delete, within the transaction that deletes the centre."""
    remove_workflow(instance.publishers)
    # Its files go with it; `taking_back.obstacles` has refused where one is used elsewhere.
    instance.collection.delete()
    Group.objects.filter(pk__in=[instance.editors_id, instance.publishers_id]).delete()


def centre_of(page: Page) -> CentrePage | None:
    """The centre that a page stands below, or is."""
    return CentrePage.objects.ancestor_of(page, inclusive=True).first()
