"""Load provinces, ministries and the example centres; what is there stays as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from wagtail.models import Page, Site

from core.identity import public_id_from
from core.languages import CODES
from core.models import BasePage
from trades.models import Trade

from .models import CentrePage, CentresIndexPage, Ministry, Province, ProvinceAlias

CONTENT = Path(__file__).parent / "content"
_CONTACT = ("email", "website", "phone")


def centres_are_loaded() -> bool:
    """Whether this site has a list of centres, whatever its administrators made of it."""
    return CentresIndexPage.objects.exists()


@transaction.atomic
def load_centres(progress: Callable[[str], Any]) -> int:
    """Load everything that ships; return how many centres are new."""
    progress(f"Provinces: {load_provinces()} new")
    progress(f"Ministries: {load_ministries()} new")
    index = centres_index()
    provinces = {province.slug: province for province in Province.objects.all()}
    ministries = {ministry.slug: ministry for ministry in Ministry.objects.all()}
    trades = {trade.slug: trade for trade in Trade.objects.all()}
    made = 0
    for entry in _read("centres.yaml"):
        if index.get_children().filter(slug=entry["slug"]).exists():
            continue
        page = CentrePage(
            kind=entry["kind"],
            country=entry["country"],
            province=provinces.get(entry.get("province")),
            ministry=ministries.get(entry.get("ministry")),
            ministry_since=entry.get("ministry_since"),
            is_example=entry.get("is_example", False),
            **{name: entry.get(name) or "" for name in _CONTACT},
            **_texts(entry, "name"),
            **_texts(entry, "introduction"),
            **_texts(entry, "address"),
        )
        page.trades = [trades[slug] for slug in entry["trades"] if slug in trades]
        _publish(index, page, "centre", entry)
        made += 1
    progress(f"Centres: {made} new")
    return made


def centres_index() -> CentresIndexPage:
    """The page that lists the centres; made below the home page where there is none."""
    index = CentresIndexPage.objects.first()
    if index is None:
        home = Site.objects.get(is_default_site=True).root_page
        entry = _read("index.yaml")
        index = CentresIndexPage(**_texts(entry, "name"), **_texts(entry, "introduction"))
        _publish(home, index, "centres", entry)
    return index


@transaction.atomic
def load_provinces() -> int:
    """Make the provinces that are missing, by slug, with their other names; return how many."""
    made = 0
    for position, entry in enumerate(_read("provinces.yaml")):
        province, created = Province.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "public_id": public_id_from(f"province:{entry['slug']}"),
                "country": entry["country"],
                "code": entry.get("code") or "",
                "position": position,
                **_texts(entry, "name"),
            },
        )
        if created:
            ProvinceAlias.objects.bulk_create(
                ProvinceAlias(province=province, text=alias["text"], until=alias.get("until"))
                for alias in entry.get("aliases") or ()
            )
            made += 1
    return made


@transaction.atomic
def load_ministries() -> int:
    """Make the ministries that are missing, by slug; return how many."""
    made = 0
    for entry in _read("ministries.yaml"):
        _ministry, created = Ministry.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "public_id": public_id_from(f"ministry:{entry['slug']}"),
                "country": entry["country"],
                "until": entry.get("until"),
                **_texts(entry, "name"),
                **_texts(entry, "short_name"),
                **_texts(entry, "note"),
            },
        )
        made += created
    return made


def _publish(parent: Page, page: BasePage, kind: str, entry: dict[str, Any]) -> None:
    page.public_id = public_id_from(f"{kind}:{entry['slug']}")
    page.slug = entry["slug"]
    page.source_language = entry.get("source_language", "en")
    # What ships is written in all languages at once, so none is older than its source.
    for code in CODES:
        page.confirm_translation(code)
    parent.add_child(instance=page)
    # Adding it has checked it.
    page.save_revision(clean=False).publish()


def _read(name: str) -> Any:
    return yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))


def _texts(entry: dict[str, Any], name: str) -> dict[str, str]:
    """`name: {lo: …, vi: …}` as model fields; a language that is left out stays empty."""
    return {f"{name}_{code}": (entry.get(name) or {}).get(code) or "" for code in CODES}
