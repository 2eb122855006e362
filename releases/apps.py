from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    """Releases of curricula: built, signed, downloaded, taken in and adapted."""

    name = "releases"
    verbose_name = _("Releases")

    def ready(self) -> None:
        from core.forms import FORM_CHECKS

        from . import hub
        from .licences import keep_licence

        hub.connect()
        FORM_CHECKS.append(keep_licence)
