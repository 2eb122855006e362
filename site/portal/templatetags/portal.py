"""Links between pages of the tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.core.cache import cache
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.languages import LocalText
from core.reader import Reader, current_language
from lessons.models import CoursePage, LessonsIndexPage
from portal.models import ContentPage

register = template.Library()

# As long as public pages may be kept (portal.middleware).
FOOTER_AGE = 60


@dataclass(frozen=True)
class Link:
    """A page's address and its name for the reader."""

    url: str
    name: LocalText


def _links(pages: Iterable[ContentPage]) -> list[Link]:
    return [Link(page.url, name) for page in pages if page.url and (name := page.local("name"))]


@register.simple_tag
def footer_pages() -> list[Link]:
    """The public pages right below the home page; read once a minute."""
    key = f"footer:{current_language()}"
    links: list[Link] | None = cache.get(key)
    if links is None:
        links = _links(ContentPage.objects.live().filter(depth=3, view_restrictions=None))
        cache.set(key, links, FOOTER_AGE)
    return links


@register.simple_tag
def lessons_link(reader: Reader) -> Link | None:
    """The list of courses, once a course is public; looked up once a minute."""
    key = f"lessons-link:{reader.language}"
    url: str | None = cache.get(key)
    if url is None:
        index = LessonsIndexPage.objects.live().filter(view_restrictions=None).first()
        has_course = index and CoursePage.objects.child_of(index).live().exists()
        url = index.url if index and has_course else ""
        cache.set(key, url or "", FOOTER_AGE)
    return Link(url, LocalText("", reader.language)) if url else None


@register.simple_tag
def home_courses() -> list[CoursePage]:
    """The public courses, for the home page."""
    return list(CoursePage.objects.live().filter(view_restrictions=None).order_by("path"))


@register.simple_tag
def child_pages(page: Page) -> list[Link]:
    """The live pages right below `page`."""
    if not page.numchild:
        return []
    return _links(ContentPage.objects.child_of(page).live().filter(view_restrictions=None))


@register.simple_tag
def ancestors(page: Page, reader: Reader) -> list[Link]:
    """The way from the home page to `page`, for the breadcrumb."""
    home = Link(f"/{reader.language}/", LocalText(_("Home"), reader.language))
    # The home page, right below the root, needs no query.
    return [home, *(_links(ContentPage.objects.ancestor_of(page).live()) if page.depth > 3 else ())]
