"""Provinces and ministries in the admin, in the menu "Centres"."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from core.forms import TranslatedContentForm
from core.panels import LanguageBar, TranslatedFieldPanel, language_settings_panel
from trades.wagtail_hooks import NamedIndexView

from .models import Ministry, Province


class ProvinceIndexView(NamedIndexView):
    """Provinces, country by country."""

    list_filter = ["country"]

    def search_queryset(self, queryset: Any) -> Any:
        # Two of its other names may both hold what is searched for.
        return super().search_queryset(queryset).distinct()


class ProvinceViewSet(SnippetViewSet):
    """Provinces with their other names."""

    model = Province
    icon = "site"
    menu_label = _("Provinces")
    index_view_class = ProvinceIndexView
    copy_view_enabled = False
    ordering = ["country", "position", "slug"]
    list_display = [
        "__str__",
        Column("country", label=_("Country"), accessor="get_country_display"),
        Column("code", label=_("Code")),
    ]
    search_fields = ["slug", "code", "name_lo", "name_vi", "name_en", "aliases__text"]
    edit_handler = ObjectList(
        [
            LanguageBar(),
            TranslatedFieldPanel("name", required=True),
            MultiFieldPanel(
                [
                    FieldPanel("country"),
                    FieldPanel("code"),
                    FieldPanel("slug"),
                    FieldPanel("position"),
                ],
                heading=_("Province"),
            ),
            InlinePanel(
                "aliases",
                heading=_("Other names"),
                label=_("Other name"),
                help_text=_("Other spellings, and names of provinces that are now part of it."),
            ),
            language_settings_panel(),
        ],
        base_form_class=TranslatedContentForm,
    )


class MinistryViewSet(SnippetViewSet):
    """Ministries, today's and former ones."""

    model = Ministry
    icon = "home"
    menu_label = _("Ministries")
    index_view_class = NamedIndexView
    copy_view_enabled = False
    ordering = ["country", "slug"]
    list_display = [
        "__str__",
        Column("country", label=_("Country"), accessor="get_country_display"),
        Column("until", label=_("In charge until")),
    ]
    search_fields = ["slug", "name_lo", "name_vi", "name_en"]
    edit_handler = ObjectList(
        [
            LanguageBar(),
            TranslatedFieldPanel("name", required=True),
            TranslatedFieldPanel("short_name"),
            MultiFieldPanel(
                [FieldPanel("country"), FieldPanel("until"), FieldPanel("slug")],
                heading=_("Ministry"),
            ),
            TranslatedFieldPanel("note"),
            language_settings_panel(),
        ],
        base_form_class=TranslatedContentForm,
    )


class CentresGroup(SnippetViewSetGroup):
    """The menu "Centres"; the screens of `admin_views` join it by its hook."""

    items = (ProvinceViewSet, MinistryViewSet)
    menu_label = _("Centres")
    menu_name = "centres"
    menu_icon = "group"
    menu_order = 155
    submenu_hook = "register_centres_menu_item"
