"""What the glossary adds to the Wagtail admin."""

from functools import partial
from typing import Any

from django.urls import include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from core.languages import LANGUAGES

from . import recordings_hooks  # noqa: F401  # Registers the worklist of terms without a voice.
from .bulk_actions import (
    SIGN_OFF_ACTIONS,
    AddTrade,
    DeclineRequests,
    DeleteConcepts,
    FinishRequests,
    PublishConcepts,
    RemoveTrade,
    UnpublishConcepts,
)
from .exchange import hooks as exchange_hooks  # noqa: F401 — it registers its own.
from .reports import REPORTS, report_menu_item, report_urls
from .viewsets import GlossaryGroup

register_snippet(GlossaryGroup)

for _action in (
    PublishConcepts,
    UnpublishConcepts,
    AddTrade,
    RemoveTrade,
    *SIGN_OFF_ACTIONS,
    FinishRequests,
    DeclineRequests,
):
    hooks.register("register_bulk_action", _action)
# After Wagtail's own of the same name, which it replaces for concepts.
hooks.register("register_bulk_action", DeleteConcepts, order=1)


@hooks.register("insert_global_admin_css")
def glossary_style() -> SafeString:
    """Lists and the edit screen of concepts."""
    return format_html(
        '<link rel="stylesheet" href="{}">', versioned_static("glossary/admin/glossary.css")
    )


@hooks.register("register_admin_urls")
def glossary_report_urls() -> list[Any]:
    """reports/glossary/…"""
    return [path("reports/glossary/", include((report_urls(), "glossary_reports")))]


for _number, _report in enumerate(REPORTS):
    hooks.register("register_reports_menu_item", partial(report_menu_item, _report, 100 + _number))


@hooks.register("register_permissions")
def review_permissions() -> Any:
    """Shows the three review permissions in the editor of groups."""
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(
        content_type__app_label="glossary", codename__startswith="review_"
    )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """What the history of a concept says about sign-offs."""

    class SignOffFormatter(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            language = LANGUAGES.get(log_entry.data.get("language", ""))
            return f"{self.message} ({language.own_name})" if language else str(self.message)

    @actions.register_action("glossary.sign_off")
    class SignedOff(SignOffFormatter):
        label = _("Sign off terms")
        message = _("Signed off the terms")

    @actions.register_action("glossary.withdraw_sign_off")
    class Withdrawn(SignOffFormatter):
        label = _("Take a sign-off back")
        message = _("Took the sign-off of the terms back")

    actions.register_action(
        "glossary.request_done", _("Answer a request"), _("Answered with a concept")
    )
