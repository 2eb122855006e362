"""The panel of the lesson editor that says what the lesson still misses."""

from typing import Any

from django.forms import Media
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.admin.panels import Panel
from wagtail.admin.staticfiles import versioned_static


def checklist_html(lesson: Any) -> str:
    """The checklist of a lesson as it stands in memory."""
    from .checklist import FEWEST_EXERCISES, FEWEST_KINDS, checklist_of
    from .models import course_of

    course = course_of(lesson)
    checklist = checklist_of(lesson, course.teaches if course else None)
    context = {
        "checklist": checklist,
        "fewest": FEWEST_EXERCISES,
        "fewest_kinds": FEWEST_KINDS,
        "worklist_url": reverse("lessons_admin:worklist", args=[course.pk]) if course else "",
    }
    return render_to_string("lessons/admin/checklist.html", context)


class ChecklistPanel(Panel):
    """What a lesson misses, read anew after each autosave."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "lessons/admin/checklist_panel.html"

        def is_shown(self) -> bool:
            # A lesson that was never saved misses everything.
            return bool(self.instance.pk)

        @property
        def media(self) -> Media:
            """The script that reads the list anew."""
            return Media(js=[versioned_static("lessons/admin/checklist.js")])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["html"] = checklist_html(self.instance)
            context["url"] = reverse("lessons_admin:checklist", args=[self.instance.pk])
            return context
