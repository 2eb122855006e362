from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """The site's own image, document and audio models."""

    name = "media"
    verbose_name = _("Media")
