"""Two people at once: what saving from an outdated revision would undo.

Wagtail refuses an autosave from an outdated revision but lets an explicit save through. The forms
of core.forms refuse that too, unless nothing would be undone: they keep what was typed, list what
the other person's version says, and accept the next save, which names the version that was shown.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Revision, RevisionMixin
from wagtail.utils.text import text_from_html

from .blocks import stream_units
from .languages import CODES
from .translated import LANGUAGE_CHOICES, TranslatedContent, fingerprint, is_blank

if TYPE_CHECKING:
    from .forms import TranslatedFormMixin

#: The field in which the form says which newer version its reader has been shown.
SEEN = "conflict_seen"
#: The field that says what a record without revisions said when it was opened.
LOADED_STATE = "loaded_state"


@dataclass(frozen=True)
class Difference:
    """One place where saving would undo what another person wrote.

    `text` is theirs, '' where they removed it; `language` is None where it has none.
    """

    label: str
    text: str
    language: str | None = None


@dataclass(frozen=True)
class Conflict:
    """A newer version than the one that was edited, and what it says otherwise.

    `token` is what the form posts as SEEN once the version was shown. Of a record without
    revisions nobody knows who saved it and when.
    """

    token: str
    differences: tuple[Difference, ...]
    user_name: str
    saved_at: datetime | None = None
    loaded_id: str = ""
    loaded_at: str = ""


def version_token(revision: Revision) -> str:
    """Names a version: an autosave writes over its own revision, so the number alone will not."""
    return f"{revision.pk}@{revision.created_at.isoformat()}"


def state_token(content: models.Model) -> str:
    """Names what a record without revisions says now."""
    fields = content._meta.concrete_fields
    said = {field.attname: str(getattr(content, field.attname)) for field in fields}
    return fingerprint(json.dumps(said, sort_keys=True))


def find_conflict(form: "TranslatedFormMixin") -> Conflict | None:
    """What saving this bound form would undo, or None where it may be saved."""
    if not form.instance.pk:
        return None
    if not isinstance(form.instance, RevisionMixin):
        return _conflict_of_states(form)
    latest: Revision | None = form.instance.latest_revision
    return _conflict_of_revisions(form, latest) if latest is not None else None


def _conflict_of_states(form: "TranslatedFormMixin") -> Conflict | None:
    loaded = form.data.get(LOADED_STATE)
    theirs = type(form.instance)._default_manager.filter(pk=form.instance.pk).first()
    if not loaded or theirs is None:
        return None
    token = state_token(theirs)
    if token in (loaded, form.data.get(SEEN)):
        return None
    differences = tuple(_differences(form, theirs, None))
    return Conflict(token, differences, _("Someone")) if differences else None


def _conflict_of_revisions(form: "TranslatedFormMixin", latest: Revision) -> Conflict | None:
    data, instance = form.data, form.instance
    token = version_token(latest)
    own_autosave = data.get("overwrite_revision_id", "")
    loaded_id = own_autosave or data.get("loaded_revision_id", "")
    loaded_at = data.get("loaded_revision_created_at", "")
    if not loaded_id or data.get(SEEN) == token:
        return None
    # The same number at another time: an autosave wrote over it. One's own is no conflict, but
    # after an autosave that was refused Wagtail's script no longer says that it was its own.
    is_own = form.for_user is not None and latest.user_id == form.for_user.pk
    is_latest_kept = own_autosave or is_own or loaded_at == latest.created_at.isoformat()
    if loaded_id == str(latest.pk) and is_latest_kept:
        return None
    theirs = latest.as_object()
    base = _loaded_version(instance, loaded_id, "" if own_autosave else loaded_at)
    differences = tuple(_differences(form, theirs, base))
    if not differences:
        return None
    user = latest.user
    name = (user.get_full_name() or user.get_username()) if user else _("Someone")
    return Conflict(token, differences, name, latest.created_at, loaded_id, loaded_at)


def _loaded_version(instance: Any, loaded_id: str, loaded_at: str) -> Any:
    """The version that the editor began with, None where it is no longer kept."""
    if not loaded_id.isdecimal() or len(loaded_id) > 18:
        return None
    revision = instance.revisions.filter(pk=loaded_id).first()
    if revision is None:
        return None
    try:
        is_kept = not loaded_at or parse_datetime(loaded_at) == revision.created_at
    except ValueError:
        is_kept = False
    return revision.as_object() if is_kept else None


def _differences(form: "TranslatedFormMixin", theirs: Any, base: Any) -> Iterator[Difference]:
    translated = {f"{name}_{code}" for name in theirs.translated_fields for code in CODES}
    yield from _text_differences(form, theirs, base)
    for name in form.fields:
        if name in theirs.translated_streams:
            yield from _stream_difference(form, name, theirs, base)
        elif name not in translated:
            yield from _field_difference(form, name, theirs, base)
    for name, formset in form.formsets.items():
        if name != "comments":
            yield from _child_differences(formset, theirs, base)


def _text_differences(form: "TranslatedFormMixin", theirs: Any, base: Any) -> Iterator[Difference]:
    mine = _typed_units(form, theirs)
    newer = _stored_units(theirs)
    older = _stored_units(base) if base is not None else None
    for path in {**newer, **mine}:
        for code in CODES:
            text = newer.get(path, {}).get(code, "")
            if _same(text, mine.get(path, {}).get(code, "")):
                continue
            if older is not None and _same(text, older.get(path, {}).get(code, "")):
                continue
            yield Difference(_label(theirs, path.split(".")[0]), text_from_html(text), code)


def _typed_units(form: "TranslatedFormMixin", theirs: Any) -> dict[str, Mapping[str, str]]:
    """Path → texts as they stand in the form, valid or not."""
    units: dict[str, Mapping[str, str]] = {}
    for name in theirs.translated_fields:
        stored = theirs.field_texts(name)
        units[name] = {
            code: form[f"{name}_{code}"].value() or ""
            if f"{name}_{code}" in form.fields
            else stored[code]
            for code in CODES
        }
    for name in theirs.translated_streams:
        value = form[name].value() if name in form.fields else getattr(theirs, name)
        units |= {unit.path: unit.texts for unit in stream_units(name, value)}
    return units


def _stored_units(content: TranslatedContent) -> dict[str, Mapping[str, str]]:
    return {unit.path: unit.texts for unit in content.units()}


def _stream_difference(
    form: "TranslatedFormMixin", name: str, theirs: Any, base: Any
) -> Iterator[Difference]:
    """Blocks added, removed, moved, or other pictures in them: what no text shows."""

    def shape(value: Any) -> Any:
        return _structure(value.stream_block.get_prep_value(value))

    newer = shape(getattr(theirs, name))
    changed_by_them = base is None or shape(getattr(base, name)) != newer
    if changed_by_them and shape(form[name].value()) != newer:
        yield Difference(_label(theirs, name), _("Order, number or pictures of its blocks."))


def _field_difference(
    form: "TranslatedFormMixin", name: str, theirs: Any, base: Any
) -> Iterator[Difference]:
    try:
        field = theirs._meta.get_field(name)
    except FieldDoesNotExist:
        return
    newer, typed = field.value_from_object(theirs), form[name].data
    # A slug left empty is made on the server.
    if name == "slug" and not typed:
        return
    if base is not None and _comparable(field.value_from_object(base)) == _comparable(newer):
        return
    if form.fields[name].has_changed(form.fields[name].prepare_value(newer), typed):
        yield Difference(_label(theirs, name), _shown(theirs, field))


def _child_differences(formset: Any, theirs: Any, base: Any) -> Iterator[Difference]:
    shown = formset.form.base_fields
    fields = [field for field in formset.model._meta.get_fields() if field.name in shown]
    label = capfirst(str(formset.model._meta.verbose_name_plural))

    def row(child: Any) -> tuple[Any, ...]:
        return tuple(_comparable(field.value_from_object(child)) for field in fields)

    def typed_row(child_form: Any) -> tuple[Any, ...]:
        cleaned = getattr(child_form, "cleaned_data", {})
        return tuple(
            _comparable(cleaned.get(field.name, child_form[field.name].data)) for field in fields
        )

    mine = [
        typed_row(child_form)
        for child_form in formset.forms
        if not (formset.can_delete and formset._should_delete_form(child_form))
    ]
    newer = {row(child): child for child in _children(formset, theirs)}
    older = {row(child): child for child in _children(formset, base)}
    for values, child in newer.items():
        if values not in mine and values not in older:
            yield Difference(label, str(child))
    kept = {_identity(child) for child in newer.values()}
    for values, child in older.items():
        if values in mine and _identity(child) not in kept:
            yield Difference(label, _("Removed: %(name)s") % {"name": child})


def _children(formset: Any, content: Any) -> list[Any]:
    """The children that a formset is about, in some version of the whole.

    A formset of a part of them says which (`children_of`).
    """
    if content is None:
        return []
    if hasattr(formset, "children_of"):
        return list(formset.children_of(content))
    return list(getattr(content, formset.rel_name).all())


def _identity(child: Any) -> Any:
    # A child of a draft may have no key of the database yet.
    return getattr(child, "public_id", None) or child.pk


def _label(content: Any, name: str) -> str:
    return capfirst(str(content._meta.get_field(name).verbose_name))


def _shown(content: Any, field: Any) -> str:
    if field.many_to_many:
        return ", ".join(str(item) for item in getattr(content, field.name).all())
    display = getattr(content, f"get_{field.name}_display", None)
    value = display() if display else getattr(content, field.name)
    if isinstance(value, list):
        names = dict(LANGUAGE_CHOICES)
        return ", ".join(str(names.get(item, item)) for item in value)
    return "" if value is None else str(value)


def _same(one: str, other: str) -> bool:
    if is_blank(one) or is_blank(other):
        return is_blank(one) and is_blank(other)
    return fingerprint(one) == fingerprint(other)


def _structure(value: Any) -> Any:
    """A stream's stored value without what its translated blocks say."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(CODES):
            return ""
        return tuple((key, _structure(item)) for key, item in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(_structure(item) for item in value)
    return value


def _comparable(value: Any) -> Any:
    """A value such that two of them are equal when they say the same."""
    if isinstance(value, str):
        return "" if is_blank(value) else fingerprint(value)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, Mapping):
        return tuple((key, _comparable(item)) for key, item in sorted(value.items()))
    if isinstance(value, models.QuerySet) or (
        isinstance(value, list) and value and isinstance(value[0], models.Model)
    ):
        return tuple(sorted(str(item.pk) for item in value))
    if isinstance(value, (list, tuple)):
        return tuple(_comparable(item) for item in value)
    return "" if value is None else str(value)
