"""The glossary, concept first: entry → language → term (ISO 704, ISO 30042)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)

from core.identity import new_public_id
from core.languages import CODES, FALLBACK_ORDER
from core.previews import LanguagePreviewMixin
from core.translated import LANGUAGE_CHOICES, Identified, TranslatedContent
from orthography import initial, normalise, slug, sort_key
from trades.models import Trade

from .querysets import ConceptQuerySet, TermQuerySet


class Concept(
    LanguagePreviewMixin,
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatedContent,
    Identified,
    ClusterableModel,
):
    """One idea of a trade, with its terms in every language."""

    definition = models.TextField(_("definition"), max_length=2000, blank=True)
    definition_source = models.CharField(_("source of the definition"), max_length=300, blank=True)
    trades = ParentalManyToManyField(
        Trade, verbose_name=_("trades"), related_name="concepts", blank=True
    )
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("picture"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    is_safety = models.BooleanField(
        _("safety"), default=False, help_text=_("Knowing this word keeps people from harm.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    translated_fields = ("definition",)

    objects = ConceptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        permissions = [
            (f"review_{code}", f"Can review terms in {name}") for code, name in LANGUAGE_CHOICES
        ]

    def __str__(self) -> str:
        names = [term.text for term in self.preferred_terms().values()]
        return " · ".join(names) or self.public_id

    # --- Terms ---------------------------------------------------------------------------------

    def terms_in(self, language: str) -> list[Term]:
        """The terms of one language: preferred first, then by status and order."""
        rank = {status: number for number, status in enumerate(Term.Status.values)}
        terms = [term for term in self.terms.all() if term.language == language]
        return sorted(terms, key=lambda term: (rank.get(term.status, 9), term.sort_order))

    def preferred_terms(self) -> dict[str, Term]:
        """Language code → its preferred term, or the first admitted one."""
        found = {code: self.terms_in(code) for code in CODES}
        return {code: terms[0] for code, terms in found.items() if terms}

    def headword(self, language: str) -> Term | None:
        """The term that stands for the concept to a reader of `language`."""
        preferred = self.preferred_terms()
        chain = (language, *(c for c in FALLBACK_ORDER if c != language))
        return next((preferred[code] for code in chain if code in preferred), None)

    @property
    def slug(self) -> str:
        """The readable part of the address: the term in en, vi or lo, the first there is."""
        preferred = self.preferred_terms()
        for code in FALLBACK_ORDER:
            if code in preferred:
                return slug(preferred[code].text, code)
        return "concept"

    def get_absolute_url(self, language: str | None = None) -> str:
        kwargs = {"public_id": self.public_id, "slug": self.slug}
        with translation.override(language or translation.get_language()):
            return reverse("glossary:concept", kwargs=kwargs)

    @property
    def is_reviewed(self) -> bool:
        """Whether every term readers see is reviewed."""
        terms = [t for t in self.terms.all() if t.status != Term.Status.PROPOSED]
        return bool(terms) and all(t.review_state == Term.Review.REVIEWED for t in terms)

    # --- Preview -------------------------------------------------------------------------------

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "glossary/concept.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from .entries import entry

        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, "entry": entry(self, request.reader)}


class TermText(models.Model):
    """Mixin: the written form of a term and the keys stored with it."""

    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    text = models.CharField(_("term"), max_length=200)
    sort_as = models.CharField(
        _("sort as"),
        max_length=200,
        blank=True,
        help_text=_("Only where dictionaries place it elsewhere than its letters say."),
    )
    # Stored, so that the order is the same on every database (docs/decisions/0003).
    sort_key = models.BinaryField(editable=False, default=b"")
    initial = models.CharField(max_length=4, editable=False, blank=True)

    class Meta:
        abstract = True

    def set_keys(self) -> None:
        """Normalise the text and derive what is stored from it."""
        self.text = " ".join(normalise(self.text).split())
        shown = self.sort_as or self.text
        self.sort_key = sort_key(shown, self.language)
        self.initial = initial(shown, self.language)


class Term(TermText):
    """A word or phrase for a concept in one language."""

    class PartOfSpeech(models.TextChoices):
        NOUN = "noun", _("noun")
        VERB = "verb", _("verb")
        ADJECTIVE = "adjective", _("adjective")
        PHRASE = "phrase", _("phrase")
        OTHER = "other", _("other")

    class Type(models.TextChoices):
        FULL = "full", _("full form")
        ABBREVIATION = "abbreviation", _("abbreviation")
        VARIANT = "variant", _("variant")

    class Status(models.TextChoices):
        PREFERRED = "preferred", _("preferred")
        ADMITTED = "admitted", _("admitted")
        PROPOSED = "proposed", _("proposed")
        DEPRECATED = "deprecated", _("deprecated")

    class Review(models.TextChoices):
        UNREVIEWED = "unreviewed", _("not yet reviewed")
        REVIEWED = "reviewed", _("reviewed")

    public_id = models.CharField(max_length=12, default=new_public_id, editable=False)
    concept = ParentalKey(Concept, related_name="terms", on_delete=models.CASCADE)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)
    sort_order_field = "sort_order"
    part_of_speech = models.CharField(
        _("part of speech"), max_length=10, choices=PartOfSpeech.choices, default=PartOfSpeech.NOUN
    )
    classifier = models.CharField(
        _("classifier"), max_length=40, blank=True, help_text=_("For Lao nouns: ອັນ, ໜ່ວຍ, ຄົນ …")
    )
    type = models.CharField(_("type"), max_length=12, choices=Type.choices, default=Type.FULL)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PREFERRED
    )
    review_state = models.CharField(
        _("review"), max_length=10, choices=Review.choices, default=Review.UNREVIEWED
    )
    reviewed_by = models.CharField(_("reviewed by"), max_length=150, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    example = models.TextField(
        _("usage example"),
        max_length=500,
        blank=True,
        help_text=_("A sentence in the term's language; the other languages translate it."),
    )
    pronunciation = models.CharField(_("pronunciation"), max_length=200, blank=True)
    pronunciation_scheme = models.CharField(
        _("pronunciation scheme"),
        max_length=60,
        blank=True,
        help_text=_("How it is written: IPA, quốc ngữ, BGN/PCGN …"),
    )
    region = models.CharField(_("region"), max_length=100, blank=True)
    recording = models.ForeignKey(
        settings.WAGTAILMEDIA["MEDIA_MODEL"],
        verbose_name=_("recording"),
        related_name="terms",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        indexes = [
            models.Index(fields=["language", "status", "sort_key"], name="term_order"),
            models.Index(fields=["language", "initial", "sort_key"], name="term_initial"),
            models.Index(fields=["public_id"], name="term_public_id"),
        ]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_keys()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.text:
            self.set_keys()
        if not self.text:
            raise ValidationError({"text": _("Write the term.")})
        for code in CODES:
            name = f"example_{code}"
            setattr(self, name, normalise(getattr(self, name) or ""))

    def example_texts(self) -> dict[str, str]:
        """Language code → the usage example in it, '' where there is none."""
        return {code: getattr(self, f"example_{code}") or "" for code in CODES}


class ConceptRelation(models.Model):
    """A link to another concept, stored once; the other side sees the inverse."""

    class Kind(models.TextChoices):
        RELATED = "related", _("related to")
        BROADER = "broader", _("kind or part of")

    concept = ParentalKey(Concept, related_name="relations", on_delete=models.CASCADE)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)
    sort_order_field = "sort_order"
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RELATED)
    target = models.ForeignKey(
        Concept,
        verbose_name=_("concept"),
        related_name="incoming_relations",
        on_delete=models.CASCADE,
    )

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("relation")
        verbose_name_plural = _("relations")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target}"


class TermRequest(models.Model):
    """A search that found nothing, sent by readers as a wish; nothing about them is kept."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")

    text = models.CharField(_("asked for"), max_length=100)
    # Folded spellings of the same word count as one request.
    folded = models.CharField(max_length=200, unique=True, editable=False)
    language = models.CharField(_("page language"), max_length=2, choices=LANGUAGE_CHOICES)
    count = models.PositiveIntegerField(_("times asked"), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.OPEN
    )
    first_at = models.DateTimeField(_("first asked"), auto_now_add=True)
    last_at = models.DateTimeField(_("last asked"), auto_now=True)

    class Meta:
        ordering = ["-count", "-last_at"]
        verbose_name = _("term request")
        verbose_name_plural = _("term requests")

    def __str__(self) -> str:
        return self.text
