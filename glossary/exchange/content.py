"""The glossary that ships with the project: readable YAML files, one for each trade."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from core.identity import public_id_from
from core.languages import CODES
from glossary.models import Concept
from glossary.search import index_concepts

from .creation import create_concepts, create_relations
from .records import ConceptRecord, TermRecord

CONTENT = Path(__file__).resolve().parent.parent / "content"
# Every term and definition says where it comes from and that nobody has signed it yet.
SOURCE = "Mittaphap, unreviewed draft, 2026"
# The C loader reads the shipped files in a fifth of the time.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def concept_id(key: str) -> str:
    """The public id of a shipped concept, the same on every site."""
    return public_id_from(f"concept:{key}")


def read_content(folder: Path = CONTENT) -> list[ConceptRecord]:
    """Every shipped concept, in the order of the files and of the entries in them."""
    records = []
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 — a safe loader
        trade = data.get("trade")
        records += [read_concept(entry, [trade] if trade else []) for entry in data["concepts"]]
    return records


def read_concept(entry: dict[str, Any], trades: list[str]) -> ConceptRecord:
    """One entry of a file; `trades` where it names none itself."""
    key = entry["key"]
    definitions = {code: entry["definition"].get(code) or "" for code in CODES}
    written = tuple(code for code in CODES if definitions[code])
    return ConceptRecord(
        public_id=concept_id(key),
        trades=tuple(entry.get("trades") or trades),
        is_safety=bool(entry.get("safety")),
        source_language="en",
        languages=CODES,
        ready_languages=written,
        **{f"definition_{code}": text for code, text in definitions.items()},
        # The three were written together, so the translations agree with their source.
        definition_checked=tuple(code for code in written if code != "en"),
        definition_source=SOURCE,
        broader=tuple(map(concept_id, entry.get("broader") or ())),
        related=tuple(map(concept_id, entry.get("related") or ())),
        terms=_read_terms(key, entry),
    )


def _read_terms(key: str, entry: dict[str, Any]) -> tuple[TermRecord, ...]:
    example = {f"example_{code}": text for code, text in (entry.get("example") or {}).items()}
    languages = {term["lang"] for term in entry["terms"]}
    # The example stands with the Lao term, which is what most readers come to learn.
    example_language = next(code for code in CODES if code in languages)
    numbers = dict.fromkeys(CODES, 0)
    terms = []
    for term in entry["terms"]:
        language = term["lang"]
        number = numbers[language] = numbers[language] + 1
        terms.append(
            TermRecord(
                public_id=public_id_from(f"term:{key}:{language}:{number}"),
                language=language,
                text=term["text"],
                status=term.get("status") or ("preferred" if number == 1 else "admitted"),
                type=term.get("type") or "full",
                part_of_speech=term.get("pos") or "noun",
                classifier=term.get("classifier") or "",
                source=SOURCE,
                **(example if number == 1 and language == example_language else {}),
            )
        )
    return tuple(terms)


@transaction.atomic
def load_content(progress: Callable[[str], Any]) -> int:
    """Make the concepts that are missing, by public id; return how many.

    What is there already stays as it is, whatever editors made of it.
    """
    records = read_content()
    present = set(Concept.objects.values_list("public_id", flat=True))
    missing = [record for record in records if record.public_id not in present]
    pks = create_concepts(missing)
    create_relations(zip(pks, missing, strict=True))
    index_concepts(pks)
    progress(f"Glossary: {len(pks)} new concepts of {len(records)}")
    return len(pks)
