"""What readers asked for: counted, answered with a concept, or declined."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import Concept, TermRequest


class RequestIndexView(snippets.IndexView):
    """The most wanted first; open ones unless another state is chosen."""

    list_filter = ["status", "language"]
    search_fields = ["text"]
    search_backend_name = None
    default_ordering = "-count"
    paginate_by = 50

    def get_add_url(self) -> None:
        """Only readers ask."""

    @cached_property
    def columns(self) -> list[Any]:
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet"),
            self._get_title_column("text"),
            Column("count", label=_("Times asked"), sort_key="count"),
            Column("language", label=_("Page language"), accessor="get_language_display"),
            Column("status", label=_("Status"), accessor="get_status_display", sort_key="status"),
            DateColumn("last_at", label=_("Last asked"), sort_key="last_at"),
        ]

    def get_list_more_buttons(self, instance: TermRequest) -> list[Any]:
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("glossary.add_concept"):
            buttons.insert(
                0,
                Button(
                    _("Make a concept from it"),
                    url=concept_url(instance),
                    icon_name="plus",
                    priority=5,
                ),
            )
        return buttons


class RequestCreateView(snippets.CreateView):
    """Nobody makes a request by hand: it would count as a reader's."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied


class RequestEditView(snippets.EditView):
    """Its state; what was asked for stays as it was asked."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_more_buttons)
        if self.request.user.has_perm("glossary.add_concept"):
            buttons.append(
                Button(
                    _("Make a concept from it"),
                    url=concept_url(self.object),
                    icon_name="plus",
                    priority=5,
                )
            )
        return buttons


def concept_url(asked: TermRequest) -> str:
    """The form of a new concept, filled with what was asked for."""
    return f"{reverse(Concept.snippet_viewset.get_url_name('add'))}?request={asked.pk}"


class TermRequestViewSet(SnippetViewSet):
    """Requests for terms that a search did not find."""

    model = TermRequest
    icon = "help"
    menu_label = gettext_lazy("Term requests")
    menu_order = 200
    index_view_class = RequestIndexView
    add_view_class = RequestCreateView
    edit_view_class = RequestEditView
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("text", read_only=True),
            FieldPanel("count", read_only=True),
            FieldPanel("language", read_only=True),
            FieldPanel(
                "status",
                help_text=gettext_lazy(
                    "“Done” once a concept answers it; “declined” where it is no term of a trade."
                ),
            ),
        ]
    )
