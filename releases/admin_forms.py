"""What is asked of those who make or withdraw a release."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput

from core.languages import CODES, LANGUAGES
from core.translated import LANGUAGE_CHOICES, normalise_input


class TextsForm(forms.Form):
    """A text in each language, `text_lo`, `text_vi`, `text_en`."""

    text_length = 5000

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in CODES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=LANGUAGES[code].own_name,
                required=False,
                max_length=self.text_length,
                widget=AdminAutoHeightTextInput(attrs={"lang": code, "rows": 3}),
            )

    @property
    def texts(self) -> dict[str, str]:
        """Language code → what was written."""
        return {code: normalise_input(self.cleaned_data[f"text_{code}"]) for code in CODES}

    def text_fields(self) -> Iterator[tuple[Any, Any]]:
        """Language and field of each text."""
        for code in CODES:
            yield LANGUAGES[code], self[f"text_{code}"]


class ReleaseForm(TextsForm):
    """The languages of a release, and what changed."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=LANGUAGE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )


class WithdrawalForm(TextsForm):
    """Why a release is withdrawn."""

    text_length = 1000

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(str(cleaned.get(f"text_{code}") or "").strip() for code in CODES):
            raise forms.ValidationError(_("Say why, at least in one language."))
        return cleaned
