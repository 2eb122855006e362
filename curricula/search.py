"""Curricula in the search table: what the catalogue is searched by.

Readers of the whole site find curricula as pages; this kind is for the catalogue's own list, and
knows modules, centres and codes too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from core.languages import CODES
from core.search import Entry, Kind, Weight, matching_ids, register
from core.search.pages import plain_text

from .models import CatalogueEntry, ModulePage

KIND = "curriculum"
MAX_HITS = 500


def search_curricula(query: str) -> list[int]:
    """Keys of the curricula that are found, best first; at most 500."""
    return matching_ids(query, kinds=[KIND], limit=MAX_HITS)


def _ids() -> Iterable[int]:
    entries = CatalogueEntry.objects.order_by("curriculum")
    return entries.values_list("curriculum", flat=True)


def _entries(ids: Sequence[int]) -> Iterator[Entry]:
    rows = CatalogueEntry.objects.filter(curriculum__in=ids).select_related("curriculum", "centre")
    modules = _module_names([row.curriculum.path for row in rows])
    for row in rows:
        page, key = row.curriculum, row.curriculum_id
        names, introductions = page.field_texts("name"), page.field_texts("introduction")
        centre = row.centre.field_texts("name")
        for code in CODES:
            if names[code] and code in page.visible_languages:
                yield Entry(object_id=key, language=code, text=names[code])
            body = " ".join(
                [plain_text(introductions[code]), centre[code], *modules[page.path, code]]
            )
            if body.strip():
                yield Entry(object_id=key, language=code, text=body, weight=Weight.BODY)
        if page.code:
            yield Entry(object_id=key, language=page.source_language, text=page.code)


def _module_names(paths: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """(Path of a curriculum, language) → the names of its live modules; one query."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    if not paths:
        return found
    # Sorted, the modules of these curricula stand between the first and the last of them.
    span = (min(paths), f"{max(paths)}ZZZZ")
    rows = ModulePage.objects.live().filter(path__range=span)
    columns = [f"name_{code}" for code in CODES]
    wanted = set(paths)
    for path, *names in rows.values_list("path", *columns):
        top = path[: -ModulePage.steplen]
        if top in wanted:
            for code, name in zip(CODES, names, strict=True):
                if name:
                    found[top, code].append(name)
    return found


def connect() -> None:
    """Register the kind; called from curricula.apps."""
    register(Kind(KIND, _ids, _entries, is_public=False))
