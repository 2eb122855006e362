"""New releases as an Atom feed, for feed readers and other sites."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from core.languages import pick
from core.reader import current_language

from .models import Release

LENGTH = 50


class ReleaseFeed(Feed):
    """The newest releases in the reader's language; a withdrawn one says so."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Releases of curricula")

    def subtitle(self) -> str:
        return _("Training programmes to download, print and adapt.")

    def link(self) -> str:
        return reverse("releases:list")

    def feed_url(self) -> str:
        return reverse("releases:feed")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """The site's own address, which ids must name whole."""
        return request.build_absolute_uri("/")[:-1]

    def items(self, site: str) -> list[tuple[str, Release]]:
        return [(site, release) for release in _newest()]

    def item_title(self, item: tuple[str, Release]) -> str:
        release = item[1]
        name = release.local_name or release.curriculum_public_id
        told = {"name": name, "version": release.version}
        if release.is_published:
            return _("%(name)s, version %(version)s") % told
        return _("Withdrawn: %(name)s, version %(version)s") % told

    def item_description(self, item: tuple[str, Release]) -> str:
        release = item[1]
        if not release.is_published:
            return str(release.local("withdrawal_reason") or "")
        introduction = pick(release.summary.get("introduction") or {}, current_language())
        return str(release.local("notes") or introduction or "")

    def item_link(self, item: tuple[str, Release]) -> str:
        return item[1].get_absolute_url()

    def item_guid(self, item: tuple[str, Release]) -> str:
        site, release = item
        return f"{site}{release.lasting_path}"

    def item_author_name(self, item: tuple[str, Release]) -> str:
        centre = pick(item[1].summary.get("centre") or {}, current_language())
        return str(centre or "")

    def item_pubdate(self, item: tuple[str, Release]) -> Any:
        return item[1].published_at

    def item_updateddate(self, item: tuple[str, Release]) -> Any:
        return item[1].withdrawn_at or item[1].published_at

    def item_categories(self, item: tuple[str, Release]) -> list[str]:
        return [code for code in (item[1].summary.get("trade"),) if code]


def _newest() -> QuerySet[Release]:
    return Release.objects.listed().order_by("-published_at")[:LENGTH]
