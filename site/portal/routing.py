"""Finding a page by its address in one query; Wagtail's own way asks twice a level."""

from collections.abc import Sequence

from django.db.models import Q
from wagtail.models import Page

# Deeper addresses are left to Wagtail, which gives up at the first part that is not there.
MAX_DEPTH = 8


def find_below(top: Page, slugs: Sequence[str]) -> Page | None:
    """The page that `slugs` lead to from `top`, None where a part is missing or there are many."""
    if not slugs or len(slugs) > MAX_DEPTH:
        return None
    wanted = Q()
    for level, slug in enumerate(slugs, start=1):
        wanted |= Q(depth=top.depth + level, slug=slug)
    pages = Page.objects.descendant_of(top).filter(wanted)
    by_place = {(page.path[: -page.steplen], page.slug): page for page in pages}
    page: Page | None = top
    for slug in slugs:
        page = by_place.get((page.path, slug)) if page is not None else None
    return page
