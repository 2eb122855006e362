"""What a curriculum still misses and where it departs from rules, for its editors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.permission_policies.pages import PagePermissionPolicy

from core.languages import LANGUAGES
from core.models import BasePage
from core.translated import LANGUAGE_CHOICES, State

from .checks import find_faults, find_gaps
from .findings import Finding
from .models import CurriculumPage, ModulePage
from .outlines import Outline, curriculum_of, read_draft_outline
from .rules import basis_of, check_programme


@dataclass(frozen=True)
class Entry:
    """A finding as the list shows it: a sentence, where to mend it, and the text of law."""

    message: str
    url: str
    basis: str = ""


@dataclass(frozen=True)
class Language:
    """How many texts a language lacks, and how many of its texts are older than their source."""

    code: str
    tag: str
    name: str
    missing: int
    stale: int


@dataclass(frozen=True)
class Checklist:
    """All there is to say about a page and those below it, as their newest drafts are."""

    page: BasePage
    faults: list[Entry]
    warnings: list[Entry]
    gaps: list[Entry]
    languages: list[Language]

    @property
    def is_complete(self) -> bool:
        return not (self.faults or self.warnings or self.gaps or self.open_languages)

    @property
    def open_languages(self) -> list[Language]:
        """The languages in which something is left to do."""
        return [language for language in self.languages if language.missing or language.stale]


def checklist_of(page: CurriculumPage | ModulePage) -> Checklist:
    """The checklist of a curriculum, or of one of its modules."""
    curriculum = page if isinstance(page, CurriculumPage) else curriculum_of(page)
    if curriculum is None:
        return Checklist(page, [], [], [], [])
    return make_checklist(read_draft_outline(curriculum), page)


def make_checklist(outline: Outline, page: BasePage) -> Checklist:
    """The part of what is found out about a curriculum that concerns `page` and those below it."""
    findings = [find_faults(outline), check_programme(outline), find_gaps(outline)]
    faults, warnings, gaps = (
        [_entry(finding) for finding in found if finding.page.path.startswith(page.path)]
        for found in findings
    )
    pages = [part for part in outline.pages if part.path.startswith(page.path)]
    return Checklist(page, faults, warnings, gaps, _languages(pages))


def _entry(finding: Finding) -> Entry:
    url = reverse("wagtailadmin_pages:edit", args=[finding.page.pk])
    return Entry(finding.message, url, basis_of(finding.rule) if finding.rule else "")


def _languages(pages: Iterable[BasePage]) -> list[Language]:
    totals: dict[str, Counter[State]] = {code: Counter() for code in LANGUAGES}
    for page in pages:
        for code, counts in page.translation_counts().items():
            totals[code] += counts
    return [
        Language(code, LANGUAGES[code].tag, str(name), counts[State.MISSING], counts[State.STALE])
        for code, name in LANGUAGE_CHOICES
        for counts in [totals[code]]
    ]


def changeable_curricula(user: Any) -> QuerySet[CurriculumPage]:
    """The curricula that a user may change."""
    changeable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return CurriculumPage.objects.filter(pk__in=changeable.values("pk"))
