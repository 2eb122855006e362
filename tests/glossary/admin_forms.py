"""Posting what a browser would post: every field of a form as the page shows it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from core.languages import CODES


def url(name: str, *args: Any) -> str:
    """The address of one of the concept's admin views."""
    return reverse(f"wagtailsnippets_glossary_concept:{name}", args=args)


def shown(form: Any) -> dict[str, Any]:
    """The fields of a form, and of its formsets, with their values."""
    data: dict[str, Any] = _fields(form)
    for formset in form.formsets.values():
        data |= _fields(formset.management_form)
        for child in formset.forms:
            data |= _fields(child)
            data[child.add_prefix("ORDER")] = str(len(data))
    return data


def _fields(form: Any) -> dict[str, Any]:
    values = {}
    for bound in form:
        value = bound.value()
        if value is False or bound.name == "DELETE":
            continue
        value = "" if value is None else value
        if isinstance(value, (list, tuple)) or hasattr(value, "all"):
            values[bound.html_name] = [str(getattr(item, "pk", item)) for item in value]
        else:
            values[bound.html_name] = str(value)
    return values


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the form at `address` would post unchanged."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    data = shown(response.context["form"])
    concept = response.context["form"].instance
    if concept.pk and concept.latest_revision:
        data["loaded_revision_id"] = str(concept.latest_revision.pk)
        data["loaded_revision_created_at"] = concept.latest_revision.created_at.isoformat()
    return data


def new_concept(
    lo: str = "", vi: str = "", en: str = "", trades: tuple[Any, ...] = (), **more: Any
) -> dict[str, Any]:
    """The form of a new concept with a term per language."""
    texts = dict(zip(CODES, (lo, vi, en), strict=True))
    data: dict[str, Any] = {
        "source_language": "en",
        "languages": list(CODES),
        "ready_languages": list(CODES),
        "relations-TOTAL_FORMS": "0",
        "relations-INITIAL_FORMS": "0",
        "trades": [str(trade.pk) for trade in trades],
    }
    for code, text in texts.items():
        data[f"terms_{code}-INITIAL_FORMS"] = "0"
        data[f"terms_{code}-TOTAL_FORMS"] = "1" if text else "0"
        if text:
            data |= term(code, 0, text)
    return data | more


def term(code: str, number: int, text: str, **more: str) -> dict[str, str]:
    """The fields of one new term."""
    fields = {"text": text, "part_of_speech": "noun", "status": "preferred", "type": "full"}
    return {f"terms_{code}-{number}-{name}": value for name, value in (fields | more).items()}


def add_term(data: dict[str, Any], code: str, text: str, **more: str) -> dict[str, Any]:
    """`data` with one more term of a language."""
    number = int(data[f"terms_{code}-TOTAL_FORMS"])
    data[f"terms_{code}-TOTAL_FORMS"] = str(number + 1)
    return data | term(code, number, text, **more)


def add_relation(data: dict[str, Any], target: Any, kind: str = "related") -> dict[str, Any]:
    """`data` with one more link to another concept."""
    number = int(data["relations-TOTAL_FORMS"])
    data["relations-TOTAL_FORMS"] = str(number + 1)
    return data | {f"relations-{number}-kind": kind, f"relations-{number}-target": str(target.pk)}
