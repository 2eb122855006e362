from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CentresConfig(AppConfig):
    """Training centres and what belongs to each of them."""

    name = "centres"
    verbose_name = _("Centres")
