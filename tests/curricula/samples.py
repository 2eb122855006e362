"""Curricula for tests: small ones with known hours, and a large one."""

import json
from typing import Any

from curricula.bench_data import add_modules
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from curricula.rules import load_rules
from portal.models import HomePage
from tests.factories import centre_page, curriculum_page, module_page, module_unit_page
from trades.loading import load_frameworks, load_trades
from trades.models import FrameworkLevel, Trade


def block(kind: str, value: Any, number: int = 1) -> dict[str, Any]:
    """A stored block with an id that does not change."""
    return {"type": kind, "id": f"{number:08d}-0000-4000-8000-000000000000", "value": value}


def stream(*parts: tuple[str, Any]) -> str:
    """The stored form of a stream."""
    return json.dumps([block(kind, value, n) for n, (kind, value) in enumerate(parts, start=1)])


def items(*values: Any) -> list[dict[str, Any]]:
    """The stored form of a list block."""
    return [block("item", value, 900 + number) for number, value in enumerate(values)]


def texts(text: str) -> dict[str, str]:
    """A text in Vietnamese and Lao."""
    return {"vi": f"{text} vi", "lo": f"{text} ລາວ"}


def level(name: str) -> FrameworkLevel:
    """A shipped level: `level("vqf/1")`."""
    slug, number = name.split("/")
    return FrameworkLevel.objects.get(framework__slug=slug, number=number)


def load_basis() -> None:
    """Trades, frameworks and rules as they ship."""
    load_trades()
    load_frameworks()
    load_rules()


def welding(home: HomePage, **kwargs: Any) -> CurriculumPage:
    """A programme at elementary level I that keeps every rule: 3 modules, 12 credits, 300 hours."""
    load_basis()
    centre = centre_page(home, name_en="Centre of Hue", country="VN")
    values = {
        **{
            "name_en": "Arc welding",
            "name_vi": "Hàn điện",
            "name_lo": "ຈອດໄຟຟ້າ",
            "slug": "welding",
        },
        **{"code": "W-1", "entry": "primary", "weeks": 10, "rights_holder": "Centre of Hue"},
        **{"trade": Trade.objects.get(slug="welder"), **kwargs},
    }
    levels = [level(name) for name in values.pop("levels", ["vqf/1"])]
    page = curriculum_page(centre, **values)
    page.levels = levels
    page.save()
    for number, hours in enumerate([(20, 80, 0), (20, 76, 4), (20, 76, 4)], start=1):
        module_page(
            page,
            name_en=f"Module {number}",
            code=f"MĐ0{number}",
            credits=4,
            **dict(zip(("hours_theory", "hours_practice", "hours_test"), hours, strict=True)),
        )
    return CurriculumPage.objects.get(pk=page.pk)


def modules_of(page: CurriculumPage) -> list[ModulePage]:
    """The modules of a curriculum in order."""
    return list(ModulePage.objects.child_of(page).order_by("path"))


def unit(module: ModulePage, *parts: tuple[str, Any], **kwargs: Any) -> ModuleUnitPage:
    """A unit with teaching content."""
    page = module_unit_page(module, body=stream(*parts), **kwargs)
    found: ModuleUnitPage = ModuleUnitPage.objects.get(pk=page.pk)
    return found


def large(home: HomePage, modules: int = 40, units: int = 8) -> CurriculumPage:
    """A curriculum of so many modules, each with so many units, in three languages."""
    centre = centre_page(home, name_en="Large centre", slug="large")
    page = curriculum_page(centre, name_en="Large", name_vi="Lớn", name_lo="ໃຫຍ່", slug="large")
    add_modules(page, modules, units)
    return CurriculumPage.objects.get(pk=page.pk)
