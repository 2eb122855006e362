"""What stands beside the pages of curricula: choices, hours, rules, the rows of the catalogue."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from centres.models import CentrePage, Country
from core.languages import CODES, pick
from core.reader import current_language
from trades.models import FrameworkLevel, Trade

MAX_HOURS = 10_000


class Licence(models.TextChoices):
    """Under which conditions a curriculum may be passed on. The values are SPDX identifiers."""

    BY_SA = "CC-BY-SA-4.0", "CC BY-SA 4.0"
    BY = "CC-BY-4.0", "CC BY 4.0"
    ZERO = "CC0-1.0", "CC0 1.0"
    BY_NC = "CC-BY-NC-4.0", "CC BY-NC 4.0"
    BY_NC_SA = "CC-BY-NC-SA-4.0", "CC BY-NC-SA 4.0"
    BY_ND = "CC-BY-ND-4.0", "CC BY-ND 4.0"
    BY_NC_ND = "CC-BY-NC-ND-4.0", "CC BY-NC-ND 4.0"


class Hours(models.Model):
    """Mixin: hours of theory, practice and tests. The total is their sum and never entered."""

    hours_theory = models.PositiveSmallIntegerField(
        _("theory hours"), default=0, validators=[MaxValueValidator(MAX_HOURS)]
    )
    hours_practice = models.PositiveSmallIntegerField(
        _("practice hours"), default=0, validators=[MaxValueValidator(MAX_HOURS)]
    )
    hours_test = models.PositiveSmallIntegerField(
        _("test hours"), default=0, validators=[MaxValueValidator(MAX_HOURS)]
    )

    class Meta:
        abstract = True

    @property
    def hours_total(self) -> int:
        return self.hours_theory + self.hours_practice + self.hours_test


def hours_panel() -> FieldRowPanel:
    """The three kinds of hours in one row."""
    return FieldRowPanel(
        [FieldPanel("hours_theory"), FieldPanel("hours_practice"), FieldPanel("hours_test")],
        heading=_("Hours"),
    )


class Entry(models.TextChoices):
    """What entrants have completed."""

    NONE = "none", _("no schooling required")
    PRIMARY = "primary", _("primary school completed")
    LOWER_SECONDARY = "lower_secondary", _("lower secondary school completed")
    UPPER_SECONDARY = "upper_secondary", _("upper secondary school completed")
    PREVIOUS_LEVEL = "previous_level", _("the level below completed")


class Rule(models.Model):
    """What a text of law asks of a programme: data, since laws change often."""

    class Measure(models.TextChoices):
        CREDITS = "credits", _("credits of the programme")
        MODULES = "modules", _("number of modules and subjects")
        HOURS = "hours", _("hours of the programme")
        THEORY_SHARE = "theory_share", _("share of theory in per cent")
        MODULE_CREDITS = "module_credits", _("credits of a module (MĐ)")
        CREDIT_THEORY = "credit_theory", _("hours of theory for one credit")
        CREDIT_PRACTICE = "credit_practice", _("hours of practice for one credit")
        CREDIT_INTERNSHIP = "credit_internship", _("hours of internship for one credit")
        WEEK_THEORY = "week_theory", _("hours of theory in a week")
        WEEK_PRACTICE = "week_practice", _("hours of practice in a week")
        COUNCIL = "council", _("members of the appraisal council")
        OUTSIDE_REVIEWERS = "outside_reviewers", _("reviewers from outside")
        REVIEW_YEARS = "review_years", _("years until the next review")

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    level = models.ForeignKey(
        FrameworkLevel,
        verbose_name=_("level"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.CASCADE,
        help_text=_("Empty: it holds for every level of the country."),
    )
    entry = models.CharField(
        _("entrants"),
        max_length=20,
        choices=Entry.choices,
        blank=True,
        help_text=_("Empty: it holds for all entrants."),
    )
    measure = models.CharField(_("what is measured"), max_length=20, choices=Measure.choices)
    minimum = models.DecimalField(
        _("at least"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    maximum = models.DecimalField(
        _("at most"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    basis = models.CharField(
        _("legal basis"),
        max_length=300,
        blank=True,
        help_text=_("The text of law and its article."),
    )
    as_of = models.DateField(_("as of"), help_text=_("When the text was read."))

    class Meta:
        ordering = ["country", "level", "measure", "slug"]
        verbose_name = _("rule for programmes")
        verbose_name_plural = _("rules for programmes")

    def __str__(self) -> str:
        return f"{self.get_measure_display()} ({self.local_basis})"

    @property
    def local_basis(self) -> str:
        """The legal basis for the reader."""
        texts = {code: getattr(self, f"basis_{code}") or "" for code in CODES}
        return str(pick(texts, current_language()) or "")

    def allows(self, value: Any) -> bool:
        """Whether a measured value is within the limits."""
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


class CatalogueEntry(models.Model):
    """What the public list of curricula shows and filters by: one row a live curriculum.

    Written by curricula.catalogue alone, never edited.
    """

    curriculum = models.OneToOneField(
        "curricula.CurriculumPage", related_name="catalogue_entry", on_delete=models.CASCADE
    )
    centre = models.ForeignKey(CentrePage, related_name="+", on_delete=models.CASCADE)
    country = models.CharField(max_length=2, choices=Country.choices)
    trade = models.ForeignKey(Trade, null=True, related_name="+", on_delete=models.SET_NULL)
    levels = models.ManyToManyField(FrameworkLevel, related_name="+")
    licence = models.CharField(max_length=20, choices=Licence.choices)
    hours = models.PositiveIntegerField()
    credits = models.DecimalField(max_digits=7, decimal_places=1)
    modules = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    in_lo = models.BooleanField()
    in_vi = models.BooleanField()
    in_en = models.BooleanField()
    #: When the curriculum was first published: the newest stand first.
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-curriculum_id"]
        indexes = [
            models.Index(fields=["-published_at", "-curriculum"]),
            models.Index(fields=["trade", "-published_at"]),
            models.Index(fields=["centre", "-published_at"]),
        ]
        verbose_name = _("entry of the catalogue")
        verbose_name_plural = _("entries of the catalogue")

    def __str__(self) -> str:
        return str(self.curriculum)
