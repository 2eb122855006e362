"""Pages of the admin: one's curricula, what they miss, and copying modules between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from centres.models import CentrePage

from .checklist import Checklist, changeable_curricula, checklist_of
from .copying import copy_modules, copyable_curricula, copyable_modules
from .models import CurriculumPage

PAGE_SIZE = 50
MOST_MODULES = 60
#: Hook that adds links to a curriculum in the list: called with (curriculum, user), gives pairs of
#: label and address.
LINKS_HOOK = "construct_curriculum_links"


class _AdminPage(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "clipboard-list"
    http_method_names: ClassVar[list[str]] = ["get"]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, {"url": "", **here}]


def _by_centre(curricula: list[CurriculumPage]) -> dict[CurriculumPage, CentrePage]:
    """The centre of each curriculum, in one query."""
    steplen = CentrePage.steplen
    centres = {
        centre.path: centre
        for centre in CentrePage.objects.filter(path__in={c.path[:-steplen] for c in curricula})
    }
    return {c: centres[c.path[:-steplen]] for c in curricula if c.path[:-steplen] in centres}


# --- The list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListRow:
    """A curriculum with its centre and what can be done with it."""

    curriculum: CurriculumPage
    centre: CentrePage | None
    links: list[tuple[Any, str]]

    @property
    def state(self) -> str:
        page = self.curriculum
        if page.workflow_in_progress:
            return _("in review")
        if not page.live:
            return _("draft")
        return _("live, with a draft") if page.has_unpublished_changes else _("live")


class CurriculaView(_AdminPage):
    """The curricula that one may change, in the order of the tree."""

    template_name = "curricula/admin/list.html"
    page_title = gettext_lazy("Curricula")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        found = changeable_curricula(user).order_by("path")
        if not found.exists():
            raise PermissionDenied
        found = found.defer(*CurriculumPage.translated_streams).prefetch_workflow_states()
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("p"))
        centres = _by_centre(list(page))
        rows = [ListRow(c, centres.get(c), self._links(c, user)) for c in page]
        return super().get_context_data(page_obj=page, rows=rows, **kwargs)

    def _links(self, curriculum: CurriculumPage, user: Any) -> list[tuple[Any, str]]:
        links: list[tuple[Any, str]] = []
        for add_links in hooks.get_hooks(LINKS_HOOK):
            links += add_links(curriculum, user)
        return links


# --- The report -----------------------------------------------------------------------------------


class MissingReport(_AdminPage):
    """Per centre, each curriculum with counts of what it misses."""

    template_name = "curricula/admin/report.html"
    page_title = gettext_lazy("Curricula: what is missing")
    header_icon = "tasks"

    @cached_property
    def centres(self) -> dict[CentrePage, list[CurriculumPage]]:
        """Centres with the curricula that the user may change."""
        curricula = changeable_curricula(self.request.user).order_by("path")
        found: dict[CentrePage, list[CurriculumPage]] = {}
        for curriculum, centre in _by_centre(list(curricula)).items():
            found.setdefault(centre, []).append(curriculum)
        return found

    @cached_property
    def centre(self) -> CentrePage:
        """The chosen centre, by default the first one."""
        wanted = self.request.GET.get("centre", "")
        return next((c for c in self.centres if str(c.pk) == wanted), next(iter(self.centres)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.centres:
            raise PermissionDenied
        found: list[Checklist] = [checklist_of(c) for c in self.centres[self.centre]]
        return super().get_context_data(
            centres=list(self.centres), centre=self.centre, checklists=found, **kwargs
        )


# --- Copying --------------------------------------------------------------------------------------


class CopyModulesView(_AdminPage):
    """Copy modules of another curriculum into this one: choose the curriculum, then modules."""

    template_name = "curricula/admin/copy_modules.html"
    page_title = gettext_lazy("Copy modules")
    header_icon = "copy"
    http_method_names: ClassVar[list[str]] = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        permissions = self.curriculum.permissions_for_user(request.user)
        if not permissions.can_add_subpage() or permissions.page_locked():
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    @cached_property
    def curriculum(self) -> CurriculumPage:
        return get_object_or_404(CurriculumPage, id=self.kwargs["pk"])

    @cached_property
    def source(self) -> CurriculumPage | None:
        """The curriculum to copy from, None until it is chosen."""
        wanted = self.request.GET.get("from", "")
        if not (wanted.isdecimal() and len(wanted) < 12):
            return None
        return get_object_or_404(copyable_curricula(self.request.user), pk=wanted)

    def get_page_subtitle(self) -> str:
        return str(self.curriculum.get_admin_display_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(
            curriculum=self.curriculum, source=self.source, **kwargs
        )
        if self.source is not None:
            context["modules"] = copyable_modules(self.source, self.request.user)
            return context
        query = self.request.GET.get("q", "")[:100].strip()
        found = copyable_curricula(self.request.user, query).exclude(pk=self.curriculum.pk)
        found = found.defer(*CurriculumPage.translated_streams)
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("p"))
        centres = _by_centre(list(page))
        choices = [(choice, centres.get(choice)) for choice in page]
        return {**context, "query": query, "page_obj": page, "choices": choices}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = {key for key in request.POST.getlist("module") if key.isdecimal()}
        if self.source is None:
            raise PermissionDenied
        modules = copyable_modules(self.source, request.user)
        wanted = [module for module in modules if str(module.pk) in chosen]
        if not wanted or len(wanted) > MOST_MODULES:
            messages.error(request, _("Choose between 1 and %(n)s modules.") % {"n": MOST_MODULES})
            return redirect(request.get_full_path())
        copied = copy_modules(wanted, self.curriculum, request.user)
        n = len(copied.modules)
        text = ngettext(
            "%(n)s module was copied, as a draft.", "%(n)s modules were copied, as drafts.", n
        )
        messages.success(request, capfirst(text % {"n": n}))
        if copied.files:
            text = ngettext(
                "%(n)s file was copied to your centre.",
                "%(n)s files were copied to your centre.",
                copied.files,
            )
            messages.info(request, text % {"n": copied.files})
        if copied.doubled:
            text = _("These codes now stand twice in the curriculum: %(codes)s.")
            messages.warning(request, text % {"codes": ", ".join(copied.doubled)})
        return redirect(reverse("wagtailadmin_pages:edit", args=[self.curriculum.pk]))
