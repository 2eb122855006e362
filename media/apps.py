from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """The site's own image, document and audio models."""

    name = "media"
    verbose_name = _("Media")

    def ready(self) -> None:
        from .models import Recording, delete_copies

        # Deleting a whole collection calls no delete() of the model.
        post_delete.connect(delete_copies, sender=Recording)
