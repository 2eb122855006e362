"""Whether a centre can be deleted, and a page move from one centre to another, losing nothing."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page, ReferenceIndex, WorkflowState

from .models import CentrePage, CentreSpace
from .spaces import FILE_MODELS, centre_of
from .visibility import space_of

# Enough to see what it is; the rest is counted.
NAMED = 5


def obstacles_to_deletion(page: Page) -> list[str]:
    """Why the centres at or below a page cannot go, in sentences; empty where they can."""
    told = []
    for centre in CentrePage.objects.descendant_of(page, inclusive=True):
        live = centre.get_descendants().live()
        if live:
            told.append(_("These pages are published: %(pages)s.") % {"pages": _listed(live)})
        space = CentreSpace.objects.filter(centre=centre).first()
        used = _used_elsewhere(_files_of(space), _keys_below(centre)) if space else []
        if used:
            told.append(
                _("These files are used outside the centre: %(files)s.") % {"files": _listed(used)}
            )
    return told


def obstacles_to_move(page: Page, destination: Page) -> list[str]:
    """Why a page cannot go to another centre, in sentences; empty where it can, or stays."""
    if centre_of(page) == centre_of(destination):
        return []
    told = []
    below = page.get_descendants(inclusive=True)
    states = WorkflowState.objects.filter(
        base_content_type=_content_type(Page),
        object_id__in=[str(pk) for pk in below.values_list("pk", flat=True)],
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )
    if states:
        in_review = Page.objects.filter(pk__in=[state.object_id for state in states])
        told.append(_("These pages are in review: %(pages)s.") % {"pages": _listed(in_review)})
    shared = _used_elsewhere(files_used_by(page), _keys_below(page))
    if shared:
        told.append(
            _("These files are used by other pages too, so they cannot move along: %(files)s.")
            % {"files": _listed(shared)}
        )
    return told


def take_files_along(page: Page) -> int:
    """Bring a moved page's files into the collection of its new centre; return how many."""
    centre = centre_of(page)
    space = CentreSpace.objects.filter(centre=centre).first() if centre else None
    if space is None:
        return 0
    foreign = [file for file in files_used_by(page) if space_of(file.collection) != space]
    for file in foreign:
        file.collection = space.collection
        file.save(update_fields=["collection"])
    return len(foreign)


def files_used_by(page: Page) -> list[Any]:
    """The files of centres that a page and those below it use, in drafts too."""
    targets: set[tuple[int, str]] = set()
    rows = ReferenceIndex.objects.filter(
        base_content_type=_content_type(Page), object_id__in=_keys_below(page)
    )
    targets |= set(rows.values_list("to_content_type", "to_object_id"))
    drafts = page.get_descendants(inclusive=True).filter(has_unpublished_changes=True)
    for draft in drafts.specific():
        found = ReferenceIndex._extract_references_from_object(
            draft.get_latest_revision_as_object()
        )
        targets |= {(kind, key) for kind, key, _model_path, _path in found}
    used: list[Any] = []
    for model in FILE_MODELS:
        kind = _content_type(model).pk
        keys = [key for number, key in targets if number == kind]
        files = model.objects.filter(pk__in=keys).select_related("collection")
        used += [file for file in files if space_of(file.collection)]
    return used


def _used_elsewhere(files: Iterable[Any], inside: list[str]) -> list[Any]:
    """The files that something other than the pages `inside` refers to."""
    used = []
    pages = _content_type(Page)
    for model in FILE_MODELS:
        own = {str(file.pk): file for file in files if isinstance(file, model)}
        rows = ReferenceIndex.objects.filter(
            to_content_type=_content_type(model), to_object_id__in=list(own)
        ).exclude(base_content_type=pages, object_id__in=inside)
        used += [own[key] for key in dict.fromkeys(rows.values_list("to_object_id", flat=True))]
    return used


def _files_of(space: CentreSpace) -> list[Any]:
    tree = Collection.objects.descendant_of(space.collection, inclusive=True).values("pk")
    return [file for model in FILE_MODELS for file in model.objects.filter(collection__in=tree)]


def _keys_below(page: Page) -> list[str]:
    keys = page.get_descendants(inclusive=True).values_list("pk", flat=True)
    return [str(pk) for pk in keys]


def _listed(things: Iterable[Any]) -> str:
    """The first names, and how many more there are."""
    names = [
        thing.get_admin_display_title() if isinstance(thing, Page) else str(thing)
        for thing in things
    ]
    more = _(" and %(count)d more") % {"count": len(names) - NAMED} if names[NAMED:] else ""
    return ", ".join(names[:NAMED]) + more


def _content_type(model: Any) -> ContentType:
    return ContentType.objects.get_for_model(model)
