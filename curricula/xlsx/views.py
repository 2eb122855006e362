"""Download a form, send it, look at what it would do, import it."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from centres.models import CentrePage
from core.languages import LANGUAGES
from glossary.exchange.tasks import end_interrupted
from glossary.exchange.uploads import Stage, Status, own_upload, store_upload

from ..models import CurriculumPage
from .form import FormError, Tables
from .importing import refusal
from .reading import MAX_BYTES, read_form
from .stored import empty_form, read_stored, tables_of
from .uploads import FormUpload, start_import, start_plan
from .writing import write_form


def may_import(user: Any, page: CentrePage | CurriculumPage) -> bool:
    """Whether the user may import a new programme of a centre, or changes of a programme."""
    if isinstance(page, CentrePage):
        return bool(page.permissions_for_user(user).can_add_subpage())
    return bool(page.permissions_for_user(user).can_edit())


def target_of(request: HttpRequest, pk: int) -> CentrePage | CurriculumPage:
    """The centre or programme of that key, 404 for others, 403 for those of other centres."""
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, (CentrePage, CurriculumPage)):
        raise Http404
    if not may_import(request.user, page):
        raise PermissionDenied
    return page


def centre_of(page: CentrePage | CurriculumPage) -> CentrePage:
    centre = page if isinstance(page, CentrePage) else page.centre
    if centre is None:
        raise Http404
    return centre


class SendForm(forms.Form):
    """A filled form."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("The form as XLSX, filled in."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            limit = f"{MAX_BYTES // (1024 * 1024)} MB"
            raise forms.ValidationError(
                _("The file is larger than %(limit)s."), params={"limit": limit}
            )
        return file


class FormPage(WagtailAdminTemplateMixin):
    """A page of the import, with the way to it in its breadcrumbs."""

    _show_breadcrumbs = True
    header_icon = "upload"

    def get_target(self) -> CentrePage | CurriculumPage:
        raise NotImplementedError

    @cached_property
    def target(self) -> CentrePage | CurriculumPage:
        return self.get_target()

    def get_page_title(self) -> str:
        told = {"page": self.target.get_admin_display_title()}
        if isinstance(self.target, CentrePage):
            return _("Import a programme: %(page)s") % told
        return _("Form of the programme: %(page)s") % told

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        page = self.target
        above = {
            "url": reverse("wagtailadmin_explore", args=[page.pk]),
            "label": page.get_admin_display_title(),
        }
        own = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), above, own]


class SendView(FormPage, FormView):
    """Download the form, and send it back filled in; its preview comes next."""

    form_class = SendForm
    template_name = "curricula/admin/xlsx_send.html"

    def get_target(self) -> CentrePage | CurriculumPage:
        return target_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.target  # noqa: B018 — refused before anything is read
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: SendForm) -> HttpResponse:
        file, target = form.cleaned_data["file"], self.target
        about = {"centre": centre_of(target).pk}
        if isinstance(target, CurriculumPage):
            about["curriculum"] = target.pk
        upload = store_upload(
            FormUpload,
            file.chunks(),
            Status(
                user=self.request.user.pk or 0,
                name=file.name[:200],
                form="xlsx",
                keep_review=False,
                language=get_language() or "en",
                about=about,
            ),
        )
        start_plan(upload)
        return redirect("curricula_xlsx:upload", token=upload.token)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = self.target
        is_curriculum = isinstance(target, CurriculumPage)
        return super().get_context_data(
            target=target,
            is_curriculum=is_curriculum,
            languages=LANGUAGES.items(),
            current=get_language(),
            megabytes=MAX_BYTES // (1024 * 1024),
            refusal=refusal(
                self.request.user, centre_of(target), target if is_curriculum else None
            ),
            **kwargs,
        )


def download(request: HttpRequest, pk: int) -> Any:
    """The form: of a programme as it is, of a centre empty."""
    target = target_of(request, pk)
    language = request.GET.get("language", get_language() or "en")
    if language not in LANGUAGES:
        raise Http404
    if isinstance(target, CentrePage):
        tables, name = empty_form(language), "form"
    else:
        tables, name = tables_of(read_stored(target)), f"{target.slug}-{timezone.localdate()}"
    try:
        return _file(tables, language, f"{name}-{language}.xlsx")
    except FormError as error:
        messages.error(request, str(error))
        return redirect("curricula_xlsx:send", pk=pk)


def _file(tables: Tables, language: str, name: str, problems: Any = ()) -> FileResponse:
    # A workbook is a zip archive, whose directory is written last.
    target = TemporaryFile()  # noqa: SIM115 — the response closes it
    write_form(tables, target, language, problems)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name)


# --- An upload ------------------------------------------------------------------------------------


def upload_of(request: HttpRequest, token: str) -> FormUpload:
    """The user's upload, or 404: nobody learns of another's."""
    upload = own_upload(FormUpload, token, request.user.pk or 0)
    if upload is None:
        raise Http404
    end_interrupted(upload)
    return upload


class UploadView(FormPage, TemplateView):
    """Progress, preview or result of one upload, as far as it has come."""

    @cached_property
    def upload(self) -> FormUpload:
        return upload_of(self.request, self.kwargs["token"])

    def get_target(self) -> CentrePage | CurriculumPage:
        target = self.upload.curriculum or self.upload.centre
        if target is None:
            raise Http404
        return target

    def get_template_names(self) -> list[str]:
        stage = self.upload.status.stage
        name = "progress" if stage in {Stage.PLANNING, Stage.APPLYING} else "preview"
        return [f"curricula/admin/xlsx_{name}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        status = self.upload.status
        context = super().get_context_data(
            upload=self.upload, status=status, target=self.target, **kwargs
        )
        if status.stage in {Stage.PLANNED, Stage.APPLIED}:
            context["preview"] = self.upload.preview
            context["is_applied"] = status.stage == Stage.APPLIED
            context["made"] = (status.result or {}).get("curriculum")
        return context


@require_POST
def apply_view(request: HttpRequest, token: str) -> HttpResponse:
    """Import what the preview showed, once however often the button is pressed."""
    upload = upload_of(request, token)
    if upload.status.stage == Stage.PLANNED and not upload.preview["problems"]:
        start_import(upload)
    return redirect("curricula_xlsx:upload", token=token)


@require_POST
def discard_view(request: HttpRequest, token: str) -> HttpResponse:
    """Delete an upload that is not being imported just now."""
    upload = upload_of(request, token)
    target = upload.curriculum or upload.centre
    if upload.status.stage != Stage.APPLYING:
        upload.delete()
    if target is None:
        return redirect("wagtailadmin_home")
    return redirect("curricula_xlsx:send", pk=target.pk)


def marked_file(request: HttpRequest, token: str) -> HttpResponse:
    """The uploaded form with its errors marked, headings in the user's language."""
    upload = upload_of(request, token)
    if upload.status.stage != Stage.PLANNED:
        raise Http404
    tables, _faults = read_form(upload.source)
    name = f"{upload.status.name.rpartition('.')[0][:80]}-problems.xlsx"
    return _file(tables, get_language() or "en", name, upload.problems)
