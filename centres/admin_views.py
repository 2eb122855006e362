"""The administrators' screens: all centres, a new one in one step, and who belongs to it."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.generic import CreateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import PageSubscription

from core.forms import TranslatedContentForm
from core.panels import LanguageBar, TranslatedFieldPanel

from .loading import centres_index
from .models import CentrePage, CentresIndexPage, CentreSpace
from .visibility import works_everywhere


def looks_after_centres(user: Any) -> bool:
    """Whether the user makes centres and says who belongs to them."""
    index = CentresIndexPage.objects.first()
    if index is None or user.is_superuser:
        return bool(user.is_superuser)
    return works_everywhere(user) and index.permissions_for_user(user).can_add_subpage()


class AdministratorsOnly(WagtailAdminTemplateMixin, View):
    """Mixin of all screens here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not looks_after_centres(request.user):
            return permission_denied(request)  # type: ignore[no-any-return]
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [{"url": reverse("centres_admin:list"), "label": gettext("All centres")}]
        here = {"url": "", "label": self.get_page_subtitle() or self.get_page_title()}
        return [*self.breadcrumbs_items, *items, here]


class CentreListView(AdministratorsOnly, TemplateView):
    """All centres, public or not, with their numbers of members."""

    template_name = "centres/admin/list.html"
    page_title = _("All centres")
    header_icon = "group"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("New centre"), reverse("centres_admin:new"), icon_name="plus")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        spaces = (
            CentreSpace.objects.select_related("centre__province")
            .annotate(
                editor_count=Count("editors__user", distinct=True),
                publisher_count=Count("publishers__user", distinct=True),
            )
            .order_by("centre__path")
        )
        return super().get_context_data(spaces=spaces, **kwargs)


class NewCentreView(AdministratorsOnly, CreateView):
    """One form: page, collections, groups and workflow come into being together."""

    model = CentrePage
    page_title = _("New centre")
    page_subtitle = _("New centre")
    header_icon = "group"
    permission_required = None
    add_url_name = "centres_admin:new"
    submit_button_label = _("Make the centre")

    def get_panel(self) -> ObjectList:
        panel = ObjectList(
            [
                LanguageBar(),
                TranslatedFieldPanel("name", required=True),
                MultiFieldPanel(
                    [
                        FieldPanel("kind"),
                        FieldPanel("country"),
                        FieldPanel("province"),
                        FieldPanel("ministry"),
                        FieldPanel("ministry_since"),
                        FieldPanel("trades"),
                        FieldPanel("is_example"),
                        FieldPanel("source_language"),
                    ],
                    heading=_("The centre"),
                ),
            ],
            base_form_class=TranslatedContentForm,
        )
        bound: ObjectList = panel.bind_to_model(CentrePage)
        return bound

    def get_initial_form_instance(self) -> CentrePage:
        return CentrePage(owner=self.request.user)

    def save_instance(self) -> CentrePage:
        page: CentrePage = self.form.save(commit=False)
        centres_index().add_child(instance=page)
        page.save_revision(user=self.request.user).publish(user=self.request.user)
        return page

    def get_success_message(self, instance: CentrePage) -> str:
        return gettext("“%(centre)s” is there. Now say who belongs to it.") % {
            "centre": instance.get_admin_display_title()
        }

    def get_success_buttons(self) -> list[Any]:
        edit_url = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
        return [messages.button(edit_url, gettext("Edit its page"))]

    def get_success_url(self) -> str:
        return reverse("centres_admin:members", args=[self.object.pk])


class MemberForm(forms.Form):
    """A user, and what they may do in the centre."""

    user = forms.ModelChoiceField(queryset=get_user_model().objects.none(), label=_("User"))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            ("editors", _("Editor: writes and submits for review")),
            ("publishers", _("Publisher: also approves, publishes and deletes")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = get_user_model().objects.filter(is_active=True, is_superuser=False)
        self.fields["user"].queryset = users.order_by("username")  # type: ignore[attr-defined]


class MembersView(AdministratorsOnly, TemplateView):
    """The editors and publishers of a centre; add one, remove one."""

    template_name = "centres/admin/members.html"
    page_title = _("Members")
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        spaces = CentreSpace.objects.select_related("centre", "editors", "publishers")
        self.space = get_object_or_404(spaces, centre=kwargs["pk"])
        self.page_subtitle = self.space.centre.get_admin_display_title()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST:
            self._remove(request.POST["remove"])
            return redirect("centres_admin:members", self.space.centre_id)
        form = MemberForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        group = getattr(self.space, form.cleaned_data["role"])
        form.cleaned_data["user"].groups.add(group)
        messages.success(
            request,
            gettext("%(user)s belongs to the centre now.") % {"user": form.cleaned_data["user"]},
        )
        return redirect("centres_admin:members", self.space.centre_id)

    @transaction.atomic
    def _remove(self, key: str) -> None:
        user = get_object_or_404(self.members, pk=int(key) if key.isdecimal() else 0)
        user.groups.remove(self.space.editors, self.space.publishers)
        # Who no longer belongs to it gets no mail about its pages.
        below = self.space.centre.get_descendants(inclusive=True)
        PageSubscription.objects.filter(user=user, page__in=below).delete()
        messages.success(
            self.request, gettext("%(user)s no longer belongs to the centre.") % {"user": user}
        )

    @property
    def members(self) -> QuerySet[Any]:
        """Everybody in one of the two groups."""
        groups = [self.space.editors_id, self.space.publishers_id]
        return (
            get_user_model()
            .objects.filter(groups__in=groups)
            .annotate(publishes=Count("groups", filter=Q(groups=self.space.publishers_id)))
            .order_by("username")
            .distinct()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", MemberForm())
        return super().get_context_data(
            space=self.space, centre=self.space.centre, members=self.members, **kwargs
        )
