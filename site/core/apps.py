from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """What every other app builds on: translated content, reader, search."""

    name = "core"
    verbose_name = _("Core")
