"""The shipped curricula: complete, in both languages, with the hours of their design."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from wagtail.models import Page, Site

from centres.loading import load_centres
from core.translated import State
from curricula.checks import find_faults
from curricula.content_files import read_curricula, walk
from curricula.loading import load_curricula
from curricula.models import CatalogueEntry, CurriculumPage, ModulePage, ModuleUnitPage
from curricula.outlines import Outline, read_outline
from curricula.rules import check_programme, load_rules
from glossary.exchange.content import load_content
from portal.models import HomePage
from trades.loading import load_frameworks, load_trades

#: Slug → hours (theory, practice, test), then credits and hours of each module.
DESIGN: dict[str, tuple[tuple[int, int, int], list[tuple[int, int, int, int]]]] = {
    "basic-arc-welding": (
        (58, 302, 20),
        [
            (2, 12, 16, 2),
            (2, 12, 16, 2),
            (2, 6, 32, 2),
            (4, 16, 98, 6),
            (3, 12, 64, 4),
            (2, 0, 76, 4),
        ],
    ),
    "lao-vietnamese-cookery": (
        (94, 471, 35),
        [
            *((2, 20, 22, 3), (2, 10, 18, 2), (2, 10, 46, 4), (2, 10, 46, 4), (3, 12, 72, 6)),
            *((3, 12, 72, 6), (2, 10, 46, 4), (2, 10, 18, 2), (3, 0, 131, 4)),
        ],
    ),
    "industrial-electricity": (
        (384, 954, 72),
        [
            *((2, 15, 13, 2), (1, 9, 5, 1), (1, 4, 24, 2), (2, 21, 21, 3), (2, 15, 29, 1)),
            *((4, 30, 56, 4), (2, 10, 18, 2), (2, 15, 13, 2), (3, 30, 26, 4), (2, 20, 22, 3)),
            *((2, 15, 27, 3), (5, 30, 84, 6), (5, 30, 84, 6), (6, 40, 102, 8), (3, 30, 26, 4)),
            *((3, 20, 36, 4), (4, 30, 55, 5), (3, 20, 51, 4), (6, 0, 262, 8)),
        ],
    ),
}
SLUGS = list(DESIGN)


def quiet(message: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A site with everything the curricula rest on, once for the tests below."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                home = HomePage(name_en="Home", slug="home")
                Page.get_first_root_node().add_child(instance=home)
                Site.objects.update_or_create(
                    is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
                )
                load_trades()
                load_frameworks()
                load_content(quiet)
                load_centres(quiet)
                load_rules()
                load_curricula(quiet)
                yield
                transaction.set_rollback(True)
        finally:
            connection.close_if_unusable_or_obsolete()


def outline_of(slug: str) -> Outline:
    return read_outline(CurriculumPage.objects.get(slug=slug), with_texts=True)


def test_the_files_have_no_faults() -> None:
    """Texts in Vietnamese and Lao, terms, drawings, hours: faults name their file and line."""
    curricula = {part.slug: part for part in read_curricula()}
    assert set(curricula) == set(SLUGS)
    for slug in SLUGS:
        written = [part for part in walk(curricula[slug]) if part.data.get("body")]
        assert written, slug
    # The first is written as a whole.
    for module in curricula["basic-arc-welding"].parts:
        assert module.parts
        assert all(unit.data.get("body") for unit in module.parts), module.slug


@pytest.mark.parametrize("slug", SLUGS)
def test_hours_and_credits_are_those_of_the_design(loaded: None, db: None, slug: str) -> None:
    outline = outline_of(slug)
    hours, modules = DESIGN[slug]
    assert (outline.hours.theory, outline.hours.practice, outline.hours.test) == hours
    found = [
        (int(row.page.credits or 0), row.hours.theory, row.hours.practice, row.hours.test)
        for row in outline.modules
    ]
    assert found == modules


@pytest.mark.parametrize("slug", SLUGS)
def test_they_keep_the_rules_and_do_not_contradict_themselves(
    loaded: None, db: None, slug: str
) -> None:
    outline = outline_of(slug)
    assert [finding.message for finding in find_faults(outline)] == []
    assert [finding.message for finding in check_programme(outline)] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_translation_is_there_and_current(loaded: None, db: None, slug: str) -> None:
    for page in outline_of(slug).pages:
        counts = page.translation_counts()
        assert page.is_draft_content if isinstance(page, CurriculumPage) else True
        for code in page.languages:
            assert not counts[code][State.MISSING] and not counts[code][State.STALE], page.url


def test_general_subjects_of_one_country_are_marked(loaded: None, db: None) -> None:
    marked = [row.page.code for row in outline_of("industrial-electricity").specific_modules]
    assert marked == [f"MH0{number}" for number in range(1, 7)]


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_pages_can_be_read(
    loaded: None, client: Client, db: None, slug: str, language: str
) -> None:
    outline = outline_of(slug)
    pages = [outline.curriculum, *(row.page for row in outline.modules)]
    # One unit a module but for Lao: three languages share templates and blocks.
    for row in outline.modules:
        pages += [unit.page for unit in row.units[: None if language == "lo" else 1]]
    for page in pages:
        response = client.get(f"/{language}/{page.url.split('/', 2)[2]}")
        assert response.status_code == 200, page.url


def test_the_catalogue_lists_them_all(loaded: None, db: None) -> None:
    found = CatalogueEntry.objects.values_list("curriculum__slug", "hours", "credits")
    assert sorted(found) == [
        ("basic-arc-welding", 380, 15),
        ("industrial-electricity", 1410, 58),
        ("lao-vietnamese-cookery", 600, 21),
    ]


def test_loading_again_adds_nothing_and_keeps_what_editors_did(loaded: None, db: None) -> None:
    edited, deleted, *_rest = ModuleUnitPage.objects.exclude(body="[]").order_by("path")
    edited.name_en = "Said otherwise"
    edited.save_revision().publish()
    public_id, ids = deleted.public_id, [item["id"] for item in deleted.body.raw_data]
    deleted.delete()
    assert load_curricula(quiet) == 1
    assert load_curricula(quiet) == 0
    assert ModuleUnitPage.objects.get(pk=edited.pk).name_en == "Said otherwise"
    made = ModuleUnitPage.objects.get(public_id=public_id)
    # Releases and translations know blocks by their ids.
    assert [item["id"] for item in made.body.raw_data] == ids
    assert made.live and made.live_revision == made.latest_revision
    assert ModulePage.objects.filter(live=False).count() == 0
