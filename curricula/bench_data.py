"""Many curricula at once, for measuring."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from centres.models import CentrePage, CentresIndexPage
from trades.models import FrameworkLevel, Trade

from .catalogue import rebuild_catalogue
from .models import CurriculumPage, Licence, ModulePage, ModuleUnitPage

CENTRES = 60
_WORDS = {
    "en": ("Installing", "Repairing", "Testing", "Cooking", "Welding", "Growing", "Sewing"),
    "vi": ("Lắp đặt", "Sửa chữa", "Kiểm tra", "Chế biến", "Hàn", "Trồng", "May"),
    "lo": ("ຕິດຕັ້ງ", "ສ້ອມແປງ", "ກວດກາ", "ປຸງແຕ່ງ", "ຈອດ", "ປູກ", "ຕັດຫຍິບ"),
}


def make_catalogue(number: int) -> None:
    """So many curricula of a few modules each, over CENTRES centres, listed in the catalogue."""
    trades, levels = list(Trade.objects.all()), list(FrameworkLevel.objects.all())
    index = _index()
    centres = [
        CentrePage(
            **names("Centre", place),
            slug=f"centre-{place}",
            kind=CentrePage.Kind.IVET_SCHOOL,
            country="LA" if place % 2 else "VN",
        )
        for place in range(CENTRES)
    ]
    add_pages(index, centres)
    curricula: list[CurriculumPage] = []
    for place, centre in enumerate(centres):
        own = [
            CurriculumPage(
                **names("Programme", n),
                slug=f"programme-{n}",
                code=f"P-{n}",
                weeks=n % 60 + 1,
                licence=Licence.values[n % 3],
                trade=trades[n % len(trades)] if trades else None,
            )
            for n in range(place, number, CENTRES)
        ]
        add_pages(centre, own)
        curricula += own
    through = CurriculumPage.levels.through
    through.objects.bulk_create(
        through(curriculumpage_id=page.pk, frameworklevel_id=levels[page.pk % len(levels)].pk)
        for page in curricula
        if levels
    )
    for page in curricula[::10]:
        add_modules(page, 6, 0)
    rebuild_catalogue()


def add_modules(curriculum: CurriculumPage, modules: int, units: int) -> None:
    """Modules below a curriculum, each with so many units."""
    made = [
        ModulePage(
            **names("Module", n),
            slug=f"module-{n}",
            code=f"MĐ{n:02d}",
            credits=3,
            hours_theory=15,
            hours_practice=60,
            hours_company=20,
        )
        for n in range(1, modules + 1)
    ]
    add_pages(curriculum, made)
    for module in made:
        below = [
            ModuleUnitPage(**names("Unit", n), slug=f"unit-{n}", hours_theory=1)
            for n in range(1, units + 1)
        ]
        add_pages(module, below)


def names(kind: str, number: int) -> dict[str, str]:
    """A name in each language, long enough to be like a real one."""
    word = number % len(_WORDS["en"])
    return {f"name_{code}": f"{words[word]} {kind} {number}" for code, words in _WORDS.items()}


def add_pages(parent: Page, pages: Sequence[Any]) -> None:
    """Published pages below `parent`, which has none, in two statements and one for each page."""
    now = timezone.now()
    locale = Locale.get_default()
    for place, page in enumerate(pages, start=1):
        page.title = page.draft_title = page.name_en
        page.path = Page._get_path(parent.path, parent.depth + 1, place)
        page.depth = parent.depth + 1
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.content_type = ContentType.objects.get_for_model(type(page))
        page.locale = locale
        page.first_published_at = page.last_published_at = now
    rows = Page.objects.bulk_create(Page(**dict(_columns(page))) for page in pages)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = row.pk
        # Raw: the row of the table above is there.
        page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=parent.pk).update(numchild=len(pages))


def _columns(page: Any) -> Iterable[tuple[str, Any]]:
    fields: Iterator[Any] = (f for f in Page._meta.local_concrete_fields if not f.primary_key)
    return ((field.attname, getattr(page, field.attname)) for field in fields)


def _index() -> CentresIndexPage:
    """The list of centres; made where there is none."""
    index: CentresIndexPage | None = CentresIndexPage.objects.first()
    if index is None:
        home = Site.objects.get(is_default_site=True).root_page
        index = home.add_child(instance=CentresIndexPage(name_en="Centres", slug="centres"))
    return index
