"""The review of a curriculum: what is submitted, and what approval publishes.

The curriculum is the unit of review. Submitting it fixes its changed pages in the versions of that
moment; approval publishes exactly those, all or none; whatever is saved later stays a draft.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision, TaskState, WorkflowState

from .models import CurriculumPage, ModulePage, ModuleUnitPage
from .outlines import Outline, make_outline, newest
from .publishing import prepare, publish_together
from .submissions import NotPublishable, SubmittedPage

Version = tuple[Page, Revision]


def changed_pages(curriculum: Page) -> QuerySet[Page]:
    """The curriculum and the pages below it that differ from what readers see, in order."""
    pages: QuerySet[Page] = Page.objects.descendant_of(curriculum, inclusive=True)
    changed = pages.filter(Q(live=False) | Q(has_unpublished_changes=True)).order_by("path")
    return changed.select_related("latest_revision")


# --- Submitting -----------------------------------------------------------------------------------


@transaction.atomic
def submit(curriculum: CurriculumPage, user: Any) -> None:
    """Submit a curriculum with all that changed in it; again, where changes were asked for.

    Raises NotPublishable where a page could not be published as it is.
    """
    _hold(curriculum)
    check_changes(curriculum, user)
    if curriculum.latest_revision is None:
        curriculum.save_revision(user=user, changed=False)
    state = curriculum.current_workflow_state
    if state is not None:
        state.resume(user)
    elif (workflow := curriculum.get_workflow()) is not None:
        workflow.start(curriculum, user)


def check_changes(curriculum: Page, user: Any, in_form: bool = False) -> None:
    """Raise NotPublishable where nothing changed, or a changed page is not fit to be published.

    Of a curriculum that is in a form at this moment only the modules and units are checked.
    """
    versions = _newest_versions(curriculum, user)
    if not versions and not in_form:
        raise NotPublishable([_("Nothing has changed since it was published.")])
    prepare(versions, trusted=curriculum if in_form else None)


def fix_submission(sender: Any, instance: TaskState, user: Any, **kwargs: Any) -> None:
    """Receive task_submitted: when the first task of a submission starts, note what it is about.

    A later task of the same workflow reviews the same versions.
    """
    state = instance.workflow_state
    if state.content_type.model_class() is not CurriculumPage or state.current_task_state_id:
        return
    curriculum = Page.objects.get(pk=state.object_id)
    state.submitted_pages.all().delete()
    SubmittedPage.objects.bulk_create(
        SubmittedPage(
            workflow_state=state,
            page=page,
            revision=revision,
            title=(revision.object_str or page.title)[:255],
        )
        for page, revision in _newest_versions(curriculum, user)
    )


def _newest_versions(curriculum: Page, user: Any) -> list[Version]:
    """The newest version of each changed page; one that has none yet gets its first."""
    return [
        (page, page.latest_revision or page.specific.save_revision(user=user, clean=False))
        for page in changed_pages(curriculum)
    ]


# --- Publishing -----------------------------------------------------------------------------------


def publish_submission(workflow_state: WorkflowState, user: Any) -> None:
    """Publish what was submitted, as the workflow ends; NotPublishable undoes the approval."""
    curriculum = CurriculumPage.objects.get(pk=workflow_state.object_id)
    _require_publisher(curriculum, user)
    _hold(curriculum)
    rows = submitted_pages(workflow_state)
    if problems := problems_of(curriculum, rows):
        raise NotPublishable(problems)
    publish_together([(row.page, row.revision) for row in rows], user)


@transaction.atomic
def publish_whole(curriculum: CurriculumPage, user: Any) -> int:
    """Publish the newest version of all that changed, without review; return how many pages.

    A review that is under way ends, as it does when Wagtail publishes a page.
    """
    _require_publisher(curriculum, user)
    _hold(curriculum)
    check_changes(curriculum, user)
    versions = _newest_versions(curriculum, user)
    publish_together(versions, user)
    if (state := curriculum.current_workflow_state) is not None:
        state.cancel(user=user)
    return len(versions)


def _require_publisher(curriculum: CurriculumPage, user: Any) -> None:
    if user is not None and not curriculum.permissions_for_user(user).can_publish():
        raise PermissionDenied


def _hold(curriculum: Page) -> None:
    """Make others who submit or publish the same curriculum wait for the end of this."""
    Page.objects.select_for_update().get(pk=curriculum.pk)


# --- What was submitted ---------------------------------------------------------------------------


def submitted_pages(workflow_state: WorkflowState) -> list[SubmittedPage]:
    """What was submitted, in the order of the curriculum; what is deleted stands last."""
    rows = workflow_state.submitted_pages.select_related("page__live_revision", "revision")
    # Of what is live only the date is asked for.
    rows = rows.defer("page__live_revision__content")
    return sorted(rows, key=lambda row: row.page.path if row.page else "~")


def problems_of(curriculum: Page, rows: Iterable[SubmittedPage]) -> list[str]:
    """Why a submission can no longer be published as it was submitted, in sentences."""
    told = []
    for row in rows:
        if row.page is None:
            told.append(_("“%(page)s” was deleted.") % {"page": row.title})
        elif not row.page.path.startswith(curriculum.path):
            told.append(_("“%(page)s” was moved out of the curriculum.") % {"page": row.title})
        elif row.revision is None or row.revision.created_at > row.submitted_at:
            told.append(_("The submitted version of “%(page)s” is gone.") % {"page": row.title})
        elif (live := row.page.live_revision) and live.created_at > row.revision.created_at:
            told.append(_("A newer version of “%(page)s” was published.") % {"page": row.title})
    return told or ([] if rows else [_("Nothing was submitted.")])


def submitted_outline(curriculum: CurriculumPage, rows: Iterable[SubmittedPage]) -> Outline:
    """The curriculum as approval would make it: submitted versions, and else what is live."""
    revisions = {row.page_id: row.revision for row in rows}

    def approved(page: Any) -> Any:
        page.latest_revision = revisions.get(page.pk)
        page.has_unpublished_changes = page.latest_revision is not None
        return newest(page)

    modules = ModulePage.objects.child_of(curriculum).order_by("path")
    units = ModuleUnitPage.objects.descendant_of(curriculum).order_by("path")
    shown = Q(live=True) | Q(pk__in=list(revisions))
    return make_outline(
        approved(curriculum),
        [approved(page) for page in modules.filter(shown)],
        [approved(page) for page in units.filter(shown)],
    )
