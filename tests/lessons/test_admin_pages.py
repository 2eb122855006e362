"""Drafts, schedules, workflow, comparison and two editors at once, on lessons."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from lessons.models import LessonPage
from tests.core.editor import loaded, signed_in, soup
from tests.factories import AdminFactory, course_page, lesson_page, unit_page

from .editing import ID, edit, lesson_data, opened, order_block
from .samples import words

pytestmark = pytest.mark.django_db

GREETING = ("dialogue", {"lines": [{"speaker": "ຄູ", "text": "ສະບາຍດີ ຂອບໃຈ"}]})


@pytest.fixture
def lesson(home: Any) -> LessonPage:
    return opened(lesson_page(unit_page(course_page(home)), GREETING, name_en="Hello"))


def fresh(lesson: LessonPage) -> LessonPage:
    return LessonPage.objects.get(pk=lesson.pk)


# --- Comparison -----------------------------------------------------------------------------------


def compared(client: Client, before: Any, after: Any, lesson: LessonPage) -> Any:
    address = reverse("wagtailadmin_pages:revisions_compare", args=[lesson.pk, before.pk, after.pk])
    response = client.get(address)
    assert response.status_code == 200
    return soup(response)


def test_translations_are_compared_word_by_word(client: Client, lesson: LessonPage) -> None:
    signed_in(client)
    block = ("paragraphs", {**words("<p>Chào</p>", "<p>Hi</p>"), "lo": "<p>ສະບາຍດີຕອນເຊົ້າ</p>"})
    revisions = []
    for lao in ("ສະບາຍດີຕອນເຊົ້າ", "ສະບາຍດີຕອນແລງ"):
        value = {**block[1], "lo": f"<p>{lao}</p>"}
        lesson.body = [{"type": "paragraphs", "value": value, "id": ID.format(1)}]
        revisions.append(lesson.save_revision())
    page = compared(client, *revisions, lesson)
    # A word of Lao is one piece, its vowel and tone marks with it, and the rest stays.
    assert [element.text for element in page.select(".deletion")] == ["ເຊົ້າ"]
    assert [element.text for element in page.select(".addition")] == ["ແລງ"]


def test_lines_of_the_taught_language_are_compared_by_words_too(
    client: Client, lesson: LessonPage
) -> None:
    signed_in(client)
    revisions = []
    for text in ("ສະບາຍດີຕອນເຊົ້າ", "ສະບາຍດີຕອນແລງ"):
        value = {"lines": [{"speaker": "ຄູ", "text": text}]}
        lesson.body = [{"type": "dialogue", "value": value, "id": ID.format(1)}]
        revisions.append(lesson.save_revision())
    page = compared(client, *revisions, lesson)
    assert [element.text for element in page.select(".deletion")] == ["ເຊົ້າ"]
    assert [element.text for element in page.select(".addition")] == ["ແລງ"]


# --- Drafts, schedules, workflow ------------------------------------------------------------------


def test_a_half_written_lesson_is_saved_as_a_draft(client: Client, lesson: LessonPage) -> None:
    signed_in(client)
    assert edit(client, lesson, lesson_data(("order", order_block("ດີ")))).status_code == 302
    found = fresh(lesson)
    assert found.body[0].block_type == "dialogue"
    assert found.get_latest_revision_as_object().body[0].block_type == "order"


def test_a_lesson_is_published_on_its_date(client: Client, lesson: LessonPage) -> None:
    signed_in(client)
    draft = lesson.get_latest_revision_as_object()
    draft.name_en = "Good morning"
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()
    assert fresh(lesson).name_en == "Hello"
    scheduled = fresh(lesson).scheduled_revision
    scheduled.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    scheduled.save()
    content = scheduled.content
    content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    scheduled.content = content
    scheduled.save()
    call_command("publish_scheduled")
    assert fresh(lesson).name_en == "Good morning"


def test_a_lesson_goes_through_a_workflow(client: Client, lesson: LessonPage) -> None:
    workflow = Workflow.objects.create(name="Native teacher")
    task = GroupApprovalTask.objects.create(name="Read")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=lesson)
    user = AdminFactory()
    client.force_login(user)
    data = lesson_data(("order", order_block("ເຈົ້າ", "ສະບາຍດີ")))
    assert edit(client, lesson, {**data, "action-submit": "yes"}).status_code == 302
    state = fresh(lesson).current_workflow_state
    assert state is not None
    state.current_task_state.approve(user=user)
    assert fresh(lesson).body[0].block_type == "order"


def test_an_exercise_that_cannot_be_solved_is_not_submitted(
    client: Client, lesson: LessonPage
) -> None:
    workflow = Workflow.objects.create(name="Native teacher")
    task = GroupApprovalTask.objects.create(name="Read")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=lesson)
    signed_in(client)
    data = lesson_data(("order", order_block("ດີ")))
    assert edit(client, lesson, {**data, "action-submit": "yes"}).status_code == 200
    assert fresh(lesson).current_workflow_state is None


# --- Two editors ----------------------------------------------------------------------------------


def test_a_save_over_another_editors_is_refused(client: Client, lesson: LessonPage) -> None:
    signed_in(client)
    seen = loaded(lesson)
    theirs = lesson.get_latest_revision_as_object()
    theirs.minutes = 45
    theirs.save_revision(user=AdminFactory())
    data = lesson_data(("order", order_block("ເຈົ້າ", "ສະບາຍດີ")), **seen)
    response = edit(client, lesson, data)
    assert response.status_code == 200
    assert "saved a newer version while you were writing" in response.content.decode()
    assert fresh(lesson).get_latest_revision_as_object().minutes == 45


def test_a_block_with_an_id_used_twice_keeps_its_own(client: Client, lesson: LessonPage) -> None:
    signed_in(client)
    block = ("order", order_block("ເຈົ້າ", "ສະບາຍດີ"))
    data = lesson_data(block, block)
    data["body-1-id"] = data["body-0-id"]
    assert edit(client, lesson, {**data, "action-publish": "yes"}).status_code == 302
    first, second = fresh(lesson).body
    assert first.id != second.id
