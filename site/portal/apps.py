from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """What puts the apps together: home, content pages, sitemap, the demo."""

    name = "portal"
    verbose_name = _("Portal")
