"""What core adds to the Wagtail admin."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page
from wagtail.rich_text.feature_registry import FeatureRegistry

from .addresses import is_reserved
from .rich_text import register_language_feature
from .translated import TranslatedContent, is_blank


@hooks.register("insert_global_admin_css")
def admin_style() -> SafeString:
    """Language tags and side-by-side fields, on every page of the admin."""
    return format_html(
        '<link rel="stylesheet" href="{}">', versioned_static("core/admin/languages.css")
    )


@hooks.register("register_rich_text_features")
def language_feature(features: FeatureRegistry) -> None:
    """The mark for words of another language."""
    register_language_feature(features)


@hooks.register("before_move_page")
def keep_reserved_addresses(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    """Refuse to move a page to an address that the site itself needs."""
    if not is_reserved(page.slug, destination):
        return None
    return _refuse_address(request, page)


@hooks.register("before_bulk_action")
def keep_reserved_addresses_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same where several pages are moved at once."""
    if action_type != "move":
        return None
    destination = action.cleaned_form.cleaned_data.get("chooser")
    for page in objects:
        if isinstance(page, Page) and is_reserved(page.slug, destination):
            return _refuse_address(request, page)
    return None


def _refuse_address(request: HttpRequest, page: Page) -> HttpResponse:
    messages.error(
        request,
        _("The address “%(slug)s” is used by the site itself. Change the page's own first.")
        % {"slug": page.slug},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_bulk_action")
def publish_only_named_pages(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class: Any
) -> HttpResponse | None:
    """Refuse to publish drafts without a name from a list, where no form could say so."""
    if action_type != "publish":
        return None
    for item in objects:
        draft = item.get_latest_revision_as_object()
        if _lacks_name(draft):
            messages.error(
                request,
                _("“%(title)s” has no name in its source language. Write it, then publish.")
                % {"title": draft},
            )
            return redirect("wagtailadmin_explore_root")
    return None


def _lacks_name(draft: Any) -> bool:
    return (
        isinstance(draft, TranslatedContent)
        and "name" in draft.translated_fields
        and is_blank(draft.field_texts("name")[draft.source_language])
    )
