"""Releases of the shipped curricula, made by the task worker after the first start.

All three curricula are released; one of them is adapted by a centre of the other country, and
then released a second time. Each step looks whether it was done, so that a run that was cut off
is finished by the next.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django_tasks import task

from centres.models import CentrePage
from core.content_files import stable_id
from core.identity import public_id_from
from core.languages import CODES
from curricula.models import CurriculumPage, ModuleUnitPage

from . import store
from .building import build, create_release
from .importing import import_document
from .models import Adoption, Release
from .package.canonical import parse_document

logger = logging.getLogger(__name__)
CONTENT = Path(__file__).parent / "content" / "demo.yaml"


@task()
def build_demo_releases() -> None:
    """What the worker runs."""
    make_demo_releases()


def start_demo_releases(progress: Callable[[str], Any]) -> None:
    """Have the releases made in the background."""
    build_demo_releases.enqueue()
    progress("Releases of the curricula: made in the background by the task worker")


def make_demo_releases() -> None:
    """Make what is missing of the demo's releases."""
    plan = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    shipped = {page.slug: page for page in _shipped()}
    original = shipped.pop(plan["curriculum"], None)
    if original is not None:
        first = _release(original, 1, plan["first_notes"])
        _adapt(first, plan)
        _second_version(original, plan["second_version"])
    for curriculum in shipped.values():
        _release(curriculum, 1, plan["first_notes"])


def _shipped() -> list[CurriculumPage]:
    """The curricula that came with the project, not those adapted from them."""
    adopted = Adoption.objects.values("curriculum")
    return list(CurriculumPage.objects.live().exclude(pk__in=adopted).order_by("path"))


def _release(curriculum: CurriculumPage, version: int, notes: Mapping[str, str]) -> Release:
    """The release of this version, built where it is missing."""
    known = Release.objects.filter(curriculum=curriculum, version=version).first()
    release = known or create_release(curriculum, ["lo", "vi"], notes=notes)
    if release.state in (Release.State.BUILDING, Release.State.FAILED):
        release = build(release)
    if not release.is_published:
        logger.error("%s of the demo: %s", release, release.error)
    return release


def _adapt(release: Release, plan: Mapping[str, Any]) -> None:
    """Take the release into another centre, change what is local, and release it there."""
    adoption = Adoption.objects.filter(release_public_id=release.public_id).first()
    centre_id = public_id_from(f"centre:{plan['adapted_by']}")
    centre = CentrePage.objects.filter(public_id=centre_id).first()
    if centre is None or not release.document:
        return
    if adoption is None:
        document = parse_document(store.read(release.document))
        curriculum = import_document(document, store.path_of, centre)
    else:
        curriculum = adoption.curriculum
    if not curriculum.live:
        for code in CODES:
            setattr(
                curriculum, f"introduction_{code}", plan["adaptation"]["introduction"].get(code, "")
            )
        for language in curriculum.languages:
            curriculum.confirm_translation(language)
        curriculum.save_revision(clean=False)
        for page in curriculum.get_descendants(inclusive=True).order_by("path"):
            page.get_latest_revision().publish()
    _release(curriculum, 1, plan["adaptation"]["notes"])


def _second_version(curriculum: CurriculumPage, plan: Mapping[str, Any]) -> None:
    """Change one unit as a teacher would, and release the curriculum again."""
    unit = ModuleUnitPage.objects.descendant_of(curriculum).filter(slug=plan["unit"]).first()
    if unit is None:
        return
    identifier = stable_id(f"demo/{plan['unit']}/remember")
    body = unit.body.get_prep_value()
    if not any(block["id"] == identifier for block in body):
        texts = {code: plan["remember"].get(code, "") for code in CODES}
        point = {"type": "item", "id": stable_id(f"{identifier}/1"), "value": texts}
        body.append({"type": "remember", "id": identifier, "value": [point]})
        unit.body = unit.body.stream_block.to_python(body)
        for language in unit.languages:
            unit.confirm_translation(language)
        unit.save_revision(clean=False).publish()
    _release(CurriculumPage.objects.get(pk=curriculum.pk), 2, plan["notes"])
