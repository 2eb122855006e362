from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GlossaryConfig(AppConfig):
    """The bilingual vocational glossary."""

    name = "glossary"
    verbose_name = _("Glossary")

    def ready(self) -> None:
        from . import search

        search.connect()
