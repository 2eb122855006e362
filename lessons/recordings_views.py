"""The admin's worklist of lesson texts without a voice: record or upload, one after the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.languages import pick
from core.reader import current_language
from glossary.recordings_views import TermRecordingForm
from media.models import Recording
from media.sound import Limits, long_limits, term_limits

from .checklist import course_lessons
from .models import CoursePage
from .recordings import NotAttached, VoicelessText, attach_recording, voiceless_texts

PER_PAGE = 20
_SPEAKER = "recording_speaker"
# A sentence takes longer than a term, but nobody speaks a line of a lesson for minutes.
_MOST_SECONDS = 30


def line_limits() -> Limits:
    """Limits of a line of a lesson."""
    seconds = max(term_limits().max_seconds, _MOST_SECONDS)
    return Limits(max_seconds=seconds, max_bytes=long_limits().max_bytes)


class CoursesView(WagtailAdminTemplateMixin, View):
    """The courses, to choose one whose texts are to be recorded."""

    template_name = "lessons/admin/worklist_courses.html"
    page_title = _("Lesson texts without a voice")
    header_icon = "lesson-listen"

    def get(self, request: HttpRequest) -> HttpResponse:
        courses = [
            (course, len(voiceless_texts(course, request.user)))
            for course in CoursePage.objects.order_by("path")
            if course_lessons(course, request.user).exists()
        ]
        if not courses:
            return permission_denied(request)  # type: ignore[no-any-return]
        if len(courses) == 1:
            return redirect("lessons_admin:worklist", courses[0][0].pk)
        return self.render_to_response(self.get_context_data(courses=courses))


class WorklistView(WagtailAdminTemplateMixin, View):
    """One text large, with the recorder, and those that come after it."""

    template_name = "lessons/admin/worklist.html"
    page_title = _("Lesson texts without a voice")
    header_icon = "lesson-listen"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("lessons_admin:voices"), "label": self.page_title}
        here = {"url": "", "label": self.course.get_admin_display_title()}
        return [*self.breadcrumbs_items, start, here]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.course = get_object_or_404(CoursePage, pk=kwargs["pk"])
        if not course_lessons(self.course, request.user).exists():
            return permission_denied(request)  # type: ignore[no-any-return]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    @cached_property
    def texts(self) -> list[VoicelessText]:
        """What is still to be spoken."""
        return voiceless_texts(self.course, self.request.user)

    def address(self, entry: VoicelessText | None = None) -> str:
        """The worklist, from one text on."""
        address = reverse("lessons_admin:worklist", args=[self.course.pk])
        return f"{address}?{urlencode({'text': entry.key})}" if entry else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None)
        wanted = kwargs.pop("key", None) or self.request.GET.get("text", "")
        start = next((n for n, entry in enumerate(self.texts) if entry.key == wanted), 0)
        shown = self.texts[start : start + PER_PAGE + 1]
        context: dict[str, Any] = {
            "course": self.course,
            "spoken": self.course.taught,
            "count": len(self.texts),
            "current": shown[0] if shown else None,
            "upcoming": [(entry, self.address(entry)) for entry in shown[1:PER_PAGE]],
            "further_url": self.address(shown[PER_PAGE]) if len(shown) > PER_PAGE else "",
            "skip_url": self.address(shown[1]) if len(shown) > 1 else "",
            "start_url": self.address(),
            "max_seconds": int(line_limits().max_seconds),
        }
        if shown:
            context["form"] = form or self.blank_form(shown[0])
            context["meaning"] = pick(shown[0].translation, current_language())
            context["action"] = reverse("lessons_admin:record", args=[self.course.pk, shown[0].key])
        return super().get_context_data(**kwargs, **context)

    def blank_form(self, entry: VoicelessText) -> TermRecordingForm:
        """The form for a text, with the speaker of the recording before."""
        speaker = self.request.session.get(_SPEAKER, "")
        initial = {"rights_holder": speaker, "consent": bool(speaker)}
        return TermRecordingForm(instance=self.blank_recording(entry), initial=initial)

    def blank_recording(self, entry: VoicelessText) -> Recording:
        """A recording that knows what it will be; the sound is still missing."""
        recording = Recording(
            title=entry.text[:255],
            language=self.course.teaches,
            uploaded_by_user=self.request.user,
        )
        recording.limits = line_limits()
        return recording


class RecordView(WorklistView):
    """Takes the sound of one text. Answers JSON to the recorder, pages to a plain form."""

    def get(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:  # type: ignore[override]
        return redirect(f"{self.address()}?{urlencode({'text': key})}")

    def post(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        place = next((n for n, entry in enumerate(self.texts) if entry.key == key), None)
        if place is None:
            return self._conflict(NotAttached(), self.address())
        entry = self.texts[place]
        after = self.texts[place + 1 : place + 2]
        next_url = self.address(after[0]) if after else self.address()
        recording = self.blank_recording(entry)
        form = TermRecordingForm(request.POST, request.FILES, instance=recording)
        if not form.is_valid():
            return self._refused(form, key)
        form.note_consent(recording)
        try:
            taken = attach_recording(self.course, entry.text, recording, request.user)
        except NotAttached as conflict:
            return self._conflict(conflict, next_url)
        synthetic = form.cleaned_data["is_synthetic"]
        request.session[_SPEAKER] = "" if synthetic else recording.rights_holder
        text = ngettext(
            "“%(text)s” has a voice in %(n)s lesson.",
            "“%(text)s” has a voice in %(n)s lessons.",
            taken,
        )
        messages.success(request, text % {"text": entry.text, "n": taken})
        if self._wants_json:
            return JsonResponse({"next": next_url})
        return redirect(next_url)

    @property
    def _wants_json(self) -> bool:
        return self.request.headers.get("Accept", "").startswith("application/json")

    def _refused(self, form: TermRecordingForm, key: str) -> HttpResponse:
        if self._wants_json:
            errors = {name: list(map(str, texts)) for name, texts in form.errors.items()}
            return JsonResponse({"errors": errors}, status=400)
        return self.render_to_response(self.get_context_data(form=form, key=key))

    def _conflict(self, conflict: NotAttached, next_url: str) -> HttpResponse:
        if self._wants_json:
            errors = {"__all__": [str(conflict)]}
            return JsonResponse({"errors": errors, "next": next_url}, status=409)
        messages.error(self.request, str(conflict))
        return redirect(next_url)
