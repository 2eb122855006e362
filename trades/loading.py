"""Load trades and frameworks from the data files that ship with the project."""

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from core.identity import public_id_from
from core.languages import CODES

from .models import Framework, FrameworkLevel, Trade

CONTENT = Path(__file__).parent / "content"


@transaction.atomic
def load_trades() -> int:
    """Make the trades that are missing, by slug; return how many."""
    made = 0
    for position, entry in enumerate(yaml.safe_load((CONTENT / "trades.yaml").read_text())):
        codes = ("isco08", "isced_f", "vietnamese_code", "asean_skill", "pictogram")
        _, created = Trade.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "public_id": public_id_from(f"trade:{entry['slug']}"),
                "position": position,
                **{code: str(entry.get(code) or "") for code in codes},
                **_texts(entry, "name"),
                **_texts(entry, "summary"),
            },
        )
        made += created
    return made


@transaction.atomic
def load_frameworks() -> int:
    """Make the frameworks and levels that are missing; return how many levels."""
    made = 0
    for entry in yaml.safe_load((CONTENT / "frameworks.yaml").read_text())["frameworks"]:
        slug = entry["slug"]
        framework, _ = Framework.objects.get_or_create(
            slug=slug,
            defaults={
                "public_id": public_id_from(f"framework:{slug}"),
                "country": entry.get("country") or "",
                "source": entry.get("source") or "",
                "as_of": entry.get("date"),
                "review_note": entry.get("review_note") or "",
                **_texts(entry, "name"),
            },
        )
        for level in entry["levels"]:
            _, created = FrameworkLevel.objects.get_or_create(
                framework=framework,
                number=level["number"],
                defaults={
                    "public_id": public_id_from(f"level:{slug}:{level['number']}"),
                    "code": str(level.get("code") or ""),
                    "certainty": level.get("certainty", FrameworkLevel.Certainty.UNVERIFIED),
                    "source": level.get("source") or "",
                    "as_of": level.get("date"),
                    **_texts(level, "name"),
                },
            )
            made += created
    return made


def _texts(entry: dict[str, Any], name: str) -> dict[str, str]:
    """`name: {lo: …, vi: …}` as model fields; a language that is left out stays empty."""
    return {f"{name}_{code}": (entry.get(name) or {}).get(code) or "" for code in CODES}
