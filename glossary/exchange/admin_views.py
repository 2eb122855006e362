"""Upload, preview, import; choose, export."""

from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.translated import LANGUAGE_CHOICES
from glossary.review import reviewable_languages
from trades.models import Trade

from .exporting import Selection, export
from .formats import Format, max_bytes, text_chunks
from .marking import write_marked
from .plan_file import PlanFile, Planned, State
from .tasks import end_interrupted, start_apply, start_plan
from .uploads import Stage, Status, Upload, find_upload, keep_upload

PER_PAGE = 50
FILTERS = {
    "problems": (State.REFUSED, State.CONFLICT),
    "changed": (State.CHANGED,),
    "added": (State.ADDED,),
    "all": tuple(State),
}
STATE_LABELS = {
    State.ADDED: _("new"),
    State.CHANGED: _("changed"),
    State.UNCHANGED: _("unchanged"),
    State.CONFLICT: _("conflict"),
    State.REFUSED: _("refused"),
}


def may_export(user: Any) -> bool:
    """Whether a user works on the glossary at all."""
    return any(user.has_perm(f"glossary.{action}_concept") for action in ("view", "add", "change"))


def may_import(user: Any) -> bool:
    """An import makes, changes and publishes concepts, so it takes the permission for each."""
    return all(
        user.has_perm(f"glossary.{action}_concept") for action in ("add", "change", "publish")
    )


def may_keep_review(user: Any) -> bool:
    """Taking over a file's sign-offs is signing off in every language."""
    return len(reviewable_languages(user)) == len(LANGUAGE_CHOICES)


def own_upload(request: HttpRequest, token: str) -> Upload:
    """The user's upload, or 404: nobody learns of another's."""
    if not may_import(request.user):
        raise PermissionDenied
    upload = find_upload(token, request.user.pk or 0)
    if upload is None:
        raise Http404
    end_interrupted(upload)
    return upload


class ImportForm(forms.Form):
    """A file and how far to trust it."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV, XLSX or TBX, as “Export” gives them.")
    )
    keep_review = forms.BooleanField(
        label=_("Keep the reviews of the file"),
        help_text=_(
            "Only for a file you trust. Otherwise new and changed terms count as not yet reviewed."
        ),
        required=False,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_keep_review(user):
            del self.fields["keep_review"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > max_bytes():
            limit = f"{max_bytes() // (1024 * 1024)} MB"
            raise forms.ValidationError(
                _("The file is larger than %(limit)s. Split it."), params={"limit": limit}
            )
        return file


class ExchangeView(WagtailAdminTemplateMixin):
    """A page of the exchange: its title stands in the breadcrumbs, after the admin's home."""

    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {
            "url": "",
            "label": self.get_page_title(),
            "sublabel": self.get_page_subtitle(),
        }
        return [*super().get_breadcrumbs_items(), own]


class ImportView(ExchangeView, FormView):
    """Choose a file; its preview comes next."""

    form_class = ImportForm
    template_name = "glossary/exchange/import.html"
    page_title = _("Import into the glossary")
    header_icon = "upload"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_import(request.user):
            if may_export(request.user):
                return redirect("glossary_exchange:export")
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: ImportForm) -> HttpResponse:
        file = form.cleaned_data["file"]
        upload = keep_upload(
            file.chunks(),
            name=file.name,
            user=self.request.user.pk,
            language=get_language() or "en",
            keep_review=bool(form.cleaned_data.get("keep_review")),
        )
        start_plan(upload)
        return redirect("glossary_exchange:upload", token=upload.token)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            megabytes=max_bytes() // (1024 * 1024),
            export_url=reverse("glossary_exchange:export"),
            **kwargs,
        )


class UploadView(ExchangeView, TemplateView):
    """Progress, preview or result of one upload, as far as it has come."""

    page_title = _("Import into the glossary")
    header_icon = "upload"

    @cached_property
    def upload(self) -> Upload:
        return own_upload(self.request, self.kwargs["token"])

    @cached_property
    def status(self) -> Status:
        return self.upload.status

    def get_page_subtitle(self) -> str:
        return self.status.name

    def get_template_names(self) -> list[str]:
        names = {
            Stage.PLANNING: "progress",
            Stage.APPLYING: "progress",
            Stage.PLANNED: "preview",
            Stage.APPLIED: "preview",
            Stage.FAILED: "failed",
        }
        return [f"glossary/exchange/{names[Stage(self.status.stage)]}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(upload=self.upload, status=self.status, **kwargs)
        if self.status.stage in {Stage.PLANNED, Stage.APPLIED}:
            context |= self._plan_context()
        return context

    def _plan_context(self) -> dict[str, Any]:
        plan = self.upload.plan()
        try:
            counts = plan.counts()
            problems = counts[State.REFUSED] + counts[State.CONFLICT]
            chosen = self.request.GET.get("show", "problems" if problems else "all")
            if chosen not in FILTERS:
                raise Http404
            rows = _PlanRows(plan, FILTERS[chosen], counts)
            page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
            return {
                "counts": [(STATE_LABELS[state], counts[state], state) for state in State],
                "to_write": counts[State.ADDED] + counts[State.CHANGED],
                "problems": problems,
                "notes": plan.fact("notes", []),
                "chosen": chosen,
                "filters": [
                    ("problems", _("Problems"), problems),
                    ("changed", _("Changed"), counts[State.CHANGED]),
                    ("added", _("New"), counts[State.ADDED]),
                    ("all", _("All"), sum(counts.values())),
                ],
                "page": page,
                "rows": [(item, STATE_LABELS[item.state]) for item in page.object_list],
                "is_table": Format(self.status.form).is_table,
                "is_applied": self.status.stage == Stage.APPLIED,
            }
        finally:
            plan.close()


class _PlanRows:
    """What Paginator needs of the plan, read a page at a time."""

    def __init__(self, plan: PlanFile, states: tuple[State, ...], counts: dict[State, int]) -> None:
        self._plan = plan
        self._states = states
        self._count = sum(counts[state] for state in states)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: slice) -> list[Planned]:
        return self._plan.page(self._states, rows.start, rows.stop - rows.start)


@require_POST
def apply_view(request: HttpRequest, token: str) -> HttpResponse:
    """Import what the preview showed, once however often the button is pressed."""
    upload = own_upload(request, token)
    if upload.status.stage == Stage.PLANNED:
        plan = upload.plan()
        counts = plan.counts()
        plan.close()
        start_apply(upload, counts[State.ADDED] + counts[State.CHANGED])
    return redirect("glossary_exchange:upload", token=token)


@require_POST
def discard_view(request: HttpRequest, token: str) -> HttpResponse:
    """Delete an upload that is not being imported just now."""
    upload = own_upload(request, token)
    if upload.status.stage != Stage.APPLYING:
        upload.delete()
    return redirect("glossary_exchange:import")


def marked_file(request: HttpRequest, token: str) -> HttpResponse:
    """The uploaded file with its errors marked."""
    upload = own_upload(request, token)
    status = upload.status
    if status.stage not in {Stage.PLANNED, Stage.APPLIED}:
        raise Http404
    target = TemporaryFile()  # noqa: SIM115 — the response closes it
    plan = upload.plan()
    try:
        extension = write_marked(upload.source, Format(status.form), plan, target)
    finally:
        plan.close()
    target.seek(0)
    name = f"{status.name.rpartition('.')[0]}-problems{extension}"
    return FileResponse(target, as_attachment=True, filename=name)


class ExportForm(forms.Form):
    """What to export, and as what."""

    format = forms.ChoiceField(
        label=_("Format"), choices=lambda: [(form.value, form.label) for form in Format]
    )
    trade = forms.ModelChoiceField(
        label=_("Trade"),
        queryset=Trade.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("All trades"),
    )
    language = forms.ChoiceField(
        label=_("Language of the terms"),
        choices=[("", _("All languages")), *LANGUAGE_CHOICES],
        required=False,
    )
    reviewed = forms.BooleanField(label=_("Reviewed terms only"), required=False)


class ExportView(ExchangeView, FormView):
    """Choose what to export; the form leads to the file itself."""

    form_class = ExportForm
    template_name = "glossary/exchange/export.html"
    page_title = _("Export the glossary")
    header_icon = "download"
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_export(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def export_file(request: HttpRequest) -> Any:
    """The exported file, sent while it is made."""
    if not may_export(request.user):
        raise PermissionDenied
    form = ExportForm(request.GET)
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    selection = Selection(
        trade=data["trade"].slug if data["trade"] else "",
        language=data["language"],
        reviewed=data["reviewed"],
    )
    chosen = Format(data["format"])
    parts = ["glossary", selection.trade, selection.language, timezone.localdate().isoformat()]
    name = "-".join(filter(None, parts)) + chosen.extension
    if chosen == Format.XLSX:
        # A workbook is a zip archive, whose directory is written last.
        target = TemporaryFile()  # noqa: SIM115 — the response closes it
        export(selection, target, chosen)
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=name)
    response = StreamingHttpResponse(
        text_chunks(selection.records(), chosen, selection.present),
        content_type="text/csv; charset=utf-8" if chosen == Format.CSV else "application/x-tbx+xml",
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
