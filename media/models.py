"""The site's own image, document and recording models. Uploaded files go to var/uploads."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtailmedia.models import AbstractMedia

from core.languages import CODES, LocalText, pick
from core.reader import current_language
from core.translated import LANGUAGE_CHOICES


class Credited(models.Model):
    """Mixin: who owns a file and under which licence it may be passed on."""

    rights_holder = models.CharField(_("rights holder"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=60, blank=True, default="CC BY-SA 4.0")

    class Meta:
        abstract = True


class SiteImage(Credited, AbstractImage):
    """An image with alternative text and caption in every language."""

    alternative = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=255, blank=True)

    translated_fields: ClassVar[tuple[str, ...]] = ("alternative", "caption")
    admin_form_fields = (
        *Image.admin_form_fields,
        *(f"{name}_{code}" for name in translated_fields for code in CODES),
        "rights_holder",
        "licence",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]

    def local_alternative(self, language: str | None = None) -> LocalText | None:
        """The alternative text for a reader of `language`."""
        texts = {code: getattr(self, f"alternative_{code}") or "" for code in CODES}
        return pick(texts, language or current_language())

    @property
    def default_alt_text(self) -> str:
        return str(self.local_alternative() or self.title)


class SiteRendition(AbstractRendition):
    """A resized copy of an image."""

    image = models.ForeignKey(SiteImage, related_name="renditions", on_delete=models.CASCADE)

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class SiteDocument(Credited, AbstractDocument):
    """A document whose shown title stands in every language."""

    label = models.CharField(_("title shown to readers"), max_length=255, blank=True)

    translated_fields: ClassVar[tuple[str, ...]] = ("label",)
    admin_form_fields = (
        *Document.admin_form_fields,
        *(f"label_{code}" for code in CODES),
        "rights_holder",
        "licence",
    )

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]


class Recording(Credited, AbstractMedia):
    """Sound: the file as it came, and small mono copies that pages play.

    `file` is the original; `opus` and `mp3` are made from it (media.encoding); `duration` is in
    seconds (wagtailmedia); `loudness` in LUFS.
    """

    language = models.CharField(
        _("spoken language"), max_length=2, choices=LANGUAGE_CHOICES, blank=True
    )
    is_synthetic = models.BooleanField(
        _("synthetic voice"), default=False, help_text=_("Spoken by a machine, not a person.")
    )
    opus = models.FileField(upload_to="recordings", blank=True, editable=False)
    mp3 = models.FileField(upload_to="recordings", blank=True, editable=False)
    loudness = models.FloatField(_("loudness"), null=True, blank=True, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "collection",
        "language",
        "is_synthetic",
        "rights_holder",
        "licence",
        "tags",
    )

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
