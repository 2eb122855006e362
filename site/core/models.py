"""The base of every page."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import TextInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page
from wagtail.search import index
from wagtail.utils.decorators import cached_classmethod

from orthography import slug as make_slug

from .addresses import RESERVED_ROOT_SLUGS, is_reserved, language_urls
from .admin_search import searchable_text
from .forms import TranslatedCopyForm, TranslatedPageForm, reserved_slug_error
from .panels import LanguageBar, TranslatedFieldPanel, language_settings_panel
from .previews import LanguagePreviewMixin
from .reader import current_reader, reader_for
from .translated import (
    Identified,
    TranslatedContent,
    normalise_input,
    require_source_text,
)

__all__ = ["RESERVED_ROOT_SLUGS", "BasePage"]


class BasePage(LanguagePreviewMixin, TranslatedContent, Identified, Page):
    """One page in many languages: fields per language, one draft, one workflow, one publish.

    Subclasses register their translated fields with django-modeltranslation
    (`core.translation.BasePageOptions`) and put their own panels between `content_panels` and
    `language_panels`.
    """

    name = models.CharField(_("name"), max_length=200, blank=True)
    introduction = models.TextField(
        _("introduction"),
        max_length=1000,
        blank=True,
        help_text=_("One or two sentences under the heading and in lists."),
    )
    share_title = models.CharField(
        _("title for search engines"),
        max_length=200,
        blank=True,
        help_text=_("Only where it should differ from the name."),
    )
    share_description = models.CharField(
        _("description for search engines"), max_length=300, blank=True
    )

    mark_terms = models.BooleanField(
        _("mark terms of the glossary"),
        default=True,
        help_text=_("Readers tap a marked word and see it in the other languages."),
    )
    unmarked_terms = models.TextField(
        _("words not to be marked"),
        max_length=2000,
        blank=True,
        help_text=_("One a line, as they stand in the text. They stay unmarked on this page."),
    )

    translated_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "introduction",
        "share_title",
        "share_description",
    )
    # The title comes from the names; a page's identity is its own, also in copied revisions.
    exclude_fields_in_copy = ["public_id", "origin_id"]
    base_form_class = TranslatedPageForm
    copy_form_class = TranslatedCopyForm

    search_fields = [
        *Page.search_fields,
        index.SearchField("searchable_names"),
        index.AutocompleteField("searchable_names"),
    ]

    content_panels = [
        LanguageBar(),
        TranslatedFieldPanel("name", required=True),
        TranslatedFieldPanel("introduction"),
    ]
    language_panels = [language_settings_panel()]
    promote_panels = [
        TranslatedFieldPanel("share_title"),
        TranslatedFieldPanel("share_description"),
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    # Not Wagtail's own widget: its script makes slugs from a title nobody types.
                    widget=TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
                    heading=_("Last part of the address"),
                    help_text=_(
                        "Leave it empty and it is made from the name, in letters that every "
                        "phone can type. It is the same in all languages."
                    ),
                ),
            ],
            heading=_("Address"),
        ),
    ]

    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel(
            [FieldPanel("mark_terms"), FieldPanel("unmarked_terms")],
            heading=_("Words of the glossary in the text"),
        ),
    ]

    class Meta:
        abstract = True

    @cached_classmethod
    def get_edit_handler(cls) -> TabbedInterface:
        """Wagtail's tabs, the second one named for what it holds."""
        tabs = [
            ObjectList(cls.content_panels, heading=_("Content")),
            ObjectList(cls.promote_panels, heading=_("Sharing")),
            ObjectList(cls.settings_panels, heading=_("Settings")),
        ]
        return TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)

    # --- Names and addresses -------------------------------------------------------------------

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_title_and_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Wagtail's check of a draft."""
        self._fill_title_and_slug()
        super().minimal_clean()

    def clean(self) -> None:
        super().clean()
        self.unmarked_terms = normalise_input(self.unmarked_terms)
        require_source_text(self, "name")
        if is_reserved(self.slug, self._known_parent()):
            raise ValidationError({"slug": reserved_slug_error(self.slug)})

    def _fill_title_and_slug(self) -> None:
        """Fill Wagtail's own title and slug, which nobody has to type."""
        source = getattr(self, f"name_{self.source_language}", "")
        # A draft may still be without a name in its source language.
        title = source or self.name_en or self.name_vi or self.name_lo or str(_("Untitled"))
        self.title = self.draft_title = title
        if not self.slug and (parent := self._known_parent()) is not None:
            slug = self._slug_from_names()
            if is_reserved(slug, parent):
                slug = f"{slug}-page"
            self.slug: str = self._get_autogenerated_slug(slug)

    def _known_parent(self) -> Page | None:
        """The parent, None for a page that has no place in the tree yet."""
        if not self.path and getattr(self, "_cached_parent_obj", None) is None:
            return None
        parent: Page | None = self.get_parent()
        return parent

    def _slug_from_names(self) -> str:
        """The ASCII slug of the name in English, Vietnamese or Lao, the first there is."""
        for code in ("en", "vi", "lo"):
            if name := getattr(self, f"name_{code}"):
                return make_slug(name, code)
        return make_slug(self.title, "en")

    def slug_is_automatic(self) -> bool:
        """Whether the slug is what the server made of the names, with a number or without."""
        made = self._slug_from_names()
        rest = self.slug.removeprefix(made)
        return rest in ("", "-page") or (self.slug.startswith(made) and rest[1:].isdecimal())

    def get_admin_display_title(self) -> str:
        return self.editor_text("name") or super().get_admin_display_title()

    def searchable_names(self) -> str:
        """The names in every language, cut so that the admin's search finds their words."""
        return " ".join(searchable_text(text) for text in self.field_texts("name").values())

    def language_urls(self, request: HttpRequest | None = None) -> dict[str, str]:
        """Language code → full address, for every language: sitemap, purges, the switch."""
        return language_urls(self, request)

    @property
    def unmarked_words(self) -> tuple[str, ...]:
        """What stands in `unmarked_terms`, for core.markers."""
        lines = (" ".join(line.split()) for line in self.unmarked_terms.splitlines())
        return tuple(line for line in lines if line)

    # --- Copies --------------------------------------------------------------------------------

    def copy_all_child_relations(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Called once for each copy Wagtail makes of a page, before the copy is saved."""
        target.origin_id = self.origin_id or self.public_id
        return super().copy_all_child_relations(target, *args, **kwargs)

    # --- Serving -------------------------------------------------------------------------------

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["visible_languages"] = self.visible_languages
        context["reader"] = reader_for(request)
        return context

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """One entry a ready language, each naming the others (hreflang)."""
        urls = self.language_urls(request)
        ready = [code for code in self.visible_languages if code in urls]
        alternates = [{"lang_code": code, "location": urls[code]} for code in ready]
        return [
            {
                "location": urls[code],
                "lastmod": self.last_published_at or self.latest_revision_created_at,
                "alternates": alternates,
            }
            for code in ready
        ]

    def get_cache_key_components(self) -> list[Any]:
        # {% wagtailpagecache %} would serve one reader's language to the next.
        return [*super().get_cache_key_components(), current_reader().cache_key]
