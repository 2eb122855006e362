"""The table of a page's children in its editor: names, numbers, order, saved with the page.

A module shows its units so, a curriculum its modules. The table is a formset in the page's form.
A row says what its editor was shown (`shown`): a field that was not touched here is left as it is
by now, and one that two people changed refuses the save until both versions were seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.models import BasePage
from core.reader import current_language

from .child_rows import NAMES, Row, row_form, stored_value, text_of

MOST_ROWS = 150
_HOURS = ("hours_theory", "hours_practice", "hours_test")


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
        self.data: Any = data if data is not None and f"{self.prefix}-order" in data else None
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
        is_in_review = self._is_in_review() if children else None
        for child in children.values():
            child._cached_parent_obj = self.parent
            child.curriculum_in_review = is_in_review
        return children

    def _is_in_review(self) -> bool:
        """Asked once for all rows (reviewed.ReviewedWithCurriculum)."""
        curriculum = getattr(self.parent, "reviewed_page", None) or self.parent
        return curriculum.current_workflow_task is not None

    @cached_property
    def drafts(self) -> dict[str, Any]:
        """The same children as their newest drafts have them."""
        from .outlines import newest

        return {key: newest(child) for key, child in self.children.items()}

    @property
    def fields(self) -> tuple[str, ...]:
        return (*NAMES, *self.columns)

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
        return {name: text_of(getattr(page, name)) for name in self.fields}

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
            name: stored_value(values.get(name), self.model, name)
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
        now, typed, shown = text_of(getattr(row.child, name)), text_of(value), row.shown.get(name)
        if typed in (now, shown):
            return
        if now == shown:
            row.changes[name] = value
        else:
            label = capfirst(str(self.model._meta.get_field(name).verbose_name))
            row.theirs.append((label, now or "–"))

    def _checked_addition(self, row: Row, typed: dict[str, Any]) -> Row | None:
        given = {name: value for name, value in typed.items() if text_of(value)}
        if row.shown:
            if all(text_of(value) == row.shown.get(name) for name, value in typed.items()):
                return None
            row.form.add_error(
                None, _("This was deleted or moved meanwhile. Save again to make it anew.")
            )
            row.shown = {}
        elif not any(name in given for name in (*NAMES, "code")):
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
        now = list(self.children)
        shown = str(self.data[f"{self.prefix}-order"])[: MOST_ROWS * 12].split(",")
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

    def field_updates(self) -> Iterator[tuple[str, str]]:
        """What the open form has to know after an autosave: name of an input and its value."""
        for row in self.rows:
            if row.child is None or not row.changes:
                continue
            written = {name: text_of(value) for name, value in row.changes.items()}
            shown = {**row.shown, **written} if row.shown else self._texts(row.child)
            yield row.form.add_prefix("page"), row.child.public_id
            yield row.form.add_prefix("shown"), json.dumps(shown, ensure_ascii=False)
            yield row.form.add_prefix("draft"), str(row.revision_id or "")
        if self.rows:
            keys = (row.child.public_id for row in self.rows if row.child is not None)
            yield f"{self.prefix}-order", ",".join(keys)


def _place(data: Any, form: Any) -> int:
    value = data.get(form.add_prefix("ORDER"), "")
    return int(value) if value.isdecimal() and len(value) < 6 else MOST_ROWS
