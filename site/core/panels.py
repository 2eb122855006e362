"""Panels that show the languages of a field side by side, and what stands in each of them.

For a page or a snippet with `core.forms`:

    panels = [LanguageBar(), *translated_panels("name", "summary"), …, language_settings_panel()]

`LanguageBar` comes first: it lets each editor choose which languages to show, carries the buttons
"this translation is done", and lists what differs when two people wrote at once. Translated
blocks need no panel of their own: core/admin/languages.js marks them from the same data.
"""

from typing import Any

from django.forms import Media
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.panels.group import PanelGroup
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import RevisionMixin

from .conflicts import LOADED_STATE, state_token
from .forms import CONFIRM
from .languages import CODES, LANGUAGES
from .translated import LANGUAGE_CHOICES, State, TranslatedContent, translation_progress


def unit_marks(content: TranslatedContent) -> dict[str, dict[str, str]]:
    """Path → language code → "missing", "stale" or "new": what needs an editor's eye.

    "new" is text that nobody has yet declared done.
    """
    marks: dict[str, dict[str, str]] = {}
    for unit in content.units():
        for code in CODES:
            state = content.unit_state(unit, code)
            if state is State.MISSING:
                marks.setdefault(unit.path, {})[code] = "missing"
            elif state is State.STALE:
                known = content.was_confirmed(unit.path, code)
                marks.setdefault(unit.path, {})[code] = "stale" if known else "new"
    return marks


class LanguagePanel(FieldPanel):
    """One language of a translated field."""

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            # The group says once what the field is for.
            self.help_text = ""
            if self.bound_field is not None:
                self.bound_field.help_text = ""

        @property
        def language(self) -> str:
            return str(self.panel.field_name.rsplit("_", 1)[1])

        @property
        def info(self) -> Any:
            return LANGUAGES[self.language]


class TranslatedFieldPanel(PanelGroup):
    """The languages of the translated field `name` (a name without suffix) side by side."""

    def __init__(self, name: str, required: bool = False, **kwargs: Any) -> None:
        self.name = name
        self.required = required
        children = kwargs.pop("children", None) or [LanguagePanel(f"{name}_{c}") for c in CODES]
        super().__init__(children=children, **kwargs)

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "name": self.name, "required": self.required}

    def on_model_bound(self) -> None:
        field = self.model._meta.get_field(self.name)
        self.heading: Any = self.heading or capfirst(field.verbose_name)
        self.help_text: Any = self.help_text or field.help_text
        super().on_model_bound()
        # What error messages call the field.
        for child, (_code, language) in zip(self.children, LANGUAGE_CHOICES, strict=True):
            child.heading = format_lazy(
                "{field} ({language})", field=self.heading, language=language
            )

    @property
    def clean_name(self) -> str:
        return self.name

    class BoundPanel(PanelGroup.BoundPanel):
        template_name = "core/admin/translated_field.html"

        def is_required(self) -> bool:
            return bool(self.panel.required)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["source_language"] = self.instance.source_language
            return context


def translated_panels(*names: str) -> list[TranslatedFieldPanel]:
    """A panel for each translated field."""
    return [TranslatedFieldPanel(name) for name in names]


class LanguageBar(Panel):
    """Which languages are shown, what is missing in each, and "this translation is done"."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "core/admin/language_bar.html"

        @property
        def media(self) -> Media:
            """The script of the bar and of translated blocks; its style is in every admin page."""
            return Media(js=[versioned_static("core/admin/languages.js")])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            content: TranslatedContent = self.instance
            is_saved = bool(content.pk)
            progress = translation_progress(content) if is_saved else {}
            context["languages"] = [
                {
                    "code": code,
                    "tag": LANGUAGES[code].tag,
                    "name": name,
                    "is_source": code == content.source_language,
                    "is_meant": code in content.languages,
                    "progress": progress.get(code, {}),
                    # What is missing cannot be done; what is there can be declared so.
                    "to_check": progress[code]["stale"] if is_saved else 0,
                }
                for code, name in LANGUAGE_CHOICES
            ]
            context["source_language"] = content.source_language
            context["confirm_name"] = CONFIRM
            context["conflict"] = getattr(self.form, "conflict", None)
            context["loaded_state"] = self._loaded_state() if is_saved else ""
            context["editor_id"] = self.request.user.pk if self.request else ""
            context["editor_data"] = {
                "source": content.source_language,
                "meant": list(content.languages),
                "marks": unit_marks(content) if is_saved else {},
                "confirm": CONFIRM,
                "words": {
                    "source": _("source"),
                    "missing": _("missing"),
                    "stale": _("older than the source"),
                    "new": _("not marked as done"),
                    "stillRight": _("Still right"),
                    "done": _("Done"),
                },
            }
            return context

        def _loaded_state(self) -> str:
            """Which state of a record without revisions is edited; it stays when errors are shown.

            With revisions Wagtail's own hidden fields say that.
            """
            if isinstance(self.instance, RevisionMixin):
                return ""
            if self.form is not None and self.form.is_bound:
                return str(self.form.data.get(LOADED_STATE, ""))
            return state_token(self.instance)


class ProgressPanel(Panel):
    """A table: language → done, older than the source, missing."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "core/admin/progress.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            progress = translation_progress(self.instance)
            context["rows"] = [
                {"code": code, "tag": LANGUAGES[code].tag, "name": name, **progress[code]}
                for code, name in LANGUAGE_CHOICES
                if code in self.instance.languages
            ]
            return context


def language_settings_panel() -> MultiFieldPanel:
    """Source language, the languages the content is meant for, those ready, and the progress."""
    return MultiFieldPanel(
        [
            ProgressPanel(),
            FieldPanel("source_language"),
            FieldPanel("languages"),
            FieldPanel("ready_languages"),
        ],
        heading=gettext_lazy("Languages"),
        icon="globe",
    )
