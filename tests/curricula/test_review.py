"""A curriculum is submitted, judged and published as a whole, through the real admin."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, TaskState, WorkflowState
from wagtail.test.utils.form_data import nested_form_data, streamfield

from core.search.models import SearchEntry
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from curricula.submissions import SubmittedPage
from tests.core.editor import edit_url, soup
from tests.factories import (
    UserFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)

from .editing import form_values

pytestmark = pytest.mark.django_db


@dataclass
class Programme:
    """A published curriculum with a module of two units, and drafts: one changed, three new."""

    curriculum: CurriculumPage
    module: ModulePage
    changed: ModuleUnitPage
    same: ModuleUnitPage
    new_module: ModulePage
    new_units: list[ModuleUnitPage]
    editor: User
    publisher: User
    clients: dict[int, Client] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return reverse("curricula_review:review", args=[self.curriculum.pk])

    @property
    def state(self) -> WorkflowState:
        found = WorkflowState.objects.filter(object_id=str(self.curriculum.pk)).last()
        assert found is not None
        return found

    def as_user(self, user: User) -> Client:
        if user.pk not in self.clients:
            self.clients[user.pk] = Client()
            self.clients[user.pk].force_login(user)
        return self.clients[user.pk]

    def act(self, user: User, action: str, **fields: Any) -> Any:
        """Press a button of the review page as it shows at this moment."""
        client = self.as_user(user)
        page = soup(client.get(self.url))
        hidden = page.select_one("[name=task_state]")
        data = {"action": action, **({"task_state": hidden["value"]} if hidden else {}), **fields}
        return client.post(self.url, data, follow=True)

    def submit(self) -> None:
        assert "was submitted" in self.act(self.editor, "submit").content.decode()

    def save(self, user: User, page: Any, **fields: Any) -> Any:
        """Save a page in Wagtail's editor, as its form stands but for `fields`."""
        client = self.as_user(user)
        return client.post(edit_url(page), {**self.form(user, page), **fields}, follow=True)

    def form(self, user: User, page: Any) -> dict[str, Any]:
        found = soup(self.as_user(user).get(edit_url(page))).select_one("[data-edit-form]")
        for template in found.select("template"):  # type: ignore[union-attr]
            template.extract()
        # Scripts render the streams; these pages have none.
        streams = {name: streamfield([]) for name in page.translated_streams}
        return {**form_values(found), **nested_form_data(streams)}


def fresh(page: Any) -> Any:
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def programme(home: Any) -> Programme:
    centre = centre_page(home)
    editor, publisher = UserFactory(username="editor"), UserFactory(username="publisher")
    editor.groups.add(centre.space.editors)
    publisher.groups.add(centre.space.publishers)
    curriculum = curriculum_page(centre)
    module = module_page(curriculum)
    units = [module_unit_page(module, name_en=name) for name in ("Fire", "Tools")]
    for page in (curriculum, module, *units):
        page.save_revision().publish()
    new_module = module_page(curriculum, name_en="Cutting", code="MĐ02", live=False)
    new_units = [
        module_unit_page(new_module, name_en=name, live=False) for name in ("Gas", "Plasma")
    ]
    changed = fresh(units[0])
    changed.name_en = "Fire and smoke"
    changed.save_revision(user=editor)
    return Programme(
        *(curriculum, module, changed, units[1], new_module, new_units, editor, publisher)
    )


def live_names() -> set[str]:
    units = ModuleUnitPage.objects.live().values_list("name_en", flat=True)
    return {*units, *ModulePage.objects.live().values_list("name_en", flat=True)}


BEFORE = {"Safety", "Fire", "Tools"}
AFTER = {"Safety", "Fire and smoke", "Tools", "Cutting", "Gas", "Plasma"}


# --- Submitting -----------------------------------------------------------------------------------


def test_submitting_notes_exactly_the_changed_pages(programme: Programme) -> None:
    programme.submit()
    pages = set(SubmittedPage.objects.values_list("page", flat=True))
    drafts = [programme.changed, programme.new_module, *programme.new_units]
    assert pages == {page.pk for page in drafts}
    row = SubmittedPage.objects.get(page=programme.changed.pk)
    assert row.revision == fresh(programme.changed).latest_revision
    shown = soup(programme.as_user(programme.publisher).get(programme.url))
    links = [link["href"] for link in shown.select(".review-table td a")]
    compare = ["live", row.revision_id]
    assert links[0] == reverse(
        "wagtailadmin_pages:revisions_compare", args=[programme.changed.pk, *compare]
    )
    assert len(links) == 4
    for link in links:
        assert programme.as_user(programme.publisher).get(link).status_code == 200


def test_the_editor_submits_what_was_typed_with_all_that_changed(programme: Programme) -> None:
    fields = {"name_en": "Arc welding", "action-submit": "1"}
    programme.save(programme.editor, programme.curriculum, **fields)
    assert programme.state.status == "in_progress"
    titles = set(SubmittedPage.objects.values_list("title", flat=True))
    assert titles == {"Arc welding", "Fire and smoke", "Cutting", "Gas", "Plasma"}
    assert fresh(programme.curriculum).name_en == "Welding"
    programme.act(programme.publisher, "approve")
    assert fresh(programme.curriculum).name_en == "Arc welding"
    assert live_names() == AFTER


def test_a_half_written_unit_stops_the_submission_but_no_save(programme: Programme) -> None:
    unit = fresh(programme.new_units[0])
    unit.name_en = ""
    unit.is_draft_save = True
    unit.save_revision(clean=False)
    shown = programme.act(programme.editor, "submit").content.decode()
    assert "cannot be done yet" in shown
    assert "Write this in the source language" in shown
    fields = {"name_en": "Arc welding", "action-submit": "1"}
    shown = programme.save(programme.editor, programme.curriculum, **fields).content.decode()
    assert "saved, but not submitted" in shown
    assert not WorkflowState.objects.exists()
    assert fresh(programme.curriculum).get_latest_revision_as_object().name_en == "Arc welding"


def test_a_part_has_no_workflow_but_leads_to_the_review(programme: Programme) -> None:
    shown = soup(programme.as_user(programme.editor).get(edit_url(programme.changed)))
    links = {link.text.strip() for link in shown.select(f'footer a[href="{programme.url}"]')}
    assert links == {"Submit the curriculum for review"}
    assert not shown.select("[name=action-submit]")
    programme.save(programme.editor, programme.changed, **{"action-submit": "1"})
    url = reverse(
        "wagtailadmin_pages:add", args=["curricula", "modulepage", programme.curriculum.pk]
    )
    client = programme.as_user(programme.editor)
    form = soup(client.get(url)).select_one("[data-edit-form]")
    assert not form.select("[name=action-submit]")  # type: ignore[union-attr]
    streams = {name: streamfield([]) for name in ModulePage.translated_streams}
    data = {**form_values(form), **nested_form_data(streams)}
    client.post(url, {**data, "name_en": "Grinding", "action-submit": "1"})
    assert ModulePage.objects.filter(name_en="Grinding", live=False).exists()
    assert not WorkflowState.objects.exists()


def test_nothing_changed_is_nothing_to_submit(programme: Programme) -> None:
    programme.submit()
    programme.act(programme.publisher, "approve")
    assert not soup(programme.as_user(programme.editor).get(programme.url)).select("[value=submit]")
    client = programme.as_user(programme.editor)
    shown = client.post(programme.url, {"action": "submit"}, follow=True).content.decode()
    assert "Nothing has changed" in shown


# --- In review ------------------------------------------------------------------------------------


def test_in_review_only_reviewers_change_modules_and_units(programme: Programme) -> None:
    programme.submit()
    for page in (programme.curriculum, programme.module, programme.changed, programme.same):
        opened = programme.as_user(programme.editor).get(edit_url(page)).content.decode()
        assert "only its reviewers can change it" in opened
        shown = programme.save(programme.editor, page, name_en="Sneaked in").content.decode()
        assert "could not be saved as it is locked" in shown
        assert fresh(page).get_latest_revision_as_object().name_en != "Sneaked in"
    programme.save(programme.publisher, programme.same, name_en="Hand tools")
    assert fresh(programme.same).get_latest_revision_as_object().name_en == "Hand tools"


def test_a_later_draft_stays_a_draft(programme: Programme) -> None:
    programme.submit()
    programme.save(programme.publisher, programme.changed, name_en="Fire, smoke and heat")
    programme.act(programme.publisher, "approve")
    changed = fresh(programme.changed)
    assert changed.name_en == "Fire and smoke"
    assert changed.has_unpublished_changes
    assert changed.get_latest_revision_as_object().name_en == "Fire, smoke and heat"


def test_autosave_in_an_open_tab_never_alters_what_was_submitted(programme: Programme) -> None:
    # The reviewer wrote the version himself, so that Wagtail would let him write over it.
    programme.save(programme.publisher, programme.changed, name_en="Fire and smoke")
    form = programme.form(programme.publisher, programme.changed)
    revision = fresh(programme.changed).latest_revision
    programme.act(programme.publisher, "submit")
    data = {**form, "name_en": "Heat", "overwrite_revision_id": str(revision.pk)}
    response = programme.as_user(programme.publisher).post(
        edit_url(programme.changed), data, headers={"accept": "application/json"}
    )
    assert response.json()["revision_id"] != revision.pk
    programme.act(programme.publisher, "approve")
    assert fresh(programme.changed).name_en == "Fire and smoke"


def test_lists_say_what_is_in_review_in_as_many_queries(programme: Programme) -> None:
    programme.submit()
    client = programme.as_user(programme.publisher)

    def listed(parent: Page) -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            shown = soup(client.get(reverse("wagtailadmin_explore", args=[parent.pk])))
        return " ".join(shown.select_one("table.listing").text.split()), len(queries)  # type: ignore[union-attr]

    listed(programme.module)
    text, _count = listed(programme.curriculum)
    assert "draft, in review" in text
    assert text.count("in review") == 1
    assert "live + draft, in review" in listed(programme.module)[0]
    assert listed(programme.new_module)[0].count("draft, in review") == 2


# --- Judging --------------------------------------------------------------------------------------


def test_approval_publishes_everything_that_was_submitted(programme: Programme) -> None:
    programme.submit()
    assert live_names() == BEFORE
    shown = programme.act(programme.publisher, "approve", comment="Well done").content.decode()
    assert "Approved and published" in shown
    assert live_names() == AFTER
    assert programme.state.status == "approved"
    assert TaskState.objects.get().comment == "Well done"
    for page in (programme.changed, programme.new_module, *programme.new_units):
        page = fresh(page)
        assert not page.has_unpublished_changes
        assert page.live_revision == page.latest_revision
        assert page.first_published_at
    log = PageLogEntry.objects.filter(action="wagtail.publish", user=programme.publisher)
    assert log.count() == 4
    assert len(set(log.values_list("uuid", flat=True))) == 1
    found = SearchEntry.objects.filter(kind="page", text="Plasma")
    assert found.values_list("object_id", flat=True).get() == programme.new_units[1].pk


def test_asking_for_changes_publishes_nothing_and_the_next_submission_is_fixed_anew(
    programme: Programme,
) -> None:
    programme.submit()
    programme.act(programme.publisher, "reject", comment="Say more about gas.")
    assert live_names() == BEFORE
    assert programme.state.status == "needs_changes"
    shown = programme.as_user(programme.editor).get(edit_url(programme.new_units[0]))
    assert "Say more about gas." in shown.content.decode()
    programme.save(programme.editor, programme.new_units[0], name_en="Gas cutting")
    programme.submit()
    assert programme.state.task_states.count() == 2
    programme.act(programme.publisher, "approve")
    assert live_names() == AFTER - {"Gas"} | {"Gas cutting"}


def test_what_is_deleted_or_moved_away_stops_the_approval_as_a_whole(
    programme: Programme, home: Any
) -> None:
    programme.submit()
    programme.new_units[0].delete()
    other = module_page(curriculum_page(programme.curriculum.get_parent(), name_en="Other"))
    fresh(programme.changed).move(other, "last-child")
    shown = programme.act(programme.publisher, "approve").content.decode()
    assert "“Gas” was deleted" in shown
    assert "was moved out of the curriculum" in shown
    # The buttons of Wagtail's dashboard lead to the same explanation.
    task_state = programme.state.current_task_state
    args = [programme.curriculum.pk, "approve", task_state.pk]
    response = programme.as_user(programme.publisher).post(
        reverse("wagtailadmin_pages:workflow_action", args=args)
    )
    assert response.url == f"{programme.url}?check=1"
    assert live_names() == BEFORE
    assert programme.state.status == "in_progress"
    programme.act(programme.publisher, "reject")
    programme.submit()
    programme.act(programme.publisher, "approve")
    assert live_names() == {"Safety", "Fire", "Tools", "Cutting", "Plasma"}


def test_an_approval_never_undoes_a_newer_publication(programme: Programme) -> None:
    programme.submit()
    fields = {"name_en": "Fire drill", "action-publish": "1"}
    programme.save(programme.publisher, programme.changed, **fields)
    shown = programme.act(programme.publisher, "approve").content.decode()
    assert "A newer version of “Fire and smoke” was published" in shown
    assert live_names() == BEFORE - {"Fire"} | {"Fire drill"}


def test_an_address_taken_meanwhile_stops_the_approval(programme: Programme) -> None:
    programme.submit()
    ModuleUnitPage.objects.filter(pk=programme.same.pk).update(slug="taken")
    fire = fresh(programme.changed)
    revision = fire.latest_revision
    revision.content["slug"] = "taken"
    revision.save()
    shown = programme.act(programme.publisher, "approve").content.decode()
    assert "already in use" in shown
    assert live_names() == BEFORE


def test_a_reviewer_approves_only_what_is_on_the_screen(programme: Programme) -> None:
    programme.submit()
    old = programme.state.current_task_state.pk
    programme.act(programme.editor, "cancel")
    programme.submit()
    shown = programme.act(programme.publisher, "approve", task_state=old).content.decode()
    assert "Look again" in shown
    assert live_names() == BEFORE


def test_publishers_publish_the_whole_without_review(programme: Programme) -> None:
    shown = programme.act(programme.publisher, "publish").content.decode()
    assert "4 pages were published" in shown
    assert live_names() == AFTER


def test_a_new_curriculum_goes_live_with_its_modules(programme: Programme) -> None:
    curriculum = curriculum_page(programme.curriculum.get_parent(), name_en="New", live=False)
    unit = module_unit_page(module_page(curriculum, live=False, slug="a"), live=False)
    unit.slug = "renamed"
    unit.save_revision()
    module = fresh(unit.get_parent().specific)
    module.slug = "b"
    module.save_revision()
    programme.curriculum = curriculum
    programme.act(programme.publisher, "publish")
    unit = fresh(unit)
    assert unit.live
    assert unit.url_path == f"{curriculum.url_path}b/renamed/"


def test_the_cost_of_an_approval_is_a_few_queries_a_page(programme: Programme) -> None:
    def cost(units: int) -> int:
        for number in range(units):
            module_unit_page(programme.module, name_en=f"Unit {units} {number}", live=False)
        programme.submit()
        task_state = programme.state.current_task_state
        with CaptureQueriesContext(connection) as queries:
            task_state.task.specific.on_action(task_state, programme.publisher, "approve")
        assert ModuleUnitPage.objects.live().count() >= units
        # In production these run in the worker.
        return sum("modelsearch" not in query["sql"] for query in queries)

    cost(2)
    few, many = cost(2), cost(12)
    assert (many - few) / 10 < 20


# --- Rights ---------------------------------------------------------------------------------------


def test_editors_publish_in_no_way(programme: Programme) -> None:
    programme.submit()
    client = programme.as_user(programme.editor)
    task_state = programme.state.current_task_state
    data = {"action": "approve", "task_state": task_state.pk}
    client.post(programme.url, data)
    client.post(programme.url, {"action": "publish"})
    args = [programme.curriculum.pk, "approve", task_state.pk]
    client.post(reverse("wagtailadmin_pages:workflow_action", args=args))
    fields = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    programme.save(programme.editor, programme.curriculum, **fields)
    programme.act(programme.editor, "cancel")
    for page in (programme.curriculum, programme.changed):
        fields = {"action-publish": "1", "go_live_at": "2020-01-01 10:00"}
        programme.save(programme.editor, page, name_en="Sneaked in", **fields)
    client.post(programme.url, {"action": "publish"})
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={programme.new_module.pk}", {"include_descendants": "on"})
    assert live_names() == BEFORE
    assert fresh(programme.curriculum).name_en == "Welding"


def test_publishers_of_another_centre_get_nowhere(programme: Programme, home: Any) -> None:
    other = centre_page(home, name_en="Pakse", slug="pakse")
    stranger = UserFactory(username="stranger")
    stranger.groups.add(other.space.publishers)
    own = curriculum_page(other, name_en="Own")
    own.save_revision(user=stranger)
    own.get_workflow().start(own, stranger)
    programme.submit()
    client = programme.as_user(stranger)
    task_state = programme.state.current_task_state
    assert client.get(programme.url).status_code == 302
    data = {"action": "approve", "task_state": task_state.pk}
    client.post(programme.url, data)
    # Their own page in the address, the other centre's task behind it.
    for page in (programme.curriculum, own):
        args = [page.pk, "approve", task_state.pk]
        client.post(reverse("wagtailadmin_pages:workflow_action", args=args))
    client.post(
        reverse("curricula_review:review", args=[own.pk]),
        {"action": "approve", "task_state": task_state.pk},
    )
    assert live_names() == BEFORE
    assert programme.state.status == "in_progress"
    assert fresh(own).current_workflow_state.status == "in_progress"
