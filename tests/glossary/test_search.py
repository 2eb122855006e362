"""Concepts in the search table follow what is live."""

import pytest

from core.search import Match, near, rebuild_all, search
from core.search.models import SearchEntry
from glossary.bench import measure_search
from glossary.bench_data import concept_texts, make_concepts
from glossary.models import Concept, Term
from glossary.search import (
    CONCEPT,
    DRAFT,
    browse_terms,
    index_concepts,
    search_concept_ids,
)
from tests.factories import ConceptFactory, TradeFactory

pytestmark = pytest.mark.django_db


def published(**kwargs: object) -> Concept:
    concept = ConceptFactory(**kwargs)
    concept.save_revision().publish()
    return concept


def found(query: str) -> list[int]:
    return [hit.object_id for hit in search(query, kinds=[CONCEPT]).hits]


def test_publishing_makes_every_term_findable() -> None:
    concept = published(lo="ທູບຈອດ", vi="que hàn", en="stick electrode")
    for query in ("ທູບຈອດ", "que han", "electrode"):
        assert found(query) == [concept.pk]


def test_unpublished_and_deleted_concepts_are_not_found() -> None:
    concept = published(en="stick electrode")
    concept.unpublish()
    assert found("electrode") == []
    concept.save_revision().publish()
    assert found("electrode") == [concept.pk]
    concept.delete()
    assert found("electrode") == []
    assert not SearchEntry.objects.filter(kind__in=[CONCEPT, DRAFT]).exists()


def test_draft_changes_are_found_once_published() -> None:
    concept = published(en="stick electrode")
    concept.terms = [Term(language="en", text="welding rod")]
    revision = concept.save_revision()
    assert found("welding rod") == []
    revision.publish()
    assert found("welding rod") == [concept.pk]
    assert found("electrode") == []


def test_drafts_are_hidden_from_readers_and_found_in_the_admin() -> None:
    draft = ConceptFactory(en="gas lens", live=False)
    draft.terms = [Term(language="en", text="gas lens"), Term(language="vi", text="chụp khí")]
    draft.save_revision()
    live = published(en="gas nozzle")
    assert found("gas") == [live.pk]
    assert [hit.object_id for hit in search("gas").hits] == [live.pk]
    assert near("gaz lenz") == []
    assert search_concept_ids("gas") == [draft.pk, live.pk]
    assert search_concept_ids("chup khi") == [draft.pk]


def test_proposed_terms_are_left_out_and_deprecated_ones_come_last() -> None:
    concept = ConceptFactory(en="drill")
    concept.terms.add(Term(language="en", text="borer", status=Term.Status.PROPOSED))
    concept.terms.add(Term(language="en", text="auger", status=Term.Status.DEPRECATED))
    concept.save_revision().publish()
    other = published(en="auger")
    assert found("borer") == []
    hits = search("auger", kinds=[CONCEPT]).hits
    assert [(hit.object_id, hit.is_deprecated) for hit in hits] == [
        (other.pk, False),
        (concept.pk, True),
    ]


def test_bulk_changes_are_indexed_by_one_call(django_assert_max_num_queries) -> None:
    concepts = [ConceptFactory(en=f"part {letter}") for letter in "abcdefgh"]
    with django_assert_max_num_queries(20):
        index_concepts(concept.pk for concept in concepts)
    assert len(found("part")) == 8
    Concept.objects.filter(pk=concepts[0].pk).update(live=False)
    index_concepts([concepts[0].pk])
    assert len(found("part")) == 7


def test_trade_and_review_narrow_a_search() -> None:
    welder, cook = TradeFactory(slug="welder"), TradeFactory(slug="cook")
    torch = published(en="torch", trades=[welder])
    published(en="torch", trades=[cook])
    Term.objects.filter(concept=torch).update(review_state=Term.Review.REVIEWED)
    index_concepts([torch.pk])
    in_trade = search("torch", kinds=[CONCEPT], trade=welder.pk)
    reviewed = search("torch", kinds=[CONCEPT], reviewed_only=True)
    for results in (in_trade, reviewed):
        assert [hit.object_id for hit in results.hits] == [torch.pk]


def test_the_list_shows_the_preferred_term_of_each_concept() -> None:
    concept = ConceptFactory(vi="que hàn")
    concept.terms.add(Term(language="vi", text="điện cực hàn", status=Term.Status.ADMITTED))
    concept.save_revision().publish()
    ConceptFactory(vi="an toàn", live=False).save_revision()
    published(vi="ổ cắm")
    listing = browse_terms("vi")
    assert [entry.text for entry in listing.entries] == ["ổ cắm", "que hàn"]
    assert [letter.initial for letter in listing.letters] == ["Ô", "Q"]


def test_lao_spelling_of_a_query_does_not_matter() -> None:
    published(lo="ນ້ຳມັນເຄື່ອງ")
    for query in ("ນໍ້າມັນເຄື່ອງ", "ນ້ໍາມັນ", "ນຳມັນເຄືອງ"):
        hits = search(query, kinds=[CONCEPT]).hits
        assert [hit.match is Match.SIMILAR for hit in hits] == [False]


def test_measuring_runs_on_a_small_glossary() -> None:
    make_concepts(60)
    rebuild_all(kinds=[CONCEPT])
    figures = {name: value for name, value, _ in measure_search(sample=20)}
    assert figures["misspelt terms found among the first ten"] >= 90
    assert figures["search, mixed, p95"] > 0


def test_bench_terms_are_distinct_and_the_same_each_time() -> None:
    first = list(concept_texts(300))
    assert first == list(concept_texts(300))
    assert len({texts["lo"] for texts in first}) == 300
