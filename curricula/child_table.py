"""The table of a page's children in its editor: names, numbers, order, saved with the page.

A module shows its units so, a curriculum its modules. The table is a formset in the page's form.
A row says what its editor was shown (`shown`): a field that was not touched here is left as it is
by now, and one that two people changed refuses the save until both versions were seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.models import fields_for_model
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.forms import TranslatedPageForm
from core.identity import ALPHABET, LENGTH
from core.languages import CODES, LANGUAGES, Language
from core.models import BasePage
from core.reader import current_language
from core.translated import State, normalise_input

MOST_ROWS = 150
_NAMES = tuple(f"name_{code}" for code in CODES)
_HOURS = ("hours_theory", "hours_practice", "hours_test")


class RowForm(forms.Form):
    """One child: which it is, what its editor was shown, and the revision of their own autosave."""

    page = forms.CharField(max_length=LENGTH, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    draft = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_page(self) -> str:
        key: str = self.cleaned_data["page"]
        if len(key) != LENGTH or not set(key) <= set(ALPHABET):
            raise forms.ValidationError(_("This row cannot be saved. Add it anew."))
        return key

    def clean_shown(self) -> dict[str, str]:
        try:
            shown = json.loads(self.cleaned_data["shown"] or "{}")
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}


def row_form(model: type[BasePage], columns: tuple[str, ...]) -> type[RowForm]:
    """The form of a row: names in every language and the columns, checked as the model has them."""
    fields = fields_for_model(model, fields=(*_NAMES, *columns))
    for code in CODES:
        fields[f"name_{code}"].widget = forms.TextInput()
    for name in columns:
        # What is left empty stands for nothing: 0 hours, no credits.
        fields[name].required = False
    return type(f"{model.__name__}RowForm", (RowForm,), fields)


@dataclass
class Row:
    """A row as the template shows it."""

    table: ChildTable
    form: Any
    child: Any
    #: What the row was shown, or is shown now: field → text.
    shown: dict[str, str]
    revision_id: int | None = None
    is_deleted: bool = False
    #: Labels and texts of what somebody else wrote meanwhile.
    theirs: list[tuple[str, str]] = field(default_factory=list)
    #: What is to be written: field → value.
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def shown_json(self) -> str:
        return json.dumps(self.shown, ensure_ascii=False)

    @property
    def names(self) -> list[tuple[Language, SafeString]]:
        """The languages of names that are shown, each with its input."""
        languages = [LANGUAGES[code] for code in self.table.languages]
        return [(language, self._input(f"name_{language.code}")) for language in languages]

    @property
    def cells(self) -> list[tuple[str, Any, SafeString]]:
        """Name, label and input of each column beside the names."""
        return [(name, self.form[name].label, self._input(name)) for name in self.table.columns]

    def _input(self, name: str) -> SafeString:
        bound = self.form[name]
        code = name.removeprefix("name_")
        attrs = {"aria-label": bound.label, "data-column": name}
        if code in LANGUAGES:
            attrs["lang"] = code
            if self.child is not None and not getattr(self.child, name):
                attrs["placeholder"] = self.child.editor_text("name")
        return bound.as_widget(attrs=attrs)

    @property
    def may_edit(self) -> bool:
        return self.child is None or self.table.may_edit(self.child)

    @property
    def may_delete(self) -> bool:
        return self.child is None or self.table.may_delete(self.child)

    @property
    def translations(self) -> list[dict[str, Any]]:
        """The languages that miss something or are older than the source."""
        if self.child is None:
            return []
        return [
            {
                "code": code,
                "tag": LANGUAGES[code].tag,
                "missing": counts[State.MISSING],
                "stale": counts[State.STALE],
            }
            for code, counts in self.child.translation_counts().items()
            if counts[State.MISSING] or counts[State.STALE]
        ]


class ChildTable:
    """The children of `parent` for one user; bound where `data` is given.

    The model of `parent` says which columns there are beside the names (`child_columns`).
    """

    prefix = "children"

    def __init__(self, parent: Any, user: Any, data: Any = None) -> None:
        self.parent = parent
        self.user = user
        self.model: Any = parent.creatable_subpage_models()[0]
        self.columns: tuple[str, ...] = parent.child_columns
        self.data = data if data is not None and f"{self.prefix}-TOTAL_FORMS" in data else None
        self.errors: list[str] = []
        self.rows: list[Row] = []
        #: The order that is wanted, empty where it was not touched.
        self.order: list[str] = []

    # --- Reading ----------------------------------------------------------------------------------

    @cached_property
    def children(self) -> dict[str, Any]:
        """Public id → child as stored, in their order; few queries however many there are."""
        if not self.parent.pk:
            return {}
        found = (
            self.model.objects.child_of(self.parent)
            .order_by("path")
            .select_related("latest_revision__user")
            .prefetch_workflow_states()
        )
        children = {child.public_id: child for child in found}
        for child in children.values():
            child._cached_parent_obj = self.parent
        return children

    @cached_property
    def drafts(self) -> dict[str, Any]:
        """The same children as their newest drafts have them."""
        from .outlines import newest

        return {key: newest(child) for key, child in self.children.items()}

    @property
    def fields(self) -> tuple[str, ...]:
        return (*_NAMES, *self.columns)

    @property
    def languages(self) -> list[str]:
        """The languages in which names are shown: the source, and the editor's own."""
        return list(dict.fromkeys((self.parent.source_language, current_language())))

    @cached_property
    def formset(self) -> BaseFormSet:
        form = row_form(self.model, self.columns)
        factory = formset_factory(
            form,
            extra=0,
            can_order=True,
            can_delete=True,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS + 1,
            validate_max=True,
        )
        if self.data is not None:
            return factory(self.data, prefix=self.prefix)
        initial = [
            {name: getattr(draft, name) for name in self.fields} | {"page": key}
            for key, draft in self.drafts.items()
        ]
        return factory(initial=initial, prefix=self.prefix)

    def shown_rows(self) -> list[Row]:
        """The rows for the template: as they are stored, or as they were typed."""
        if self.data is not None:
            self.is_valid()
            return self.rows
        return [
            Row(self, form, self.drafts[key], self._texts(self.drafts[key]))
            for form, key in zip(self.formset.forms, self.drafts, strict=True)
        ]

    @property
    def shown_order(self) -> str:
        return ",".join(self.children)

    @property
    def blank_row(self) -> Row:
        """What the script makes new rows of."""
        return Row(self, self.formset.empty_form, None, {})

    def may_add(self) -> bool:
        return bool(
            self.parent.permissions_for_user(self.user).can_add_subpage()
            and not self.parent.permissions_for_user(self.user).page_locked()
        )

    def may_edit(self, child: BasePage) -> bool:
        permissions = child.permissions_for_user(self.user)
        return bool(permissions.can_edit() and not permissions.page_locked())

    def may_delete(self, child: BasePage) -> bool:
        """Only drafts: what readers know is unpublished on its own page first."""
        return bool(
            not child.live
            and self.may_edit(child)
            and child.permissions_for_user(self.user).can_delete()
        )

    def _texts(self, page: Any) -> dict[str, str]:
        return {name: _text(getattr(page, name)) for name in self.fields}

    # --- Checking ---------------------------------------------------------------------------------

    @cached_property
    def _valid(self) -> bool:
        if self.data is None:
            return True
        formset = self.formset
        valid = formset.is_valid()
        if formset.total_form_count() > MOST_ROWS:
            self.errors.append(_("The table holds %(n)s rows at most.") % {"n": MOST_ROWS})
            return False
        ordered = sorted(formset.forms, key=lambda form: _place(self.data, form))
        seen: set[str] = set()
        for form in ordered:
            key = form.data.get(form.add_prefix("page"), "")
            row = self._row(form, key) if key not in seen else None
            seen.add(key)
            if row is not None:
                self.rows.append(row)
                valid = valid and not form.errors
        self._check_order()
        return valid and not self.errors

    def is_valid(self) -> bool:
        return self._valid

    def _row(self, form: Any, key: str) -> Row | None:
        """What is to be done about a row, None where it is empty or gone."""
        child = self.drafts.get(key)
        # Of a row with errors Django keeps no values; it is shown again as it was typed.
        values = getattr(form, "cleaned_data", {})
        shown = values.get("shown") or {}
        is_deleted = bool(form.data.get(form.add_prefix("DELETE")))
        row = Row(self, form, child, shown, values.get("draft"), is_deleted)
        typed = {
            name: _cleaned(values.get(name), self.model, name)
            for name in self.fields
            if name in values and form.add_prefix(name) in self.data
        }
        if row.is_deleted:
            return self._checked_deletion(row)
        if form.errors:
            return row
        if child is None:
            return self._checked_addition(row, typed)
        for name, value in typed.items():
            self._compare(row, name, value)
        if row.theirs:
            form.add_error(None, _("%(user)s wrote this meanwhile:") % {"user": self._who(child)})
            row.shown = self._texts(child)
        elif row.changes and not self.may_edit(self.children[key]):
            form.add_error(None, _("You may not change this row, or it is locked."))
        return row

    def _compare(self, row: Row, name: str, value: Any) -> None:
        now, typed, shown = _text(getattr(row.child, name)), _text(value), row.shown.get(name)
        if typed in (now, shown):
            return
        if now == shown:
            row.changes[name] = value
        else:
            label = capfirst(str(self.model._meta.get_field(name).verbose_name))
            row.theirs.append((label, now or "–"))

    def _checked_addition(self, row: Row, typed: dict[str, Any]) -> Row | None:
        given = {name: value for name, value in typed.items() if _text(value)}
        if row.shown:
            if all(_text(value) == row.shown.get(name) for name, value in typed.items()):
                return None
            row.form.add_error(
                None, _("This was deleted or moved meanwhile. Save again to make it anew.")
            )
            row.shown = {}
        elif not any(name in given for name in (*_NAMES, "code")):
            if not any(given.get(name) for name in _HOURS):
                return None
            row.form.add_error(None, _("Write a name."))
        elif not self.may_add():
            row.form.add_error(None, _("You may not add anything here."))
        row.changes = given
        return row

    def _checked_deletion(self, row: Row) -> Row | None:
        if row.child is None:
            return None
        stored = self.children[row.child.public_id]
        texts = self._texts(row.child)
        if not self.may_delete(stored):
            row.form.add_error(None, _("You may not delete this row: only drafts can be deleted."))
        elif any(texts[name] != text for name, text in row.shown.items() if name in texts):
            row.form.add_error(
                None, _("%(user)s changed this meanwhile.") % {"user": self._who(row.child)}
            )
            row.shown = texts
        return row

    def _who(self, child: Any) -> str:
        user = child.latest_revision.user if child.latest_revision else None
        return (user.get_full_name() or user.get_username()) if user else _("Someone")

    def _check_order(self) -> None:
        """Which order is wanted, None of it where it was not touched."""
        typed = [row.form.data.get(row.form.add_prefix("page"), "") for row in self.rows]
        shown = str(self.data.get(f"{self.prefix}-order", ""))[: MOST_ROWS * 12].split(",")
        now = list(self.children)
        known = [key for key in typed if key in self.children]
        shown = [key for key in shown if key in known]
        if [key for key in known if key in shown] == shown and not self._has_new_inside(typed):
            return
        if shown != [key for key in now if key in shown]:
            self.errors.append(
                _("Somebody else changed the order of the table meanwhile. Save again for yours.")
            )
        live = [key for key in now if self.children[key].live]
        if [key for key in known if key in live] != [key for key in live if key in known]:
            permissions = self.parent.permissions_for_user(self.user)
            if not permissions.can_reorder_children():
                self.errors.append(
                    _("Only those who publish may change the order of what is published.")
                )
        self.order = typed

    def _has_new_inside(self, typed: list[str]) -> bool:
        """Whether a new row stands before one that is there already."""
        is_new = [key not in self.children for key in typed]
        return any(new and not all(is_new[place:]) for place, new in enumerate(is_new))

    # --- Saving -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what was changed; called inside a transaction, after `is_valid`."""
        written = [row for row in self.rows if row.changes or row.is_deleted]
        if not (written or self.order):
            return
        self._refuse_outdated()
        # The page in the form may be an older version, whose number of children is not today's.
        parent = type(self.parent).objects.get(pk=self.parent.pk)
        for row in written:
            if row.child is None:
                self._add(parent, row)
            elif not row.is_deleted:
                self._change(row)
        for row in written:
            if row.is_deleted:
                self.children[row.child.public_id].delete(user=self.user)  # type: ignore[union-attr]
        if self.order:
            self._reorder(parent)
        self.parent.refresh_from_db(fields=["numchild"])

    def _refuse_outdated(self) -> None:
        """Between the check and now nobody else may have written."""
        fresh = self.model.objects.child_of(self.parent).select_for_update(of=("self",))
        now = dict(fresh.values_list("public_id", "latest_revision_id"))
        if now != {key: child.latest_revision_id for key, child in self.children.items()}:
            raise PermissionDenied(_("Somebody else saved the table just now. Save again."))

    def _add(self, parent: Any, row: Row) -> None:
        key = row.form.cleaned_data["page"]
        # An id that is in use elsewhere is no reason to refuse a row: it gets another one.
        taken = self.model.objects.filter(public_id=key).exists()
        child: Any = self.model(
            owner=self.user,
            live=False,
            source_language=self.parent.source_language,
            languages=self.parent.languages,
            ready_languages=self.parent.ready_languages,
            **({} if taken else {"public_id": key}),
            **row.changes,
        )
        child.is_draft_save = True
        parent.add_child(instance=child)
        child.is_draft_save = False
        revision = child.save_revision(user=self.user, log_action=True, clean=False)
        row.child, row.revision_id = child, revision.pk
        self.order = [child.public_id if item == key else item for item in self.order]

    def _change(self, row: Row) -> None:
        stored = self.children[row.child.public_id]  # type: ignore[union-attr]
        latest = stored.latest_revision
        draft = latest.as_object() if latest else stored
        for name, value in row.changes.items():
            setattr(draft, name, value)
        draft.is_draft_save = True
        draft.minimal_clean()
        if not stored.live:
            draft.save(clean=False)
        is_own = latest is not None and (latest.pk, latest.user_id) == (
            row.revision_id,
            self.user.pk,
        )
        revision = draft.save_revision(
            user=self.user,
            log_action=True,
            clean=False,
            overwrite_revision=latest if is_own else None,
        )
        row.child, row.revision_id = draft, revision.pk

    def _reorder(self, parent: Any) -> None:
        """Bring the children into the wanted order with as few moves as it takes."""
        found = self.model.objects.child_of(parent).order_by("path")
        now = list(found.values_list("public_id", flat=True))
        wanted = [key for key in self.order if key in now]
        wanted += [key for key in now if key not in wanted]
        staying = _longest_run([wanted.index(key) for key in now])
        for place, key in enumerate(wanted):
            if place in staying:
                continue
            before = wanted[place - 1] if place else None
            target = (
                self.model.objects.get(public_id=before) if before else parent.get_first_child()
            )
            page = self.model.objects.get(public_id=key)
            page.move(target, "right" if before else "left", user=self.user)

    def field_updates(self) -> Iterator[tuple[str, str]]:
        """What the open form has to know after an autosave: name of an input and its value."""
        for row in self.rows:
            if row.child is None or not row.changes:
                continue
            saved = {name: _text(value) for name, value in row.changes.items()}
            # A new row was shown empty.
            shown = row.shown or dict.fromkeys(self.fields, "")
            yield row.form.add_prefix("page"), row.child.public_id
            yield row.form.add_prefix("shown"), json.dumps({**shown, **saved}, ensure_ascii=False)
            yield row.form.add_prefix("draft"), str(row.revision_id or "")
        if self.rows:
            keys = (row.child.public_id for row in self.rows if row.child is not None)
            yield f"{self.prefix}-order", ",".join(keys)


class HasChildTable:
    """Mixin of pages whose editor has a table of their children."""

    child_columns: tuple[str, ...]
    #: The checked table of the form that is about to save this page.
    child_table: ChildTable | None = None

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Whatever is done with a page begins with its revision; the table is saved with it."""
        table, self.child_table = self.child_table, None
        with transaction.atomic():
            revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]
            if table is not None:
                table.save()
        return revision


class ChildTableForm(TranslatedPageForm):
    """The form of such a page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound else None
        self.child_table = ChildTable(self.instance, self.for_user, data)

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if not self.is_bound or self.child_table.is_valid():
            return valid
        if not self.has_error(None, "table"):
            text = _("The table below was not saved: see what is said in it.")
            self.add_error(None, forms.ValidationError(text, code="table"))
        return False

    def save(self, commit: bool = True) -> Any:
        page = super().save(commit=commit)
        # Previews save a form, too: only a revision writes the children.
        page.child_table = self.child_table
        return page

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        return [*super().get_field_updates_for_resave(), *self.child_table.field_updates()]


def _place(data: Any, form: Any) -> int:
    value = data.get(form.add_prefix("ORDER"), "")
    return int(value) if value.isdecimal() and len(value) < 6 else MOST_ROWS


def _cleaned(value: Any, model: type[BasePage], name: str) -> Any:
    if isinstance(value, str):
        return normalise_input(value).strip()
    field = model._meta.get_field(name)
    return field.get_default() if value is None and not field.null else value


def _text(value: Any) -> str:
    """A value such that two of them are equal when they say the same."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def _longest_run(places: list[int]) -> set[int]:
    """The longest increasing part of a permutation: what need not be moved."""
    best: list[list[int]] = []
    for end, place in enumerate(places):
        runs = [best[at] for at in range(end) if places[at] < place]
        best.append([*max(runs, key=len, default=[]), place])
    return set(max(best, key=len, default=[]))
