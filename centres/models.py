"""Centres: where they are, under which ministry, and the corner of the site that is theirs."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Collection, PagePermissionTester

from core.languages import LocalText
from core.models import BasePage
from core.panels import TranslatedFieldPanel
from core.translated import Identified, TranslatedContent, require_source_text
from media.models import SiteImage
from trades.models import Trade


class Country(models.TextChoices):
    """The countries of the programme, ISO 3166-1."""

    LAOS = "LA", _("Laos")
    VIETNAM = "VN", _("Vietnam")


class Province(TranslatedContent, Identified, ClusterableModel):
    """A province as it is today; its other spellings and older names are aliases."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    code = models.CharField(
        _("code"), max_length=10, blank=True, help_text=_("ISO 3166-2, where there is one.")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("position in lists"), default=0)

    translated_fields = ("name",)

    class Meta:
        ordering = ["country", "position", "slug"]
        verbose_name = _("province")
        verbose_name_plural = _("provinces")

    def __str__(self) -> str:
        return self.editor_text("name") or self.slug

    def clean(self) -> None:
        super().clean()
        require_source_text(self, "name")


class ProvinceAlias(models.Model):
    """Another spelling of a province, or the name of one that is now part of it."""

    province = ParentalKey(Province, related_name="aliases", on_delete=models.CASCADE)
    text = models.CharField(_("name"), max_length=120)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day the name was official.")
    )

    class Meta:
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(fields=["province", "text"], name="one_alias_a_spelling")
        ]
        verbose_name = _("other name of a province")
        verbose_name_plural = _("other names of provinces")

    def __str__(self) -> str:
        return self.text


class Ministry(TranslatedContent, Identified, models.Model):
    """A ministry or department that centres belong to and that signs agreements."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    name = models.CharField(_("name"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    until = models.DateField(
        _("in charge until"),
        null=True,
        blank=True,
        help_text=_("The day it handed vocational training over; empty while in charge."),
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)

    translated_fields = ("name", "short_name", "note")

    class Meta:
        ordering = ["country", "slug"]
        verbose_name = _("ministry")
        verbose_name_plural = _("ministries")

    def __str__(self) -> str:
        return self.editor_text("short_name") or self.editor_text("name") or self.slug

    def clean(self) -> None:
        super().clean()
        require_source_text(self, "name")


class CentresIndexPage(BasePage):
    """The list of centres."""

    template = "centres/index.html"
    parent_page_types = ["portal.HomePage"]
    subpage_types = ["centres.CentrePage"]
    max_count = 1

    content_panels = [*BasePage.content_panels, *BasePage.language_panels]

    class Meta:
        verbose_name = _("list of centres")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the list that the query string asks for."""
        from .listing import list_page, parse_wish, read_choices

        context = super().get_context(request, *args, **kwargs)
        choices = read_choices()
        wish = parse_wish(request.GET, choices, context["reader"])
        base_url = self.get_url(request) or ""
        return {**context, "wish": wish, "list": list_page(wish, choices, base_url)}


class CentrePermissions(PagePermissionTester):
    """Members of a centre write in it; whether it exists is for those who look after all."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        parent = self.page.get_parent()
        may_make_centres = parent.permissions_for_user(self.user).can_add_subpage()
        return bool(may_make_centres and super().can_delete(ignore_bulk))


class CentrePage(BasePage):
    """A centre: its public page, and the root of everything it publishes."""

    class Kind(models.TextChoices):
        TVET_COLLEGE = "tvet_college", _("TVET college")
        IVET_SCHOOL = "ivet_school", _("IVET school or college")
        TECHNICAL_SCHOOL = "technical_school", _("technical school")
        SKILLS_CENTRE = "skills_centre", _("skills development centre")
        NON_FORMAL_CENTRE = "non_formal_centre", _("non-formal education centre")
        COMMUNITY_CENTRE = "community_centre", _("community learning centre")
        VN_COLLEGE = "vn_college", _("college (cao đẳng)")
        VN_SECONDARY = "vn_secondary", _("secondary vocational school (trung cấp)")
        VN_VOCATIONAL_HIGH = "vn_vocational_high", _("vocational high school (trung học nghề)")
        VN_GDNN_GDTX = "vn_gdnn_gdtx", _("vocational and continuing education centre (GDNN–GDTX)")
        ENTERPRISE = "enterprise", _("enterprise")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    province = models.ForeignKey(
        Province,
        verbose_name=_("province"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    ministry = models.ForeignKey(
        Ministry,
        verbose_name=_("ministry"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    ministry_since = models.DateField(_("under this ministry since"), null=True, blank=True)
    trades = ParentalManyToManyField(
        Trade, verbose_name=_("trades"), blank=True, related_name="centres"
    )
    address = models.TextField(_("postal address"), max_length=500, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("web address"), blank=True)
    logo = models.ForeignKey(
        SiteImage,
        verbose_name=_("logo"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    is_example = models.BooleanField(
        _("example"),
        default=False,
        help_text=_("An invented centre that shows how the site works. Its pages say so."),
    )

    translated_fields = (*BasePage.translated_fields, "address")
    template = "centres/centre.html"
    parent_page_types = ["centres.CentresIndexPage"]
    subpage_types = ["curricula.CurriculumPage"]
    # A centre is a draft or public: nothing in between, which would name other centres' groups.
    private_page_options: list[str] = []

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldPanel("country"),
                FieldPanel("province"),
                FieldPanel("ministry"),
                FieldPanel("ministry_since"),
                FieldPanel("trades"),
                FieldPanel("is_example", permission="superuser"),
            ],
            heading=_("The centre"),
        ),
        TranslatedFieldPanel("address"),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("email"),
                FieldPanel("website"),
                FieldPanel("logo"),
            ],
            heading=_("Contact"),
        ),
        *BasePage.language_panels,
    ]

    class Meta:
        verbose_name = _("centre")

    def permissions_for_user(self, user: Any) -> "CentrePermissions":
        return CentrePermissions(user, self)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Saved in full, a centre has its space, named as it is."""
        from .spaces import keep_space

        if kwargs.get("update_fields"):
            return super().save(*args, **kwargs)
        with transaction.atomic():
            result = super().save(*args, **kwargs)
            keep_space(self)
        return result

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds its trades as tiles, and what other apps show of it."""
        from .cards import trade_tiles
        from .hub import shown_sections

        context = super().get_context(request, *args, **kwargs)
        reader = context["reader"]
        parent = self.get_parent() if self.path else None
        return {
            **context,
            "index_url": parent.get_url(request) if parent else "",
            "tiles": trade_tiles(self.trades.all(), reader),
            "sections": shown_sections(self, reader),
        }

    @property
    def local_name(self) -> LocalText | None:
        """The name for the reader of the active language."""
        return self.local("name")


class CentreSpace(models.Model):
    """What belongs to a centre beside its pages: its files and the groups of its members.

    Not part of the page, whose revisions must not bring back an older collection or group.
    """

    centre = models.OneToOneField(CentrePage, related_name="space", on_delete=models.CASCADE)
    collection = models.OneToOneField(Collection, related_name="+", on_delete=models.PROTECT)
    editors = models.OneToOneField(Group, related_name="+", on_delete=models.PROTECT)
    publishers = models.OneToOneField(Group, related_name="+", on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("space of a centre")
        verbose_name_plural = _("spaces of centres")

    def __str__(self) -> str:
        return str(self.centre)
