"""Panels of the editors of curricula, modules and units."""

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList, Panel, TabbedInterface
from wagtail.admin.staticfiles import versioned_static


def tabs(page_class: Any) -> TabbedInterface:
    """The tabs of a page's editor; `basis_panels` make one of their own."""
    parts = [
        (page_class.content_panels, _("Content")),
        (getattr(page_class, "basis_panels", []), _("Basis")),
        (page_class.promote_panels, _("Sharing")),
        (page_class.settings_panels, _("Settings")),
    ]
    shown = [ObjectList(panels, heading=heading) for panels, heading in parts if panels]
    interface = TabbedInterface(shown, base_form_class=page_class.base_form_class)
    return interface.bind_to_model(page_class)


class _SavedPagePanel(Panel):
    """A panel about a page that was saved before."""

    class BoundPanel(Panel.BoundPanel):
        def is_shown(self) -> bool:
            return bool(self.instance.pk)


class ChildTablePanel(_SavedPagePanel):
    """The table of a page's children (`child_table`)."""

    class BoundPanel(_SavedPagePanel.BoundPanel):
        template_name = "curricula/admin/child_table.html"

        @property
        def media(self) -> Media:
            """The script that adds, moves and adds up."""
            return Media(
                js=[
                    versioned_static("curricula/admin/child_table.js"),
                    versioned_static("curricula/admin/paste_rows.js"),
                ]
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from .child_table import ChildTable

            context: dict[str, Any] = super().get_context_data(parent_context)
            # A user who may only review gets no form.
            form_table = getattr(self.form, "child_table", None)
            table = form_table or ChildTable(self.instance, self.request.user)
            context["table"] = table
            context["rows"] = table.shown_rows()
            context["may_add"] = table.may_add()
            context["is_curriculum"] = is_curriculum = "code" in table.columns
            if is_curriculum:
                context["copy_url"] = reverse(
                    "curricula_admin:copy_modules", args=[self.instance.pk]
                )
            return context


class ChecklistPanel(_SavedPagePanel):
    """What is missing or wrong, read after the page has opened and after each autosave."""

    class BoundPanel(_SavedPagePanel.BoundPanel):
        template_name = "curricula/admin/checklist_panel.html"

        @property
        def media(self) -> Media:
            """The script that reads the list."""
            return Media(js=[versioned_static("curricula/admin/checklist.js")])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["url"] = reverse("curricula_admin:checklist", args=[self.instance.pk])
            return context
