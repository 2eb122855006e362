"""A page's addresses, one a language: what redirects, sitemaps, purges and the switch go through.

Wagtail makes its automatic redirects in one language only, the active one; so that is off
(WAGTAILREDIRECTS_AUTO_CREATE) and `redirect_old_addresses` makes them for all.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from wagtail.models import Page, Site
from wagtail.signals import page_slug_changed, post_page_move

from .languages import CODES

# Views over records stand at these addresses, so no page may take them.
RESERVED_ROOT_SLUGS = frozenset({"glossary", "trades", "practice", "curricula", "releases"})


def is_reserved(slug: str, parent: Page | None) -> bool:
    """Whether a page below `parent` may not have this slug."""
    return slug in RESERVED_ROOT_SLUGS and parent is not None and parent.is_site_root()


def language_urls(page: Page, request: HttpRequest | None = None) -> dict[str, str]:
    """Language code → full address, for every language; empty for a page outside any site."""
    urls = {}
    for code in CODES:
        with translation.override(code):
            url = page.get_full_url(request)
        if url:
            urls[code] = url
    return urls


def redirect_old_addresses(page: Page, before: Page, sites: Iterable[Site]) -> None:
    """Lead the old addresses of a page and of what is below it to the new ones.

    `before` is the page as it was (its `url_path` counts). Redirects name the page, not an
    address, so each reader is sent on in the language of the link they followed.
    """
    # That module needs the page model, and core.models imports this one.
    from wagtail.contrib.redirects.signal_handlers import create_redirects

    sites = list(sites)
    for code in CODES:
        with translation.override(code):
            create_redirects(page=page, page_old=before, sites=sites)


def _on_slug_changed(sender: Any, instance: Page, instance_before: Page, **kwargs: Any) -> None:
    redirect_old_addresses(instance, instance_before, _sites_of(instance))


def _on_move(
    sender: Any, instance: Page, url_path_before: str, url_path_after: str, **kwargs: Any
) -> None:
    # A new place among its siblings leaves the address as it is.
    if url_path_before == url_path_after:
        return
    page = instance.specific
    before = type(page)()
    before.__dict__.update(page.__dict__)
    before.url_path = url_path_before
    # Nothing leads from one site to another.
    sites = [site for site in _sites_of(before) if site in _sites_of(page)]
    redirect_old_addresses(page, before, sites)


def _sites_of(page: Page) -> list[Site]:
    """The sites whose tree holds the page; a site's own root keeps its address."""
    sites = Site.objects.exclude(root_page_id=page.pk).select_related("root_page")
    return [site for site in sites if page.url_path.startswith(site.root_page.url_path)]


def connect() -> None:
    """Receive Wagtail's signals, as the app starts."""
    page_slug_changed.connect(_on_slug_changed, dispatch_uid="core.slug_changed")
    post_page_move.connect(_on_move, dispatch_uid="core.page_moved")
