"""Builds a release: snapshot, formats, package, publication; each step survives a crash.

A release is asked for in a request and built by the task worker. What is built stands in the store
under its hash and is noted in the database at once, so that a build that was cut off goes on where
it stopped. Nothing of it is visible before the last step, which is one transaction.
"""

import errno
import fcntl
import logging
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from core.languages import CODES
from curricula.models import CurriculumPage, ModulePage

from . import store
from .document import Snapshot, SnapshotError, blockers, take_snapshot
from .models import Release, ReleaseFile
from .package.bag import package_name, write_package
from .package.canonical import canonical_bytes, parse_document
from .package.errors import PackageError
from .package.parts import inventory_bytes
from .package.signing import signing_key
from .rendering.rendering import FORMATS, render_all

logger = logging.getLogger(__name__)


PACKAGE = str(ReleaseFile.Kind.PACKAGE)
PARTS = str(ReleaseFile.Kind.PARTS)
PARTS_SIGNATURE = str(ReleaseFile.Kind.PARTS_SIGNATURE)


class BusyError(Exception):
    """Another process builds this release at this moment."""


class ChangedFileError(Exception):
    """A lost file of a published release cannot be made again with the same bytes."""


def request_release(
    curriculum: CurriculumPage,
    languages: Sequence[str],
    user: Any = None,
    notes: Mapping[str, str] | None = None,
) -> Release:
    """Ask for the next release; the worker builds it. Raises SnapshotError with what is missing."""
    release = create_release(curriculum, languages, user, notes)
    transaction.on_commit(lambda: build_task.enqueue(release.pk))
    return release


def languages_of(curriculum: CurriculumPage) -> list[str]:
    """The languages a release is usually asked for in: ready, and meant by the modules too."""
    below = {"path__startswith": curriculum.path, "live": True}
    lists = ModulePage.objects.filter(**below).values_list("languages", flat=True)
    meant = {code for codes in lists for code in codes}
    return [code for code in curriculum.visible_languages if not meant or code in meant]


def create_release(
    curriculum: CurriculumPage,
    languages: Sequence[str],
    user: Any = None,
    notes: Mapping[str, str] | None = None,
) -> Release:
    """The row of the next release, to be built. Raises SnapshotError with what is missing."""
    if problems := blockers(curriculum):
        raise SnapshotError(problems)
    return _next_version(curriculum, languages, user, notes or {})


def _next_version(
    curriculum: CurriculumPage, languages: Sequence[str], user: Any, notes: Mapping[str, str]
) -> Release:
    """The row of the next version, whoever asks for one at the same moment."""
    known = Release.objects.filter(curriculum_public_id=curriculum.public_id)
    for _attempt in range(5):
        last = known.aggregate(last=Max("version"))["last"] or 0
        try:
            with transaction.atomic():
                return Release.objects.create(
                    curriculum=curriculum,
                    curriculum_public_id=curriculum.public_id,
                    centre=curriculum.centre,
                    version=last + 1,
                    languages=[code for code in CODES if code in languages],
                    requested_by=user,
                    dated=timezone.localdate(),
                    summary={"name": curriculum.field_texts("name")},
                    **{f"notes_{code}": notes.get(code, "") for code in CODES},
                )
        except IntegrityError:
            continue
    raise SnapshotError([_("Several people release this curriculum at once. Try again.")])


@task()
def build_task(release_pk: int) -> None:
    """What the worker runs."""
    release = Release.objects.filter(pk=release_pk).first()
    if release is None:
        return
    try:
        build(release)
    except BusyError:
        logger.info("Release %s is being built elsewhere", release.public_id)


def build(release: Release) -> Release:
    """Build what is still missing of a release and publish it, or note why it failed.

    Raises BusyError while another process is at it. Anything else ends as state FAILED.
    """
    with _claimed(release):
        release.refresh_from_db()
        if release.state not in (Release.State.BUILDING, Release.State.FAILED):
            return release
        Release.objects.filter(pk=release.pk).update(state=Release.State.BUILDING, error="")
        try:
            # What went wrong is told in the language of the one who asked.
            with translation.override(language_of(release.requested_by)):
                _build(release)
        except Exception as error:
            if not isinstance(error, (SnapshotError, PackageError, OSError)):
                logger.exception("Release %s failed", release.public_id)
            Release.objects.filter(pk=release.pk).update(
                state=Release.State.FAILED, error=_reason(error, release)
            )
        release.refresh_from_db()
    return release


def language_of(user: Any) -> str:
    profile = getattr(user, "wagtail_userprofile", None)
    return str(profile.get_preferred_language()) if profile else settings.LANGUAGE_CODE


def _reason(error: Exception, release: Release) -> str:
    """What an editor is told."""
    with translation.override(language_of(release.requested_by)):
        if isinstance(error, SnapshotError):
            return "\n".join(error.problems)
        if isinstance(error, PackageError):
            return str(error)
        if isinstance(error, store.MissingFileError):
            return _(
                "%(name)s is gone from the server. Try again; if that does not help, restore it "
                "from a backup."
            ) % {"name": error}
        if isinstance(error, ChangedFileError):
            return _(
                "%(name)s is lost, and the program has changed since: it cannot be made again as "
                "it was. Restore it from a backup, or make a new release."
            ) % {"name": error}
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return _("The disk of the server is full. Ask the operator for room, then try again.")
        return _("An error of the program stopped it: %(error)s") % {"error": str(error)[:500]}


@contextmanager
def _claimed(release: Release) -> Iterator[None]:
    """Hold the release's lock, which the system lets go of when the process dies."""
    locks = store.folder() / "locks"
    locks.mkdir(exist_ok=True)
    with (locks / release.public_id).open("w") as file:
        # Whoever only asks whether it is being built holds the lock for a moment.
        for _attempt in range(10):
            if _locks(file):
                break
            time.sleep(0.05)
        else:
            raise BusyError
        yield


def _locks(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_being_built(release: Release) -> bool:
    """Whether a process is at work on it just now."""
    path = store.folder() / "locks" / release.public_id
    if not path.exists():
        return False
    with path.open("w") as file:
        return not _locks(file)


def retry(release: Release) -> None:
    """Have a release that failed or was cut off built on; what is there already is kept."""
    unfinished = [Release.State.BUILDING, Release.State.FAILED]
    asked = Release.objects.filter(pk=release.pk, state__in=unfinished)
    if asked.update(state=Release.State.BUILDING, error=""):
        transaction.on_commit(lambda: build_task.enqueue(release.pk))


def rebuild(release: Release) -> None:
    """Make lost files of a published release again from its document, byte for byte.

    Raises BusyError; ChangedFileError or store.MissingFileError where that is not possible, with
    the reason noted in the release, which stays published.
    """
    with _claimed(release):
        error = ""
        try:
            with _work_folder(release) as work:
                document = _kept_document(release)
                _render(release, document, work)
                _package(release, document, work)
        except Exception as problem:
            error = _reason(problem, release)
            raise
        finally:
            Release.objects.filter(pk=release.pk).update(error=error)


@task()
def rebuild_task(release_pk: int) -> None:
    """What the worker runs when files of a published release are lost."""
    release = Release.objects.published().get(pk=release_pk)
    try:
        rebuild(release)
    except BusyError:
        logger.info("Release %s is being built elsewhere", release.public_id)
    except (ChangedFileError, store.MissingFileError, OSError):
        logger.exception("Files of release %s stay lost", release.public_id)


def clean_up() -> None:
    """Remove what builds left behind that were killed. For the start of the site."""
    store.clean_up()
    unfinished = set(Release.objects.unfinished().values_list("public_id", flat=True))
    for path in (store.folder() / "work").glob("*"):
        if path.name not in unfinished:
            shutil.rmtree(path, ignore_errors=True)


def resume_all() -> int:
    """Enqueue what was cut off; return how many. For the start of the worker."""
    waiting = [release for release in Release.objects.unfinished() if not is_being_built(release)]
    for release in waiting:
        build_task.enqueue(release.pk)
    return len(waiting)


# --- Steps ----------------------------------------------------------------------------------------


def _build(release: Release) -> None:
    document = _document(release)
    _note_progress(release)
    with _work_folder(release) as work:
        _render(release, document, work)
        _package(release, document, work)
    _publish(release)


@contextmanager
def _work_folder(release: Release) -> Iterator[Path]:
    """A new folder for what is not finished; nothing in it is ever used again."""
    work = store.folder() / "work" / release.public_id
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _document(release: Release) -> dict[str, Any]:
    """The document of the release: the one noted earlier, else a new snapshot."""
    try:
        return _kept_document(release)
    except store.MissingFileError:
        # What was made from a document that is lost does not belong to the next one.
        release.files.all().delete()
    assert release.curriculum_id is not None or release.document  # noqa: S101
    snapshot = take_snapshot(release.curriculum_id or 0)
    document = {**snapshot.document, "release": _release_part(release, snapshot)}
    canonical = canonical_bytes(document)
    document = parse_document(canonical)
    release.document = store.put_bytes(canonical)
    release.summary = summary_of(document)
    release.save(update_fields=["document", "summary"])
    return document


def _kept_document(release: Release) -> dict[str, Any]:
    """The document noted earlier. Raises store.MissingFileError when it or a picture is lost."""
    document = parse_document(store.read(release.document))
    for file in document["files"]:
        if store.size_of(file["sha256"]) != file["size"]:
            raise store.MissingFileError(file["title"])
    return document


def _render(release: Release, document: dict[str, Any], work: Path) -> None:
    """Every format in every language that is not there yet."""
    missing = [
        (kind, language)
        for language in release.languages
        for kind in FORMATS
        if not _has(release, kind, language)
    ]

    def keep(kind: str, language: str, path: Path) -> None:
        name = f"{package_name(document)}-{language}.{FORMATS[kind][2]}"
        _keep(release, kind, name, path, language)

    render_all(document, store.path_of, missing, work, keep)


def _package(release: Release, document: dict[str, Any], work: Path) -> None:
    """The transfer package, the list of its parts, and the signature of that list."""
    if all(_has(release, kind) for kind in (PACKAGE, PARTS, PARTS_SIGNATURE)):
        return
    target = work / "package.zip"
    files = {file["sha256"]: store.path_of(file["sha256"]) for file in document["files"]}
    key = signing_key(settings.RELEASE_KEYS_DIR)
    inventory = write_package(target, document, files, key)
    parts, signature = work / "parts.json", work / "parts.json.minisig"
    listed = inventory_bytes(inventory)
    parts.write_bytes(listed)
    signature.write_text(key.sign(listed, f"{inventory.name} {release.public_id}"))
    _keep(release, PARTS, f"{inventory.name}.parts.json", parts)
    _keep(release, PARTS_SIGNATURE, f"{inventory.name}.parts.json.minisig", signature)
    _keep(release, PACKAGE, inventory.name, target)


def _has(release: Release, kind: str, language: str = "") -> bool:
    """Whether a file was built before and is still there."""
    file = release.files.filter(kind=kind, language=language).first()
    return file is not None and file.is_there


def _keep(release: Release, kind: str, name: str, path: Path, language: str = "") -> None:
    """Put a finished file into the store and note it, which counts as progress."""
    sha256, size = store.put_file(path)
    path.unlink()
    if release.is_published and not release.files.filter(kind=kind, sha256=sha256).exists():
        raise ChangedFileError(name)
    values = {"name": name, "sha256": sha256, "size": size}
    ReleaseFile.objects.update_or_create(
        release=release, kind=kind, language=language, defaults=values
    )
    _note_progress(release)


def _note_progress(release: Release) -> None:
    total = len(release.languages) * len(FORMATS) + 3
    Release.objects.filter(pk=release.pk).update(done=release.files.count(), total=total)


def _release_part(release: Release, snapshot: Snapshot) -> dict[str, Any]:
    """What the document says of the release itself."""
    return {
        "public_id": release.public_id,
        "version": release.version,
        "date": release.dated.isoformat(),
        "notes": release.field_texts("notes"),
        "languages": release.languages,
        "source": {"name": settings.WAGTAIL_SITE_NAME, "url": settings.WAGTAILADMIN_BASE_URL},
        "incomplete": {
            code: counts
            for code, counts in snapshot.incomplete.items()
            if code in release.languages
        },
        "ancestors": ancestors_of(release.curriculum),
    }


def ancestors_of(curriculum: CurriculumPage | None) -> list[dict[str, Any]]:
    """What the curriculum was adapted from, the nearest first."""
    adoption = getattr(curriculum, "adoption", None)
    if adoption is None:
        return []
    nearest = {key: value for key, value in adoption.source.items() if key != "ancestors"}
    return [nearest, *adoption.source.get("ancestors", [])]


def summary_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """What lists and the feed show of a release without opening its document."""
    curriculum, values = document["curriculum"], document["curriculum"]["values"]
    modules = [module["values"] for module in document["modules"]]
    hours = {
        kind: sum(int(module.get(f"hours_{kind}") or 0) for module in modules)
        for kind in ("theory", "practice", "test")
    }
    return {
        "name": curriculum["texts"]["name"],
        "introduction": curriculum["texts"].get("introduction") or {},
        "code": values.get("code") or "",
        "centre": document["centre"]["texts"]["name"],
        "country": document["centre"].get("country") or "",
        "trade": (document["trade"] or {}).get("slug", ""),
        "licence": values.get("licence") or "",
        "rights_holder": values.get("rights_holder") or "",
        "modules": len(modules),
        "units": sum(len(module["units"]) for module in document["modules"]),
        "hours": {**hours, "total": sum(hours.values())},
        "is_draft_content": bool(values.get("is_draft_content")),
        "incomplete": document["release"].get("incomplete") or {},
        "ancestors": document["release"]["ancestors"],
    }


def _publish(release: Release) -> None:
    """Make it visible, whole. Raises store.MissingFileError when a file was deleted meanwhile."""
    with transaction.atomic():
        files = list(release.files.all())
        for file in files:
            if not file.is_there:
                raise store.MissingFileError(file.name)
        Release.objects.filter(pk=release.pk).update(
            state=Release.State.PUBLISHED, published_at=timezone.now()
        )


def withdraw(release: Release, reasons: Mapping[str, str]) -> None:
    """Stop offering a release; it stays listed with the reason, a text in some language."""
    for code in CODES:
        setattr(release, f"withdrawal_reason_{code}", reasons.get(code, ""))
    release.state = Release.State.WITHDRAWN
    release.withdrawn_at = timezone.now()
    release.save()
