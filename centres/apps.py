from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class CentresConfig(AppConfig):
    """Training centres and what belongs to each of them."""

    name = "centres"
    verbose_name = _("Centres")

    def ready(self) -> None:
        from core.forms import FORM_CHECKS

        from . import search, trade_hub
        from .models import CentreSpace
        from .placing import refuse_foreign_work
        from .spaces import remove_space

        # However a centre is deleted, alone or with what it stands below.
        post_delete.connect(remove_space, sender=CentreSpace)
        FORM_CHECKS.append(refuse_foreign_work)
        search.connect()
        trade_hub.connect()
