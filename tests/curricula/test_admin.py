"""The editors of curricula and modules: the table of children, saved with the page."""

from typing import Any

import pytest
from django.test import Client

from curricula.models import ModulePage, ModuleUnitPage
from tests.core.editor import signed_in
from tests.factories import (
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)

from .editing import Editor

HOURS = ("hours_theory", "hours_practice", "hours_test")


@pytest.fixture
def module(home: Any) -> ModulePage:
    module = module_page(curriculum_page(centre_page(home)), hours_theory=10)
    for name in ("Protection", "Fire", "First aid"):
        unit = module_unit_page(module, name_en=name, hours_theory=2, hours_practice=1)
        unit.save_revision().publish()
    return module


def names(module: ModulePage) -> list[str]:
    units = ModuleUnitPage.objects.child_of(module).order_by("path")
    return [unit.get_latest_revision_as_object().name_en for unit in units]


def units(module: ModulePage) -> list[ModuleUnitPage]:
    return list(ModuleUnitPage.objects.child_of(module).order_by("path"))


def test_one_save_changes_adds_moves_and_deletes_as_drafts(
    client: Client, module: ModulePage
) -> None:
    draft = module_unit_page(module, name_en="Old", live=False)
    editor = Editor(signed_in(client), module)
    editor.rows[0]["hours_theory"] = "4"
    editor.rows[1]["name_en"] = "Fire and smoke"
    editor.add(name_en="Tools", hours_practice="3")
    editor.rows.insert(0, editor.rows.pop())
    editor.delete(draft)
    assert editor.save().status_code == 302
    assert names(module) == ["Tools", "Protection", "Fire and smoke", "First aid"]
    tools, protection, *_rest = units(module)
    assert not tools.live
    assert tools.source_language == module.source_language
    assert tools.hours_practice == 3
    # Readers see what was published until the drafts are.
    assert protection.live
    assert protection.hours_theory == 2
    assert protection.has_unpublished_changes
    assert protection.get_latest_revision_as_object().hours_theory == 4
    # What was not touched is not written.
    assert [unit.revisions.count() for unit in units(module)] == [1, 2, 2, 1]
    module.refresh_from_db()
    assert module.numchild == 4
