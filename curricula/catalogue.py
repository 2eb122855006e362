"""The table behind the public list of curricula, kept in step with pages as they change.

Whatever changes a page notes its path; when the transaction is over, the rows of the curricula
at, above and below the noted paths are made anew, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from centres.models import CentrePage
from core.languages import CODES
from core.search import rebuild, remove

from .models import CatalogueEntry, CurriculumPage, ModulePage, ModuleUnitPage
from .outlines import below
from .search import KIND

# Curricula written at once.
CHUNK = 500
_HOURS = ("hours_theory", "hours_practice", "hours_test")


def rebuild_catalogue() -> int:
    """Make the whole table anew; return the number of its rows."""
    update_entries(CurriculumPage.objects.order_by("path").values_list("pk", flat=True))
    return CatalogueEntry.objects.count()


def update_entries(keys: Iterable[int]) -> None:
    """Make the rows of these curricula anew, and what is searched in them.

    A curriculum that readers may not see loses its row.
    """
    keys = list(dict.fromkeys(keys))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        with transaction.atomic():
            _update(chunk)
            rebuild(KIND, chunk)


def _update(keys: Sequence[int]) -> None:
    CatalogueEntry.objects.filter(curriculum__in=keys).delete()
    shown = list(public_curricula().filter(pk__in=keys))
    centres = _centres_of(shown)
    entries = CatalogueEntry.objects.bulk_create(
        _entry(page, centres[_parent_path(page)]) for page in shown if _parent_path(page) in centres
    )
    made = {entry.curriculum_id: entry.pk for entry in entries}
    chosen = CurriculumPage.levels.through.objects.filter(curriculumpage__in=made)
    through = CatalogueEntry.levels.through
    through.objects.bulk_create(
        through(catalogueentry_id=made[curriculum], frameworklevel_id=level)
        for curriculum, level in chosen.values_list("curriculumpage", "frameworklevel")
    )


def public_curricula() -> QuerySet[CurriculumPage]:
    """Curricula that readers may see, without their running text."""
    pages: QuerySet[CurriculumPage] = CurriculumPage.objects.live().public()
    return pages.defer(*CurriculumPage.translated_streams)


def _parent_path(page: Page) -> str:
    return str(page.path[: -page.steplen])


def _centres_of(pages: Iterable[CurriculumPage]) -> dict[str, CentrePage]:
    """The live centres above these pages, by path."""
    paths = {_parent_path(page) for page in pages}
    return {centre.path: centre for centre in CentrePage.objects.live().filter(path__in=paths)}


def _entry(page: CurriculumPage, centre: CentrePage) -> CatalogueEntry:
    modules = ModulePage.objects.live().filter(**below(page, 1))
    sums = modules.aggregate(
        count=Count("pk"), credits=Sum("credits"), **{name: Sum(name) for name in _HOURS}
    )
    return CatalogueEntry(
        curriculum=page,
        centre=centre,
        country=centre.country,
        trade_id=page.trade_id,
        licence=page.licence,
        hours=page.hours_exam + sum(sums[name] or 0 for name in _HOURS),
        credits=sums["credits"] or 0,
        modules=sums["count"],
        units=ModuleUnitPage.objects.live().filter(**below(page, 2)).count(),
        published_at=page.first_published_at or timezone.now(),
        **{f"in_{code}": code in page.visible_languages for code in CODES},
    )


# --- Following changes ----------------------------------------------------------------------------

_noted: ContextVar[set[str] | None] = ContextVar("noted paths", default=None)


def _note(path: str) -> None:
    """Have the curricula at, above and below `path` made anew when the transaction is over."""
    noted = _noted.get()
    if noted is None:
        _noted.set(noted := set())
    noted.add(path)
    transaction.on_commit(_update_noted)


def _update_noted() -> None:
    noted = _noted.get()
    if not noted:
        # Done already, by the first of the calls that one transaction asked for.
        return
    _noted.set(None)
    step = Page.steplen
    wanted = Q(path__in={path[:end] for path in noted for end in range(step, len(path) + 1, step)})
    for path in noted:
        wanted |= Q(path__range=(path, f"{path}{'Z' * step}"))
    update_entries(CurriculumPage.objects.filter(wanted).values_list("pk", flat=True))


_FOLLOWED = (CurriculumPage, ModulePage, ModuleUnitPage, CentrePage)


def _changed(sender: type, instance: Page, **kwargs: Any) -> None:
    if issubclass(sender, _FOLLOWED):
        _note(instance.path)


def _deleted(sender: type, instance: Page, **kwargs: Any) -> None:
    # Its row went with it; what was searched did not.
    if sender is CurriculumPage:
        remove(KIND, [instance.pk])
    elif sender in _FOLLOWED:
        _note(instance.path)


def _moved(instance: Page, **kwargs: Any) -> None:
    for page in (instance, kwargs["parent_page_before"], kwargs["parent_page_after"]):
        _note(page.path)


def _restricted(instance: PageViewRestriction, **kwargs: Any) -> None:
    _note(instance.page.path)


def connect() -> None:
    """Follow Wagtail's events; called from curricula.apps."""
    page_published.connect(_changed, dispatch_uid="catalogue page published")
    page_unpublished.connect(_changed, dispatch_uid="catalogue page unpublished")
    post_page_move.connect(_moved, dispatch_uid="catalogue page moved")
    post_delete.connect(_deleted, dispatch_uid="catalogue page deleted")
    for signal in (post_save, post_delete):
        signal.connect(
            _restricted, sender=PageViewRestriction, dispatch_uid="catalogue page restricted"
        )
