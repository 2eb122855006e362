from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GlossaryConfig(AppConfig):
    """The bilingual vocational glossary."""

    name = "glossary"
    verbose_name = _("Glossary")

    def ready(self) -> None:
        from . import hub, marker, roles, search

        search.connect()
        hub.connect()
        marker.connect()
        post_migrate.connect(roles.make_roles_after_migrate, sender=self)
