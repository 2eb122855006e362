"""Taking a release into a centre in the admin: fetched, verified, looked at, confirmed, made.

Each step is noted on an Intake and done by the task worker; one that was cut off can be gone on
with. The draft pages and the note that they are there come in one transaction.
"""

import fcntl
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.models import Page
from wagtail.permissions import policy_registry

from centres.models import CentrePage
from core.identity import new_public_id

from . import store
from .building import language_of
from .fetching import fetch
from .importing import import_document, receive
from .models import Intake, Release
from .package.canonical import parse_document
from .package.errors import PackageError, UnknownKey
from .package.reading import verify
from .package.signing import PublicKey, parse_public_key, public_keys
from .trust import accept_key, trusted_keys

logger = logging.getLogger(__name__)

#: Nobody comes back to an older one.
KEPT = timedelta(days=7)
_PROGRESS_SECONDS = 1.0


def centres_to_take_in(user: Any) -> Any:
    """The centres below which the user may make pages."""
    allowed = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "add")
    return CentrePage.objects.filter(pk__in=allowed.values("pk")).order_by("path")


# --- Beginning ------------------------------------------------------------------------------------


def take_upload(centre: CentrePage, user: Any, name: str, chunks: Iterable[bytes]) -> Intake:
    """Begin with an uploaded package."""
    tidy()
    token = new_public_id()
    path = _upload_path(token)
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _begin(Intake(token=token, centre=centre, user=user, name=name[:200]))


def take_address(centre: CentrePage, user: Any, address: str) -> Intake:
    """Begin with a release of another site."""
    tidy()
    return _begin(Intake(centre=centre, user=user, address=address, name=address[:200]))


def take_own(centre: CentrePage, user: Any, release: Release) -> Intake:
    """Begin with a release of this site: there is nothing to fetch or to verify."""
    return Intake.objects.create(
        centre=centre,
        user=user,
        name=str(release)[:200],
        document=release.document,
        key_id=public_keys(settings.RELEASE_KEYS_DIR)[0].key_id,
        state=Intake.State.READY,
    )


def _begin(intake: Intake) -> Intake:
    intake.save()
    transaction.on_commit(lambda: get_task.enqueue(intake.pk))
    return intake


def accept(intake: Intake, key: PublicKey) -> None:
    """Believe the key that signed it, and go on."""
    accept_key(key, intake.address or intake.name, intake.user)
    go_on(intake)


def offered_key(intake: Intake, given: str = "") -> PublicKey | None:
    """The key that the source offered, or that somebody typed in, if it is the one that signed."""
    try:
        key = parse_public_key(given or intake.public_key)
    except PackageError:
        return None
    return key if key.key_id == intake.key_id else None


def go_on(intake: Intake) -> None:
    """Try again what failed or was cut off."""
    importing = intake.state == Intake.State.IMPORTING or bool(intake.document)
    state = Intake.State.IMPORTING if importing else Intake.State.FETCHING
    changed = Intake.objects.filter(pk=intake.pk).exclude(state=Intake.State.DONE)
    if changed.update(state=state, message="", started_at=timezone.now()):
        following = import_task if importing else get_task
        transaction.on_commit(lambda: following.enqueue(intake.pk))


def confirm(intake: Intake) -> None:
    """Make the draft pages; a second call does nothing."""
    ready = Intake.objects.filter(pk=intake.pk, state=Intake.State.READY)
    if ready.update(state=Intake.State.IMPORTING, message="", started_at=timezone.now()):
        transaction.on_commit(lambda: import_task.enqueue(intake.pk))


def discard(intake: Intake) -> None:
    """Forget it. What was fetched stays in the store and need not be fetched again."""
    _upload_path(intake.token).unlink(missing_ok=True)
    intake.delete()


def tidy() -> None:
    """Forget what nobody came back to."""
    for intake in Intake.objects.filter(started_at__lt=timezone.now() - KEPT):
        discard(intake)


def _upload_path(token: str) -> Path:
    return store.folder() / "intake" / f"{token}.zip"


# --- In the background ----------------------------------------------------------------------------


@task()
def get_task(pk: int) -> None:
    """Fetch or read, and verify."""
    with _at_work(pk, Intake.State.FETCHING) as intake:
        if intake is not None:
            _get(intake)


@task()
def import_task(pk: int) -> None:
    """Make the draft pages."""
    with _at_work(pk, Intake.State.IMPORTING) as intake:
        if intake is None:
            return
        document = parse_document(store.read(intake.document))
        with transaction.atomic():
            curriculum = import_document(document, store.path_of, intake.centre, intake.user)
            Intake.objects.filter(pk=pk).update(state=Intake.State.DONE, curriculum=curriculum)


@contextmanager
def _at_work(pk: int, state: Any) -> Iterator[Intake | None]:
    """The intake if it is in this state and nobody else is at it; failures are noted on it."""
    with _claimed(pk) as is_mine:
        intake = Intake.objects.select_related("centre", "user").filter(pk=pk, state=state).first()
        if not is_mine or intake is None:
            yield None
            return
        with translation.override(language_of(intake.user)):
            try:
                yield intake
            except UnknownKey as error:
                key = getattr(error, "key", None)
                _note(
                    intake, state=Intake.State.UNKNOWN_KEY, message=str(error),
                    key_id=error.key_id, public_key=key.base64 if key else "",
                )  # fmt: skip
            except PackageError as error:
                _note(intake, state=Intake.State.FAILED, message=str(error))
            except store.MissingFileError:
                message = _("A file of the release is gone from this server. Start again.")
                _note(intake, state=Intake.State.FAILED, message=message)
            except Exception:
                logger.exception("A release could not be taken in")
                message = _("An error of the program stopped it, and nothing was made. Try again.")
                _note(intake, state=Intake.State.FAILED, message=message)


@contextmanager
def _claimed(pk: int) -> Iterator[bool]:
    """Hold the lock of an intake, which the system lets go of when the process dies."""
    locks = store.folder() / "locks"
    locks.mkdir(exist_ok=True)
    with (locks / f"intake-{pk}").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def is_interrupted(intake: Intake) -> bool:
    """Whether the work on it ended without saying how: the server was stopped or killed."""
    if intake.state not in (Intake.State.FETCHING, Intake.State.IMPORTING):
        return False
    if intake.started_at > timezone.now() - timedelta(seconds=30):
        return False
    with _claimed(intake.pk) as is_free:
        return is_free


def _get(intake: Intake) -> None:
    path = _upload_path(intake.token)
    if intake.address:
        found = fetch(intake.address, progress=_progress(intake), user=intake.user)
        document, key_id = found.document, found.key_id
    else:
        with verify(path, trusted_keys(), progress=_progress(intake)) as package:
            release = Release.objects.filter(
                public_id=package.document["release"]["public_id"]
            ).first()
            key_id = package.signed.key.key_id
            # One of this site's own releases that came back.
            document = release.document if release else receive(package).document
    _note(intake, state=Intake.State.READY, document=document, key_id=key_id)
    path.unlink(missing_ok=True)


def _note(intake: Intake, **values: Any) -> None:
    Intake.objects.filter(pk=intake.pk).update(**values)


def _progress(intake: Intake) -> Any:
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > _PROGRESS_SECONDS:
            last = time.monotonic()
            _note(intake, done=done, total=total)

    return report
