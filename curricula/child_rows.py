"""A row of the table of a page's children: what it posts, and how it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.identity import ALPHABET, LENGTH
from core.languages import CODES, LANGUAGES, Language
from core.models import BasePage
from core.translated import State, normalise_input

if TYPE_CHECKING:
    from .child_table import ChildTable

NAMES = tuple(f"name_{code}" for code in CODES)


class RowForm(forms.Form):
    """One child: which it is, what its editor was shown, and the revision of their own autosave."""

    page = forms.CharField(max_length=LENGTH, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    draft = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_page(self) -> str:
        key: str = self.cleaned_data["page"]
        if len(key) != LENGTH or not set(key) <= set(ALPHABET):
            raise forms.ValidationError(_("This row cannot be saved. Add it anew."))
        return key

    def clean_shown(self) -> dict[str, str]:
        try:
            shown = json.loads(self.cleaned_data["shown"] or "{}")
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}


def row_form(model: type[BasePage], columns: tuple[str, ...]) -> type[RowForm]:
    """The form of a row: names in every language and the columns, checked as the model has them."""
    fields = fields_for_model(model, fields=(*NAMES, *columns))
    for code in CODES:
        fields[f"name_{code}"].widget = forms.Textarea({"rows": 1})
    for name in columns:
        # What is left empty stands for nothing: 0 hours, no credits.
        fields[name].required = False
        # A form of a model asks the model for these.
        fields[name].validators += model._meta.get_field(name).validators
    return type(f"{model.__name__}RowForm", (RowForm,), fields)


@dataclass
class Row:
    """A row as the template shows it."""

    table: ChildTable
    form: Any
    child: Any
    #: What the row was shown, or is shown now: field → text.
    shown: dict[str, str]
    revision_id: int | None = None
    is_deleted: bool = False
    #: Labels and texts of what somebody else wrote meanwhile.
    theirs: list[tuple[str, str]] = field(default_factory=list)
    #: What is to be written: field → value.
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def shown_json(self) -> str:
        return json.dumps(self.shown, ensure_ascii=False)

    @property
    def names(self) -> list[tuple[Language, SafeString]]:
        """The languages of names that are shown, each with its input."""
        languages = [LANGUAGES[code] for code in self.table.languages]
        return [(language, self._input(f"name_{language.code}")) for language in languages]

    @property
    def cells(self) -> list[tuple[str, Any, SafeString]]:
        """Name, label and input of each column beside the names."""
        return [(name, self.form[name].label, self._input(name)) for name in self.table.columns]

    def _input(self, name: str) -> SafeString:
        bound = self.form[name]
        code = name.removeprefix("name_")
        attrs = {"aria-label": bound.label, "data-column": name}
        if code in LANGUAGES:
            attrs["lang"] = code
            if self.child is not None and not getattr(self.child, name):
                attrs["placeholder"] = self.child.editor_text("name")
        return bound.as_widget(attrs=attrs)

    @property
    def messages(self) -> list[str]:
        """What is wrong, each with the label of its column."""
        fields = self.form.fields
        return [
            f"{fields[name].label}: {message}" if name in self.table.fields else message
            for name, messages in self.form.errors.items()
            for message in messages
        ]

    @property
    def may_edit(self) -> bool:
        return self.child is None or self.table.may_edit(self.child)

    @property
    def may_delete(self) -> bool:
        return self.child is None or self.table.may_delete(self.child)

    @property
    def translations(self) -> list[dict[str, Any]]:
        """The languages that miss something or are older than the source."""
        if self.child is None:
            return []
        return [
            {
                "code": code,
                "tag": LANGUAGES[code].tag,
                "missing": counts[State.MISSING],
                "stale": counts[State.STALE],
            }
            for code, counts in self.child.translation_counts().items()
            if counts[State.MISSING] or counts[State.STALE]
        ]


def stored_value(value: Any, model: type[BasePage], name: str) -> Any:
    if isinstance(value, str):
        # A long name is typed in several lines, and is one.
        return " ".join(normalise_input(value).split())
    field = model._meta.get_field(name)
    return field.get_default() if value is None and not field.null else value


def text_of(value: Any) -> str:
    """A value such that two of them are equal when they say the same."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
