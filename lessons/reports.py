"""The report on what the lessons of each course still miss."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .checklist import FEWEST_EXERCISES, FEWEST_KINDS, Checklist, course_checklists, course_lessons
from .models import CoursePage

#: What is counted: attribute of Checklist.counts and heading.
COLUMNS: dict[str, Any] = {
    "unsolvable": _("Exercises that cannot be solved"),
    "unfinished": _("Not filled in"),
    "missing": _("Texts not translated"),
    "stale": _("Translations to check"),
    "voiceless": _("Texts and terms without a voice"),
    "pictures": _("Pictures without alternative text"),
}


class MissingReport(WagtailAdminTemplateMixin, TemplateView):
    """Per course, each lesson in order with counts of what it misses."""

    template_name = "lessons/admin/report.html"
    page_title = _("Lessons: what is missing")
    header_icon = "tasks"
    http_method_names: ClassVar[list[str]] = ["get"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.courses:
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    @cached_property
    def courses(self) -> list[CoursePage]:
        """Courses with lessons that the user may change."""
        found: QuerySet[CoursePage] = CoursePage.objects.order_by("path")
        return [c for c in found if course_lessons(c, self.request.user).exists()]

    @cached_property
    def course(self) -> CoursePage:
        """The chosen course, by default the first one."""
        wanted = self.request.GET.get("course", "")
        return next((c for c in self.courses if str(c.pk) == wanted), self.courses[0])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = course_checklists(self.course, course_lessons(self.course, self.request.user))
        rows = [(checklist, self._cells(checklist)) for checklist in found]
        return super().get_context_data(
            courses=self.courses,
            course=self.course,
            columns=COLUMNS.values(),
            rows=rows,
            totals=[sum(cells[n] for _row, cells in rows) for n in range(len(COLUMNS))],
            complete=sum(checklist.is_complete for checklist in found),
            fewest=FEWEST_EXERCISES,
            fewest_kinds=FEWEST_KINDS,
            worklist_url=reverse("lessons_admin:worklist", args=[self.course.pk]),
            **kwargs,
        )

    def _cells(self, checklist: Checklist) -> list[int]:
        return [checklist.counts[name] for name in COLUMNS]
