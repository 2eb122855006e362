"""Takes a verified release into a centre: draft pages with new ids, all of them or none."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection, Page, PageLogEntry, Revision

from centres.models import CentrePage, CentreSpace
from core.content_files import flat_message
from core.languages import CODES
from core.translated import normalise_input
from curricula.models import CurriculumPage

from . import licences, store
from .incoming_files import FileTaker, PathOf, check_file
from .incoming_pages import PageMaker, Surroundings, all_pages, has_page_links, refuse
from .models import Adoption, ForeignRelease
from .package.canonical import canonical_bytes
from .package.errors import PackageError
from .package.reading import Package

MAX_ANCESTORS = 50
_WAGTAILS_OWN = {field.name for field in Page._meta.get_fields()}


class NotAdaptable(PackageError):
    """The licence of the release does not allow adapting it."""


@dataclass
class Preview:
    """What an import would make, for people to look at before it is made."""

    document: dict[str, Any]
    modules: int
    units: int
    files: int
    #: What the release names that this site does not have; it is left out.
    unknown: list[str] = field(default_factory=list)
    #: Why it cannot be taken in at all; "" where it can.
    refusal: str = ""


def preview(document: dict[str, Any]) -> Preview:
    """What an import of a verified document would make."""
    licence = document["curriculum"]["values"].get("licence")
    return Preview(
        document=document,
        modules=len(document["modules"]),
        units=sum(len(module["units"]) for module in document["modules"]),
        files=len(document["files"]),
        unknown=Surroundings(document).unknown,
        refusal=licences.refusal(str(licence or "")),
    )


# --- What comes in a package ----------------------------------------------------------------------


@contextmanager
def unpacked(package: Package) -> Iterator[PathOf]:
    """The files of a verified package on the disk, checked like uploads. Raises PackageError."""
    with TemporaryDirectory(prefix="release-") as name:
        folder = Path(name)
        for entry in package.document["files"]:
            package.copy_file(entry["sha256"], folder / entry["sha256"])
            check_file(entry, folder / entry["sha256"])
        yield lambda sha256: folder / sha256


def receive(package: Package, address: str = "") -> ForeignRelease:
    """Keep a verified package of another site: its document and files go into the store.

    Raises PackageError where a file is no usable upload; what is kept by then does no harm.
    """
    document = package.document
    with unpacked(package) as path_of:
        for entry in document["files"]:
            store.put_file(path_of(entry["sha256"]))
    release = document["release"]
    values = {
        "curriculum_public_id": document["curriculum"]["public_id"],
        "version": release["version"],
        "document": store.put_bytes(canonical_bytes(document)),
        "key_id": package.signed.key.key_id,
    }
    received, made = ForeignRelease.objects.get_or_create(
        public_id=release["public_id"], defaults={**values, "address": address}
    )
    if not made and (received.document, received.key_id) != (values["document"], values["key_id"]):
        raise PackageError(
            _(
                "This site already has another release under the same identifier, signed by the "
                "key %(key)s. One of the two is a forgery: ask the source."
            )
            % {"key": received.key_id}
        )
    return received


# --- Import ---------------------------------------------------------------------------------------


def import_document(
    document: dict[str, Any], path_of: PathOf, centre: CentrePage, user: Any = None
) -> CurriculumPage:
    """Make the draft pages of a verified document below a centre, in one transaction.

    `path_of` has the files of the document, which were checked before. Raises NotAdaptable, or
    InvalidDocument for what no page here can hold; then nothing was made.
    """
    if reason := licences.refusal(str(document["curriculum"]["values"].get("licence") or "")):
        raise NotAdaptable(reason)
    kept = store.put_bytes(canonical_bytes(document))
    files = FileTaker(document["files"], path_of, collection_of(centre), user)
    try:
        with transaction.atomic():
            # Two imports at once do not choose the same address.
            Page.objects.select_for_update().get(pk=centre.pk)
            maker = PageMaker(Surroundings(document), files)
            curriculum = _make_pages(document, maker, centre, user)
            Adoption.objects.create(
                curriculum=curriculum,
                release_public_id=document["release"]["public_id"],
                document=kept,
                source=source_of(document),
            )
    except BaseException:
        files.discard()
        raise
    return curriculum


def collection_of(centre: CentrePage) -> Collection:
    """Where the files of a centre are kept."""
    return CentreSpace.objects.select_related("collection").get(centre=centre).collection


def source_of(document: dict[str, Any]) -> dict[str, Any]:
    """A release as the documents of its adaptations name it, with its own ancestors."""
    release, curriculum = document["release"], document["curriculum"]
    source = release.get("source") or {}
    nearest = {
        "public_id": release["public_id"],
        "version": release["version"],
        "date": release["date"],
        "curriculum": curriculum["public_id"],
        "name": _texts(curriculum["texts"].get("name")),
        "centre": _texts(document["centre"]["texts"].get("name")),
        "source": {
            "name": normalise_input(source.get("name") or ""),
            "url": source.get("url") or "",
        },
        "licence": str(curriculum["values"].get("licence") or ""),
        "rights_holder": normalise_input(str(curriculum["values"].get("rights_holder") or ""))[
            :500
        ],
    }
    return {**nearest, "ancestors": release["ancestors"][: MAX_ANCESTORS - 1]}


def _texts(given: dict[str, str] | None) -> dict[str, str]:
    return {code: normalise_input((given or {}).get(code) or "") for code in CODES}


def _make_pages(
    document: dict[str, Any], maker: PageMaker, centre: CentrePage, user: Any
) -> CurriculumPage:
    made: list[tuple[Any, dict[str, Any]]] = []
    taken: dict[int, set[str]] = {}
    parents: dict[str, Any] = {document["curriculum"]["public_id"]: centre}
    for model, page in all_pages(document):
        instance = maker.make(model, page)
        parent = parents[page["public_id"]]
        instance.slug = free_slug(page["slug"].lower(), parent, taken)
        instance.owner = user
        add_page(parent, instance, page)
        maker.page_keys[page["public_id"]] = instance.pk
        made.append((instance, page))
        for below in page.get("units", document["modules"] if parent is centre else ()):
            parents[below["public_id"]] = instance
    for instance, page in made:
        if has_page_links(page):
            # Only now are the pages there that it links to.
            maker.fill_streams(instance, page)
            instance.save(clean=False)
        first_revision(instance, user)
    log_made([instance for instance, _page in made], user)
    curriculum: CurriculumPage = made[0][0]
    return curriculum


def add_page(parent: Any, instance: Any, page: dict[str, Any]) -> None:
    """Put a new page below `parent`. Raises InvalidDocument where the model refuses it."""
    try:
        # Wagtail checks no more of a draft than its title and address.
        instance.clean_fields(exclude=_WAGTAILS_OWN)
        parent.add_child(instance=instance)
    except ValidationError as error:
        refuse(page, flat_message(error), error)


def first_revision(instance: Any, user: Any) -> None:
    """What save_revision() does for a page that was just saved, without saving it again."""
    revision = Revision.objects.create(
        content_object=instance,
        base_content_type=instance.get_base_content_type(),
        user=user,
        content=instance.serializable_data(),
        object_str=str(instance),
    )
    instance.latest_revision = revision
    Page.objects.filter(pk=instance.pk).update(
        latest_revision=revision,
        latest_revision_created_at=revision.created_at,
        draft_title=instance.title,
    )


def free_slug(wanted: str, parent: Any, taken: dict[int, set[str]]) -> str:
    """`wanted`, with a number where a sibling has it."""
    if parent.pk not in taken:
        taken[parent.pk] = set(parent.get_children().values_list("slug", flat=True))
    wanted = wanted.strip("-_")[:200] or "page"
    number, free = 1, wanted
    while free in taken[parent.pk]:
        number += 1
        free = f"{wanted}-{number}"
    taken[parent.pk].add(free)
    return free


def log_made(pages: list[Any], user: Any) -> None:
    """One action in the history: entries of one action share their uuid."""
    now, action = timezone.now(), uuid4()
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page_id=page.pk,
            content_type=ContentType.objects.get_for_model(page),
            label=str(page),
            action="wagtail.create",
            timestamp=now,
            uuid=action,
            user=user,
            revision=page.latest_revision,
            content_changed=True,
        )
        for page in pages
    )
