"""Filters of Wagtail's lists and reports offer the names of the user's own colleagues only.

Wagtail lists everybody who ever owned, edited, locked or submitted a page anywhere.
"""

from typing import Any

from wagtail.admin.views.generic.history import HistoryFilterSet
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.audit_logging import (
    SiteHistoryReportFilterSet,
    get_users_for_filter,
)
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.workflows import (
    WorkflowReportFilterSet,
    WorkflowTasksReportFilterSet,
)

from .visibility import fellows, visible_tasks, visible_workflows

_PEOPLE = (
    (PageFilterSet, "owner"),
    (PageFilterSet, "edited_by"),
    (LockedPagesReportFilterSet, "locked_by"),
    (WorkflowReportFilterSet, "requested_by"),
)


def connect() -> None:
    """Narrow the filters; called once as the admin starts."""
    for filterset, name in _PEOPLE:
        filterset.base_filters[name].queryset = fellows
    for filterset in (WorkflowReportFilterSet, WorkflowTasksReportFilterSet):
        filterset.base_filters["workflow"].queryset = visible_workflows
    WorkflowTasksReportFilterSet.base_filters["task"].queryset = visible_tasks
    SiteHistoryReportFilterSet.get_users_queryset = _users_in_history


def _users_in_history(filters: HistoryFilterSet) -> Any:
    # Wagtail 8.0 still overrides the older name of this method.
    return get_users_for_filter(filters.request.user)
