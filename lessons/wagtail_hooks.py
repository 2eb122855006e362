"""What lessons add to the Wagtail admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static

from . import admin_views, recordings_views
from .blocks import dialogue_adapter  # noqa: F401  Registers itself with the editor.
from .checklist import changeable_lessons
from .reports import MissingReport


@hooks.register("register_icons")
def icons(names: list[str]) -> list[str]:
    """Icons of blocks that Wagtail has none for."""
    return [*names, *(f"lessons/icons/lesson-{name}.svg" for name in ("listen", "speak"))]


@hooks.register("insert_global_admin_css")
def lesson_style() -> SafeString:
    """The checklist, the pasting of dialogues and the report."""
    return format_html(
        '<link rel="stylesheet" href="{}">', versioned_static("lessons/admin/lessons.css")
    )


@hooks.register("register_admin_urls")
def lesson_urls() -> list[Any]:
    """lessons/…"""
    patterns = [
        path("checklist/<int:pk>/", admin_views.checklist, name="checklist"),
        path("dialogue-lines/", admin_views.dialogue_lines, name="dialogue_lines"),
        path("missing/", MissingReport.as_view(), name="missing"),
        path("voices/", recordings_views.CoursesView.as_view(), name="voices"),
        path("voices/<int:pk>/", recordings_views.WorklistView.as_view(), name="worklist"),
        path("voices/<int:pk>/<slug:key>/", recordings_views.RecordView.as_view(), name="record"),
    ]
    return [path("lessons/", include((patterns, "lessons_admin"), namespace="lessons_admin"))]


class LessonMenuItem(MenuItem):
    """Shown to those who may change a lesson."""

    def is_shown(self, request: HttpRequest) -> bool:
        return changeable_lessons(request.user).exists()


@hooks.register("register_reports_menu_item")
def missing_menu_item() -> MenuItem:
    return LessonMenuItem(
        _("Lessons: what is missing"),
        reverse("lessons_admin:missing"),
        name="lessons-missing",
        icon_name="tasks",
        order=200,
    )


@hooks.register("register_reports_menu_item")
def voices_menu_item() -> MenuItem:
    return LessonMenuItem(
        _("Lesson texts without a voice"),
        reverse("lessons_admin:voices"),
        name="lessons-without-voice",
        icon_name="lesson-listen",
        order=201,
    )
