"""Export, import, export: the same bytes; and importing twice changes nothing."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.languages import CODES
from glossary.exchange.content import load_content
from glossary.exchange.csv_files import guard, unguard
from glossary.exchange.formats import Format, open_reader, write
from glossary.exchange.plan_file import State
from glossary.exchange.records import ConceptRecord, TermRecord, from_json, to_json
from glossary.models import Concept, ConceptRelation, Term
from tests.factories import ConceptFactory, TradeFactory
from trades.loading import load_trades

from .conftest import entries

NASTY = [
    "=1+1",
    "+84 123",
    "-ing",
    "@SUM(A1)",
    "'=quoted",
    "''+twice",
    "'tis",
    "＝full width",
    'a "quoted", b; c\td',
    "two\nlines",
    "_x0041_ escaped",
    "<b>&amp;</b> ]]>",
    "ນ້ຳ ໜັງສື",
    "ký tự đặc biệt",
    "0012",
    "1e5",
    "TRUE",
    "2026-01-31",
    "😀",
]


def rich_glossary() -> None:
    """Two concepts that use every field, one with every text that files like to spoil."""
    trades = [TradeFactory(slug="welder"), TradeFactory(slug="cook", name_en="Cook")]
    first = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode", trades=trades)
    first.is_safety = True
    first.source_language = "vi"
    first.languages = ["lo", "vi"]
    first.ready_languages = ["vi"]
    first.definition_vi, first.definition_lo = "Que để hàn.", "ທູບ"
    first.definition_source = "TCVN 3223"
    first.origin_id = "23456789bc"
    first.confirm_translation("lo")
    first.save()
    Term.objects.filter(concept=first, language="lo").update(
        classifier="ອັນ",
        type="variant",
        status="deprecated",
        part_of_speech="phrase",
        review_state="reviewed",
        reviewed_by="Terminologist",
        reviewed_on="2026-02-03",
        pronunciation="thub",
        pronunciation_scheme="IPA",
        region="Vientiane",
        sort_as="ທູບ",
        source="A book",
        example_lo="ທູບຈອດ",
        example_vi="Que hàn đây.",
        example_en="Here it is.",
    )
    second = ConceptFactory(en="slag")
    for number, text in enumerate(NASTY):
        Term.objects.create(
            concept=second,
            language=CODES[number % 3],
            text=text,
            status="admitted",
            sort_order=number + 1,
            region=text[:100],
            source=text,
            example_en=text,
        )
    ConceptRelation.objects.create(concept=second, kind="broader", target=first)
    ConceptRelation.objects.create(concept=second, kind="related", target=first)


@pytest.mark.parametrize("form", Format)
def test_a_glossary_moved_to_an_empty_site_exports_the_same_bytes(
    form: Format, save: Callable[..., Path], take: Callable[..., Any], welder: Any
) -> None:
    rich_glossary()
    first = save(form, "first")
    Concept.objects.all().delete()
    result = take(first, keep_review=True)
    assert (result.added, result.changed, result.stopped) == (2, 0, 0)
    assert save(form, "second").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("form", Format)
def test_an_export_taken_in_again_changes_nothing(
    form: Format, save: Callable[..., Path], plan: Callable[..., Any], welder: Any
) -> None:
    rich_glossary()
    for keep_review in (False, True):
        planned = entries(plan(save(form), keep_review=keep_review))
        assert [item.changes for item in planned] == [(), ()]
        assert {item.state for item in planned} == {State.UNCHANGED}


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
def test_tables_carry_every_field_of_the_models(
    form: Format, save: Callable[..., Path], take: Callable[..., Any], welder: Any
) -> None:
    rich_glossary()
    # What is the site's own bookkeeping, or a key that never leaves the database.
    own = {
        *("id", "concept", "sort_key", "initial", "example", "definition", "fingerprints"),
        *("created_at", "updated_at", "latest_revision", "live_revision", "locked_at", "locked_by"),
        *("first_published_at", "last_published_at", "expired", "expire_at", "go_live_at"),
    }

    def everything() -> list[Any]:
        found = []
        for model in (Concept, Term):
            order = "public_id" if model is Concept else "text"
            names = [f.name for f in model._meta.concrete_fields if f.name not in own]
            rows = model.objects.order_by(order).values(*names)
            # An empty translated field may be stored as NULL.
            found.append([{k: "" if v is None else v for k, v in r.items()} for r in rows])
        found.append([sorted(c.trades.values_list("slug")) for c in Concept.objects.order_by("pk")])
        found.append(list(Concept.objects.order_by("public_id").values_list("fingerprints")))
        return found

    Term.objects.update(public_id="")
    for number, term in enumerate(Term.objects.order_by("pk")):
        Term.objects.filter(pk=term.pk).update(public_id=f"{number:02}".translate(DIGITS) * 5)
    # Terms are stored in the order of their languages.
    before = everything()
    path = save(form)
    Concept.objects.all().delete()
    take(path, keep_review=True)
    after = everything()
    for rows in (before[1], after[1]):
        for row in rows:
            row.pop("sort_order")
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert sorted(after[2]) == sorted(before[2])
    assert after[3] == before[3]


DIGITS = str.maketrans("0123456789", "bcdfghjkmn")


@pytest.mark.parametrize("form", [Format.CSV, Format.TBX])
def test_the_shipped_glossary_survives(
    form: Format, save: Callable[..., Path], take: Callable[..., Any], db: None
) -> None:
    load_trades()
    count = load_content(lambda line: None)
    first = save(form, "first")
    Concept.objects.all().delete()
    assert take(first).added == count
    assert save(form, "second").read_bytes() == first.read_bytes()
    assert take(first).changed == 0


def test_rows_sorted_in_a_spreadsheet_say_the_same(
    save: Callable[..., Path], plan: Callable[..., Any], welder: Any
) -> None:
    rich_glossary()
    header, *rows = save(Format.CSV).read_text(encoding="utf-8-sig").split("\r\n")
    rows = [row for row in rows if row and "two\n" not in row]
    random.Random(1).shuffle(rows)
    counts = plan("\r\n".join([header, *rows])).counts()
    assert counts[State.UNCHANGED] == 2


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    lambda text: text.strip()
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=texts, example=texts, form=st.sampled_from(list(Format)))
def test_any_text_comes_back_as_it_went(
    tmp_path: Path, text: str, example: str, form: Format
) -> None:
    from glossary.exchange.texts import canonical

    text, example = canonical(text), canonical(example)
    if not text or not example:
        return
    record = ConceptRecord(
        public_id="23456789bc",
        terms=(
            TermRecord(
                public_id="bcdfghjkmn",
                language="lo",
                text=" ".join(text.split()),
                status="preferred",
                example_lo=example,
            ),
        ),
    )
    path = tmp_path / f"any{form.extension}"
    with path.open("wb") as file:
        write([record], file, form)
    (entry,) = open_reader(path, form)
    assert not entry.problems
    assert entry.record.terms[0].text == record.terms[0].text
    assert entry.record.terms[0].example_lo == example


@given(st.text(alphabet="'=+-@\t\r\nab＝", max_size=8))
def test_guarding_a_cell_can_be_undone(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text) or guard(text)[0] not in "=+-@\t\r\n＝"


def test_a_record_survives_json() -> None:
    record = ConceptRecord(
        public_id="23456789bc", trades=("welder",), terms=(TermRecord(language="lo", text="ທູບ"),)
    )
    assert from_json(to_json(record)) == record
