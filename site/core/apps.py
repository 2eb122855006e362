from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """What every other app builds on: translated content, reader, search."""

    name = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from . import addresses, comparison
        from .search import pages, schema

        addresses.connect()
        comparison.register()
        post_migrate.connect(schema.ensure_after_migrate, sender=self)
        pages.connect()
