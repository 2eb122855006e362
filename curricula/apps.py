from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CurriculaConfig(AppConfig):
    """Training programmes: curricula, their modules and teaching units."""

    name = "curricula"
    verbose_name = _("Curricula")

    def ready(self) -> None:
        from . import catalogue, search, trade_hub

        search.connect()
        catalogue.connect()
        trade_hub.connect()
