"""What a later release of the source changed: look at it, take or leave each change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permissions import policy_registry

from core.languages import LANGUAGES, pick
from core.reader import current_language

from .adapt_views import AdaptView
from .adapting import Comparison, NewerRelease, NotUpdatable, compare_with, newer_release, take_over
from .fetching import newest_of
from .intake import take_address
from .models import Adoption, ForeignRelease
from .package.errors import PackageError
from .updates import Change, Kind

_WHAT = {
    Kind.PAGE_ADDED: gettext_lazy("New page"),
    Kind.PAGE_REMOVED: gettext_lazy("Removed there; taking it deletes your page"),
    Kind.PAGE_MOVED: gettext_lazy("Has another place there; move your page where you want it"),
    Kind.BLOCK_ADDED: gettext_lazy("New paragraph or part"),
    Kind.BLOCK_REMOVED: gettext_lazy("Removed there"),
    Kind.BLOCK_MOVED: gettext_lazy("Has another place"),
    Kind.BLOCK_STRUCTURE: gettext_lazy("Parts, numbers or pictures changed; your texts stay"),
}


def adoptions_of(user: Any) -> Iterator[tuple[Adoption, NewerRelease]]:
    """The adapted curricula that the user edits and whose source has a newer release."""
    allowed = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "change")
    adoptions = Adoption.objects.filter(curriculum__in=allowed.values("pk"))
    for adoption in adoptions.select_related("curriculum")[:50]:
        if newer := newer_release(adoption):
            yield adoption, newer


class UpdateView(AdaptView, TemplateView):
    """The changes, each with its old, new and own text, and a box to take it."""

    template_name = "releases/admin/adapt_update.html"
    page_title = gettext_lazy("What changed in the source")
    header_icon = "history"

    @cached_property
    def adoption(self) -> Adoption:
        adoptions = Adoption.objects.select_related("curriculum")
        adoption: Adoption = get_object_or_404(adoptions, curriculum__id=self.kwargs["page_id"])
        if not adoption.curriculum.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return adoption

    @cached_property
    def newer(self) -> NewerRelease | None:
        return newer_release(self.adoption)

    def get_page_subtitle(self) -> str:
        return self.adoption.curriculum.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *items, own = super().get_breadcrumbs_items()
        edit = reverse("wagtailadmin_pages:edit", args=[self.adoption.curriculum.pk])
        return [*items, {"url": edit, "label": self.get_page_subtitle()}, own]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        adoption = self.adoption
        context = super().get_context_data(
            curriculum=adoption.curriculum,
            source=adoption.source,
            source_name=pick(adoption.source.get("name") or {}, current_language()),
            decisions=adoption.decisions.select_related("decided_by")[:10],
            newer=self.newer,
            can_ask=bool(source_list(adoption)),
            **kwargs,
        )
        if self.newer is not None:
            try:
                context |= self._changes(compare_with(adoption, self.newer))
            except PackageError as error:
                context["refusal"] = str(error)
        return context

    def _changes(self, found: Comparison) -> dict[str, Any]:
        chosen = set(self.request.POST.getlist("take")) if self.request.method == "POST" else None
        changes = found.update.changes
        pages = [
            (name, [_shown(change, chosen) for change in group])
            for name, group in groupby(changes, lambda change: change.page_name)
        ]
        return {
            "pages": pages,
            "count": len(changes),
            "conflicts": found.update.conflicts,
            "gone": found.update.gone,
            "mark": found.mark,
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "ask" in request.POST:
            return self._ask(request)
        if self.newer is None:
            raise Http404
        try:
            decision = take_over(
                *(self.adoption, self.newer, request.POST.getlist("take")),
                *(request.POST.get("mark", ""), request.user),
            )
        except (NotUpdatable, PackageError) as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data())
        count = len(decision.taken)
        messages.success(
            request,
            ngettext(
                "%(count)s change taken over as a draft. Look at it and publish it.",
                "%(count)s changes taken over as drafts. Look at them and publish them.",
                count,
            )
            % {"count": count},
        )
        return redirect("wagtailadmin_explore", self.adoption.curriculum.pk)

    def _ask(self, request: HttpRequest) -> HttpResponse:
        """Fetch the newest release from the site of the source, in the background."""
        address, centre = source_list(self.adoption), self.adoption.curriculum.centre
        if not address or centre is None:
            raise Http404
        intake = take_address(centre, request.user, address)
        return redirect("adaptations:intake", token=intake.token)


def source_list(adoption: Adoption) -> str:
    """Where the site that it was fetched from lists its releases; "" for one of this site."""
    foreign = ForeignRelease.objects.filter(public_id=adoption.release_public_id).first()
    return newest_of(foreign, str(adoption.source.get("curriculum"))) if foreign else ""


def _shown(change: Change, chosen: set[str] | None) -> dict[str, Any]:
    """A change for the template."""
    harmless = not change.is_conflict and change.kind is not Kind.PAGE_REMOVED
    told = [_field(change), str(_WHAT.get(change.kind, ""))]
    return {
        "key": change.key,
        "what": " · ".join(filter(None, told)),
        "language": LANGUAGES.get(change.language),
        "rows": [(LANGUAGES.get(row.language), row) for row in change.rows],
        "is_conflict": change.is_conflict,
        "can_be_taken": change.can_be_taken,
        "is_chosen": harmless if chosen is None else change.key in chosen,
    }


def _field(change: Change) -> str:
    """What the field is called in the editor."""
    if not change.field:
        return ""
    try:
        field = type(change.own.draft)._meta.get_field(change.field)
    except FieldDoesNotExist:
        return change.field
    return str(capfirst(str(getattr(field, "verbose_name", change.field))))


def notice(adoption: Adoption, newer: NewerRelease) -> str:
    """What editors of an adapted curriculum are told."""
    return _("Version %(version)s of “%(source)s”, from which it was adapted, is out.") % {
        "version": newer.version,
        "source": pick(adoption.source.get("name") or {}, current_language()) or "–",
    }
