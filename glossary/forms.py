"""The form of a concept: all languages on one screen, a set of terms for each."""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.forms.models import BaseModelFormSet
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm

from core.forms import TranslatedContentForm
from core.languages import CODES
from core.translated import normalise_input

from .models import Concept, ConceptRelation, Term
from .review import clear_review, signed_content

_EXAMPLES = {f"example_{code}": code for code in CODES}
#: The fields of a term in the form, in the order in which they are asked for.
TERM_FIELDS = [
    "text",
    "part_of_speech",
    "status",
    "classifier",
    *_EXAMPLES,
    "type",
    "source",
    "pronunciation",
    "pronunciation_scheme",
    "region",
    "recording",
    "sort_as",
]
# Fields that every new row comes with; alone they do not make it a term.
PRESET_FIELDS = frozenset({"part_of_speech", "status", "type", "ORDER", "key"})
# A chain of broader concepts longer than this is a mistake too.
MAX_DEPTH = 50


class RowForm(WagtailAdminModelForm):
    """A row of a formset, which may be left empty."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            # Wagtail's panel sorts by it, also the rows that were left empty.
            self.cleaned_data.setdefault("ORDER", None)


class TermForm(RowForm):
    """One term. Its language is that of its group, its review is not edited by hand."""

    # Tells the terms of a draft apart, which have no row in the database yet.
    key = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = not self.instance.text
        if language:
            self.instance.language = language
        if not self.is_new:
            self.initial["key"] = self.instance.public_id
        for name, code in (("text", self.instance.language), *_EXAMPLES.items()):
            # For the font, the spelling checker and the reader of the screen.
            self.fields[name].widget.attrs["lang"] = code
        self._signed = signed_content(self.instance)

    def has_changed(self) -> bool:
        if self.is_new:
            return bool(set(self.changed_data) - PRESET_FIELDS)
        return super().has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str) and name != "key":
                cleaned[name] = normalise_input(value)
        return cleaned

    def save(self, commit: bool = True) -> Term:
        if signed_content(self.instance) != self._signed:
            clear_review(self.instance)
        term: Term = super().save(commit=commit)
        return term

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        updates: list[tuple[str, str]] = super().get_field_updates_for_resave()
        # An autosaved draft knows its new terms by this key alone.
        return [*updates, (self.add_prefix("key"), self.instance.public_id)]


class TermFormSet(BaseChildFormSet):
    """The terms of one language."""

    language = ""

    def __init__(
        self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any
    ) -> None:
        owner = instance if instance is not None else Concept()
        mine = owner.terms.filter(language=self.language)
        # Terms of a draft without a row of their own, by their key.
        self._drafted = {term.public_id: term for term in mine if term.pk is None}
        kwargs["form_kwargs"] = {**(kwargs.get("form_kwargs") or {}), "language": self.language}
        super().__init__(data, files, instance=instance, queryset=mine, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        if self.is_bound and i < self.initial_form_count():
            prefix = self.add_prefix(i)
            drafted = self._drafted.get(self.data.get(f"{prefix}-key", ""))
            if not self.data.get(f"{prefix}-id") and drafted is not None:
                # Past modelcluster, which would make a new term and lose review and public id.
                kwargs["instance"] = drafted
                return super(BaseModelFormSet, self)._construct_form(i, **kwargs)
            if not re.fullmatch(r"\d{0,18}", self.data.get(f"{prefix}-id", "-")):
                raise BadRequest("The form of the terms is not as it was sent out.")
        return super()._construct_form(i, **kwargs)

    def children_of(self, concept: Concept) -> list[Term]:
        """The terms that this set is about, in another version of the concept."""
        return [term for term in concept.terms.all() if term.language == self.language]

    def live_forms(self) -> list[Any]:
        """The forms that hold a term: not deleted, and not a new row left empty."""
        return [
            form
            for form in self.forms
            if not self._should_delete_form(form) and (form.has_changed() or not form.is_new)
        ]

    def clean(self) -> None:
        super().clean()
        preferred = None
        texts: dict[tuple[str, str], str] = {}
        for form in self.live_forms():
            if not hasattr(form, "cleaned_data"):
                continue
            text = form.cleaned_data.get("text") or ""
            if form.cleaned_data.get("status") == Term.Status.PREFERRED:
                if preferred is not None:
                    form.add_error(
                        "status",
                        _("“%(text)s” is preferred already; one term a language can be.")
                        % {"text": preferred},
                    )
                else:
                    preferred = text
            same = (" ".join(text.split()).casefold(), form.cleaned_data.get("part_of_speech", ""))
            if text and same in texts:
                form.add_error("text", _("This term stands here twice."))
            texts[same] = text

    def save(self, commit: bool = True) -> list[Term]:
        """Put this language's terms into the concept; those of the others stay as they are."""
        live = self.live_forms()
        # A row without a place, as sent without JavaScript, comes last.
        ordered = sorted(live, key=lambda form: form.cleaned_data.get("ORDER") or sys.maxsize)
        terms = [form.save(commit=False) for form in ordered]
        for position, term in enumerate(terms):
            term.sort_order = position
        manager = self.instance.terms
        others = [term for term in manager.all() if term.language != self.language]
        manager.set([*others, *terms])
        if commit:
            manager.commit()
        return terms


@cache
def _formset_class(base: Any, language: str) -> Any:
    """`base` for one language, with the fields that its terms have."""
    form = base.form
    if language != "lo":
        fields = [name for name in TERM_FIELDS if name != "classifier"]
        form = type(form)(
            "TermForm", (form,), {"Meta": type("Meta", (form.Meta,), {"fields": fields})}
        )
    return type("TermFormSet", (base,), {"language": language, "form": form})


class RelationForm(RowForm):
    """A link to another concept; a row in which none is chosen yet is no link."""

    def has_changed(self) -> bool:
        if self.instance.pk is None:
            return "target" in self.changed_data
        return super().has_changed()


class RelationFormSet(BaseChildFormSet):
    """Links to other concepts: none to itself, none twice, no circle of broader ones."""

    def clean(self) -> None:
        super().clean()
        seen: set[int] = set()
        for form in self.forms:
            target = getattr(form, "cleaned_data", {}).get("target")
            if target is None or self._should_delete_form(form):
                continue
            message = self._objection(target, form.cleaned_data.get("kind"), seen)
            if message:
                form.add_error("target", message)
            seen.add(target.pk)

    def _objection(self, target: Concept, kind: str, seen: set[int]) -> str | None:
        own = self.instance.pk
        if target.pk in seen:
            return str(_("This concept stands here twice."))
        if own is None:
            return None
        if target.pk == own:
            return str(_("A concept cannot be linked to itself. Choose another one."))
        if kind == ConceptRelation.Kind.BROADER and is_below(target.pk, own):
            return str(
                _("“%(concept)s” is itself a kind or part of this concept. Choose another one.")
                % {"concept": target}
            )
        if ConceptRelation.objects.filter(concept=target, target_id=own).exists():
            return str(
                _("“%(concept)s” links to this concept already; readers see the link on both.")
                % {"concept": target}
            )
        return None


def is_below(concept_id: int, other_id: int) -> bool:
    """Whether one concept is, over any number of steps, a kind or part of the other."""
    seen: set[int] = set()
    level = {concept_id}
    for _step in range(MAX_DEPTH):
        if other_id in level:
            return True
        seen |= level
        found = ConceptRelation.objects.filter(
            concept_id__in=level, kind=ConceptRelation.Kind.BROADER
        ).values_list("target_id", flat=True)
        level = set(found) - seen
        if not level:
            return False
    return True


class ConceptForm(TranslatedContentForm):
    """A concept; `formsets` holds terms_lo, terms_vi and terms_en in place of terms."""

    def __init__(
        self, data: Any = None, files: Any = None, instance: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, files, instance=instance, **kwargs)
        if self.formsets.pop("terms", None) is None:
            return
        for code in CODES:
            name = f"terms_{code}"
            formset_class = _formset_class(type(self).formsets["terms"], code)
            prefix = f"{self.prefix}-{name}" if self.prefix else name
            self.formsets[name] = formset_class(data, files, instance=instance, prefix=prefix)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation and not self._has_terms():
            raise ValidationError(_("Write at least one term before you publish."))
        return cleaned

    def _has_terms(self) -> bool:
        groups = [self.formsets[f"terms_{code}"] for code in CODES]
        for group in groups:
            # Its forms must be read before they can say whether they hold anything.
            group.is_valid()
        return any(group.live_forms() for group in groups)
