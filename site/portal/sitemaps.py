"""sitemap.xml: pages, trades and concepts, each address naming its other languages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import translation
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from core.languages import CODES
from core.translated import TranslatedContent
from glossary.cards import shown_concepts
from glossary.models import Concept
from trades.models import Trade

# A file of 1,000 concepts in three languages is 2 MB; the limit is 50 MB and 50,000 addresses.
CHUNK = 1000


class _Multilingual(Sitemap):
    """One entry for each item and ready language, with the alternates that hreflang names."""

    def paths(self, item: Any) -> dict[str, str]:
        """Language code → path of the item."""
        raise NotImplementedError

    def changed(self, item: Any) -> datetime | None:
        """When the item last changed."""
        return None

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        return self.entries(self.paginator.page(page).object_list, protocol, domain)

    def entries(self, items: Iterable[Any], protocol: str, domain: str) -> list[dict[str, Any]]:
        """What the sitemap says of these items."""
        entries = []
        for item in items:
            urls = {c: f"{protocol}://{domain}{path}" for c, path in self.paths(item).items()}
            alternates = [{"lang_code": code, "location": url} for code, url in urls.items()]
            for url in urls.values():
                entries.append(
                    {"location": url, "lastmod": self.changed(item), "alternates": alternates}
                )
        return entries


class ListSitemap(_Multilingual):
    """The lists that are no pages of the tree."""

    def items(self) -> list[str]:
        return ["glossary:list", "trades:list", "curricula:list"]

    def paths(self, item: str) -> dict[str, str]:
        return _in_each(CODES, lambda: reverse(item))


class TradeSitemap(_Multilingual):
    """The trades."""

    def items(self) -> QuerySet[Trade]:
        return Trade.objects.all()

    def paths(self, item: Trade) -> dict[str, str]:
        return _in_each(item.visible_languages, item.get_absolute_url)


class ConceptSitemap(_Multilingual):
    """The live concepts whose keys begin at `number` times CHUNK."""

    def __init__(self, number: int) -> None:
        self._keys = range(number * CHUNK, (number + 1) * CHUNK)

    def items(self) -> range:
        # Not the concepts themselves: the index asks every chunk how long it is.
        return self._keys

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        live = shown_concepts(self._keys)
        return self.entries(live.values(), protocol, domain)

    def paths(self, item: Concept) -> dict[str, str]:
        return {code: item.get_absolute_url(code) for code in _ready(item)}

    def changed(self, item: Concept) -> datetime:
        return item.updated_at


def _ready(item: TranslatedContent) -> tuple[str, ...]:
    return item.visible_languages


def _in_each(codes: Iterable[str], path: Any) -> dict[str, str]:
    paths = {}
    for code in codes:
        with translation.override(code):
            paths[code] = path()
    return paths


def sitemaps() -> dict[str, Any]:
    """Name in the address → sitemap, for as many chunks as there are."""
    found: dict[str, Any] = {"pages": PageSitemap, "lists": ListSitemap, "trades": TradeSitemap}
    chunks = Concept.objects.published().annotate(chunk=F("pk") / CHUNK)
    for number in chunks.order_by("chunk").values_list("chunk", flat=True).distinct():
        found[f"concepts-{number}"] = ConceptSitemap(number)
    return found
