from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    """Releases of curricula: built, signed, downloaded, taken in and adapted."""

    name = "releases"
    verbose_name = _("Releases")

    def ready(self) -> None:
        from . import hub

        hub.connect()
