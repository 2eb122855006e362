"""Doing one thing to many concepts or requests, from the admin's lists.

Every change of a concept's content writes a revision too: the editor opens the newest revision,
so that a change of the live row alone would be undone by the next save.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.actions.unpublish import UnpublishAction
from wagtail.admin import messages
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from core.translated import LANGUAGE_CHOICES
from trades.models import Trade

from .concept_index import ConceptFilterSet, found_by_search
from .models import Concept, TermRequest
from .review import ChangedSinceShownError, can_review, fingerprint, sign_off

# A publish runs some fifty queries; this many are done within a request's time.
MAX_OBJECTS = 300


def keys(values: Iterable[Any]) -> list[int]:
    """Those of the values that can be a row's key."""
    return [int(value) for value in values if re.fullmatch(r"[0-9]{1,18}", str(value))]


class _ListedConcepts:
    """Mixin of bulk actions on concepts: which ones are meant."""

    models: ClassVar[list[Any]] = [Concept]
    request: HttpRequest
    next_url: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if len(self._ids()) > MAX_OBJECTS:
            messages.error(
                request,
                _("At most %(number)d concepts at once. Narrow the list with its filters.")
                % {"number": MAX_OBJECTS},
            )
            return redirect(self.next_url)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def _ids(self) -> list[int]:
        ids = self.request.GET.getlist("id")
        if "all" in ids:
            return self.get_all_objects_in_listing_query(None)
        return keys(ids)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[int]:
        """The list as it was filtered and searched when the action was chosen."""
        listing = QueryDict(urlsplit(self.next_url).query)
        queryset = ConceptFilterSet(listing, queryset=Concept.objects.order_by("-pk")).qs
        if query := listing.get("q", "").strip():
            queryset = found_by_search(queryset, query, ranked=False)
        return list(queryset.values_list("pk", flat=True)[: MAX_OBJECTS + 1])

    @classmethod
    def get_queryset(cls, model: Any, object_ids: list[Any]) -> list[Concept]:
        found = Concept.objects.filter(pk__in=keys(object_ids)).prefetch_related("terms")
        return list(found.order_by("-pk"))


class ConceptBulkAction(_ListedConcepts, SnippetBulkAction):
    """Base: leaves out concepts that the user may not change or that somebody locked."""

    template_name = "glossary/admin/bulk_action.html"
    permission = "change"
    question = ""

    def check_perm(self, snippet: Concept) -> bool:
        lock = snippet.get_lock()
        return bool(
            self.permission_policy.user_has_permission_for_instance(
                self.request.user, self.permission, snippet
            )
        ) and not (lock and lock.for_user(self.request.user))

    def object_context(self, snippet: Concept) -> dict[str, Any]:
        return {"item": snippet}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, question=self.question, display_name=self.display_name
        )

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(action)s: %(count)d concept.", "%(action)s: %(count)d concepts.", num_parent_objects
        ) % {"action": self.display_name, "count": num_parent_objects}


class PublishConcepts(ConceptBulkAction):
    """Publish the newest version of each."""

    display_name = gettext_lazy("Publish")
    action_type = "publish_concepts"
    aria_label = gettext_lazy("Publish the selected concepts")
    action_priority = 10
    permission = "publish"
    question = gettext_lazy("Publish the newest version of these concepts?")

    @classmethod
    def execute_action(
        cls, objects: list[Concept], user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        user = kwargs["self"].request.user
        done = 0
        for concept in objects:
            if concept.live and not concept.has_unpublished_changes:
                continue
            newest = concept.get_latest_revision_as_object()
            if not newest.terms.all():
                continue
            revision = concept.get_latest_revision() or newest.save_revision(user=user)
            revision.publish(user=user, skip_permission_checks=True)
            done += 1
        return done, 0


class UnpublishConcepts(ConceptBulkAction):
    """Take them off the site; nothing is lost."""

    display_name = gettext_lazy("Unpublish")
    action_type = "unpublish_concepts"
    aria_label = gettext_lazy("Unpublish the selected concepts")
    action_priority = 20
    permission = "publish"
    question = gettext_lazy("Take these concepts off the site? They stay here as drafts.")

    @classmethod
    def execute_action(cls, objects: list[Concept], **kwargs: Any) -> tuple[int, int]:
        live = [concept for concept in objects if concept.live]
        for concept in live:
            UnpublishAction(concept, user=kwargs["self"].request.user).execute(
                skip_permission_checks=True
            )
        return len(live), 0


class TradeForm(forms.Form):
    """Which trade."""

    trade = forms.ModelChoiceField(label=gettext_lazy("Trade"), queryset=Trade.objects.all())


class AddTrade(ConceptBulkAction):
    """Put concepts into a trade."""

    display_name = gettext_lazy("Add a trade")
    action_type = "add_trade"
    aria_label = gettext_lazy("Add a trade to the selected concepts")
    action_priority = 40
    question = gettext_lazy("To which trade do these concepts belong as well?")
    form_class = TradeForm
    adds = True

    @classmethod
    def execute_action(cls, objects: list[Concept], **kwargs: Any) -> tuple[int, int]:
        action = kwargs["self"]
        trade = action.cleaned_form.cleaned_data["trade"]
        user = action.request.user
        may_publish = action.permission_policy.user_has_permission(user, "publish")
        changed = [change_trade(concept, trade, cls.adds, user, may_publish) for concept in objects]
        return sum(changed), 0


class RemoveTrade(AddTrade):
    """Take concepts out of a trade."""

    display_name = gettext_lazy("Remove a trade")
    action_type = "remove_trade"
    aria_label = gettext_lazy("Remove a trade from the selected concepts")
    action_priority = 50
    question = gettext_lazy("From which trade should these concepts be taken?")
    adds = False


def change_trade(concept: Concept, trade: Trade, adds: bool, user: Any, may_publish: bool) -> bool:
    """Add or remove a trade in the newest version, and in the live one where the user may publish.

    An open draft stays a draft. Returns whether anything changed.
    """
    newest = concept.get_latest_revision_as_object()
    has_draft = concept.live and concept.has_unpublished_changes
    changed = False
    if concept.live and may_publish and _set_trade(concept, trade, adds):
        changed = True
        revision = concept.save_revision(user=user, log_action=True)
        revision.publish(user=user, skip_permission_checks=True)
        if not has_draft:
            return True
    if _set_trade(newest, trade, adds):
        changed = True
        newest.save_revision(user=user, log_action=True)
    elif changed:
        # The draft has to be the newest revision again, or the editor would not open it.
        newest.save_revision(user=user)
    return changed


def _set_trade(concept: Concept, trade: Trade, adds: bool) -> bool:
    trades = list(concept.trades.all())
    if adds == (trade in trades):
        return False
    concept.trades = [*trades, trade] if adds else [other for other in trades if other != trade]
    return True


class SignOffForm(forms.Form):
    """What was on the screen; the server compares it with what there is."""

    seen = forms.CharField(widget=forms.HiddenInput)


class SignOff(ConceptBulkAction):
    """Base: sign the terms of one language of many concepts."""

    language = ""
    action_priority = 60
    form_class = SignOffForm
    template_name = "glossary/admin/bulk_sign_off.html"
    question = gettext_lazy("Read these terms. Do you sign them off?")

    def check_perm(self, snippet: Concept) -> bool:
        return can_review(self.request.user, self.language)

    def annotate_items(self, items: list[Concept]) -> list[Concept]:
        return [concept.get_latest_revision_as_object() for concept in items]

    def object_context(self, snippet: Concept) -> dict[str, Any]:
        return {
            "item": snippet,
            "terms": snippet.terms_in(self.language),
            "definition": snippet.field_texts("definition")[self.language],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = fingerprint([entry["item"] for entry in context["items"]], self.language)
        context["form"].initial["seen"] = shown
        context["language"] = self.language
        return context

    def prepare_action(
        self, objects: list[Concept], objects_without_access: Any
    ) -> HttpResponse | None:
        newest = self.annotate_items(objects)
        if fingerprint(newest, self.language) == self.cleaned_form.cleaned_data["seen"]:
            return None
        messages.error(
            self.request,
            _("Somebody changed these terms meanwhile. Read them again, then sign."),
        )
        return redirect(self.request.get_full_path())

    @classmethod
    def execute_action(cls, objects: list[Concept], **kwargs: Any) -> tuple[int, int]:
        done = 0
        for concept in objects:
            try:
                shown = fingerprint([concept.get_latest_revision_as_object()], cls.language)
                done += bool(
                    sign_off(concept, cls.language, kwargs["self"].request.user, seen=shown)
                )
            except ChangedSinceShownError:
                continue
        return done, 0


_SIGN_OFF_NAMES = {
    "lo": gettext_lazy("Sign off Lao terms"),
    "vi": gettext_lazy("Sign off Vietnamese terms"),
    "en": gettext_lazy("Sign off English terms"),
}
SIGN_OFF_ACTIONS = [
    type(
        f"SignOff{code.title()}",
        (SignOff,),
        {
            "language": code,
            "action_type": f"sign_off_{code}",
            "display_name": _SIGN_OFF_NAMES[code],
            "aria_label": _SIGN_OFF_NAMES[code],
        },
    )
    for code, _name in LANGUAGE_CHOICES
]


class DeleteConcepts(_ListedConcepts, DeleteBulkAction):
    """Wagtail's own, for the concepts of the filtered list instead of all there are."""


class CloseRequests(SnippetBulkAction):
    """Base: set the state of requests."""

    models = [TermRequest]
    template_name = "glossary/admin/bulk_action.html"
    status = TermRequest.Status.DONE
    question = gettext_lazy("Set the state of these requests?")

    def check_perm(self, snippet: TermRequest) -> bool:
        return bool(
            self.permission_policy.user_has_permission_for_instance(
                self.request.user, "change", snippet
            )
        )

    @classmethod
    def get_queryset(cls, model: Any, object_ids: list[Any]) -> list[TermRequest]:
        return list(TermRequest.objects.filter(pk__in=keys(object_ids)[:MAX_OBJECTS]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, question=self.question, display_name=self.display_name
        )

    @classmethod
    def execute_action(cls, objects: list[TermRequest], **kwargs: Any) -> tuple[int, int]:
        found = TermRequest.objects.filter(pk__in=[request.pk for request in objects])
        return found.update(status=cls.status), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(action)s: %(count)d request.", "%(action)s: %(count)d requests.", num_parent_objects
        ) % {"action": self.display_name, "count": num_parent_objects}


class FinishRequests(CloseRequests):
    """A concept answers them."""

    display_name = gettext_lazy("Mark as done")
    action_type = "requests_done"
    aria_label = gettext_lazy("Mark the selected requests as done")
    action_priority = 10


class DeclineRequests(CloseRequests):
    """They are no terms of a trade."""

    display_name = gettext_lazy("Decline")
    action_type = "requests_declined"
    aria_label = gettext_lazy("Decline the selected requests")
    action_priority = 20
    status = TermRequest.Status.DECLINED
