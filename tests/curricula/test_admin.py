"""The editors of curricula and modules: the table of children, saved with the page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curricula.models import ModulePage, ModuleUnitPage
from tests.core.editor import edit_url, signed_in, soup
from tests.factories import (
    AdminFactory,
    UserFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)

from .editing import Editor, client_of


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


def theory(module: ModulePage) -> list[int]:
    return [unit.get_latest_revision_as_object().hours_theory for unit in units(module)]


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


def test_an_untouched_table_writes_nothing(client: Client, module: ModulePage) -> None:
    before = [unit.latest_revision_id for unit in units(module)]
    assert Editor(signed_in(client), module).save().status_code == 302
    assert [unit.latest_revision_id for unit in units(module)] == before


def test_an_autosave_sent_on_writes_each_thing_once(client: Client, module: ModulePage) -> None:
    editor = Editor(signed_in(client), module)
    new = editor.add(name_en="Tools")
    editor.rows[0]["hours_theory"] = "1"
    assert editor.autosave().json()["success"]
    editor.rows[0]["hours_theory"] = "12"
    new["hours_test"] = "1"
    assert editor.autosave().json()["success"]
    assert names(module) == ["Protection", "Fire", "First aid", "Tools"]
    first, *_rest, tools = units(module)
    assert first.get_latest_revision_as_object().hours_theory == 12
    assert tools.get_latest_revision_as_object().hours_test == 1
    # Later autosaves write over the draft of the first one.
    assert (first.revisions.count(), tools.revisions.count()) == (2, 1)


def test_an_autosave_whose_answer_was_lost_adds_no_second_row(
    client: Client, module: ModulePage
) -> None:
    editor = Editor(signed_in(client), module)
    editor.add(name_en="Tools")
    editor.save()
    editor.save(conflict_seen="")
    assert names(module).count("Tools") == 1


def test_a_preview_writes_no_unit(client: Client, module: ModulePage) -> None:
    editor = Editor(signed_in(client), module)
    editor.add(name_en="Tools")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[module.pk])
    assert client.post(url, editor.data()).json()["is_valid"]
    assert client.get(url).status_code == 200
    assert names(module) == ["Protection", "Fire", "First aid"]


def test_two_editors_of_one_number_both_see_it_and_nothing_is_lost(
    client: Client, module: ModulePage
) -> None:
    mine = Editor(signed_in(client), module)
    theirs = Editor(client_of(AdminFactory(username="anna")), module)
    theirs.rows[0]["hours_theory"] = "7"
    theirs.rows[1]["hours_theory"] = "8"
    theirs.save()
    mine.rows[0]["hours_theory"] = "5"
    mine.rows[2]["name_en"] = "Helping"
    response = mine.save()
    assert response.status_code == 200
    mine.read(response)
    assert "anna wrote this meanwhile" in mine.page.text
    assert "Theory hours: 7" in " ".join(mine.page.text.split())
    assert mine.rows[0]["hours_theory"] == "5"
    assert [unit.get_latest_revision_as_object().hours_theory for unit in units(module)] == [
        7,
        8,
        2,
    ]
    assert mine.save().status_code == 302
    # What only the other one changed is kept.
    assert [unit.get_latest_revision_as_object().hours_theory for unit in units(module)] == [
        5,
        8,
        2,
    ]
    assert names(module)[2] == "Helping"


def test_what_somebody_deleted_meanwhile_can_be_made_anew(
    client: Client, module: ModulePage
) -> None:
    draft = module_unit_page(module, name_en="Old", live=False)
    mine, untouched = (Editor(signed_in(client), module), Editor(client, module))
    draft.delete()
    mine.row(draft)["hours_theory"] = "9"
    response = mine.save()
    mine.read(response)
    assert "deleted or moved meanwhile" in mine.page.text
    assert untouched.save().status_code == 302
    assert "Old" not in names(module)
    assert mine.save().status_code == 302
    assert names(module)[-1] == "Old"


def test_an_order_that_somebody_else_changed_is_not_undone(
    client: Client, module: ModulePage
) -> None:
    mine = Editor(signed_in(client), module)
    also_mine = Editor(client, module)
    theirs = Editor(client, module)
    theirs.rows.reverse()
    theirs.save()
    mine.rows[0]["hours_theory"] = "9"
    assert mine.save().status_code == 302
    assert names(module) == ["First aid", "Fire", "Protection"]
    also_mine.rows.insert(0, also_mine.rows.pop(1))
    assert also_mine.save().status_code == 200
    assert names(module) == ["First aid", "Fire", "Protection"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"name_en": "x" * 201}, "at most 200"),
        ({"hours_theory": "-1"}, "greater than or equal to 0"),
        ({"hours_theory": "10001"}, "less than or equal to 10000"),
        ({"hours_theory": "many"}, "whole number"),
        ({"hours_theory": "3"}, "Write a name."),
        ({"name_en": "x", "page": "../../x"}, "Add it anew"),
    ],
)
def test_a_wrong_row_is_refused_and_kept(
    client: Client, module: ModulePage, row: dict[str, str], message: str
) -> None:
    editor = Editor(signed_in(client), module)
    editor.rows[0]["hours_theory"] = "9"
    editor.add(**row)
    response = editor.save()
    assert response.status_code == 200
    editor.read(response)
    assert message in editor.page.text
    assert editor.rows[0]["hours_theory"] == "9"
    assert [unit.revisions.count() for unit in units(module)] == [1, 1, 1]


def test_a_table_of_too_many_rows_is_refused(client: Client, module: ModulePage) -> None:
    editor = Editor(signed_in(client), module)
    for _number in range(200):
        editor.add(name_en="x")
    assert "150 rows at most" in editor.save().content.decode()
    assert len(units(module)) == 3


def test_an_editor_of_a_centre_changes_drafts_only(client: Client, module: ModulePage) -> None:
    centre = module.get_parent().get_parent().specific
    user = UserFactory()
    user.groups.add(centre.space.editors)
    own = client_of(user)
    published = Editor(own, module)
    published.delete(units(module)[0])
    assert "only drafts can be deleted" in published.save().content.decode()
    moved = Editor(own, module)
    moved.rows.reverse()
    assert "Only those who publish" in moved.save().content.decode()
    # A draft among published units may go anywhere.
    draft = Editor(own, module)
    draft.add(name_en="Tools")
    draft.rows.insert(1, draft.rows.pop())
    draft.rows[0]["hours_theory"] = "3"
    assert draft.save().status_code == 302
    assert names(module) == ["Protection", "Tools", "Fire", "First aid"]
    deleting = Editor(own, module)
    deleting.delete(units(module)[1])
    assert deleting.save().status_code == 302
    assert names(module) == ["Protection", "Fire", "First aid"]


def test_a_locked_unit_is_left_alone(client: Client, module: ModulePage) -> None:
    first = units(module)[0]
    first.locked, first.locked_by = True, AdminFactory(username="anna")
    first.save()
    editor = Editor(signed_in(client), module)
    editor.rows[0]["hours_theory"] = "9"
    assert "or it is locked" in editor.save().content.decode()
    assert units(module)[0].revisions.count() == 1


def test_a_unit_of_another_module_cannot_be_named(client: Client, module: ModulePage) -> None:
    other = module_unit_page(module_page(module.get_parent()), name_en="Other")
    editor = Editor(signed_in(client), module)
    editor.add(page=other.public_id, name_en="Mine")
    assert editor.save().status_code == 302
    other.refresh_from_db()
    assert other.get_latest_revision_as_object().name_en == "Other"
    assert units(module)[-1].public_id != other.public_id


def test_the_modules_of_a_curriculum_in_one_table(client: Client, module: ModulePage) -> None:
    curriculum = module.get_parent().specific
    editor = Editor(signed_in(client), curriculum)
    editor.rows[0] |= {"credits": "2.5", "kind": "subject"}
    editor.add(name_en="Welding", code="MĐ02", credits="", kind="internship", hours_practice="80")
    editor.rows.reverse()
    assert editor.save().status_code == 302
    made, changed = (
        page.get_latest_revision_as_object()
        for page in ModulePage.objects.child_of(curriculum).order_by("path")
    )
    assert (made.code, made.kind, made.credits, made.hours_practice) == (
        "MĐ02",
        "internship",
        None,
        80,
    )
    assert (str(changed.credits), changed.kind) == ("2.5", "subject")
    # Its units came along.
    assert len(units(ModulePage.objects.get(pk=module.pk))) == 3


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, module: ModulePage
) -> None:
    # With a first draft, as it is whenever somebody goes on writing.
    first = Editor(signed_in(client), module)
    first.rows[0]["hours_theory"] = "7"
    first.save()
    counts = []
    for hours in ("8", "9"):
        editor = Editor(client, module)
        editor.rows[0]["hours_theory"] = hours
        with CaptureQueriesContext(connection) as opening:
            Editor(client, module)
        with CaptureQueriesContext(connection) as saving:
            editor.save()
        counts.append((len(opening), len(saving)))
        for number in range(6):
            module_unit_page(module, name_en=f"Unit {number}").save_revision().publish()
    (opened, saved), (opened_more, saved_more) = counts
    assert opened_more - opened < 3
    assert saved_more - saved < 3


def test_the_checklist_says_what_is_wrong_and_where(client: Client, module: ModulePage) -> None:
    url = reverse("curricula_admin:checklist", args=[module.pk])
    answer = signed_in(client).get(url)
    text = " ".join(soup(answer).text.split())
    assert "the units have 6 hours of theory, the module says 10" in text
    assert "has no credits" in text
    assert "not translated" in text
    other = UserFactory()
    assert client_of(other).get(url).status_code == 302
    other.groups.add(centre_page(module.get_root().get_first_child(), name_en="B").space.editors)
    assert client_of(other).get(url).status_code in (302, 403)


def test_the_report_and_the_list_hold_ones_own_curricula(
    client: Client, module: ModulePage
) -> None:
    home = module.get_root().get_first_child()
    foreign = curriculum_page(centre_page(home, name_en="Other centre"), name_en="Foreign")
    user = UserFactory()
    user.groups.add(module.get_parent().get_parent().specific.space.editors)
    own = client_of(user)
    for name in ("list", "missing"):
        text = own.get(reverse(f"curricula_admin:{name}")).content.decode()
        assert "Welding" in text
        assert "Foreign" not in text
    assert (
        "Foreign"
        not in own.get(
            reverse("curricula_admin:missing"), {"centre": foreign.get_parent().pk}
        ).content.decode()
    )


def test_tabs(client: Client, module: ModulePage) -> None:
    page = soup(signed_in(client).get(edit_url(module.get_parent().specific)))
    tabs = [tab.text.split()[0] for tab in page.select("[role=tab]")]
    assert tabs[:4] == ["Content", "Basis", "Sharing", "Settings"]
