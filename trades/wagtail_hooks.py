"""Trades and qualification frameworks in the Wagtail admin."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from core.forms import TranslatedContentForm
from core.panels import LanguageBar, TranslatedFieldPanel, language_settings_panel

from .models import Framework, FrameworkLevel, Trade

# Enough to see what it is; the rest is counted.
NAMED = 5


class NamedIndexView(snippets.IndexView):
    """A list by the editor's name of things, without a query a row."""

    search_backend_name = None

    @cached_property
    def columns(self) -> list[Any]:
        # Bulk deletes would pass by the question who uses it, so there are no checkboxes.
        return [
            column for column in super().columns if getattr(column, "name", "") != "bulk_actions"
        ]


class TradeViewSet(SnippetViewSet):
    """Trades with their codes."""

    model = Trade
    icon = "tag"
    menu_label = gettext_lazy("Trades")
    index_view_class = NamedIndexView
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("isco08", label=gettext_lazy("ISCO-08")),
        Column("vietnamese_code", label=gettext_lazy("Vietnamese code")),
        Column("position", label=gettext_lazy("Position"), sort_key="position"),
    ]
    ordering = ["position", "slug"]
    search_fields = ["slug", "name_lo", "name_vi", "name_en"]
    edit_handler = ObjectList(
        [
            LanguageBar(),
            TranslatedFieldPanel("name", required=True),
            TranslatedFieldPanel("summary"),
            MultiFieldPanel(
                [
                    FieldPanel("isco08"),
                    FieldPanel("isced_f"),
                    FieldPanel("vietnamese_code"),
                    FieldPanel("asean_skill"),
                ],
                heading=gettext_lazy("Codes"),
                help_text=gettext_lazy("Leave a code empty where you are not sure of it."),
            ),
            MultiFieldPanel(
                [FieldPanel("slug"), FieldPanel("pictogram"), FieldPanel("position")],
                heading=gettext_lazy("On the site"),
            ),
            language_settings_panel(),
        ],
        base_form_class=TranslatedContentForm,
    )


class FrameworkViewSet(SnippetViewSet):
    """Qualification frameworks."""

    model = Framework
    icon = "list-ol"
    menu_label = gettext_lazy("Frameworks")
    index_view_class = NamedIndexView
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("country", label=gettext_lazy("Country")),
        Column("as_of", label=gettext_lazy("Date of the source")),
    ]
    search_fields = ["slug", "name_lo", "name_vi", "name_en"]
    edit_handler = ObjectList(
        [
            LanguageBar(),
            TranslatedFieldPanel("name", required=True),
            FieldPanel("slug"),
            FieldPanel("country"),
            FieldPanel("source"),
            FieldPanel("as_of"),
            FieldPanel("review_note"),
            language_settings_panel(),
        ],
        base_form_class=TranslatedContentForm,
    )


class LevelIndexView(NamedIndexView):
    """Levels, framework by framework."""

    list_filter = ["framework", "certainty"]

    def get_base_queryset(self) -> Any:
        return FrameworkLevel.objects.select_related("framework")


class FrameworkLevelViewSet(SnippetViewSet):
    """The levels of frameworks."""

    model = FrameworkLevel
    icon = "order"
    menu_label = gettext_lazy("Framework levels")
    index_view_class = LevelIndexView
    copy_view_enabled = False
    ordering = ["framework", "number"]
    list_display = [
        "__str__",
        Column("framework", label=gettext_lazy("Framework")),
        Column("certainty", label=gettext_lazy("Certainty"), accessor="get_certainty_display"),
    ]
    search_fields = ["code", "name_lo", "name_vi", "name_en"]
    edit_handler = ObjectList(
        [
            LanguageBar(),
            FieldPanel("framework"),
            FieldPanel("number"),
            FieldPanel("code"),
            TranslatedFieldPanel("name"),
            FieldPanel("certainty"),
            FieldPanel("source"),
            FieldPanel("as_of"),
            language_settings_panel(),
        ],
        base_form_class=TranslatedContentForm,
    )


class TradesGroup(SnippetViewSetGroup):
    """The menu "Trades and frameworks"."""

    items = (TradeViewSet, FrameworkViewSet, FrameworkLevelViewSet)
    menu_label = gettext_lazy("Trades and frameworks")
    menu_name = "trades"
    menu_icon = "tag"
    menu_order = 160
    submenu_hook = "register_trades_menu_item"


register_snippet(TradesGroup)


@hooks.register("before_delete_snippet")
def keep_trades_in_use(request: HttpRequest, instances: list[Any]) -> HttpResponse | None:
    """Refuse to delete a trade while something belongs to it, and name what does."""
    return keep_in_use(request, instances, Trade)


def keep_in_use(request: HttpRequest, instances: list[Any], model: Any) -> HttpResponse | None:
    """Refuse to delete records of a model that something points at, and name what does."""
    for instance in instances:
        if not isinstance(instance, model):
            continue
        users = _users_of(instance)
        if not users:
            continue
        finder = AdminURLFinder(request.user)
        names = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            ((finder.get_edit_url(item) or "#", str(item)) for item in users[:NAMED]),
        )
        more = _(" and %(count)d more") % {"count": len(users) - NAMED} if users[NAMED:] else ""
        messages.error(
            request,
            format_html(
                "{} {}{}",
                _("“%(name)s” was not deleted, because these belong to it:") % {"name": instance},
                names,
                more,
            ),
        )
        return redirect(model.snippet_viewset.get_url_name("list"))
    return None


def _users_of(instance: Any) -> list[Any]:
    """Everything that points at a record, of whatever app: the first hundred of each kind.

    What is part of the record, such as its other names, does not count.
    """
    found: list[Any] = []
    for relation in instance._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not relation.is_relation:
            continue
        if relation.related_model._meta.auto_created or isinstance(relation.field, ParentalKey):
            continue
        condition = {relation.field.name: instance}
        found += relation.related_model._default_manager.filter(**condition)[:100]
    return found
