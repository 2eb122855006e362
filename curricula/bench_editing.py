"""What editing costs in a large curriculum: opening and saving a module, submitting, approving."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from lxml import html
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from .models import CurriculumPage, ModulePage, ModuleUnitPage
from .review import submit

Row = tuple[str, float, str]
_TEXTS = {
    "lo": "ກວດກາເຄື່ອງມື ແລະ ອຸປະກອນ ກ່ອນເລີ່ມວຽກທຸກຄັ້ງ",
    "vi": "Kiểm tra dụng cụ và thiết bị trước khi bắt đầu công việc",
    "en": "Check tools and equipment before the work begins",
}
_LISTS, _SECTIONS = ("knowledge", "skills", "autonomy"), ("position", "assessment", "usage")


def measure_editing(curriculum: CurriculumPage, rounds: int = 20) -> list[Row]:
    """Milliseconds of a module's editor, and seconds of a review of the whole curriculum."""
    user = _editor()
    return [*_measure_module(curriculum, user, rounds), *_measure_review(curriculum, user)]


def _editor() -> Any:
    model = get_user_model()
    found = model.objects.filter(username="bench").first()
    return found or model.objects.create_superuser("bench", "bench@example.org", None)


def _measure_module(curriculum: CurriculumPage, user: Any, rounds: int) -> list[Row]:
    """Each save changes the hours of the module and of a unit in its table."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    module = ModulePage.objects.child_of(curriculum).order_by("path")[0]
    units = ModuleUnitPage.objects.child_of(module).count()
    url = reverse("wagtailadmin_pages:edit", args=[module.pk])
    opened, saved = [], []
    for number in range(rounds):
        milliseconds, answer = _timed(partial(client.get, url))
        opened.append(milliseconds)
        data = {**_form(answer.content), **_streams(module)}
        data |= {"hours_theory": 10 + number % 2, "children-0-hours_theory": 3 + number % 2}
        milliseconds, answer = _timed(partial(client.post, url, data))
        if answer.status_code != 302:
            raise RuntimeError("The module was not saved.")
        saved.append(milliseconds)
    return [
        row
        for what, times in (("opened", opened), ("saved", saved))
        for row in (
            (f"module with {units} units {what} in the admin, p50", median(times), "ms"),
            (f"module with {units} units {what} in the admin, p95", _p95(times), "ms"),
        )
    ]


def _measure_review(curriculum: CurriculumPage, user: Any) -> list[Row]:
    pages = Page.objects.descendant_of(curriculum, inclusive=True).order_by("path")
    for page in pages.filter(has_unpublished_changes=False).specific():
        page.save_revision(user=user, clean=False)
    count = pages.count()
    submitted, _nothing = _timed(partial(submit, curriculum, user))
    task_state = curriculum.current_workflow_state.current_task_state
    task = task_state.task.specific
    approved, _nothing = _timed(partial(task.on_action, task_state, user, "approve"))
    if pages.filter(has_unpublished_changes=True).exists():
        raise RuntimeError("The curriculum was not published.")
    return [
        (f"curriculum of {count} changed pages submitted", submitted / 1000, "s"),
        (f"curriculum of {count} changed pages approved", approved / 1000, "s"),
    ]


def _form(page: bytes) -> dict[str, str]:
    """What a browser would post of the page's editor as it stands, but for the streams."""
    document = html.document_fromstring(page)
    for template in document.findall(".//template"):
        template.drop_tree()
    return dict(document.get_element_by_id("page-edit-form").form_values())


def _streams(module: ModulePage) -> Mapping[str, Any]:
    """Texts of an ordinary length, as the scripts of the editor post them."""
    rich = {code: rich_text(f"<p>{' '.join([text] * 3)}.</p>") for code, text in _TEXTS.items()}
    streams = {name: streamfield([]) for name in module.translated_streams}
    streams |= {name: streamfield([("item", _TEXTS)] * 5) for name in _LISTS}
    streams |= {name: streamfield([("paragraphs", rich)] * 2) for name in _SECTIONS}
    data: Mapping[str, Any] = nested_form_data(streams)
    return data


def _timed(function: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    result = function()
    return (time.perf_counter() - begin) * 1000, result


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
