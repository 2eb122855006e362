"""Takes over what an ancestor's later release changed: all that was chosen, in one transaction."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.content_files import flat_message
from core.languages import CODES
from core.translated import normalise_input
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from glossary.models import Concept

from . import licences, store
from .importing import add_page, collection_of, first_revision, free_slug, log_made, source_of
from .incoming_files import FileTaker
from .incoming_pages import PageMaker, Surroundings, refuse
from .merging import Place, texts_of, with_texts
from .models import Adoption, ForeignRelease, Release, UpdateDecision
from .own_pages import OwnPage, full_draft, own_pages
from .package.canonical import parse_document
from .package.errors import PackageError
from .updates import Change, Kind, Update, find_changes

#: New pages come first, since texts may link to them; blocks are there before they get texts.
_ORDER = (
    *(Kind.PAGE_ADDED, Kind.TEXT, Kind.VALUE, Kind.REFERENCE, Kind.BLOCK_STRUCTURE),
    *(Kind.BLOCK_TEXT, Kind.BLOCK_ADDED, Kind.BLOCK_MOVED, Kind.BLOCK_REMOVED, Kind.PAGE_REMOVED),
)


class NotUpdatable(PackageError):
    """The changes cannot be taken over now; the message says what to do."""


@dataclass(frozen=True)
class NewerRelease:
    """A later release of what a curriculum was adapted from, here or fetched from its site."""

    public_id: str
    version: int
    document: str
    #: The release's page here, or the address it was fetched from.
    address: str
    #: Who signed it, for one of another site.
    key_id: str = ""


def newer_release(adoption: Adoption) -> NewerRelease | None:
    """The newest release after the one that was adapted, of those that are known here."""
    curriculum, version = adoption.source.get("curriculum"), adoption.source.get("version") or 0
    found: list[NewerRelease] = []
    later = {"curriculum_public_id": curriculum, "version__gt": version}
    for own in Release.objects.published().filter(**later).order_by("-version")[:1]:
        address = own.get_absolute_url()
        found.append(NewerRelease(own.public_id, own.version, own.document, address))
    for foreign in _of_same_source(adoption, ForeignRelease.objects.filter(**later))[:1]:
        found.append(
            NewerRelease(
                *(foreign.public_id, foreign.version, foreign.document),
                *(foreign.address, foreign.key_id),
            )
        )
    return max(found, key=lambda release: release.version, default=None)


def _of_same_source(adoption: Adoption, releases: QuerySet[ForeignRelease]) -> list[ForeignRelease]:
    """Those signed like the adapted release or fetched from its site, the newest first.

    Another site, though trusted for its own releases, could take the curriculum's identifier.
    """
    adapted = ForeignRelease.objects.filter(public_id=adoption.release_public_id).first()
    newest_first = releases.order_by("-version")
    if adapted is None:
        # What was adapted from a release of this site has no other source.
        is_ours = Release.objects.filter(public_id=adoption.release_public_id).exists()
        return [] if is_ours else list(newest_first)
    host = urlsplit((adoption.source.get("source") or {}).get("url") or "").netloc
    return [
        release
        for release in newest_first
        if release.key_id == adapted.key_id or (host and urlsplit(release.address).netloc == host)
    ]


@dataclass
class Comparison:
    """What can be taken over, and a mark of the drafts it was found in."""

    newer: NewerRelease
    update: Update
    own: list[OwnPage]

    @property
    def mark(self) -> str:
        """Another one once a page was saved, or a still later release came."""
        told = [self.newer.public_id, *(page.version for page in self.own)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:20]


def compare_with(adoption: Adoption, newer: NewerRelease) -> Comparison:
    """What the later release changed, and where we did. Raises NotUpdatable."""
    try:
        base, new = (parse_document(store.read(sha)) for sha in (adoption.document, newer.document))
    except store.MissingFileError as error:
        raise NotUpdatable(
            _("A file of the release is gone from this server. Fetch the release again.")
        ) from error
    if reason := licences.refusal(str(new["curriculum"]["values"].get("licence") or "")):
        raise NotUpdatable(reason)
    own = own_pages(adoption.curriculum)
    used = [term["public_id"] for document in (base, new) for term in document["terms"]]
    known = Concept.objects.published().filter(public_id__in=used)
    concepts = set(known.values_list("public_id", flat=True))
    return Comparison(newer, find_changes(base, new, own, concepts), own)


def take_over(
    adoption: Adoption, newer: NewerRelease, keys: Iterable[str], mark: str, user: Any
) -> UpdateDecision:
    """Take the changes of these keys as drafts, leave the others, and remember both.

    Raises NotUpdatable where a page was saved since `mark`, is in review or may not be deleted,
    PackageError for what no page can hold; then nothing was changed.
    """
    chosen = set(keys)
    centre = adoption.curriculum.centre
    if centre is None:
        raise NotUpdatable(_("The curriculum stands below no centre."))
    files: FileTaker | None = None
    try:
        with transaction.atomic():
            Page.objects.select_for_update().get(pk=adoption.curriculum.pk)
            adoption = Adoption.objects.select_for_update().get(pk=adoption.pk)
            found = compare_with(adoption, newer)
            if found.mark != mark:
                raise NotUpdatable(_("Somebody saved a page meanwhile. Look at the changes again."))
            new = found.update.new
            files = FileTaker(new["files"], store.path_of, collection_of(centre), user)
            _Merger(found, PageMaker(Surroundings(new), files), user).take(chosen)
            return _remember(adoption, found, chosen, user)
    except BaseException:
        if files is not None:
            files.discard()
        raise


def _remember(adoption: Adoption, found: Comparison, chosen: set[str], user: Any) -> UpdateDecision:
    document = parse_document(store.read(found.newer.document))
    adoption.release_public_id = found.newer.public_id
    adoption.document = found.newer.document
    adoption.source = source_of(document)
    adoption.save()
    keys = [change.key for change in found.update.changes]
    return UpdateDecision.objects.create(
        adoption=adoption,
        release_public_id=found.newer.public_id,
        version=found.newer.version,
        decided_by=user,
        taken=[key for key in keys if key in chosen],
        left=[key for key in keys if key not in chosen],
    )


class _Merger:
    """Writes chosen changes into drafts."""

    def __init__(self, found: Comparison, maker: PageMaker, user: Any) -> None:
        self._new = found.update.new
        self._changes = found.update.changes
        self._own = found.own
        self._maker = maker
        self._user = user
        self._touched: dict[int, Any] = {}
        self._places = {
            page.draft.origin_id: page.draft for page in reversed(found.own) if page.draft.origin_id
        }
        maker.page_keys = {origin: draft.pk for origin, draft in self._places.items()}

    def take(self, chosen: set[str]) -> None:
        taken = [
            change
            for change in sorted(self._changes, key=_order)
            if change.key in chosen and change.can_be_taken
        ]
        for change in taken:
            getattr(self, f"_take_{change.kind}")(change)
        if taken:
            self._check_licence()
        self._save()
        for change in taken:
            if change.kind is Kind.PAGE_REMOVED:
                self._delete(change)

    def _check_licence(self) -> None:
        """What is taken over now comes under the licence of the later release."""
        theirs = str(self._new["curriculum"]["values"].get("licence") or "")
        curriculum = self._own[0].draft
        curriculum = self._touched.get(curriculum.pk, curriculum)
        if problem := licences.change_problem(theirs, curriculum.licence):
            raise NotUpdatable(problem)

    def _draft(self, change: Change) -> Any:
        """The draft that a change goes into, to be saved at the end."""
        key = change.own.draft.pk
        if key in self._touched:
            return self._touched[key]
        page = Page.objects.select_related("latest_revision").get(pk=key).specific
        draft = full_draft(page)
        if (lock := draft.get_lock()) is not None and lock.for_user(self._user):
            raise NotUpdatable(
                _("“%(page)s” is in review or locked. Finish that first.")
                % {"page": draft.get_admin_display_title()}
            )
        self._touched[key] = draft
        return draft

    def _save(self) -> None:
        for draft in self._touched.values():
            draft.is_draft_save = True
            try:
                draft.minimal_clean()
                draft.clean_fields(exclude=[field.name for field in Page._meta.get_fields()])
            except ValidationError as error:
                raise NotUpdatable(
                    _("“%(page)s”: %(reason)s")
                    % {"page": draft.get_admin_display_title(), "reason": flat_message(error)}
                ) from error
            draft.save_revision(user=self._user, log_action=True, clean=False)

    # --- Texts and values -------------------------------------------------------------------------

    def _take_text(self, change: Change) -> None:
        draft = self._draft(change)
        text = change.page["texts"][change.field].get(change.language) or ""
        setattr(draft, f"{change.field}_{change.language}", normalise_input(text))
        self._take_mark(draft, change.page, change.field, change.language)

    def _take_value(self, change: Change) -> None:
        draft = self._draft(change)
        value = change.page["values"].get(change.field)
        setattr(
            draft, change.field, self._maker.value(type(draft), change.field, value, change.page)
        )

    def _take_reference(self, change: Change) -> None:
        setattr(self._draft(change), change.field, getattr(self._maker.around, change.field))

    def _take_mark(self, draft: Any, page: dict[str, Any], path: str, language: str) -> None:
        """A translation that was current there is so here, where it is of the same source."""
        mark = ((page.get("fingerprints") or {}).get(path) or {}).get(language)
        if isinstance(mark, str) and len(mark) == 16 and language in CODES:
            draft.fingerprints = {
                **draft.fingerprints,
                path: {**draft.fingerprints.get(path, {}), language: mark},
            }

    # --- Blocks -----------------------------------------------------------------------------------

    def _blocks(self, draft: Any, field: str) -> list[dict[str, Any]]:
        """The blocks of a stream as they are stored."""
        return [dict(block) for block in getattr(draft, field).get_prep_value()]

    def _set_blocks(self, draft: Any, change: Change, blocks: list[dict[str, Any]]) -> None:
        block = draft._meta.get_field(change.field).stream_block
        try:
            setattr(draft, change.field, block.clean(block.to_python(blocks)))
        except ValidationError as error:
            refuse(change.page, flat_message(error), error)

    def _latest(self, change: Change) -> dict[str, Any] | None:
        """The block as the later release has it, stored as here; None for one that says nothing."""
        blocks = change.page["streams"].get(change.field, [])
        given = [block for block in blocks if block["id"] == change.block]
        model = type(change.own.draft)
        stored = self._maker.stream(model, change.field, given, change.page).get_prep_value()
        return dict(stored[0]) if stored else None

    def _take_block_text(self, change: Change) -> None:
        draft, latest = self._draft(change), self._latest(change)
        if latest is None:
            return
        texts = texts_of(latest["value"])

        def taken(place: Place) -> dict[str, str] | None:
            if place not in change.places or place not in texts:
                return None
            return {change.language: texts[place][change.language]}

        blocks = self._blocks(draft, change.field)
        for block in blocks:
            if block["id"] == change.block:
                block["value"] = with_texts(block["value"], taken)
        self._set_blocks(draft, change, blocks)
        for place in change.places:
            path = ".".join((change.field, change.block, *place))
            self._take_mark(draft, change.page, path, change.language)

    def _take_block_structure(self, change: Change) -> None:
        """Items, numbers and files as there; the texts that we have stay ours."""
        draft, latest = self._draft(change), self._latest(change)
        blocks = self._blocks(draft, change.field)
        for place, block in enumerate(blocks):
            if block["id"] == change.block and latest is not None:
                ours = texts_of(block["value"])
                blocks[place] = {**latest, "value": with_texts(latest["value"], ours.get)}
        self._set_blocks(draft, change, blocks)

    def _take_block_added(self, change: Change) -> None:
        draft, latest = self._draft(change), self._latest(change)
        if latest is None:
            return
        blocks = self._blocks(draft, change.field)
        blocks.insert(self._position(change, blocks), latest)
        self._set_blocks(draft, change, blocks)
        marks = change.page.get("fingerprints") or {}
        for path in marks:
            if path.startswith(f"{change.field}.{change.block}"):
                for code in CODES:
                    self._take_mark(draft, change.page, path, code)

    def _take_block_moved(self, change: Change) -> None:
        draft = self._draft(change)
        blocks = self._blocks(draft, change.field)
        moved = [block for block in blocks if block["id"] == change.block]
        blocks = [block for block in blocks if block["id"] != change.block]
        place = self._position(change, blocks)
        self._set_blocks(draft, change, blocks[:place] + moved + blocks[place:])

    def _take_block_removed(self, change: Change) -> None:
        draft = self._draft(change)
        blocks = self._blocks(draft, change.field)
        self._set_blocks(draft, change, [one for one in blocks if one["id"] != change.block])

    def _position(self, change: Change, blocks: list[dict[str, Any]]) -> int:
        """Behind the block that stands before it there, as far as we have one."""
        order = [block["id"] for block in change.page["streams"].get(change.field, [])]
        places = {block["id"]: place for place, block in enumerate(blocks)}
        before = order[: order.index(change.block)] if change.block in order else order
        return next((places[one] + 1 for one in reversed(before) if one in places), 0)

    # --- Pages ------------------------------------------------------------------------------------

    def _take_page_added(self, change: Change) -> None:
        parent = Page.objects.get(pk=change.own.draft.pk).specific
        model: type[Any] = ModulePage if isinstance(parent, CurriculumPage) else ModuleUnitPage
        made = [self._add(model, change.page, parent)]
        order = self._siblings(change)
        before = order[: order.index(change.page["public_id"])]
        known = [self._places[one] for one in before if one in self._places]
        page = Page.objects.get(pk=made[0].pk)
        if known:
            page.move(Page.objects.get(pk=known[-1].pk), pos="right", user=self._user)
        elif (first := parent.get_children().first()) is not None and first.pk != page.pk:
            page.move(first, pos="left", user=self._user)
        parent = model.objects.get(pk=page.pk)
        # Units that stood elsewhere stay where they are here.
        made += [
            self._add(ModuleUnitPage, unit, parent)
            for unit in change.page.get("units", ())
            if unit["public_id"] not in self._places
        ]
        log_made(made, self._user)

    def _add(self, model: type[Any], page: dict[str, Any], parent: Any) -> Any:
        made = self._maker.make(model, page)
        made.slug = free_slug(page["slug"].lower(), parent, {})
        made.owner = self._user
        add_page(parent, made, page)
        first_revision(made, self._user)
        self._places[page["public_id"]] = made
        self._maker.page_keys[page["public_id"]] = made.pk
        return made

    def _siblings(self, change: Change) -> list[str]:
        """The ids of the pages beside an added one, in their order there."""
        modules = [module["public_id"] for module in self._new["modules"]]
        if change.page["public_id"] in modules:
            return modules
        return next(
            siblings
            for module in self._new["modules"]
            if change.page["public_id"]
            in (siblings := [unit["public_id"] for unit in module["units"]])
        )

    def _take_page_removed(self, change: Change) -> None:
        self._touched.pop(change.own.draft.pk, None)

    def _delete(self, change: Change) -> None:
        page = Page.objects.get(pk=change.own.draft.pk).specific
        if self._user is not None and not page.permissions_for_user(self._user).can_delete():
            raise NotUpdatable(
                _("You may not delete “%(page)s”. Leave that change, or ask a publisher.")
                % {"page": page.get_admin_display_title()}
            )
        page.delete(user=self._user)


def _order(change: Change) -> int:
    return _ORDER.index(change.kind) if change.kind in _ORDER else len(_ORDER)
