"""Curricula, their modules and units: pages below a centre, one document in many languages."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TabbedInterface
from wagtail.fields import StreamField
from wagtail.utils.decorators import cached_classmethod

from centres.models import CentrePage, Country, Ministry
from core.models import BasePage
from core.panels import TranslatedFieldPanel
from trades.models import FrameworkLevel, Trade

from .blocks import ItemBlocks, LegalTextBlocks, SectionBlocks, SupplyBlocks, UnitBlocks
from .child_forms import ChildTableForm, HasChildTable
from .panels import ChecklistPanel, ChildTablePanel, tabs
from .records import (  # noqa: F401  Models of the app.
    MAX_HOURS,
    CatalogueEntry,
    Entry,
    Hours,
    Licence,
    Rule,
    hours_panel,
)
from .reviewed import Reviewed, ReviewedWithCurriculum
from .submissions import CurriculumApprovalTask, SubmittedPage  # noqa: F401  Models of the app.


class CurriculumPage(HasChildTable, Reviewed, BasePage):
    """A training programme: what it is, for whom, on what basis; its modules stand below it."""

    class Verdict(models.TextChoices):
        PASSED = "passed", _("passed")
        PASSED_WITH_EDITS = "passed_with_edits", _("passed with edits")
        FAILED = "failed", _("failed")

    code = models.CharField(_("code"), max_length=30, blank=True)
    trade = models.ForeignKey(
        Trade,
        verbose_name=_("trade"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    levels = ParentalManyToManyField(
        FrameworkLevel,
        verbose_name=_("levels of frameworks"),
        blank=True,
        related_name="+",
        help_text=_("One for each framework. They are compared, never called equivalent."),
    )
    entry = models.CharField(
        _("entrants"), max_length=20, choices=Entry.choices, default=Entry.NONE
    )
    weeks = models.PositiveSmallIntegerField(
        _("duration in weeks"), null=True, blank=True, validators=[MaxValueValidator(400)]
    )
    hours_exam = models.PositiveSmallIntegerField(
        _("hours of revision and final exams"),
        default=0,
        validators=[MaxValueValidator(MAX_HOURS)],
        help_text=_("Beside the hours of the modules."),
    )

    entry_requirements = StreamField(
        SectionBlocks(), verbose_name=_("entry requirements"), blank=True
    )
    description = StreamField(SectionBlocks(), verbose_name=_("description"), blank=True)
    knowledge = StreamField(ItemBlocks(), verbose_name=_("knowledge"), blank=True)
    skills = StreamField(ItemBlocks(), verbose_name=_("skills"), blank=True)
    autonomy = StreamField(ItemBlocks(), verbose_name=_("autonomy and responsibility"), blank=True)
    equipment = StreamField(SupplyBlocks(), verbose_name=_("equipment"), blank=True)
    materials = StreamField(SupplyBlocks(), verbose_name=_("materials"), blank=True)
    teachers = StreamField(SectionBlocks(), verbose_name=_("teacher requirements"), blank=True)
    assessment = StreamField(SectionBlocks(), verbose_name=_("assessment"), blank=True)
    graduation = StreamField(SectionBlocks(), verbose_name=_("graduation"), blank=True)
    usage = StreamField(SectionBlocks(), verbose_name=_("usage guide"), blank=True)

    legal_basis = StreamField(LegalTextBlocks(), verbose_name=_("legal basis"), blank=True)
    licence = models.CharField(
        _("licence"), max_length=20, choices=Licence.choices, default=Licence.BY_SA
    )
    rights_holder = models.CharField(_("rights holder"), max_length=200, blank=True)
    source = models.CharField(
        _("source"),
        max_length=500,
        blank=True,
        help_text=_("What the programme was made from, or who drafted it and when."),
    )
    agreement = models.CharField(
        _("agreement"), max_length=300, blank=True, help_text=_("Under which it is shared.")
    )
    agreement_signed_on = models.DateField(_("signed on"), null=True, blank=True)
    agreement_signatory = models.ForeignKey(
        Ministry,
        verbose_name=_("signatory"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    agreement_owner = models.ForeignKey(
        Ministry,
        verbose_name=_("in charge of it today"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    agreement_owner_since = models.DateField(_("in charge since"), null=True, blank=True)

    verdict = models.CharField(
        _("verdict of the appraisal council"), max_length=20, choices=Verdict.choices, blank=True
    )
    appraised_on = models.DateField(_("appraised on"), null=True, blank=True)
    council_members = models.PositiveSmallIntegerField(
        _("members of the council"), null=True, blank=True
    )
    outside_reviewers = models.PositiveSmallIntegerField(
        _("reviewers from outside"), null=True, blank=True
    )
    decision_number = models.CharField(_("number of the decision"), max_length=60, blank=True)
    decision_on = models.DateField(_("date of the decision"), null=True, blank=True)
    is_draft_content = models.BooleanField(
        _("awaits review by native experts"),
        default=True,
        help_text=_("Said on every page of the curriculum until it is switched off."),
    )

    translated_fields = (*BasePage.translated_fields, "source", "agreement")
    translated_streams = (
        *("description", "entry_requirements", "knowledge", "skills", "autonomy", "equipment"),
        *("materials", "teachers", "assessment", "graduation", "usage", "legal_basis"),
    )
    #: What a release carries beside texts, streams and references (releases.document).
    value_fields = (
        *("code", "entry", "weeks", "hours_exam", "licence", "rights_holder"),
        *("agreement_signed_on", "agreement_owner_since", "verdict", "appraised_on"),
        *("council_members", "outside_reviewers", "decision_number", "decision_on"),
        "is_draft_content",
    )
    child_columns = ("code", "kind", "credits", "hours_theory", "hours_practice", "hours_test")
    base_form_class = ChildTableForm
    admin_default_ordering = "ord"
    template = "curricula/curriculum.html"
    parent_page_types = ["centres.CentrePage"]
    subpage_types = ["curricula.ModulePage"]

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("trade"),
                FieldPanel("levels"),
                FieldPanel("entry"),
                FieldPanel("weeks"),
                FieldPanel("hours_exam"),
                FieldPanel("is_draft_content"),
            ],
            heading=_("The programme"),
        ),
        ChildTablePanel(heading=_("Modules")),
        ChecklistPanel(heading=_("What is still missing")),
        FieldPanel("description"),
        FieldPanel("entry_requirements"),
        MultiFieldPanel(
            [FieldPanel("knowledge"), FieldPanel("skills"), FieldPanel("autonomy")],
            heading=_("Objectives"),
        ),
        FieldPanel("equipment"),
        FieldPanel("materials"),
        FieldPanel("teachers"),
        FieldPanel("assessment"),
        FieldPanel("graduation"),
        FieldPanel("usage"),
        *BasePage.language_panels,
    ]
    basis_panels = [
        FieldPanel("legal_basis"),
        MultiFieldPanel(
            [
                FieldPanel("licence"),
                FieldPanel("rights_holder"),
                TranslatedFieldPanel("source"),
            ],
            heading=_("Rights"),
        ),
        MultiFieldPanel(
            [
                TranslatedFieldPanel("agreement"),
                FieldPanel("agreement_signed_on"),
                FieldPanel("agreement_signatory"),
                FieldPanel("agreement_owner"),
                FieldPanel("agreement_owner_since"),
            ],
            heading=_("Agreement"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("verdict"),
                FieldPanel("appraised_on"),
                FieldPanel("council_members"),
                FieldPanel("outside_reviewers"),
                FieldPanel("decision_number"),
                FieldPanel("decision_on"),
            ],
            heading=_("Appraisal"),
        ),
    ]

    class Meta:
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")

    @cached_classmethod
    def get_edit_handler(cls) -> TabbedInterface:
        """Content, basis, sharing, settings."""
        return tabs(cls)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .reading import curriculum_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **curriculum_context(self, context["reader"])}

    @property
    def centre(self) -> CentrePage | None:
        """The centre it stands below."""
        return CentrePage.objects.ancestor_of(self).first() if self.path else None

    @property
    def reviewed_page(self) -> "CurriculumPage":
        """The unit of review, as its modules and units name it too."""
        return self


class ModulePage(HasChildTable, ReviewedWithCurriculum, Hours, BasePage):
    """A module of a programme: a subject (MH), a module (MĐ) or an internship."""

    class Kind(models.TextChoices):
        SUBJECT = "subject", _("subject (MH)")
        MODULE = "module", _("module (MĐ)")
        INTERNSHIP = "internship", _("internship")

    code = models.CharField(_("code"), max_length=20, blank=True, help_text="MH01, MĐ02 …")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MODULE)
    specific_to = models.CharField(
        _("specific to a country"),
        max_length=2,
        choices=Country.choices,
        blank=True,
        help_text=_("A centre of the other country replaces it by its own subject."),
    )
    credits = models.DecimalField(
        _("credits"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("As the programme's decision has them; they are not derived from hours."),
    )
    lao_credits = models.CharField(
        _("Lao credit notation"), max_length=20, blank=True, help_text="3(2-2-2)"
    )
    hours_company = models.PositiveSmallIntegerField(
        _("of these hours, in a company"), default=0, validators=[MaxValueValidator(MAX_HOURS)]
    )
    prerequisites = models.CharField(
        _("modules that come before"),
        max_length=200,
        blank=True,
        help_text=_("Their codes, with commas between them: MĐ01, MĐ02"),
    )

    position = StreamField(
        SectionBlocks(), verbose_name=_("position, meaning and role"), blank=True
    )
    knowledge = StreamField(ItemBlocks(), verbose_name=_("knowledge"), blank=True)
    skills = StreamField(ItemBlocks(), verbose_name=_("skills"), blank=True)
    autonomy = StreamField(ItemBlocks(), verbose_name=_("autonomy and responsibility"), blank=True)
    equipment = StreamField(SupplyBlocks(), verbose_name=_("equipment"), blank=True)
    materials = StreamField(SupplyBlocks(), verbose_name=_("materials"), blank=True)
    teachers = StreamField(SectionBlocks(), verbose_name=_("teacher requirements"), blank=True)
    assessment = StreamField(SectionBlocks(), verbose_name=_("assessment"), blank=True)
    usage = StreamField(SectionBlocks(), verbose_name=_("usage guide"), blank=True)

    translated_streams = (
        *("position", "knowledge", "skills", "autonomy", "equipment", "materials"),
        *("teachers", "assessment", "usage"),
    )
    value_fields = (
        *("code", "kind", "specific_to", "credits", "lao_credits", "hours_theory"),
        *("hours_practice", "hours_test", "hours_company", "prerequisites"),
    )
    child_columns = ("hours_theory", "hours_practice", "hours_test")
    base_form_class = ChildTableForm
    admin_default_ordering = "ord"
    template = "curricula/module.html"
    parent_page_types = ["curricula.CurriculumPage"]
    subpage_types = ["curricula.ModuleUnitPage"]

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("code"),
                FieldPanel("kind"),
                FieldPanel("specific_to"),
                FieldPanel("credits"),
                FieldPanel("lao_credits"),
                hours_panel(),
                FieldPanel("hours_company"),
                FieldPanel("prerequisites"),
            ],
            heading=_("The module"),
        ),
        ChildTablePanel(heading=_("Units")),
        ChecklistPanel(heading=_("What is still missing")),
        FieldPanel("position"),
        MultiFieldPanel(
            [FieldPanel("knowledge"), FieldPanel("skills"), FieldPanel("autonomy")],
            heading=_("Objectives"),
        ),
        FieldPanel("equipment"),
        FieldPanel("materials"),
        FieldPanel("teachers"),
        FieldPanel("assessment"),
        FieldPanel("usage"),
        *BasePage.language_panels,
    ]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .reading import module_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        is_print = request.GET.get("view") == "print"
        return {**context, **module_context(self, context["reader"], is_print)}

    @property
    def hours_school(self) -> int:
        """The hours that are not in a company."""
        return max(0, self.hours_total - self.hours_company)

    @property
    def prerequisite_codes(self) -> list[str]:
        """The codes in `prerequisites`."""
        return [code.strip() for code in self.prerequisites.split(",") if code.strip()]


class ModuleUnitPage(ReviewedWithCurriculum, Hours, BasePage):
    """A unit of a module: the teaching content itself."""

    objectives = StreamField(ItemBlocks(), verbose_name=_("what one can do afterwards"), blank=True)
    body = StreamField(UnitBlocks(), verbose_name=_("teaching content"), blank=True)

    translated_streams = ("objectives", "body")
    value_fields = ("hours_theory", "hours_practice", "hours_test")
    template = "curricula/unit.html"
    parent_page_types = ["curricula.ModulePage"]
    subpage_types: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        hours_panel(),
        FieldPanel("objectives"),
        FieldPanel("body"),
        *BasePage.language_panels,
    ]

    class Meta:
        verbose_name = _("unit of a module")
        verbose_name_plural = _("units of modules")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from .reading import unit_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **unit_context(self, context["reader"])}
