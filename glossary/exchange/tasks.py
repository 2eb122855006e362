"""The steps of an import in the admin, inside a request or in the background."""

import logging
import time

from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from .applying import apply_plan
from .errors import ExchangeError
from .formats import sniff
from .planning import Progress, make_plan
from .uploads import Stage, Upload

logger = logging.getLogger(__name__)
# What takes longer than a moment runs in the background.
DIRECT_BYTES = 300_000
DIRECT_CONCEPTS = 300


def start_plan(upload: Upload) -> None:
    """Make the preview of an upload, now or soon."""
    if upload.source.stat().st_size <= DIRECT_BYTES:
        plan_upload(upload.token)
    else:
        plan_in_background.enqueue(upload.token)


def start_apply(upload: Upload, concepts: int) -> None:
    """Apply the plan of an upload, now or soon; a second call does nothing."""
    if not upload.claim():
        return
    upload.set_status(stage=Stage.APPLYING, phase="apply", done=0, total=concepts)
    if concepts <= DIRECT_CONCEPTS:
        apply_upload(upload.token)
    else:
        apply_in_background.enqueue(upload.token)


@task()
def plan_in_background(token: str) -> None:
    """As `plan_upload`, by a worker."""
    plan_upload(token)


@task()
def apply_in_background(token: str) -> None:
    """As `apply_upload`, by a worker."""
    apply_upload(token)


def plan_upload(token: str) -> None:
    """Read an upload and make its plan; whatever is wrong stands in its status."""
    upload = Upload(token)
    status = upload.status
    if status.stage != Stage.PLANNING:
        # Given up meanwhile, because nobody took it up for too long.
        return
    with translation.override(status.language):
        try:
            form = sniff(upload.source, status.name)
            plan = make_plan(
                upload.source, form, upload.plan_path, status.keep_review, _progress(upload)
            )
            plan.close()
        except ExchangeError as error:
            upload.set_status(stage=Stage.FAILED, message=str(error))
        except Exception:
            logger.exception("An import could not be read")
            upload.set_status(stage=Stage.FAILED, message=_("The file could not be read."))
        else:
            upload.set_status(stage=Stage.PLANNED, form=str(form))


def apply_upload(token: str) -> None:
    """Apply the plan of an upload; all of it or nothing."""
    upload = Upload(token)
    status = upload.status
    if status.stage != Stage.APPLYING:
        # Given up meanwhile, because nobody took it up for too long.
        return
    with translation.override(status.language):
        plan = upload.plan()
        try:
            user = get_user_model().objects.filter(pk=status.user).first()
            result = apply_plan(plan, user, _progress(upload))
        except Exception:
            logger.exception("An import could not be applied")
            upload.give_back()
            message = _("The import failed and changed nothing. Try again.")
            upload.set_status(stage=Stage.PLANNED, message=message)
        else:
            counts = {"added": result.added, "changed": result.changed, "stopped": result.stopped}
            upload.set_status(stage=Stage.APPLIED, result=counts, message="")
        finally:
            plan.close()


def end_interrupted(upload: Upload) -> None:
    """Say of an upload whose work was cut off that it failed; nobody would wait to the end.

    A new preview of the file shows whether it was written in the last moment.
    """
    if upload.is_interrupted:
        message = _("The work on this file was interrupted. Send the file again and look at it.")
        upload.set_status(stage=Stage.FAILED, message=message)


def _progress(upload: Upload) -> Progress:
    """Progress in the upload's folder: the database is busy with the import itself."""
    last = 0.0

    def report(phase: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > 0.5:
            last = time.monotonic()
            upload.set_status(phase=phase, done=done, total=total)

    return report
