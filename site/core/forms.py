"""Forms of pages and records in many languages.

`TranslatedContentForm` is the `base_form_class` of records (snippets), `TranslatedPageForm` that
of pages. Both normalise what is typed, ask for the source language (drafts exempt), edit the
language lists as checkboxes, refuse a save that would undo another person's (core.conflicts), and
write fingerprints only when the editor pressed "done" or "still right".
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField
from wagtail.admin.forms.models import WagtailAdminModelForm, formfield_for_dbfield
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from .addresses import is_reserved
from .conflicts import Conflict, find_conflict
from .languages import CODES
from .translated import LANGUAGE_CHOICES, TranslatedContent, normalise_input

#: The name of the buttons that declare a translation done; the value is a language code, or a
#: code, a colon and the path of one unit. A button is posted only when it is pressed, so no
#: autosave ever declares anything.
CONFIRM = "confirm-translation"

#: What other apps ask of every form: called with the form, whose instance holds what was typed,
#: and free to add errors. Filled from their `ready()`.
FORM_CHECKS: list[Callable[[Any], None]] = []


class LanguagesField(forms.MultipleChoiceField):
    """A list of language codes as checkboxes, in the site's order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=LANGUAGE_CHOICES, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [code for code in CODES if code in chosen]


def language_formfield(db_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Wagtail's form fields, with checkboxes for the two language lists."""
    if db_field.name in ("languages", "ready_languages") and issubclass(
        db_field.model, TranslatedContent
    ):
        return LanguagesField(
            label=capfirst(db_field.verbose_name),
            help_text=db_field.help_text,
            required=db_field.name == "languages",
            # A form of a new record has no instance to read it from.
            initial=db_field.default,
        )
    if isinstance(db_field, TranslationField) and isinstance(db_field, models.TextField):
        # Wagtail gives its growing text box to TextField itself only, not to what derives from it.
        kwargs.setdefault("widget", AdminAutoHeightTextInput)
    field: forms.Field | None = formfield_for_dbfield(db_field, **kwargs)
    return field


class TranslatedFormMixin(WagtailAdminModelForm):
    """What the forms of pages and of records share."""

    conflict: Conflict | None = None
    _conflict_checked = False

    class Meta:
        formfield_callback = language_formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.instance.translated_fields:
            for code in CODES:
                if field := self.fields.get(f"{name}_{code}"):
                    field.widget.attrs["lang"] = code

    def clean(self) -> dict[str, Any]:
        """Store one spelling of everything that was typed."""
        super().clean()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str) and isinstance(self.fields.get(name), forms.CharField):
                self.cleaned_data[name] = normalise_input(value)
        return self.cleaned_data

    def _post_clean(self) -> None:
        # A draft may be saved half written; publishing and submitting validate everything.
        self.instance.is_draft_save = self.is_deferred_validation
        super()._post_clean()  # type: ignore[misc]
        self.instance.is_draft_save = False
        for check in FORM_CHECKS:
            check(self)

    def is_valid(self) -> bool:
        valid: bool = super().is_valid()
        if self.is_bound and not self._conflict_checked:
            self._conflict_checked = True
            self.conflict = find_conflict(self)
            if self.conflict is not None:
                self.add_error(None, _conflict_error(self.conflict))
        return valid and self.conflict is None

    def has_changed(self) -> bool:
        return bool(super().has_changed() or self._confirmation)

    def save(self, commit: bool = True) -> Any:
        if self._confirmation:
            code, path = self._confirmation
            self.instance.confirm_translation(code, {path} if path else None)
        return super().save(commit=commit)

    @property
    def _confirmation(self) -> tuple[str, str] | None:
        """Language and unit path ('' for the whole document) of the button that was pressed."""
        code, _colon, path = self.data.get(CONFIRM, "").partition(":")
        return (code, path) if code in CODES else None


def _conflict_error(conflict: Conflict) -> ValidationError:
    return ValidationError(
        _(
            "%(user)s saved a newer version while you were writing, so yours is not saved yet. "
            "Your text is still in the form. What the other version says is listed at the top; "
            "save again to keep yours."
        ),
        code="conflict",
        params={"user": conflict.user_name},
    )


class TranslatedContentForm(TranslatedFormMixin):
    """Base form of a record with translated text."""


class TranslatedPageForm(TranslatedFormMixin, WagtailAdminPageForm):
    """Base form of every page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields.get("slug")
        if slug is None:
            return
        slug.required = False
        page = self.instance
        # Until a page was public its slug follows its name, unless somebody chose another one.
        if page.slug and page.first_published_at is None and page.slug_is_automatic():
            self.initial["slug"] = ""
        if page.slug:
            slug.widget.attrs["placeholder"] = page.slug

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        slug = cleaned_data.get("slug")
        if slug and is_reserved(slug, self.parent_page):
            self.add_error("slug", reserved_slug_error(slug))
        return cleaned_data


def reserved_slug_error(slug: str) -> ValidationError:
    """What is said where a page wants an address that the site itself needs."""
    return ValidationError(
        _("The address “%(slug)s” is used by the site itself. Choose another one."),
        code="reserved",
        params={"slug": slug},
    )


class TranslatedCopyForm(CopyForm):
    """Copying a page: the name is edited in the copy, in each language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_title"].widget = forms.HiddenInput()
        # An alias would be a second page with the same public identifier.
        self.fields.pop("alias", None)
        self.fields["new_slug"].initial = self.page._get_autogenerated_slug(f"{self.page.slug}-2")

    def clean(self) -> dict[str, Any]:
        cleaned_data: dict[str, Any] = super().clean()
        slug = cleaned_data.get("new_slug")
        parent = cleaned_data.get("new_parent_page") or self.page.get_parent()
        if slug and is_reserved(slug, parent):
            self.add_error("new_slug", reserved_slug_error(slug))
        return cleaned_data
