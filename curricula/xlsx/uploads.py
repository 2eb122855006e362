"""Forms waiting between preview and import, and the steps in between."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from centres.models import CentrePage
from glossary.exchange.uploads import Stage, Upload

from ..models import CurriculumPage
from .form import SHEET_NAMES, FormError, Problem, Sheet, columns
from .importing import import_form, refusal, version_of
from .planning import PagePlan, Plan, make_plan
from .reading import read_form

logger = logging.getLogger(__name__)
# What takes longer than a moment runs in the background.
DIRECT_BYTES = 150_000
SHOWN_CHANGES = 300


class FormUpload(Upload):
    """A form that was sent for a centre or for one of its programmes."""

    home = "form-imports"

    @property
    def centre(self) -> CentrePage | None:
        return CentrePage.objects.filter(pk=(self.status.about or {}).get("centre")).first()

    @property
    def curriculum(self) -> CurriculumPage | None:
        key = (self.status.about or {}).get("curriculum")
        return CurriculumPage.objects.filter(pk=key).first() if key else None

    @property
    def preview(self) -> dict[str, Any]:
        """What the plan said (see `_preview`)."""
        found: dict[str, Any] = json.loads((self.folder / "preview.json").read_text())
        return found

    def set_preview(self, preview: dict[str, Any]) -> None:
        text = json.dumps(preview, ensure_ascii=False)
        (self.folder / "preview.json").write_text(text)

    @property
    def problems(self) -> list[Problem]:
        return [Problem(**problem) for problem in self.preview["problems"]]


# --- Steps ----------------------------------------------------------------------------------------


def start_plan(upload: FormUpload) -> None:
    """Make the preview of a form, now or soon."""
    if upload.source.stat().st_size <= DIRECT_BYTES:
        plan_upload(upload.token)
    else:
        plan_form.enqueue(upload.token)


def start_import(upload: FormUpload) -> None:
    """Import a form, now or soon; a second call does nothing."""
    if not upload.claim():
        return
    upload.set_status(stage=Stage.APPLYING, message="")
    if upload.source.stat().st_size <= DIRECT_BYTES:
        import_upload(upload.token)
    else:
        import_programme.enqueue(upload.token)


@task()
def plan_form(token: str) -> None:
    """As `plan_upload`, by a worker."""
    plan_upload(token)


@task()
def import_programme(token: str) -> None:
    """As `import_upload`, by a worker."""
    import_upload(token)


def plan_upload(token: str) -> None:
    """Read a form and keep what it would do; whatever is wrong stands in its status."""
    upload = FormUpload(token)
    status = upload.status
    if status.stage != Stage.PLANNING:
        # Given up meanwhile, because nobody took it up for too long.
        return
    with translation.override(status.language):
        try:
            user, centre, curriculum = _allowed(upload)
            tables, faults = read_form(upload.source)
            plan = make_plan(tables, faults, centre, curriculum, user)
            upload.set_preview(_preview(plan))
        except FormError as error:
            upload.set_status(stage=Stage.FAILED, message=str(error))
        except Exception:
            logger.exception("A form could not be read")
            upload.set_status(stage=Stage.FAILED, message=_("The file could not be read."))
        else:
            upload.set_status(stage=Stage.PLANNED)


def import_upload(token: str) -> None:
    """Import a form; all of it or nothing."""
    upload = FormUpload(token)
    status = upload.status
    if status.stage != Stage.APPLYING:
        return
    with translation.override(status.language):
        try:
            user, centre, curriculum = _allowed(upload)
            tables, _faults = read_form(upload.source)
            seen = upload.preview["seen"]
            made = import_form(tables, centre, curriculum, user, seen)
        except FormError as error:
            upload.give_back()
            upload.set_status(stage=Stage.FAILED, message=str(error))
        except Exception:
            logger.exception("A form could not be imported")
            upload.give_back()
            message = _("The import failed and changed nothing. Try again.")
            upload.set_status(stage=Stage.PLANNED, message=message)
        else:
            upload.set_status(stage=Stage.APPLIED, result={"curriculum": made.pk})


def _allowed(upload: FormUpload) -> tuple[Any, CentrePage, CurriculumPage | None]:
    """Who imports where. Raises FormError where that is not, or no longer, allowed."""
    user = get_user_model().objects.filter(pk=upload.status.user, is_active=True).first()
    centre, curriculum = upload.centre, upload.curriculum
    wants_curriculum = bool((upload.status.about or {}).get("curriculum"))
    if user is None or centre is None or (wants_curriculum and curriculum is None):
        raise FormError(_("The programme was deleted meanwhile."))
    if message := refusal(user, centre, curriculum):
        raise FormError(message)
    return user, centre, curriculum


# --- Preview --------------------------------------------------------------------------------------


def _preview(plan: Plan) -> dict[str, Any]:
    """What the preview shows, and the versions that it is about."""
    changes = [_page(page) for page in plan.changed]
    return {
        "seen": version_of(plan.stored),
        "problems": [asdict(problem) for problem in plan.problems],
        "shown_problems": [_shown(problem) for problem in plan.problems[:SHOWN_CHANGES]],
        "added": [page.title for page in plan.added],
        "changed": changes[:SHOWN_CHANGES],
        "changed_count": len(changes),
        "unchanged_count": len(plan.pages) - len(plan.added) - len(changes),
        "kept": [page.live.get_admin_display_title() for page in plan.kept],
        "copy_of": _copied_from(plan),
    }


def _page(page: PagePlan) -> dict[str, Any]:
    return {"title": page.title, "changes": [asdict(change) for change in page.changes[:40]]}


def _shown(problem: Problem) -> dict[str, Any]:
    """A problem with its place in words."""
    labels = {column.key: str(column.label) for column in columns(problem.sheet)}
    return {
        "sheet": str(SHEET_NAMES[Sheet(problem.sheet)]),
        "row": problem.row,
        "column": labels.get(problem.column, ""),
        "message": problem.message,
    }


def _copied_from(plan: Plan) -> int | None:
    """The programme that the form was exported from, where the import would make a second one."""
    if plan.stored:
        return None
    public_id = plan.pages[0].identity[0]
    found = CurriculumPage.objects.filter(public_id=public_id).values_list("pk", flat=True)
    return found.first() if public_id else None
