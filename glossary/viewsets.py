"""Concepts and term requests in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.snippets.views import chooser, snippets
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from core.languages import CODES, LANGUAGES

from .concept_index import ConceptIndexView, StateColumn, found_by_search, review_buttons
from .creation import blank_copy, finish_request, request_from, term_from_request
from .doubles import double_warnings
from .models import Concept, ConceptRelation
from .panels import concept_panels
from .requests import TermRequestViewSet
from .review import (
    ChangedSinceShownError,
    can_review,
    fingerprint,
    reviewable_languages,
    reviewable_terms,
    sign_off,
    withdraw,
)

# As many as fit in a sentence.
MAX_NAMED = 10


class _WarnsOfDoubles:
    """Mixin of the create and edit views: after a save, names concepts with the same term."""

    def save_action(self) -> HttpResponse:
        response: HttpResponse = super().save_action()  # type: ignore[misc]
        if not self.expects_json_response:  # type: ignore[attr-defined]
            for warning in double_warnings(self.object):  # type: ignore[attr-defined]
                messages.warning(self.request, warning)  # type: ignore[attr-defined]
        return response


class ConceptCreateView(_WarnsOfDoubles, snippets.CreateView):
    """A new concept: blank, copied, or from a reader's request."""

    def get_initial_form_instance(self) -> Concept | None:
        asked = request_from(self.request)
        if asked is not None and self.request.method == "GET":
            return Concept(terms=[term_from_request(asked)])
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        asked = request_from(self.request)
        if asked is not None:
            # So that saving knows which request is answered.
            context["action_url"] = f"{self.add_url}?request={asked.pk}"
        return context

    def save_instance(self) -> Concept:
        self.form.instance.origin_id = self._origin_id()
        concept: Concept = super().save_instance()
        asked = request_from(self.request)
        if asked is not None:
            finish_request(asked, self.request.user)
        return concept

    def _origin_id(self) -> str:
        """Where a copy came from: the first original, over any number of copies."""
        public_id = self.request.GET.get("copy_of", "")[:12]
        source = Concept.objects.filter(public_id=public_id).first() if public_id else None
        return (source.origin_id or source.public_id) if source else ""


class ConceptCopyView(ConceptCreateView):
    """A form filled with another concept's entry; saving makes a new one."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.source = get_object_or_404(Concept, pk=kwargs["pk"])
        super().setup(request, *args, **kwargs)

    def get_initial_form_instance(self) -> Concept:
        return blank_copy(self.source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["action_url"] = f"{self.add_url}?copy_of={self.source.public_id}"
        return context


class ConceptEditView(_WarnsOfDoubles, snippets.EditView):
    """All languages of a concept on one screen."""

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons: list[Any] = list(super().header_more_buttons)
        return [*buttons, *review_buttons(self.object, reviewable_languages(self.request.user))]


class ConceptDeleteView(snippets.DeleteView):
    """Asks once more, and says which concepts link to this one: their links go with it."""

    @property
    def confirmation_message(self) -> SafeString | str:
        question: str = super().confirmation_message
        incoming = ConceptRelation.objects.filter(target=self.object).select_related("concept")
        others = [relation.concept for relation in incoming[:MAX_NAMED]]
        if not others:
            return question
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a>',
            (
                (reverse("wagtailsnippets_glossary_concept:edit", args=(other.pk,)), str(other))
                for other in others
            ),
        )
        return format_html(
            "{} {} {}", question, _("These concepts link to it and would lose the link:"), links
        )


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """What a terminologist reads before signing: the entry in all languages, one to be signed."""

    template_name = "glossary/admin/review.html"
    header_icon = "check"
    page_title = gettext_lazy("Review")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.language = kwargs["language"]
        if self.language not in CODES:
            raise Http404
        self.concept = get_object_or_404(Concept, pk=kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_review(request.user, self.language):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = {"language": LANGUAGES[self.language].own_name, "concept": str(self.concept)}
        if "withdraw" in request.POST:
            withdraw(self.concept, self.language, request.user)
            messages.success(request, _("The sign-off of “%(concept)s” is taken back.") % name)
            return redirect(request.path)
        try:
            count = sign_off(
                self.concept, self.language, request.user, seen=request.POST.get("seen", "")
            )
        except ChangedSinceShownError:
            messages.error(
                request, _("Somebody changed these terms meanwhile. Read them again, then sign.")
            )
            return redirect(request.path)
        if not count:
            messages.warning(request, _("There is no agreed term to sign off yet."))
            return redirect(request.path)
        messages.success(request, _("%(language)s terms of “%(concept)s” are signed off.") % name)
        return redirect(reverse("wagtailsnippets_glossary_concept:list"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {
                "url": reverse("wagtailsnippets_glossary_concept:list"),
                "label": _("Concepts"),
            },
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]

    def get_page_subtitle(self) -> str:
        return f"{self.concept} – {LANGUAGES[self.language].own_name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        newest = self.concept.get_latest_revision_as_object()
        terms = reviewable_terms(newest, self.language)
        context.update(
            concept=newest,
            language=self.language,
            columns=[
                {
                    "code": code,
                    "terms": newest.terms_in(code),
                    "definition": newest.field_texts("definition")[code],
                }
                for code in CODES
            ],
            seen=fingerprint([newest], self.language),
            can_sign=bool(terms),
            is_signed=bool(terms) and all(term.review_state == "reviewed" for term in terms),
            is_draft=self.concept.has_unpublished_changes,
            edit_url=reverse("wagtailsnippets_glossary_concept:edit", args=(self.concept.pk,)),
        )
        return context


class ConceptSearchForm(BaseFilterForm):
    """The chooser's search field: any spelling in any language."""

    q = forms.CharField(
        label=gettext_lazy("Search term"),
        required=False,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("A term in Lao, Vietnamese or English")}
        ),
    )

    def filter(self, objects: QuerySet[Concept]) -> QuerySet[Concept]:
        query = self.cleaned_data.get("q")
        if not query:
            return objects
        self.is_searching = True
        self.search_query = query
        return found_by_search(objects, query, ranked=True)


class _ConceptChoices:
    """Mixin of the chooser's two views."""

    filter_form_class = ConceptSearchForm
    # The title says "Choose a concept" already.
    page_subtitle = ""
    ordering = "-pk"

    def get_object_list(self) -> QuerySet[Concept]:
        return Concept.objects.prefetch_related("terms", "trades")

    @property
    def columns(self) -> list[Any]:
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column(
                "trades",
                label=_("Trades"),
                accessor=lambda concept: ", ".join(str(trade) for trade in concept.trades.all()),
            ),
            StateColumn("state", label=_("Status")),
        ]


class ConceptChooseView(_ConceptChoices, chooser.ChooseView):
    """The chooser of a concept."""


class ConceptChooseResultsView(_ConceptChoices, chooser.ChooseResultsView):
    """Its list, while somebody types."""


class ConceptChooserViewSet(chooser.SnippetChooserViewSet):
    """Choosing a concept by any spelling of its terms."""

    choose_view_class = ConceptChooseView
    choose_results_view_class = ConceptChooseResultsView
    choose_one_text = gettext_lazy("Choose a concept")
    choose_another_text = gettext_lazy("Choose another concept")
    edit_item_text = gettext_lazy("Edit this concept")

    def get_object_list(self) -> QuerySet[Concept]:
        return Concept.objects.prefetch_related("terms", "trades")


class ConceptViewSet(SnippetViewSet):
    """Concepts, with drafts, revisions, workflow, locking, preview and review."""

    model = Concept
    icon = "openquote"
    menu_label = gettext_lazy("Concepts")
    menu_order = 100
    index_view_class = ConceptIndexView
    add_view_class = ConceptCreateView
    copy_view_class = ConceptCopyView
    edit_view_class = ConceptEditView
    delete_view_class = ConceptDeleteView
    chooser_viewset_class = ConceptChooserViewSet
    edit_handler = concept_panels
    list_per_page = 50
    copy_view_enabled = True
    inspect_view_enabled = True
    inspect_view_fields = ["public_id", "trades", "is_safety", "created_at", "updated_at"]

    def get_urlpatterns(self) -> list[Any]:
        review = self.construct_view(ReviewView)
        return [
            *super().get_urlpatterns(),
            path("review/<int:pk>/<str:language>/", review, name="review"),
        ]


class GlossaryGroup(SnippetViewSetGroup):
    """The menu "Glossary". Other modules add to it with the hook of `submenu_hook`."""

    items = (ConceptViewSet, TermRequestViewSet)
    menu_label = gettext_lazy("Glossary")
    menu_name = "glossary"
    menu_icon = "openquote"
    menu_order = 150
    submenu_hook = "register_glossary_menu_item"
