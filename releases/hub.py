"""What the pages of curricula and centres show of releases."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import ngettext

from centres import hub as centre_hub
from centres.models import CentrePage
from core.reader import Reader
from curricula import hub as curriculum_hub
from curricula.models import CurriculumPage

from .listing import newest_releases
from .models import Release
from .reading import editions

SHOWN = 6


def _of_curriculum(curriculum: CurriculumPage, reader: Reader) -> dict[str, Any] | None:
    """The newest release with its files, the reader's language first; two queries."""
    newest = newest_releases(curriculum_public_id=curriculum.public_id)
    release = newest.order_by("-version").prefetch_related("files").first()
    if release is None:
        return None
    own_first = sorted(editions(release), key=lambda one: one.language.code not in reader.codes)
    return {"release": release, "editions": own_first}


def _of_centre(centre: CentrePage, reader: Reader) -> dict[str, Any] | None:
    """The newest releases of a centre."""
    shown = list(newest_releases(centre=centre)[: SHOWN + 1])
    if not shown:
        return None
    more = f"?centre={centre.public_id}" if len(shown) > SHOWN else ""
    return {"releases": shown[:SHOWN], "more": more}


def _counts() -> Mapping[int, str]:
    rows = Release.objects.published().exclude(centre=None).order_by().values_list("centre")
    return {
        centre: ngettext("%(n)d release", "%(n)d releases", number) % {"n": number}
        for centre, number in rows.annotate(Count("pk"))
    }


def connect() -> None:
    """Add the sections; called from releases.apps."""
    curriculum_hub.register(
        curriculum_hub.Section("releases", "releases/curriculum_section.html", _of_curriculum)
    )
    centre_hub.register(
        centre_hub.Section("releases", "releases/centre_section.html", _of_centre, _counts, 50)
    )
