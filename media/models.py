"""The site's own image, document and recording models. Uploaded files go to var/uploads."""

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image
from wagtail.images.utils import to_svg_safe_spec
from wagtailmedia.models import AbstractMedia

from core.languages import CODES, LocalText, pick
from core.reader import current_language
from core.translated import LANGUAGE_CHOICES

from .encoding import encode
from .sound import Limits, Sound, SoundError, long_limits


def without_tags(names: Iterable[str]) -> tuple[str, ...]:
    """Tags are one vocabulary of the whole site, and would tell each centre what others do."""
    return tuple(name for name in names if name != "tags")


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
        *without_tags(Image.admin_form_fields),
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

    def clean_filter_for_svg(self, filter: Filter) -> Filter:
        """Called for every resized copy: a drawing stays one, whatever format a page asks for."""
        if self.is_svg():
            return Filter(to_svg_safe_spec(filter.spec))
        return super().clean_filter_for_svg(filter)


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
        *without_tags(Document.admin_form_fields),
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

    consent_on = models.DateField(
        _("speaker's consent"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the speaker agreed to publication."),
    )

    admin_form_fields = (
        "title",
        "file",
        "collection",
        "language",
        "is_synthetic",
        "rights_holder",
        "licence",
    )
    #: The files made from `file`, which are all that readers get.
    copies: ClassVar[tuple[str, ...]] = ("opus", "mp3")
    #: What an uploaded file may be; forms for terms set stricter limits on their instance.
    limits: Limits | None = None

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sound: Sound | None = None
        if self._state.adding and not getattr(self, "type", ""):
            self.type = "audio"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the copies of a new file, and remove those they replace. Raises SoundError."""
        if not self._has_new_file():
            super().save(*args, **kwargs)
            return
        sound = self._sound or self._encode()
        self._sound = None
        replaced = Recording.objects.filter(pk=self.pk).values_list("file", *self.copies).first()
        self.duration, self.loudness = sound.duration, sound.loudness
        written = []
        try:
            for name in self.copies:
                content = getattr(sound, name)
                # Named by its content: a name never stands for another sound (media.views).
                stem = hashlib.sha256(content).hexdigest()[:20]
                getattr(self, name).save(f"{stem}.{name}", ContentFile(content), save=False)
                written.append(getattr(self, name).name)
            super().save(*args, **kwargs)
        except Exception:
            self._delete(written)
            raise
        kept = {self.file.name, *written}
        stale = [name for name in replaced or () if name and name not in kept]
        transaction.on_commit(lambda: self._delete(stale))

    def clean(self, *args: Any, **kwargs: Any) -> None:
        """Refuse what is no usable sound, at the file's field."""
        if self.type != "audio":
            raise ValidationError(_("Only sound is kept here, no video."))
        try:
            super().clean(*args, **kwargs)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
        if self._has_new_file():
            try:
                self._encode()
            except SoundError as error:
                raise ValidationError({"file": str(error)}) from error

    def _has_new_file(self) -> bool:
        return bool(self.file) and not self.file._committed

    def take_copies(self, sound: Sound) -> None:
        """Have the next save keep these copies, instead of making them from `file`."""
        self._sound = sound

    def _encode(self) -> Sound:
        self._sound = encode(self.file.file, self.limits or long_limits())
        return self._sound

    def delete_files(self) -> None:
        """Remove the files of a recording whose row was not kept."""
        names = [getattr(self, name).name for name in ("file", *self.copies)]
        self._delete([name for name in names if name])

    def _delete(self, names: list[str]) -> None:
        for name in names:
            self.file.storage.delete(name)

    # --- Playing -------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The address to play; the file as it came is not public."""
        return self.mp3.url if self.mp3 else ""

    @property
    def sources(self) -> list[dict[str, str]]:
        """What wagtailmedia's templates play, the smaller copy first."""
        types = {"opus": "audio/ogg; codecs=opus", "mp3": "audio/mpeg"}
        return [
            {"src": getattr(self, name).url, "type": types[name]}
            for name in self.copies
            if getattr(self, name)
        ]

    @property
    def kilobytes(self) -> int | None:
        """The size of what most browsers load, None when the file is lost."""
        try:
            return max(1, round((self.opus or self.mp3).size / 1000))
        except (OSError, ValueError):
            return None

    @property
    def seconds(self) -> int:
        """The length, rounded for reading."""
        return max(1, round(self.duration))

    @property
    def listen_label(self) -> str:
        """What the button says."""
        labels = {
            "lo": _("Listen in Lao"),
            "vi": _("Listen in Vietnamese"),
            "en": _("Listen in English"),
        }
        return str(labels.get(self.language, _("Listen")))


def delete_copies(sender: type[Recording], instance: Recording, **kwargs: Any) -> None:
    """Receives post_delete: wagtailmedia removes the original, this the copies."""
    names = [getattr(instance, name).name for name in Recording.copies]
    transaction.on_commit(lambda: instance._delete([name for name in names if name]))
