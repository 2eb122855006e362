"""The table of a page's children, written: each changed child gets a draft of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.forms import TranslatedPageForm

from .child_rows import Row
from .child_table import ChildTable


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
                write(table)
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


# --- Saving -----------------------------------------------------------------------------------


def write(table: ChildTable) -> None:
    """Write what was changed; called inside a transaction, after `is_valid`."""
    written = [row for row in table.rows if row.changes or row.is_deleted]
    if not (written or table.order):
        return
    _refuse_outdated(table)
    # The page in the form may be an older version, whose number of children is not today's.
    parent = type(table.parent).objects.get(pk=table.parent.pk)
    for row in written:
        if row.child is None:
            _add(table, parent, row)
        elif not row.is_deleted:
            _change(table, row)
    for row in written:
        if row.is_deleted:
            table.children[row.child.public_id].delete(user=table.user)  # type: ignore[union-attr]
    if table.order:
        _reorder(table, parent)
    table.parent.refresh_from_db(fields=["numchild"])


def _refuse_outdated(table: ChildTable) -> None:
    """Between the check and now nobody else may have written."""
    fresh = table.model.objects.child_of(table.parent).select_for_update()
    now = dict(fresh.values_list("public_id", "latest_revision_id"))
    if now != {key: child.latest_revision_id for key, child in table.children.items()}:
        raise PermissionDenied(_("Somebody else saved the table just now. Save again."))


def _add(table: ChildTable, parent: Any, row: Row) -> None:
    key = row.form.cleaned_data["page"]
    # An id that is in use elsewhere is no reason to refuse a row: it gets another one.
    taken = table.model.objects.filter(public_id=key).exists()
    child: Any = table.model(
        owner=table.user,
        live=False,
        source_language=table.parent.source_language,
        languages=table.parent.languages,
        ready_languages=table.parent.ready_languages,
        **({} if taken else {"public_id": key}),
        **row.changes,
    )
    child.is_draft_save = True
    parent.add_child(instance=child)
    child.is_draft_save = False
    revision = child.save_revision(user=table.user, log_action=True, clean=False)
    row.child, row.revision_id = child, revision.pk
    table.order = [child.public_id if item == key else item for item in table.order]


def _change(table: ChildTable, row: Row) -> None:
    stored = table.children[row.child.public_id]  # type: ignore[union-attr]
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
        table.user.pk,
    )
    revision = draft.save_revision(
        user=table.user,
        log_action=True,
        clean=False,
        overwrite_revision=latest if is_own else None,
    )
    row.child, row.revision_id = draft, revision.pk


def _reorder(table: ChildTable, parent: Any) -> None:
    """Bring the children into the wanted order with as few moves as it takes."""
    found = table.model.objects.child_of(parent).order_by("path")
    now = list(found.values_list("public_id", flat=True))
    wanted = [key for key in table.order if key in now]
    wanted += [key for key in now if key not in wanted]
    staying = _longest_run([wanted.index(key) for key in now])
    for place, key in enumerate(wanted):
        if place in staying:
            continue
        before = wanted[place - 1] if place else None
        target = table.model.objects.get(public_id=before) if before else parent.get_first_child()
        page = table.model.objects.get(public_id=key)
        page.move(target, "right" if before else "left", user=table.user)


def _longest_run(places: list[int]) -> set[int]:
    """The longest increasing part of a permutation: what need not be moved."""
    best: list[tuple[int, ...]] = []
    for end, place in enumerate(places):
        runs = [best[at] for at in range(end) if places[at] < place]
        best.append((*_longest(runs), place))
    return set(_longest(best))


def _longest(runs: list[tuple[int, ...]]) -> tuple[int, ...]:
    return max(runs, key=len, default=())
