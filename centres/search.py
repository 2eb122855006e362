"""Centres in the search table: what their list is searched by.

Readers of the whole site find centres as pages; this kind is for the list of centres, and knows
their provinces under every name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from core.languages import CODES
from core.search import Entry, Kind, Weight, matching_ids, rebuild, register, remove

from .models import CentrePage, Province

KIND = "centre"
_LAO = re.compile("[\u0e80-\u0eff]")


def search_centres(query: str) -> list[int]:
    """Keys of the centres that are found, best first; at most 500."""
    return matching_ids(query, kinds=[KIND])


def rebuild_province(province: Province) -> None:
    """Let the centres of a province be found by its names of today."""
    centres = CentrePage.objects.filter(province=province)
    rebuild(KIND, centres.values_list("pk", flat=True))


def _ids() -> Iterable[int]:
    return CentrePage.objects.live().public().order_by("pk").values_list("pk", flat=True)


def _entries(ids: Sequence[int]) -> Iterator[Entry]:
    centres = CentrePage.objects.live().public().filter(pk__in=ids).select_related("province")
    for centre in centres.prefetch_related("province__aliases"):
        names = centre.field_texts("name")
        for code in centre.visible_languages:
            if names[code]:
                yield Entry(object_id=centre.pk, language=code, text=names[code])
        if centre.province:
            for code, text in _names_of(centre.province):
                # A centre's own name comes first.
                yield Entry(object_id=centre.pk, language=code, text=text, weight=Weight.DEPRECATED)


def _names_of(province: Province) -> Iterator[tuple[str, str]]:
    """Every name of a province with the language it reads as."""
    names = province.field_texts("name")
    for code in CODES:
        if names[code]:
            yield code, names[code]
    for alias in province.aliases.all():
        yield "lo" if _LAO.search(alias.text) else "vi", alias.text


def _changed(instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, CentrePage):
        rebuild(KIND, [instance.pk])


def _removed(instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, CentrePage):
        remove(KIND, [instance.pk])


def connect() -> None:
    """Register the kind and follow Wagtail's events; called from centres.apps."""
    register(Kind(KIND, _ids, _entries, is_public=False))
    page_published.connect(_changed, dispatch_uid="search centre published")
    page_unpublished.connect(_removed, dispatch_uid="search centre unpublished")
    post_page_move.connect(_changed, dispatch_uid="search centre moved")
    post_delete.connect(_removed, sender=CentrePage, dispatch_uid="search centre deleted")
