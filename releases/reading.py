"""What a reader sees of one release: its files, how to check them, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString, mark_safe

from core.languages import LANGUAGES, Language, LocalText, pick
from core.reader import current_language

from .models import Release, ReleaseFile
from .package.signing import public_keys
from .rendering.labels import licence_address, licence_name

Kind = ReleaseFile.Kind
_IN_ORDER = [Kind.PDF, Kind.EPUB, Kind.DOCX, Kind.HTML]


@dataclass(frozen=True)
class Edition:
    """A language of a release: its files, and what is incomplete in it."""

    language: Language
    files: list[ReleaseFile]
    missing: int
    stale: int


@dataclass(frozen=True)
class Ancestor:
    """A release that this one was adapted from, as the package names it."""

    name: LocalText | None
    centre: LocalText | None
    version: int
    date: date | None
    licence: str
    rights_holder: str
    url: str


def editions(release: Release) -> list[Edition]:
    """The languages of a release with their files; one query."""
    files = {(file.language, file.kind): file for file in release.files.all()}
    incomplete = release.summary.get("incomplete") or {}
    return [
        Edition(
            LANGUAGES[code],
            [files[code, kind] for kind in _IN_ORDER if (code, kind) in files],
            **{kind: incomplete.get(code, {}).get(kind, 0) for kind in ("missing", "stale")},
        )
        for code in release.languages
        if code in LANGUAGES
    ]


def ancestors(release: Release) -> list[Ancestor]:
    """The chain of releases it was adapted from, the nearest first."""
    language = current_language()
    return [
        Ancestor(
            name=pick(one.get("name") or {}, language),
            centre=pick(one.get("centre") or {}, language),
            version=one.get("version") or 0,
            date=parse_date(str(one.get("date") or "")),
            licence=licence_name(one.get("licence") or ""),
            rights_holder=one.get("rights_holder") or "",
            url=_web_address(one.get("url") or ""),
        )
        for one in release.summary.get("ancestors") or []
    ]


def _web_address(text: str) -> str:
    """A link from a package, '' where it would lead to a script."""
    return text if text.startswith(("https://", "http://")) else ""


def previous_of(release: Release) -> Release | None:
    """The release before it that can still be read."""
    same = Release.objects.published().filter(curriculum_public_id=release.curriculum_public_id)
    return same.filter(version__lt=release.version).order_by("-version").first()


def qr_code(address: str) -> SafeString:
    """A picture of an address for telephones, as SVG that takes its colours from the page."""
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(border=2, omitsize=True, svgclass="qr__code", lineclass=None)
    return mark_safe(svg)  # noqa: S308  (drawn here; it holds no text)


def release_context(release: Release, request: HttpRequest) -> dict[str, Any]:
    """Variables of releases/release.html; a constant number of queries."""
    address = request.build_absolute_uri(release.lasting_path)
    curriculum = release.curriculum
    others = Release.objects.listed().filter(curriculum_public_id=release.curriculum_public_id)
    licence = release.summary.get("licence") or ""
    context: dict[str, Any] = {
        "release": release,
        "address": address,
        "qr_code": qr_code(address),
        "curriculum": curriculum if curriculum and curriculum.live else None,
        "centre": release.centre,
        "centre_name": pick(release.summary.get("centre") or {}, current_language()),
        "introduction": pick(release.summary.get("introduction") or {}, current_language()),
        "licence": licence_name(licence),
        "licence_url": licence_address(licence),
        "ancestors": ancestors(release),
        "others": [other for other in others if other.pk != release.pk],
    }
    if release.is_published:
        files = {file.kind: file for file in release.files.all() if not file.language}
        package = files.get(Kind.PACKAGE)
        keys = public_keys(settings.RELEASE_KEYS_DIR)
        api_path = reverse("api:release-detail", kwargs={"public_id": release.public_id})
        context |= {
            "editions": editions(release),
            "package": package,
            "package_url": request.build_absolute_uri(package.url) if package else "",
            "package_folder": package.name.removesuffix(".zip") if package else "",
            "api_url": request.build_absolute_uri(api_path),
            "key": keys[0],
            "previous": previous_of(release),
            "lost": [file for file in release.files.all() if not file.is_there],
        }
    return context
