"""Helpers of the tests of the lesson editor: what a browser would post."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from lessons.models import LessonPage
from tests.core.editor import texts

ID = "0000000{}-0000-4000-8000-000000000000"


def translated(**by_language: str) -> dict[str, str]:
    return {code: by_language.get(code, "") for code in ("lo", "vi", "en")}


def rows(values: list[dict[str, Any]]) -> dict[str, Any]:
    """The items of a list block as the form posts them."""
    posted: dict[str, Any] = {"count": str(len(values))}
    for number, value in enumerate(values):
        posted[str(number)] = {"value": value, "deleted": "", "order": str(number), "id": ""}
    return posted


def order_block(*pieces: str) -> dict[str, Any]:
    return {
        "question": translated(),
        "why": translated(),
        "pieces": rows(list(pieces)),  # type: ignore[arg-type]
        "translation": translated(),
    }


def lesson_data(*blocks: tuple[str, Any], **fields: Any) -> dict[str, Any]:
    """The post data of a lesson; blocks are (kind, posted value)."""
    data = nested_form_data({"body": streamfield(list(blocks)), "comments": inline_formset([])})
    for number in range(len(blocks)):
        data[f"body-{number}-id"] = ID.format(number + 1)
    return {
        **texts("name", en="Hello"),
        **texts("introduction"),
        **texts("share_title"),
        **texts("share_description"),
        "slug": "hello",
        "minutes": "30",
        "unmarked_terms": "",
        "mark_terms": "on",
        "source_language": "en",
        "languages": ["en"],
        "ready_languages": ["en"],
        **data,
        **fields,
    }


def edit(client: Client, lesson: Page, data: dict[str, Any]) -> Any:
    return client.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), data)


def opened(lesson: LessonPage) -> LessonPage:
    """The lesson with a published revision, as the editor leaves it."""
    lesson.save_revision().publish()
    return LessonPage.objects.get(pk=lesson.pk)
