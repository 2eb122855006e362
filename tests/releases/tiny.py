"""A curriculum so small that its release is built in seconds, or at once without its formats."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from curricula.models import CurriculumPage
from releases import building
from releases.models import Release
from tests.factories import centre_page, curriculum_page, module_page, module_unit_page
from trades.models import Trade

LANGUAGES = {"source_language": "vi", "languages": ["vi", "lo"], "ready_languages": ["vi"]}


def tiny_curriculum(home: Any, **values: Any) -> CurriculumPage:
    """One module with one unit, in Vietnamese and partly in Lao."""
    trade = Trade.objects.get_or_create(slug="welder", defaults={"name_en": "Welder"})[0]
    centre = values.pop("centre", None) or centre_page(home, name_vi="Trường Salavan")
    named = {"name_vi": "Hàn điện", "name_en": "", "trade": trade, "slug": "han-dien"}
    curriculum = curriculum_page(
        centre, **{**named, "rights_holder": "Salavan College", **LANGUAGES, **values}
    )
    module = module_page(curriculum, name_vi="An toàn", name_en="", hours_theory=2, **LANGUAGES)
    module_unit_page(module, name_vi="Bảo hộ", name_en="", body=paragraph("Đeo kính."), **LANGUAGES)
    return CurriculumPage.objects.get(pk=curriculum.pk)


def paragraph(text: str) -> str:
    """The body of a unit with one paragraph."""
    texts = {"vi": f"<p>{text}</p>", "lo": "<p>ໃສ່ແວ່ນຕາ</p>", "en": ""}
    identifier = "00000001-0000-4000-8000-000000000000"
    return json.dumps([{"type": "paragraphs", "value": texts, "id": identifier}])


def change_unit(curriculum: CurriculumPage, text: str) -> None:
    """Publish another text of the unit."""
    unit = curriculum.get_descendants().last().specific
    unit.body = paragraph(text)
    unit.save_revision().publish()


def released(
    curriculum: CurriculumPage,
    languages: Sequence[str] = ("vi", "lo"),
    notes: Mapping[str, str] | None = None,
) -> Release:
    """A published release with its real package; the formats are a few bytes each."""
    release = building.create_release(curriculum, languages, notes=notes)
    return build_without_formats(release)


def build_without_formats(release: Release) -> Release:
    """Build a release, its formats a few bytes each."""
    with patch.object(building, "render_all", few_bytes):
        return building.build(release)


def few_bytes(
    document: Any, files: Any, wanted: Sequence[tuple[str, str]], folder: Path, progress: Any
) -> None:
    for kind, language in wanted:
        path = folder / f"{kind}-{language}"
        path.write_text(f"{document['release']['public_id']} {kind} {language}\n" * 500)
        progress(kind, language, path)
