"""Take in a release: choose it, look at it, confirm it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.languages import LANGUAGES, pick
from core.reader import current_language
from curricula.models import Licence

from . import intake as intakes
from . import store
from .importing import preview
from .models import Adoption, Intake, KnownKey, Release
from .package.canonical import parse_document

MAX_UPLOAD = 1024**3
SHOWN_RELEASES = 200


class OwnReleaseField(forms.ModelChoiceField):
    """Releases by name, centre and version."""

    def label_from_instance(self, release: Release) -> str:
        centre = pick(release.summary.get("centre") or {}, current_language()) or ""
        return f"{release} · {centre}" if centre else str(release)


class TakeInForm(forms.Form):
    """Where to, and one of three sources."""

    centre = forms.ModelChoiceField(
        # The column itself answers a number too large for it; a foreign key fails.
        label=_("Centre"),
        queryset=None,
        empty_label=None,
        to_field_name="id",
    )
    file = forms.FileField(
        label=_("A transfer package"),
        required=False,
        help_text=_("The ZIP file that a release page offers, as from a USB stick."),
    )
    address = forms.URLField(
        label=_("The address of a release of another site"),
        required=False,
        max_length=2000,
        assume_scheme="https",
        help_text=_("Of its page, as your browser shows it. Only what is new here is fetched."),
    )
    release = OwnReleaseField(
        label=_("A release of this site"), queryset=None, required=False, to_field_name="public_id"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = intakes.centres_to_take_in(user)  # type: ignore[attr-defined]
        newest = Release.objects.published().values("pk")[:SHOWN_RELEASES]
        own = Release.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
        self.fields["release"].queryset = own  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_UPLOAD:
            raise forms.ValidationError(_("The file is larger than this site takes."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [name for name in ("file", "address", "release") if data.get(name)]
        if len(chosen) != 1 and not self.errors:
            raise forms.ValidationError(
                _("Choose one of the three: a package, an address or a release of this site.")
            )
        return data


class AdaptView(WagtailAdminTemplateMixin):
    """A page about adapting, with its title in the breadcrumbs."""

    _show_breadcrumbs = True
    header_icon = "download"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = {"label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), {"url": "", **here}]


class TakeInView(AdaptView, FormView):
    """Choose a release and a centre."""

    form_class = TakeInForm
    template_name = "releases/admin/adapt_start.html"
    page_title = _("Take in a release")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not intakes.centres_to_take_in(request.user).exists():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET
        return {"centre": wanted.get("centre"), "release": wanted.get("release")}

    def form_valid(self, form: TakeInForm) -> HttpResponse:
        data, user = form.cleaned_data, self.request.user
        if data["file"]:
            file = data["file"]
            intake = intakes.take_upload(data["centre"], user, file.name, file.chunks())
        elif data["address"]:
            intake = intakes.take_address(data["centre"], user, data["address"])
        else:
            intake = intakes.take_own(data["centre"], user, data["release"])
        return redirect("adaptations:intake", token=intake.token)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Intake.objects.filter(user_id=self.request.user.pk).select_related("centre")
        return super().get_context_data(waiting=waiting[:10], **kwargs)


def own_intake(request: HttpRequest, token: str) -> Intake:
    """The user's intake, or 404: nobody learns of another's."""
    found = Intake.objects.select_related("centre", "curriculum")
    intake = found.filter(token=token, user_id=request.user.pk).first()
    if intake is None:
        raise Http404
    if not intake.centre.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    return intake


class IntakeView(AdaptView, TemplateView):
    """Progress, preview or result, as far as it has come."""

    template_name = "releases/admin/adapt_intake.html"
    page_title = _("Take in a release")

    @cached_property
    def intake(self) -> Intake:
        return own_intake(self.request, self.kwargs["token"])

    def get_page_subtitle(self) -> str:
        return self.intake.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        intake, states = self.intake, Intake.State
        context = super().get_context_data(intake=intake, **kwargs)
        context["is_interrupted"] = intakes.is_interrupted(intake)
        context["is_working"] = (
            intake.state in (states.FETCHING, states.IMPORTING) and not context["is_interrupted"]
        )
        if intake.state == states.READY:
            context |= self._preview()
        return context

    def _preview(self) -> dict[str, Any]:
        try:
            document = parse_document(store.read(self.intake.document))
        except store.MissingFileError:
            return {"is_lost": True}
        curriculum, release = document["curriculum"], document["release"]
        language = current_language()
        licence = str(curriculum["values"].get("licence") or "")
        return {
            "preview": preview(document),
            "name": pick(curriculum["texts"].get("name") or {}, language),
            "from_centre": pick(document["centre"]["texts"].get("name") or {}, language),
            "release": release,
            "licence": dict(Licence.choices).get(licence, licence),
            "rights_holder": curriculum["values"].get("rights_holder") or "",
            "languages": [LANGUAGES[code] for code in release["languages"]],
            "bytes": sum(entry["size"] for entry in document["files"]),
            "ancestors": [
                (
                    pick(one.get("name") or {}, language),
                    pick(one.get("centre") or {}, language),
                    one,
                )
                for one in release["ancestors"]
            ],
            "adapted_before": Adoption.objects.filter(
                source__curriculum=curriculum["public_id"],
                curriculum__path__startswith=self.intake.centre.path,
            ).select_related("curriculum"),
            "known_key": KnownKey.objects.select_related("accepted_by")
            .filter(key_id=self.intake.key_id)
            .first(),
        }


@require_POST
def accept_key_view(request: HttpRequest, token: str) -> HttpResponse:
    """Believe the key that signed the release, which the page has shown."""
    intake = own_intake(request, token)
    if intake.state == Intake.State.UNKNOWN_KEY:
        given = request.POST.get("public_key", "")[:4096].strip()
        key = intakes.offered_key(intake, given)
        if key is None or request.POST.get("key_id") != intake.key_id:
            messages.error(request, _("This is not the key that the release was signed with."))
        else:
            intakes.accept(intake, key)
    return redirect("adaptations:intake", token=token)


@require_POST
def confirm_view(request: HttpRequest, token: str) -> HttpResponse:
    """Make the draft pages, once however often the button is pressed."""
    intakes.confirm(own_intake(request, token))
    return redirect("adaptations:intake", token=token)


@require_POST
def retry_view(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with what failed or was cut off."""
    intake = own_intake(request, token)
    if intake.state == Intake.State.FAILED or intakes.is_interrupted(intake):
        intakes.go_on(intake)
    return redirect("adaptations:intake", token=token)


@require_POST
def discard_view(request: HttpRequest, token: str) -> HttpResponse:
    """Forget an intake that is not being worked at."""
    intake = own_intake(request, token)
    if intake.state not in (Intake.State.FETCHING, Intake.State.IMPORTING) or (
        intakes.is_interrupted(intake)
    ):
        intakes.discard(intake)
    return redirect(reverse("adaptations:start"))
