"""Courses, their units and lessons: one page tree, in many languages."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from core.blocks import TranslatedText
from core.languages import LANGUAGES, Language
from core.models import BasePage
from core.translated import LANGUAGE_CHOICES
from trades.models import FrameworkLevel

from .blocks import LessonBlocks
from .panels import ChecklistPanel

# What lessons/lesson.js imports, fetched beside it and not one behind the other.
LESSON_MODULES = [
    "media/player.js",
    *(
        f"lessons/{name}.js"
        for name in (
            *("answers", "choice", "dialogue", "exercise", "letters", "match", "order"),
            *("progress", "steps", "store", "typed", "words"),
        )
    ),
]
GOALS = [("goal", TranslatedText(max_length=300, label=_("goal")))]


def no_audience() -> list[str]:
    """Default of `CoursePage.audience`."""
    return []


class LessonsIndexPage(BasePage):
    """The list of language courses."""

    template = "lessons/index.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["lessons.CoursePage"]
    max_count = 1

    content_panels = [*BasePage.content_panels, *BasePage.language_panels]

    class Meta:
        verbose_name = _("list of courses")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        courses = CoursePage.objects.live().filter(view_restrictions=None).order_by("path")
        context["courses"] = courses.child_of(self) if self.pk else courses.none()
        return context


class CoursePage(BasePage):
    """A language course: what it teaches, in which languages it explains, for whom."""

    class Audience(models.TextChoices):
        STUDENTS = "students", _("students")
        TEACHERS = "teachers", _("teachers")
        OFFICIALS = "officials", _("officials")

    teaches = models.CharField(_("language taught"), max_length=2, choices=LANGUAGE_CHOICES)
    audience = models.JSONField(_("for whom"), default=no_audience, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True, help_text=_("A1, A2, B1 …"))
    framework_level = models.ForeignKey(
        FrameworkLevel,
        verbose_name=_("level of a framework"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    is_self_declared = models.BooleanField(
        _("self-declared level"),
        default=True,
        help_text=_("Nobody outside has compared the course with the framework."),
    )
    hours = models.PositiveSmallIntegerField(
        _("hours"), default=0, validators=[MaxValueValidator(2000)]
    )
    goals = StreamField(GOALS, verbose_name=_("goals"), blank=True)
    is_draft_content = models.BooleanField(
        _("awaits review by a native teacher"),
        default=True,
        help_text=_("Said on every page of the course until it is switched off."),
    )

    translated_streams = ("goals",)
    template = "lessons/course.html"
    parent_page_types = ["lessons.LessonsIndexPage"]
    subpage_types = ["lessons.UnitPage"]

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("teaches"),
                FieldPanel("audience"),
                FieldPanel("level"),
                FieldPanel("framework_level"),
                FieldPanel("is_self_declared"),
                FieldPanel("hours"),
                FieldPanel("is_draft_content"),
            ],
            heading=_("The course"),
        ),
        FieldPanel("goals"),
        *BasePage.language_panels,
    ]

    class Meta:
        verbose_name = _("course")

    @property
    def taught(self) -> Language:
        """The taught language with its name and tag."""
        return LANGUAGES[self.teaches]

    @property
    def audience_labels(self) -> list[str]:
        """For whom it is, in words."""
        return [str(label) for value, label in self.Audience.choices if value in self.audience]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .outlines import path_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        stages = path_of(self)
        context["course"] = self
        context["stages"] = stages
        context["taught"] = self.teaches
        context["size"] = sum(stage.size for stage in stages)
        context["index_url"] = f"{self.url.rsplit('/', 2)[0]}/" if self.url else ""
        return context


class UnitPage(BasePage):
    """A unit of a course: some lessons with a common aim."""

    goals = StreamField(GOALS, verbose_name=_("what one can do afterwards"), blank=True)

    translated_streams = ("goals",)
    template = "lessons/unit.html"
    parent_page_types = ["lessons.CoursePage"]
    subpage_types = ["lessons.LessonPage"]

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("goals"),
        *BasePage.language_panels,
    ]

    class Meta:
        verbose_name = _("unit")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .outlines import path_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        course = course_of(self)
        stages = path_of(course) if course else []
        context["course"] = course
        context["taught"] = course.teaches if course else None
        context["stage"] = next((stage for stage in stages if stage.url == self.url), None)
        return context


class LessonPage(BasePage):
    """About half an hour: the taught language and its exercises, explained in each language."""

    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=30, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    body = StreamField(LessonBlocks(), verbose_name=_("lesson"), blank=True)

    translated_streams = ("body",)
    template = "lessons/lesson.html"
    parent_page_types = ["lessons.UnitPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("minutes"),
        ChecklistPanel(heading=_("What is still missing")),
        FieldPanel("body"),
        *BasePage.language_panels,
    ]

    class Meta:
        verbose_name = _("lesson")

    def exercises(self) -> list[Any]:
        """The bound blocks of the body that are exercises, in order."""
        from .blocks import ExerciseBlock

        return [child for child in self.body if isinstance(child.block, ExerciseBlock)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .bodies import read_whole, steps
        from .outlines import PAGE_BYTES, lesson_place, sound_bytes

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        # A preview and a print-out by the teacher show notes and answers.
        is_teacher = request.GET.get("view") == "teacher"
        course = course_of(self)
        context["course"] = course
        context["taught"] = course.teaches if course else None
        context["is_teacher"] = is_teacher
        heard = read_whole(self.body, context["taught"])
        context["heard"] = heard
        context["size"] = PAGE_BYTES + sound_bytes(heard)
        context["steps"] = steps(self.body, with_notes=is_teacher)
        context["exercise_count"] = len(self.exercises())
        context["place"] = lesson_place(self, course)
        context["modules"] = LESSON_MODULES
        return context


def course_of(page: UnitPage | LessonPage) -> CoursePage | None:
    """The course a unit or lesson belongs to."""
    return CoursePage.objects.ancestor_of(page).first() if page.path else None
