"""The admin's worklist of terms without a voice: record or upload, one after the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.languages import LANGUAGES
from core.translated import LANGUAGE_CHOICES
from media.forms import ConsentMixin
from media.models import Recording
from media.sound import term_limits
from trades.models import Trade

from .models import Term
from .recordings import (
    RecordingConflict,
    attach_recording,
    following,
    voiceless_terms,
    with_context,
)

PER_PAGE = 20
PERMISSION = "glossary.change_concept"
_SPEAKER = "recording_speaker"


class WorklistFilter(forms.Form):
    """Which terms to read out; a speaker reads one language at a time."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGE_CHOICES)
    trade = forms.ModelChoiceField(
        label=_("Trade"),
        queryset=Trade.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=_("All trades"),
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[c for c in Term.Status.choices if c[0] != "deprecated"]
    )
    q = forms.CharField(label=_("Term contains"), required=False, max_length=100)


class TermRecordingForm(ConsentMixin, forms.ModelForm):
    """The voice of one term. The model checks and encodes the sound, with the limits of a term."""

    class Meta:
        model = Recording
        fields = ("file", "rights_holder", "is_synthetic")

    field_order = ("file", "rights_holder", "consent", "is_synthetic")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["file"].label = _("Or choose a sound file")
        self.fields["file"].widget = forms.FileInput(attrs={"accept": "audio/*"})
        self.fields["rights_holder"].label = _("Speaker or rights holder")
        self.fields["rights_holder"].required = True
        self.fields["consent"].help_text = _(
            "Stays ticked for the next words. Clear it when another person speaks."
        )


class WorklistView(WagtailAdminTemplateMixin, View):
    """One term large, with the recorder, and those that come after it."""

    template_name = "glossary/recordings/worklist.html"
    page_title = _("Terms without a voice")
    header_icon = "wagtailmedia-audio"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=None))

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The filters: keyword arguments of `voiceless_terms`. Unknown values give way."""
        form = self.filter_form
        form.is_valid()
        trade = form.cleaned_data.get("trade")
        return {
            "language": form.cleaned_data.get("language") or "lo",
            "status": form.cleaned_data.get("status") or Term.Status.PREFERRED,
            "trade": trade.slug if trade else "",
            "text": form.cleaned_data.get("q") or "",
        }

    @cached_property
    def filter_form(self) -> WorklistFilter:
        start = {"language": "lo", "status": Term.Status.PREFERRED}
        return WorklistFilter({**start, **self.request.GET.dict()}, label_suffix="")

    def address(self, term: Term | None = None) -> str:
        """The worklist with these filters, from `term` on."""
        query = {
            "language": self.chosen["language"],
            "status": self.chosen["status"],
            "trade": self.chosen["trade"],
            "q": self.chosen["text"],
            "term": term.pk if term else "",
        }
        kept = {name: value for name, value in query.items() if value}
        return f"{reverse('glossary_recordings:worklist')}?{urlencode(kept)}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        terms = voiceless_terms(**self.chosen)
        shown = self._terms_to_show(terms, kwargs.get("term"))
        current, rest = (shown[0], shown[1:]) if shown else (None, [])
        language = self.chosen["language"]
        context = {
            "filter_form": self.filter_form,
            "count": terms.count(),
            "current": current,
            "upcoming": rest[: PER_PAGE - 1],
            "further_url": self.address(rest[-1]) if len(shown) > PER_PAGE else "",
            "skip_url": self.address(rest[0]) if rest else "",
            "start_url": self.address(),
            "spoken": LANGUAGES[language],
            "max_seconds": int(term_limits().max_seconds),
        }
        if current:
            context |= {
                "form": kwargs.get("form") or self.blank_form(current),
                "action": self._action(current),
                "definition": current.concept.local("definition", language),
                "others": [t for t in current.concept.terms.all() if t.language != language],
                "example": current.example_texts().get(language, ""),
            }
        kwargs.pop("form", None)
        return super().get_context_data(**kwargs, **context)

    def _terms_to_show(self, terms: Any, term: Term | None) -> list[Term]:
        wanted = term.pk if term else self.request.GET.get("term", "")
        start = terms.filter(pk=wanted).first() if str(wanted).isdecimal() else None
        if start is not None:
            terms = following(terms, start, included=True)
        return list(with_context(terms)[: PER_PAGE + 1])

    def _action(self, term: Term) -> str:
        address = reverse("glossary_recordings:record", args=(term.pk,))
        return f"{address}?{self.address().partition('?')[2]}"

    def blank_form(self, term: Term) -> TermRecordingForm:
        """The form for `term`, with the speaker of the recording before."""
        speaker = self.request.session.get(_SPEAKER, "")
        initial = {"rights_holder": speaker, "consent": bool(speaker)}
        return TermRecordingForm(instance=self.blank_recording(term), initial=initial)

    def blank_recording(self, term: Term) -> Recording:
        """A recording that knows what it will be; the sound is still missing."""
        recording = Recording(
            title=term.text, language=term.language, uploaded_by_user=self.request.user
        )
        recording.limits = term_limits()
        return recording


class RecordView(WorklistView):
    """Takes the sound of one term. Answers JSON to the recorder, pages to a plain form."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        term = get_object_or_404(Term, pk=pk)
        return redirect(self.address(term))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        term = get_object_or_404(Term, pk=pk)
        recording = self.blank_recording(term)
        form = TermRecordingForm(request.POST, request.FILES, instance=recording)
        if not form.is_valid():
            return self._refused(form, term)
        form.note_consent(recording)
        next_url = self._next(term)
        try:
            attach_recording(term, recording, request.user)
        except RecordingConflict as conflict:
            return self._conflict(conflict, next_url)
        synthetic = form.cleaned_data["is_synthetic"]
        request.session[_SPEAKER] = "" if synthetic else recording.rights_holder
        messages.success(request, gettext("“%(term)s” has a voice.") % {"term": term.text})
        if self._wants_json:
            return JsonResponse({"next": next_url})
        return redirect(next_url)

    @property
    def _wants_json(self) -> bool:
        return self.request.headers.get("Accept", "").startswith("application/json")

    def _next(self, term: Term) -> str:
        return self.address(following(voiceless_terms(**self.chosen), term).first())

    def _refused(self, form: TermRecordingForm, term: Term) -> HttpResponse:
        if self._wants_json:
            errors = {name: list(map(str, texts)) for name, texts in form.errors.items()}
            return JsonResponse({"errors": errors}, status=400)
        return self.render_to_response(self.get_context_data(form=form, term=term))

    def _conflict(self, conflict: RecordingConflict, next_url: str) -> HttpResponse:
        if self._wants_json:
            errors = {"__all__": [str(conflict)]}
            return JsonResponse({"errors": errors, "next": next_url}, status=409)
        messages.error(self.request, str(conflict))
        return redirect(next_url)
