"""Carrying out the plan of a form: all of it or nothing, and everything as drafts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from centres.models import CentrePage
from core.content_files import flat_message
from core.models import BasePage
from core.translated import fingerprint

from ..models import CurriculumPage
from .form import FormError, Sheet, Tables, value_fields
from .planning import PagePlan, Plan, make_plan
from .stored import StoredCurriculum


def version_of(stored: StoredCurriculum | None) -> dict[str, str]:
    """Names the versions of all pages: an import changes only what its preview showed."""
    if stored is None:
        return {}
    return {
        live.public_id: f"{live.latest_revision_id} {live.latest_revision_created_at}"
        for live in (page.live for page in stored.pages)
    }


def import_form(
    tables: Tables,
    centre: CentrePage,
    curriculum: CurriculumPage | None,
    user: Any,
    seen: dict[str, str],
) -> CurriculumPage:
    """Import a form whose plan was looked at when the pages were as `seen`; return the curriculum.

    Raises FormError and changes nothing where the pages are others by now, or the form has faults.
    """
    with transaction.atomic():
        # Of two imports at once the second one waits here, and then finds other versions.
        _lock(centre, curriculum)
        plan = make_plan(tables, (), centre, curriculum, user)
        if version_of(plan.stored) != seen:
            raise FormError(_("The programme was changed meanwhile. Look at the preview again."))
        if plan.problems:
            raise FormError(_("The form has faults. Look at the preview again."))
        try:
            return _Writer(plan, centre, user).write(tables)
        except ValidationError as error:
            raise FormError(flat_message(error)) from error


def _lock(centre: CentrePage, curriculum: CurriculumPage | None) -> None:
    pages = Page.objects.filter(pk=centre.pk)
    if curriculum is not None:
        pages = Page.objects.filter(path__startswith=curriculum.path)
    list(pages.select_for_update().values_list("pk"))


def refusal(user: Any, centre: CentrePage, curriculum: CurriculumPage | None) -> str:
    """Why the user may not import here, '' where it is allowed."""
    if curriculum is None:
        may = centre.permissions_for_user(user).can_add_subpage()
        return "" if may else _("You may not add programmes to this centre.")
    if not curriculum.permissions_for_user(user).can_edit():
        return _("You may not change this programme.")
    lock = curriculum.get_lock()
    if lock is not None and lock.for_user(user):
        return _("The programme is locked or in review. Import again when it is not.")
    return ""


class _Writer:
    def __init__(self, plan: Plan, centre: CentrePage, user: Any) -> None:
        self.plan, self.centre, self.user = plan, centre, user
        self.made: dict[int, BasePage] = {}

    def write(self, tables: Tables) -> CurriculumPage:
        confirmed = _confirmed(tables)
        for page in self.plan.added:
            self._add(page, confirmed.get(page.identity[0], {}))
        self._link_pages()
        for made in self.made.values():
            made.save_revision(user=self.user, clean=False, changed=True)
        for page in self.plan.changed:
            self._change(page)
        curriculum = self.plan.pages[0]
        return CurriculumPage.objects.get(pk=self._key(curriculum))

    def _link_pages(self) -> None:
        """Links among the new pages need pages to lead to, so they are read once more."""
        keys = self.plan.reader.known.pages
        for plan in self.plan.added:
            if keys.get(plan.identity[0]) == 0:
                keys[plan.identity[0]] = self._key(plan)
        for plan in filter(_links_inside, self.plan.pages):
            self.plan.reader.read_streams(plan)
            if plan.is_new:
                page = self.made[id(plan)]
                _set_streams(page, plan)
                page.save(clean=False)

    def _change(self, plan: PagePlan) -> None:
        assert plan.stored is not None  # noqa: S101 — only stored pages change
        # Read anew: new pages before it may have moved it.
        live = type(plan.stored.live).objects.get(pk=plan.stored.live.pk)
        if live.locked and live.locked_by_id != self.user.pk:
            raise FormError(_("“%(page)s” is locked.") % {"page": plan.title})
        draft = live.get_latest_revision_as_object()
        _set_values(draft, plan)
        _set_streams(draft, plan)
        draft.minimal_clean()
        draft.save_revision(user=self.user, log_action=True, clean=False, changed=True)

    def _add(self, plan: PagePlan, confirmed: dict[str, dict[str, str]]) -> None:
        public_id, origin, slug = plan.identity
        page = plan.model(live=False, owner=self.user)
        page.has_unpublished_changes = True
        page.origin_id = public_id if origin == "-" else origin
        _set_values(page, plan)
        _set_streams(page, plan)
        page.fingerprints = _marks(page, confirmed)
        parent = self._parent(plan)
        page._cached_parent_obj = parent
        if slug and not parent.get_children().filter(slug=slug).exists():
            page.slug = slug
        before = self._before(plan)
        if before is None:
            parent.add_child(instance=page)
        else:
            before.add_sibling(pos="right", instance=page)
        self.made[id(plan)] = page

    def _before(self, plan: PagePlan) -> Any:
        """The page after which a new one comes, None where it comes last of all."""
        rows = [p for p in self.plan.pages if p.sheet == plan.sheet and p.module is plan.module]
        place = rows.index(plan)
        above = plan.module if plan.module else self.plan.pages[0]
        if above.is_new or not place or plan.sheet == Sheet.PROGRAMME:
            return None
        key = self._key(rows[place - 1])
        return Page.objects.get(pk=key).specific_deferred

    def _key(self, plan: PagePlan) -> int:
        return int(plan.stored.live.pk if plan.stored else self.made[id(plan)].pk)

    def _parent(self, plan: PagePlan) -> Any:
        if plan.sheet == Sheet.PROGRAMME:
            return Page.objects.get(pk=self.centre.pk)
        above = self.plan.pages[0] if plan.sheet == Sheet.MODULES else plan.module
        assert above is not None  # noqa: S101 — a unit without a module is a fault
        # Read anew: the number of its children grows.
        return Page.objects.get(pk=self._key(above)).specific_deferred


def _set_values(page: Any, plan: PagePlan) -> None:
    for name, text in plan.texts.items():
        setattr(page, name, text)
    for name in value_fields(plan.model):
        setattr(page, name, plan.values[name])


def _set_streams(page: Any, plan: PagePlan) -> None:
    for name, raw in plan.streams.items():
        stream_block = page._meta.get_field(name).stream_block
        setattr(page, name, stream_block.to_python(raw))


def _links_inside(plan: PagePlan) -> bool:
    """Whether a text links to a page that the form brings along."""
    return 'linktype="page"' in str(plan.streams) and ' id="0"' in str(plan.streams)


# --- Confirmed translations -----------------------------------------------------------------------


def _confirmed(tables: Tables) -> dict[str, dict[str, dict[str, str]]]:
    """Public id in the form → path → language → mark."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in tables[Sheet.STATE]:
        if row["id"] == "confirmed":
            marks = {code: mark for code, mark in row.texts().items() if mark}
            found.setdefault(row["page"], {})[row["path"]] = marks
    return found


def _marks(page: BasePage, confirmed: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The marks of texts that the page has."""
    if not confirmed:
        return {}
    paths = {unit.path for unit in page.units()}
    size = len(fingerprint(""))
    return {
        path: kept
        for path, marks in confirmed.items()
        if path in paths and (kept := {c: m for c, m in marks.items() if len(m) == size})
    }
