"""Pages in the search table: names, and introduction and text, in each ready language."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from .index import rebuild, remove
from .registry import Entry, Kind, Weight, register

KIND = "page"
_waiting: ContextVar[list[int] | None] = ContextVar("pages waiting to be indexed", default=None)
# Of a longer text the rest is not searched; a lesson has a tenth of it.
MAX_BODY_CHARACTERS = 200_000


def _ids() -> Iterable[int]:
    # The root above all sites is no page of any.
    pages = Page.objects.live().public().filter(depth__gt=1)
    return pages.order_by("pk").values_list("pk", flat=True)


def _entries(ids: Sequence[int]) -> Iterator[Entry]:
    from core.models import BasePage

    for page in Page.objects.filter(pk__in=ids).live().public().specific().iterator(100):
        if isinstance(page, BasePage):
            yield from _page_entries(page)


def _page_entries(page: Any) -> Iterator[Entry]:
    units = [unit for unit in page.units() if unit.path not in ("name", "share_title")]
    for language in page.visible_languages:
        name = page.field_texts("name")[language]
        if not name:
            continue
        yield Entry(object_id=page.pk, language=language, text=name)
        texts = (plain_text(unit.texts.get(language, "")) for unit in units)
        body = " ".join(text for text in texts if text)[:MAX_BODY_CHARACTERS]
        if body:
            yield Entry(object_id=page.pk, language=language, text=body, weight=Weight.BODY)


def plain_text(source: str) -> str:
    """Rich text as plain text; the end of a paragraph or list item parts words."""
    return " ".join(strip_tags(source.replace("<", " <")).split())


@contextmanager
def indexed_together() -> Iterator[None]:
    """Index the pages that are published inside once, at the end, and not one by one."""
    waiting: list[int] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    rebuild(KIND, waiting)


def _published(instance: Page, **kwargs: Any) -> None:
    waiting = _waiting.get()
    if waiting is None:
        rebuild(KIND, [instance.pk])
    else:
        waiting.append(instance.pk)


def _removed(instance: Page, **kwargs: Any) -> None:
    remove(KIND, [instance.pk])


def _deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    # Deleting a page deletes a row of Page whatever its class.
    if sender is Page:
        _removed(instance)


def _moved(instance: Page, **kwargs: Any) -> None:
    # A move may take a page, and those below it, into or out of a private part.
    rebuild(KIND, instance.get_descendants(inclusive=True).values_list("pk", flat=True))


def _restricted(instance: PageViewRestriction, **kwargs: Any) -> None:
    _moved(instance.page)


def connect() -> None:
    """Register the kind and follow Wagtail's events; called from core.apps."""
    register(Kind(KIND, _ids, _entries))
    page_published.connect(_published, dispatch_uid="search page published")
    page_unpublished.connect(_removed, dispatch_uid="search page unpublished")
    post_page_move.connect(_moved, dispatch_uid="search page moved")
    post_delete.connect(_deleted, dispatch_uid="search page deleted")
    for signal in (post_save, post_delete):
        signal.connect(
            _restricted, sender=PageViewRestriction, dispatch_uid="search page restricted"
        )
