"""Releases of curricula, their files, and where an adapted curriculum came from."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centres.models import CentrePage
from core.identity import new_public_id
from core.languages import CODES, LANGUAGES, Language, LocalText, pick
from core.reader import current_language
from curricula.models import CurriculumPage

from . import store

#: The name under which the document of any release is downloaded.
DOCUMENT_NAME = "curriculum.json"


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases by what readers may see of them."""

    def listed(self) -> "ReleaseQuerySet":
        """Those that the public sees: a withdrawn one stays listed, with its reason."""
        return self.filter(state__in=[Release.State.PUBLISHED, Release.State.WITHDRAWN])

    def published(self) -> "ReleaseQuerySet":
        """Those that can be downloaded."""
        return self.filter(state=Release.State.PUBLISHED)

    def unfinished(self) -> "ReleaseQuerySet":
        """Those that are asked for and not yet there."""
        return self.filter(state=Release.State.BUILDING)


class Release(models.Model):
    """A numbered, dated and unchanging state of a curriculum.

    All that a reader sees of it comes from `document` (releases.document), so a release outlives
    the pages it was made from.
    """

    class State(models.TextChoices):
        BUILDING = "building", _("being made")
        FAILED = "failed", _("failed")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    curriculum = models.ForeignKey(
        CurriculumPage,
        verbose_name=_("curriculum"),
        null=True,
        related_name="releases",
        on_delete=models.SET_NULL,
    )
    curriculum_public_id = models.CharField(max_length=12, db_index=True, editable=False)
    centre = models.ForeignKey(
        CentrePage,
        verbose_name=_("centre"),
        null=True,
        related_name="releases",
        on_delete=models.SET_NULL,
    )
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.BUILDING
    )
    languages = models.JSONField(_("languages"), default=list)
    notes = models.TextField(
        _("what changed"), max_length=5000, blank=True, help_text=_("For those who know the last.")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    #: The day printed on it, fixed when asked for: building anew gives the same bytes.
    dated = models.DateField(_("date"))
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(_("reason"), max_length=1000, blank=True)

    #: The SHA-256 of the snapshot in the store; empty until it is taken.
    document = models.CharField(max_length=64, blank=True, editable=False)
    #: What lists show, out of the snapshot: names, hours, trade, licence (releases.document).
    summary = models.JSONField(default=dict, editable=False)

    done = models.PositiveSmallIntegerField(default=0, editable=False)
    total = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.TextField(blank=True, editable=False)

    translated_fields: ClassVar[tuple[str, ...]] = ("notes", "withdrawal_reason")
    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-dated", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum_public_id", "version"], name="one_release_a_version"
            )
        ]
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    def __str__(self) -> str:
        return f"{self.local_name or self.curriculum_public_id} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("releases:release", kwargs={"public_id": self.public_id})

    @property
    def lasting_path(self) -> str:
        """The address without a language: the site chooses the visitor's. For print and feeds."""
        return f"/releases/{self.public_id}/"

    @property
    def names(self) -> dict[str, str]:
        """The curriculum's name in each language, as released."""
        return dict(self.summary.get("name") or {})

    @property
    def local_name(self) -> LocalText | None:
        """The curriculum's name for the reader of the active language."""
        return pick(self.names, current_language())

    def field_texts(self, name: str) -> dict[str, str]:
        """Language code → text of one translated field."""
        return {code: getattr(self, f"{name}_{code}") or "" for code in CODES}

    def local(self, name: str) -> LocalText | None:
        """The text of a translated field for the reader of the active language."""
        return pick(self.field_texts(name), current_language())

    @property
    def language_infos(self) -> list[Language]:
        """Its languages with their names and tags."""
        return [LANGUAGES[code] for code in self.languages if code in LANGUAGES]

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class ReleaseFile(models.Model):
    """One file of a release; its content stands in the store under its hash."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        EPUB = "epub", "EPUB"
        DOCX = "docx", "Word (DOCX)"
        HTML = "html", _("web pages for a USB stick (ZIP)")
        PACKAGE = "package", _("transfer package (ZIP)")
        # What a fetching site reads first (releases.package.parts).
        PARTS = "parts", _("list of the package's parts")
        PARTS_SIGNATURE = "parts_sig", _("signature of that list")

    release = models.ForeignKey(Release, related_name="files", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    language = models.CharField(max_length=2, blank=True)
    name = models.CharField(max_length=120, help_text=_("The name it is saved under."))
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["language", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "kind", "language"], name="one_file_a_format_and_language"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """The address of the content: it names the hash, so it never stands for other bytes."""
        return reverse("release_files:file", kwargs={"sha256": self.sha256, "name": self.name})

    @property
    def is_there(self) -> bool:
        """Whether the store still has it, at its size."""
        return store.size_of(self.sha256) == self.size


class Adoption(models.Model):
    """What a curriculum was adapted from: a release of this site or of another."""

    curriculum = models.OneToOneField(
        CurriculumPage, related_name="adoption", on_delete=models.CASCADE
    )
    release_public_id = models.CharField(max_length=12, db_index=True)
    #: The snapshot it was adapted from, kept in the store to compare later releases with.
    document = models.CharField(max_length=64)
    #: As the package names them: site, centre, names, version, licence, attribution, ancestors.
    source: Any = models.JSONField(default=dict)
    adopted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source of an adapted curriculum")
        verbose_name_plural = _("sources of adapted curricula")

    def __str__(self) -> str:
        return f"{self.curriculum} ← {self.release_public_id}"


class UpdateDecision(models.Model):
    """What the editors of an adapted curriculum took over of a later release, and what they left.

    Afterwards `Adoption` names that release, so that the next one is compared with it.
    """

    adoption = models.ForeignKey(Adoption, related_name="decisions", on_delete=models.CASCADE)
    release_public_id = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.SET_NULL
    )
    decided_at = models.DateTimeField(auto_now_add=True)
    #: Keys of changes (releases.adapting).
    taken = models.JSONField(default=list)
    left = models.JSONField(default=list)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("decision about an update")
        verbose_name_plural = _("decisions about updates")

    def __str__(self) -> str:
        return f"{self.adoption.curriculum} ← {self.release_public_id}"


class KnownKey(models.Model):
    """The public key of another site, accepted by somebody here; its packages are believed."""

    key_id = models.CharField(max_length=16, unique=True)
    #: The line for `minisign -P`.
    public_key = models.CharField(max_length=120)
    source = models.CharField(max_length=2000, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, related_name="+", on_delete=models.SET_NULL
    )
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key_id"]
        verbose_name = _("known key")
        verbose_name_plural = _("known keys")

    def __str__(self) -> str:
        return self.key_id


class ForeignRelease(models.Model):
    """A release of another site: verified, its document and files in the store."""

    public_id = models.CharField(max_length=12, unique=True)
    curriculum_public_id = models.CharField(max_length=12, db_index=True)
    version = models.PositiveIntegerField()
    #: The SHA-256 of its document in the store.
    document = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    #: Where it was fetched; empty for one that came as a file.
    address = models.CharField(max_length=2000, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("release of another site")
        verbose_name_plural = _("releases of other sites")

    def __str__(self) -> str:
        return f"{self.public_id} {self.version}"


class Intake(models.Model):
    """A release that somebody takes into a centre: from the first click to the draft pages."""

    class State(models.TextChoices):
        FETCHING = "fetching", _("being fetched")
        UNKNOWN_KEY = "unknown_key", _("signed by an unknown key")
        READY = "ready", _("waiting to be confirmed")
        IMPORTING = "importing", _("being taken in")
        DONE = "done", _("taken in")
        FAILED = "failed", _("failed")

    token = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    centre = models.ForeignKey(CentrePage, related_name="+", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="+", on_delete=models.CASCADE)
    state = models.CharField(max_length=12, choices=State.choices, default=State.FETCHING)
    #: What it is made from: an address, or a file that waits below VAR_DIR/releases/intake.
    address = models.CharField(max_length=2000, blank=True)
    name = models.CharField(max_length=200, blank=True)
    #: Set once it is verified: the document in the store, and who signed it.
    document = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    public_key = models.CharField(max_length=120, blank=True)
    message = models.TextField(blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    curriculum = models.ForeignKey(
        CurriculumPage, null=True, related_name="+", on_delete=models.SET_NULL
    )
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("release that is taken in")
        verbose_name_plural = _("releases that are taken in")

    def __str__(self) -> str:
        return self.name or self.address or self.token
