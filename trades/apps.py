from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TradesConfig(AppConfig):
    """Trades, qualification frameworks and levels: what the other apps point at."""

    name = "trades"
    verbose_name = _("Trades and frameworks")
