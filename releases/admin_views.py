"""Making releases in the admin: the list of a curriculum, a new one, its progress, withdrawal.

All of it is for those who may publish the curriculum.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.languages import CODES, LANGUAGES
from curricula.checks import Report, report_on
from curricula.models import CurriculumPage
from curricula.outlines import read_draft_outline

from . import building, store
from .admin_forms import ReleaseForm, WithdrawalForm
from .change_notes import draft_notes
from .changes import compare
from .document import Snapshot, SnapshotError, blocking_pages, take_snapshot
from .models import Release
from .package.canonical import canonical_bytes, parse_document


def may_release(user: Any, curriculum: CurriculumPage | None) -> bool:
    """Publishers of the centre and administrators; of a deleted curriculum these alone."""
    if curriculum is None:
        return bool(user.is_active and user.is_superuser)
    return bool(curriculum.permissions_for_user(user).can_publish())


class CurriculumReleases(WagtailAdminTemplateMixin, View):
    """The releases of a curriculum."""

    template_name = "releases/admin/list.html"
    page_title: Any = gettext_lazy("Releases")
    header_icon = "download"
    curriculum: CurriculumPage | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.find(**kwargs)
        if not may_release(request.user, self.curriculum):
            return permission_denied(request)  # type: ignore[no-any-return]
        return super().dispatch(request, *args, **kwargs)

    def find(self, page_id: int) -> None:
        """What the address names."""
        self.curriculum = get_object_or_404(CurriculumPage, id=page_id)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = list(self.breadcrumbs_items)
        if self.curriculum is not None:
            edit = reverse("wagtailadmin_pages:edit", args=[self.curriculum.pk])
            items.append({"url": edit, "label": self.curriculum.get_admin_display_title()})
            releases = reverse("releases_admin:list", args=[self.curriculum.pk])
            items.append({"url": releases, "label": _("Releases")})
        if type(self) is not CurriculumReleases:
            items.append({"url": "", "label": self.page_title})
        # Only the last one stands in the closed header: it says of which curriculum.
        items[-1]["sublabel"] = self.get_page_subtitle()
        return items

    def get_page_subtitle(self) -> str:
        return str(self.curriculum.get_admin_display_title()) if self.curriculum else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "releases" not in kwargs and type(self) is CurriculumReleases:
            kwargs["releases"] = self.curriculum.releases.select_related("requested_by")  # type: ignore[union-attr]
        return super().get_context_data(curriculum=self.curriculum, **kwargs)


class NewRelease(CurriculumReleases):
    """Languages and notes of the next release; what stands in its way, and what to look at."""

    template_name = "releases/admin/new.html"
    page_title = gettext_lazy("Make a release")
    curriculum: CurriculumPage

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ReleaseForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            release = building.request_release(
                self.curriculum, form.cleaned_data["languages"], request.user, form.texts
            )
        except SnapshotError:
            # The page lists what is in the way.
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, _("Version %(n)s is being made.") % {"n": release.version})
        return redirect("releases_admin:release", release.public_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        blocked = blocking_pages(self.curriculum)
        snapshot, problems = (None, []) if blocked else self._snapshot()
        kwargs.setdefault("form", ReleaseForm(initial=self._initial(snapshot)))
        report = report_on(read_draft_outline(self.curriculum))
        return super().get_context_data(
            blockers=blocked,
            problems=problems,
            findings=_findings(report),
            incomplete=_incomplete(snapshot),
            **kwargs,
        )

    def _snapshot(self) -> tuple[Snapshot | None, list[str]]:
        try:
            return take_snapshot(self.curriculum.pk), []
        except SnapshotError as error:
            return None, error.problems
        except OSError as error:
            told = _("The server cannot keep files: %(error)s. Ask the operator.")
            return None, [told % {"error": error.strerror}]

    def _initial(self, snapshot: Snapshot | None) -> dict[str, Any]:
        """The languages that are ready, and drafts of the notes in them."""
        languages = building.languages_of(self.curriculum)
        initial: dict[str, Any] = {"languages": languages}
        previous = Release.objects.published().filter(
            curriculum_public_id=self.curriculum.public_id
        )
        last = previous.order_by("-version").first()
        if snapshot is None or last is None or store.size_of(last.document) is None:
            return initial
        before = parse_document(store.read(last.document))
        # The part about the release itself is not compared.
        document = {**snapshot.document, "release": before["release"]}
        changes = compare(before, parse_document(canonical_bytes(document)))
        for code in languages:
            initial[f"text_{code}"] = draft_notes(changes, code)[:5000]
        return initial


def _findings(report: Report) -> list[tuple[str, list[Any]]]:
    found = (
        (_("Faults"), report.faults),
        (_("Rules"), report.warnings),
        (_("Still missing"), report.gaps),
    )
    return [(heading, findings) for heading, findings in found if findings]


def _incomplete(snapshot: Snapshot | None) -> list[tuple[Any, dict[str, int]]]:
    """Language and what is missing or stale in it: the cover of the release says so."""
    counts = snapshot.incomplete if snapshot else {}
    return [(LANGUAGES[code], counts[code]) for code in CODES if code in counts]


class ReleaseView(CurriculumReleases):
    """One release: its progress, its files, and what can be done with it."""

    template_name = "releases/admin/release.html"
    release: Release

    def find(self, public_id: str) -> None:  # type: ignore[override]
        releases = Release.objects.select_related("curriculum", "requested_by")
        self.release = get_object_or_404(releases, public_id=public_id)
        self.curriculum = self.release.curriculum

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return _("Version %(n)s") % {"n": self.release.version}

    @cached_property
    def url(self) -> str:
        return reverse("releases_admin:release", args=[self.release.public_id])

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action")
        if action == "retry":
            building.retry(self.release)
        elif action == "rebuild" and self.release.is_published:
            building.rebuild_task.enqueue(self.release.pk)
            messages.success(request, _("The missing files are being made again."))
        elif action == "withdraw" and self.release.is_published:
            form = WithdrawalForm(request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(withdrawal=form))
            building.withdraw(self.release, form.texts)
            messages.success(request, _("The release was withdrawn."))
        else:
            messages.error(request, _("The state of the release has changed. Look again."))
        return redirect(self.url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("withdrawal", WithdrawalForm())
        return super().get_context_data(
            release=self.release,
            notes=_written(self.release, "notes"),
            reasons=_written(self.release, "withdrawal_reason"),
            **state_context(self.release),
            **kwargs,
        )


def _written(release: Release, name: str) -> list[tuple[Any, str]]:
    """Language and text of a field, where there is one."""
    return [(LANGUAGES[code], text) for code, text in release.field_texts(name).items() if text]


class ReleaseState(ReleaseView):
    """The part of the page of a release that changes while it is being made."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {"release": self.release, **state_context(self.release)}
        return render(request, "releases/admin/state.html", context)


def state_context(release: Release) -> dict[str, Any]:
    """Variables of releases/admin/state.html."""
    files = list(release.files.all())
    is_building = release.state == Release.State.BUILDING
    return {
        "files": files,
        "lost": [file for file in files if not file.is_there] if release.is_published else [],
        "is_building": is_building,
        # Waiting for the worker, or cut off: the page cannot tell, a second task does no harm.
        "may_continue": is_building and not building.is_being_built(release),
        "told": list(map(str.strip, release.error.splitlines())),
    }
