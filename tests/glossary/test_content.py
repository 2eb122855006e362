"""The shipped glossary: its size, its spelling, its links, and that loading it is gentle."""

from collections import defaultdict
from typing import Any

import pytest
import yaml

from core.languages import CODES
from core.translated import State
from glossary.exchange.content import CONTENT, concept_id, load_content, read_content
from glossary.exchange.records import ConceptRecord
from glossary.models import Concept, ConceptRelation, Term
from orthography import fold, normalise
from trades.loading import load_trades
from trades.models import Trade

RECORDS = read_content()
BY_ID = {record.public_id: record for record in RECORDS}
TEXT_FIELDS = [f"{name}_{code}" for name in ("definition",) for code in CODES]
# Words that differ in their tone only; an editor looked at each.
TOLD_APART_BY_TONE = {
    ("vi", "tủ điện", "tụ điện"),
    ("vi", "bừa", "búa"),
    ("vi", "may", "máy"),
}


def entries() -> list[dict[str, Any]]:
    return [
        entry
        for path in sorted(CONTENT.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text())["concepts"]
    ]


def texts(record: ConceptRecord) -> list[str]:
    found = [getattr(record, name) for name in TEXT_FIELDS]
    for term in record.terms:
        found += [term.text, term.classifier, *(getattr(term, f"example_{c}") for c in CODES)]
    return [text for text in found if text]


def test_there_are_enough_concepts_over_enough_trades() -> None:
    assert len(RECORDS) >= 400
    assert len({trade for record in RECORDS for trade in record.trades or ()}) >= 12


def test_every_concept_is_defined_in_three_languages() -> None:
    for record in RECORDS:
        missing = [name for name in TEXT_FIELDS if not getattr(record, name)]
        assert not missing, f"{record.title()}: {missing}"


def test_every_concept_has_terms_and_nearly_all_a_lao_one() -> None:
    languages = [{term.language for term in record.terms} for record in RECORDS]
    assert all(have >= {"vi", "en"} for have in languages)
    assert sum("lo" in have for have in languages) >= 0.95 * len(RECORDS)


def test_at_least_half_have_an_example_in_three_languages() -> None:
    complete = [
        record
        for record in RECORDS
        if any(all(getattr(t, f"example_{c}") for c in CODES) for t in record.terms)
    ]
    assert len(complete) >= len(RECORDS) / 2


def test_texts_are_spelt_as_they_are_stored() -> None:
    wrong = [text for record in RECORDS for text in texts(record) if normalise(text) != text]
    assert not wrong
    assert all(text == " ".join(text.split()) for r in RECORDS for text in texts(r))


def test_keys_are_used_once() -> None:
    keys = [entry["key"] for entry in entries()]
    assert len(keys) == len(set(keys))
    assert len(BY_ID) == len(RECORDS)


def test_terms_fit_their_fields_and_choices() -> None:
    for record in RECORDS:
        for term in record.terms:
            assert term.language in CODES
            assert term.part_of_speech in Term.PartOfSpeech.values
            assert term.type in Term.Type.values
            assert term.status in Term.Status.values
            assert len(term.text) <= 200
            assert len(term.classifier or "") <= 40


def test_a_language_has_one_preferred_term_and_no_term_twice() -> None:
    for record in RECORDS:
        for code in CODES:
            here = [term for term in record.terms if term.language == code]
            assert sum(term.status == "preferred" for term in here) == bool(here)
            assert len({fold(term.text, code) for term in here}) == len(here), record.title()


def test_no_two_concepts_of_a_trade_share_a_preferred_term() -> None:
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for record in RECORDS:
        for language, text in record.headwords():
            for trade in record.trades or ():
                found[trade, language, fold(text, language)].append(text)
    doubles = {
        (language, *sorted(words)) for (_, language, _), words in found.items() if len(words) > 1
    }
    assert doubles <= {(code, *sorted(words)) for code, *words in TOLD_APART_BY_TONE}


def test_no_two_concepts_share_their_preferred_terms_in_all_languages() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for record in RECORDS:
        words = tuple(f"{code} {fold(text, code)}" for code, text in record.headwords())
        assert words not in seen, f"{record.title()} and {seen[words]}"
        seen[words] = record.title()


@pytest.mark.django_db
def test_trades_exist() -> None:
    load_trades()
    slugs = set(Trade.objects.values_list("slug", flat=True))
    assert all(record.trades and set(record.trades) <= slugs for record in RECORDS)


def test_links_lead_to_other_shipped_concepts() -> None:
    for record in RECORDS:
        targets = {*(record.broader or ()), *(record.related or ())}
        assert targets <= BY_ID.keys(), record.title()
        assert record.public_id not in targets, record.title()


def test_no_concept_is_broader_than_itself() -> None:
    done: set[str] = set()

    def climb(public_id: str, below: tuple[str, ...]) -> None:
        assert public_id not in below, BY_ID[public_id].title()
        if public_id not in done:
            for broader in BY_ID[public_id].broader or ():
                climb(broader, (*below, public_id))
            done.add(public_id)

    for record in RECORDS:
        climb(record.public_id, ())


@pytest.mark.django_db
def test_loading_makes_live_unreviewed_concepts_once() -> None:
    load_trades()
    lines: list[str] = []
    assert load_content(lines.append) == len(RECORDS)
    assert Concept.objects.published().count() == len(RECORDS)
    assert not Term.objects.filter(review_state="reviewed").exists()
    assert not Term.objects.exclude(source__contains="draft").exists()
    links = sum(len(r.broader or ()) + len(r.related or ()) for r in RECORDS)
    assert ConceptRelation.objects.count() == links
    concept = Concept.objects.get(public_id=concept_id("arc-welding"))
    assert concept.terms_in("lo")[0].example_lo
    assert concept.translation_counts()["lo"] == {State.CURRENT: 1}
    assert load_content(lines.append) == 0


@pytest.mark.django_db
def test_loading_again_keeps_what_editors_changed() -> None:
    load_trades()
    load_content(lambda line: None)
    concept = Concept.objects.get(public_id=concept_id("arc-welding"))
    concept.definition_en = "Changed by an editor."
    concept.save()
    Concept.objects.get(public_id=concept_id("gas-welding")).delete()
    assert load_content(lambda line: None) == 1
    concept.refresh_from_db()
    assert concept.definition_en == "Changed by an editor."
