from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LessonsConfig(AppConfig):
    """Language courses: courses, units, lessons and practice."""

    name = "lessons"
    verbose_name = _("Lessons")
