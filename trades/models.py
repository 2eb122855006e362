"""Trades, qualification frameworks and their levels."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.translated import Identified, TranslatedContent, require_source_text


class Trade(TranslatedContent, Identified, models.Model):
    """A trade, with its codes in the classifications that offices use."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    isco08 = models.CharField(
        _("ISCO-08 code"), max_length=4, blank=True, help_text=_("Occupation, four digits.")
    )
    isced_f = models.CharField(
        _("ISCED-F 2013 code"), max_length=4, blank=True, help_text=_("Field of education.")
    )
    vietnamese_code = models.CharField(_("Vietnamese training code"), max_length=20, blank=True)
    asean_skill = models.CharField(_("WorldSkills ASEAN skill"), max_length=120, blank=True)
    pictogram = models.SlugField(
        _("pictogram"), max_length=60, blank=True, help_text=_("Name of a file in pictograms/.")
    )
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)

    translated_fields = ("name", "summary")

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("trade")
        verbose_name_plural = _("trades")

    def __str__(self) -> str:
        return self.editor_text("name") or self.slug

    def get_absolute_url(self) -> str:
        return reverse("trades:detail", kwargs={"slug": self.slug})

    def clean(self) -> None:
        super().clean()
        require_source_text(self, "name")


class Framework(TranslatedContent, Identified, models.Model):
    """A qualification framework. Rules change, so each says where it stands and since when."""

    slug = models.SlugField(_("short name"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("ISO 3166-1; blank for a region.")
    )
    source = models.TextField(_("source"), blank=True)
    as_of = models.DateField(_("date of the source"), null=True, blank=True)
    review_note = models.TextField(_("note for reviewers"), blank=True)

    translated_fields = ("name",)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("qualification framework")
        verbose_name_plural = _("qualification frameworks")

    def __str__(self) -> str:
        return self.editor_text("name") or self.slug

    def clean(self) -> None:
        super().clean()
        require_source_text(self, "name")


class FrameworkLevel(TranslatedContent, Identified, models.Model):
    """One level of a framework. Levels of two frameworks are compared, never equated."""

    class Certainty(models.TextChoices):
        PRIMARY = "primary", _("read in a primary source")
        SECONDARY = "secondary", _("one secondary source")
        UNVERIFIED = "unverified", _("to be reviewed by someone from the field")

    framework = models.ForeignKey(
        Framework, verbose_name=_("framework"), related_name="levels", on_delete=models.CASCADE
    )
    number = models.PositiveSmallIntegerField(_("level"))
    code = models.CharField(_("code"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    certainty = models.CharField(
        _("certainty"), max_length=10, choices=Certainty.choices, default=Certainty.UNVERIFIED
    )
    source = models.TextField(_("source"), blank=True)
    as_of = models.DateField(_("date of the source"), null=True, blank=True)

    translated_fields = ("name",)

    class Meta:
        ordering = ["framework", "number"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "number"], name="one_level_a_number")
        ]
        verbose_name = _("framework level")
        verbose_name_plural = _("framework levels")

    def __str__(self) -> str:
        return f"{self.framework.slug.upper()} {self.number} {self.editor_text('name')}".strip()
