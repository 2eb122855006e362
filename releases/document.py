"""The snapshot of a curriculum that a release is made from: one JSON document and its files.

Read in one transaction from live content; every format is made from it, never from the database.
docs/releases.md describes its form, releases/package/curriculum-1.0.schema.json prescribes it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.languages import CODES
from core.models import BasePage
from core.translated import State, is_blank
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from glossary.models import Concept
from media.models import SiteDocument, SiteImage

from . import store
from .licences import change_problem
from .package.canonical import FORMAT, VERSION
from .portable import convert, plain_value

MINISTRIES = ("agreement_signatory", "agreement_owner")
MEDIA_TYPES = {
    **{"gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"},
    **{"webp": "image/webp", "svg": "image/svg+xml", "pdf": "application/pdf"},
    **{"csv": "text/csv", "epub": "application/epub+zip", "zip": "application/zip"},
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LINK = re.compile(r'<a (?=[^>]*linktype="(page|document)")[^>]*?\bid="(\d+)"[^>]*>')


class SnapshotError(Exception):
    """The curriculum cannot be released as it stands; `problems` lists why, for the editor."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Snapshot:
    """The document without its `release` part, and what is incomplete in each language."""

    document: dict[str, Any]
    incomplete: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Blocker:
    """A page that cannot be released as it stands."""

    page: Page
    message: str

    @property
    def url(self) -> str:
        """Where an editor mends it."""
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])


def blocking_pages(curriculum: CurriculumPage) -> list[Blocker]:
    """Why the curriculum cannot be released now, one a page; empty when it can."""
    found = []
    pages = Page.objects.descendant_of(curriculum, inclusive=True).order_by("path")
    for page in pages.specific(defer=True):
        title = page.get_admin_display_title()
        if not page.live:
            found.append(Blocker(page, _("%(page)s is not published.") % {"page": title}))
        elif page.has_unpublished_changes:
            message = _("%(page)s has changes that are not published.")
            found.append(Blocker(page, message % {"page": title}))
    if curriculum.current_workflow_state:
        found.append(Blocker(curriculum, _("The curriculum is in review.")))
    adoption = getattr(curriculum, "adoption", None)
    if adoption is not None:
        licence = adoption.source.get("licence") or ""
        if problem := change_problem(licence, curriculum.licence):
            found.append(Blocker(curriculum, problem))
    return found


def blockers(curriculum: CurriculumPage) -> list[str]:
    """Why the curriculum cannot be released now, in sentences; empty when it can."""
    return [blocker.message for blocker in blocking_pages(curriculum)]


@contextmanager
def consistent_read() -> Iterator[None]:
    """All that is read inside belongs to one moment."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def take_snapshot(curriculum_pk: int) -> Snapshot:
    """Read the live curriculum; its files are in the store afterwards. Raises SnapshotError."""
    with consistent_read():
        curriculum = CurriculumPage.objects.get(pk=curriculum_pk)
        if problems := blockers(curriculum):
            raise SnapshotError(problems)
        return _Reader(curriculum).read()


class _Reader:
    """Reads one curriculum, collecting what its pages refer to."""

    def __init__(self, curriculum: CurriculumPage) -> None:
        self.curriculum = curriculum
        self.files: dict[str, dict[str, Any]] = {}
        self.problems: list[str] = []
        below = {"path__startswith": curriculum.path, "live": True}
        self.modules = list(ModulePage.objects.filter(**below).order_by("path"))
        self.units = list(ModuleUnitPage.objects.filter(**below).order_by("path"))
        self._look_up()

    def _look_up(self) -> None:
        """Read everything the pages refer to, in a query a kind."""
        wanted: dict[str, set[int]] = {"image": set(), "document": set(), "concept": set()}

        def note(kind: str, value: Any) -> Any:
            if kind == "html":
                wanted["document"] |= {
                    int(m[2]) for m in _LINK.finditer(value) if m[1] == "document"
                }
            else:
                wanted[kind].add(int(value))
            return None if kind != "html" else value

        for page in self._pages():
            _streams(page, note)
        self.images = SiteImage.objects.in_bulk(wanted["image"])
        self.documents = SiteDocument.objects.in_bulk(wanted["document"])
        concepts = Concept.objects.published().filter(pk__in=wanted["concept"])
        self.concepts = {concept.pk: concept for concept in concepts.prefetch_related("terms")}
        self.page_ids = {page.pk: page.public_id for page in self._pages()}

    def _pages(self) -> list[BasePage]:
        return [self.curriculum, *self.modules, *self.units]

    def read(self) -> Snapshot:
        units: dict[str, list[dict[str, Any]]] = {}
        for unit in self.units:
            units.setdefault(unit.path[: -unit.steplen], []).append(self._page(unit))
        modules = [
            {**self._page(module), "units": units.get(module.path, [])} for module in self.modules
        ]
        document = {
            "format": FORMAT,
            "version": VERSION,
            "curriculum": self._programme(),
            **self._around(),
            "modules": modules,
            "terms": [_term_entry(self.concepts[pk]) for pk in self._concepts_in_order()],
            "files": [self.files[sha] for sha in sorted(self.files)],
        }
        if self.problems:
            raise SnapshotError(self.problems)
        return Snapshot(document, _incomplete(self._pages()))

    def _page(self, page: Any) -> dict[str, Any]:
        return {
            "public_id": page.public_id,
            "origin_id": page.origin_id,
            "slug": page.slug,
            "source_language": page.source_language,
            "languages": list(page.languages),
            "ready_languages": list(page.ready_languages),
            "fingerprints": page.fingerprints,
            "texts": {name: page.field_texts(name) for name in page.translated_fields},
            "values": {name: plain_value(getattr(page, name)) for name in page.value_fields},
            "streams": _streams(page, self._refer),
        }

    def _programme(self) -> dict[str, Any]:
        """The programme's own page. Ministries travel as their slug and their names."""
        page = self._page(self.curriculum)
        for name in MINISTRIES:
            ministry = getattr(self.curriculum, name)
            page["values"][name] = ministry.slug if ministry else ""
            page["texts"][name] = ministry.field_texts("name") if ministry else {}
        return page

    def _around(self) -> dict[str, Any]:
        """What the programme points at outside itself, named so that another site knows it."""
        page, centre = self.curriculum, self.curriculum.centre
        if centre is None:
            raise SnapshotError([_("The curriculum stands below no centre.")])
        trade = page.trade
        levels = page.levels.select_related("framework").order_by("framework__slug", "number")
        return {
            "centre": {**_named(centre), "country": centre.country, "kind": centre.kind},
            "trade": trade and {**_named(trade), "isco08": trade.isco08, "isced_f": trade.isced_f},
            "levels": [
                {
                    "framework": level.framework.slug,
                    "number": level.number,
                    "texts": {
                        "framework": level.framework.field_texts("name"),
                        "name": level.field_texts("name"),
                    },
                }
                for level in levels
            ],
        }

    def _refer(self, kind: str, value: Any) -> Any:
        if kind == "html":
            return _LINK.sub(self._link, value)
        if kind == "concept":
            concept = self.concepts.get(int(value))
            # One that is no longer published says nothing to a reader.
            return concept and {"concept": concept.public_id}
        found = (self.images if kind == "image" else self.documents).get(int(value))
        return found and self._file(kind, found)

    def _link(self, match: re.Match[str]) -> str:
        kind, key = match[1], int(match[2])
        if kind == "page":
            public_id = self.page_ids.get(key)
            return f'<a href="page:{public_id}">' if public_id else "<a>"
        document = self.documents.get(key)
        reference = document and self._file("document", document)
        return f'<a href="file:{reference["file"]}">' if reference else "<a>"

    def _file(self, kind: str, record: SiteImage | SiteDocument) -> dict[str, str] | None:
        """Copy the file into the store, once, and refer to it by its hash."""
        known = getattr(record, "_sha256", None)
        if known is None:
            try:
                with record.file.open("rb") as opened:
                    known, size = store.put_chunks(opened.chunks())
            except FileNotFoundError:
                lost = {"title": record.title}
                self.problems.append(_("The file of “%(title)s” is lost.") % lost)
                return None
            record._sha256 = known  # type: ignore[union-attr]
            self.files.setdefault(known, _file_entry(kind, record, known, size))
        return {"file": known}

    def _concepts_in_order(self) -> list[int]:
        return sorted(self.concepts, key=lambda pk: self.concepts[pk].public_id)


def _streams(page: Any, refer: Any) -> dict[str, Any]:
    """The streams of a page in portable form."""
    result = {}
    for name in page.translated_streams:
        value = getattr(page, name)
        result[name] = convert(value.stream_block, value.get_prep_value(), refer, name)
    return result


def _named(record: Any) -> dict[str, Any]:
    """A record by its public id, slug and names."""
    return {
        "public_id": record.public_id,
        "slug": record.slug,
        "texts": {"name": record.field_texts("name")},
    }


def _file_entry(kind: str, record: Any, sha256: str, size: int) -> dict[str, Any]:
    extension = record.file.name.rsplit(".", 1)[-1].lower()
    entry = {
        "sha256": sha256,
        "size": size,
        "kind": kind,
        "extension": extension,
        "media_type": MEDIA_TYPES.get(extension, "application/octet-stream"),
        "title": record.title,
        "texts": {
            name: {code: getattr(record, f"{name}_{code}") or "" for code in CODES}
            for name in record.translated_fields
        },
        "rights_holder": record.rights_holder,
        "licence": record.licence,
    }
    if kind == "image":
        entry |= {"width": record.width, "height": record.height}
    return entry


def _term_entry(concept: Concept) -> dict[str, Any]:
    return {
        "public_id": concept.public_id,
        "definition": concept.field_texts("definition"),
        "terms": [
            {
                "language": term.language,
                "text": term.text,
                "status": term.status,
                "part_of_speech": term.part_of_speech,
            }
            for term in concept.terms.all()
        ],
    }


def _incomplete(pages: list[BasePage]) -> dict[str, dict[str, int]]:
    """Language code → how many texts are missing or stale; languages without either are left out.

    A language that a page is not meant for counts too: a release may be asked for in it.
    """
    counts: dict[str, dict[str, int]] = {}
    for page in pages:
        for unit in page.units():
            if is_blank(unit.texts.get(page.source_language)):
                continue
            for code in CODES:
                if is_blank(unit.texts.get(code)):
                    kind = "missing"
                elif page.unit_state(unit, code) is State.STALE:
                    kind = "stale"
                else:
                    continue
                counts.setdefault(code, {"missing": 0, "stale": 0})[kind] += 1
    return counts


def origin_of(page: Mapping[str, Any]) -> str:
    """The id by which a page is known in the release it came from, else its own."""
    return str(page.get("origin_id") or page["public_id"])
