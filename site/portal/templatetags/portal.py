"""Links between pages of the tree."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.core.cache import cache
from wagtail.models import Page, Site

from core.languages import LocalText
from core.models import BasePage
from core.reader import current_language

register = template.Library()

# As long as public pages may be kept (portal.middleware).
FOOTER_AGE = 60


@dataclass(frozen=True)
class Link:
    """A page's address and its name for the reader."""

    url: str
    name: LocalText


def _links(pages: Any) -> list[Link]:
    return [
        Link(page.url, name)
        for page in pages
        if isinstance(page, BasePage) and page.url and (name := page.local("name"))
    ]


@register.simple_tag(takes_context=True)
def footer_pages(context: template.Context) -> list[Link]:
    """The pages right below the home page; read once a minute."""
    request = context.get("request")
    if request is None:
        return []
    key = f"footer:{current_language()}:{request.get_host()}"
    links: list[Link] | None = cache.get(key)
    if links is None:
        site = Site.find_for_request(request)
        links = (
            [] if site is None else _links(site.root_page.get_children().live().public().specific())
        )
        cache.set(key, links, FOOTER_AGE)
    return links


@register.simple_tag
def child_pages(page: Page) -> list[Link]:
    """The live pages right below `page`."""
    return _links(page.get_children().live().public().specific()) if page.pk else []


@register.simple_tag
def ancestors(page: Page) -> list[dict[str, Any]]:
    """The way from the home page to `page`, for the breadcrumb."""
    pages = page.get_ancestors().filter(depth__gt=1).live().specific()
    return [
        {"title": link.name.text, "url": link.url, "language": link.name.language}
        for link in _links(pages)
    ]
