"""The cases 11 to 16 of the project's list of text cases, and the promises of core.search."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection

from core.search import (
    Entry,
    Hit,
    Kind,
    Match,
    Weight,
    browse,
    near,
    rebuild,
    rebuild_all,
    register,
    remove,
    search,
    suggest,
)
from core.search.models import SearchEntry
from core.search.registry import KINDS
from core.search.schema import ensure_search_index
from orthography import initial, sort_key

pytestmark = pytest.mark.django_db

Words = dict[int, list[Entry]]


def word(number: int, language: str, text: str, **fields: object) -> Entry:
    return Entry(
        object_id=number,
        language=language,
        text=text,
        sort_key=sort_key(text, language),
        initial=initial(text, language),
        **fields,
    )


@pytest.fixture
def words() -> Iterator[Words]:
    """A kind of object of the test's own: what is put in here can be indexed."""
    held: Words = {}

    def entries(ids: Sequence[int]) -> Iterator[Entry]:
        for number in ids:
            yield from held.get(number, [])

    register(Kind("word", lambda: sorted(held), entries))
    yield held
    del KINDS["word"]


def index(words: Words, *texts: tuple[str, str], **fields: object) -> None:
    """Index each (language, text) as an object of its own."""
    for language, text in texts:
        number = len(words) + 1
        words[number] = [word(number, language, text, **fields)]
    rebuild("word", words)


def texts(query: str, **options: object) -> list[str]:
    return [hit.text for hit in search(query, kinds=["word"], **options).hits]


def found(query: str, text: str) -> Hit:
    hits = search(query, kinds=["word"]).hits
    return next(hit for hit in hits if hit.text == text)


def test_word_then_compounds_shorter_first(words: Words) -> None:
    index(words, ("lo", "ຊ່າງກົນຈັກ"), ("lo", "ກົນຈັກ"), ("lo", "ຈັກ"), ("lo", "ນ້ຳ"))
    assert texts("ຈັກ") == ["ຈັກ", "ກົນຈັກ", "ຊ່າງກົນຈັກ"]


def test_spelling_as_typed_comes_before_other_tones(words: Words) -> None:
    index(words, ("lo", "ນ້ຳ"), ("lo", "ນຳ"))
    assert texts("ນຳ") == ["ນຳ", "ນ້ຳ"]
    assert texts("ນໍ້າ") == ["ນ້ຳ", "ນຳ"]


def test_spaces_inside_lao_do_not_matter(words: Words) -> None:
    index(words, ("lo", "ໄຟຟ້າ"))
    assert texts("ໄຟ ຟ້າ") == ["ໄຟຟ້າ"]


def test_vietnamese_without_marks_and_case(words: Words) -> None:
    index(words, ("vi", "điện công nghiệp"), ("vi", "điện"), ("vi", "hàn"))
    assert texts("DIEN") == ["điện", "điện công nghiệp"]


@pytest.mark.parametrize(
    ("query", "text"), [("duong day", "đường dây"), ("ky thu", "kỹ thuật điện")]
)
def test_vietnamese_as_you_type(words: Words, query: str, text: str) -> None:
    index(words, ("vi", "đường dây"), ("vi", "kỹ thuật điện"))
    assert texts(query) == [text]


@pytest.mark.parametrize("query", ["ຊ", "ຊ່າ", "ຊ່າງກ", "ຊ່າງກົນຈ", "ກົນຈ", "ຈັ"])
def test_lao_as_you_type(words: Words, query: str) -> None:
    index(words, ("lo", "ຊ່າງກົນຈັກ"))
    assert texts(query) == ["ຊ່າງກົນຈັກ"]


def test_last_consonant_may_open_the_next_syllable(words: Words) -> None:
    index(words, ("lo", "ຈອກກາເຟດຳ"))
    hits = search("ກາເຟດ", kinds=["word"]).hits
    assert [(hit.text, hit.match) for hit in hits] == [("ຈອກກາເຟດຳ", Match.CONTAINS)]


def test_ligature_is_found_while_its_first_letter_is_typed(words: Words) -> None:
    index(words, ("lo", "ໜັງສື"))
    assert texts("ຫ") == texts("ຫນ") == texts("ຫນັງ") == ["ໜັງສື"]


HOSTILE = [
    '"abc',
    "'; DROP TABLE core_searchentry; --",
    "a AND b OR NOT c NEAR(d)",
    "col:abc* ^x {a b}",
    "& | ! <-> :* ( )",
    "\x00\x01",
    "\ud800\udfff abc",
    "%s %(a)s %%",
    "😀",
    "ກ" * 10_000,
    "a " * 10_000,
    "\u0eb1\u0ec8\u0ecd",
    "",
    "   ",
    "\u202e\u200b",
    "*",
    "\\",
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_any_string_is_a_query(words: Words, query: str) -> None:
    index(words, ("en", "abc"), ("lo", "ໄຟຟ້າ"))
    search(query, kinds=["word"])
    suggest(query, kinds=["word"])
    near(query, kinds=["word"])


def test_text_of_punctuation_is_found(words: Words) -> None:
    index(words, ("en", "+"), ("en", "on/off"))
    assert texts("+") == ["+"]
    assert texts("on-off") == ["on/off"]


def test_tiers_in_their_order(words: Words) -> None:
    wanted = ["hàn", "Hân", "hàn điện", "hạn chế", "thợ hàn"]
    index(words, *[("vi", text) for text in reversed(wanted)])
    hits = search("hàn", kinds=["word"]).hits
    assert [(hit.text, hit.match) for hit in hits] == [
        ("hàn", Match.EXACT),
        ("Hân", Match.SPELLING),
        ("hàn điện", Match.STARTS),
        ("hạn chế", Match.STARTS),
        ("thợ hàn", Match.CONTAINS),
    ]


def test_the_best_of_many_is_not_cut_off(words: Words) -> None:
    index(words, *[("vi", f"hạn {letter}") for letter in "abcdefghiklmnopq"])
    index(words, ("vi", "hàn hồ quang điện"), ("vi", "hán"))
    assert texts("hàn", limit=2) == ["hán", "hàn hồ quang điện"]


def test_words_in_a_row_come_before_words_apart(words: Words) -> None:
    index(words, ("en", "arc for welding"), ("en", "manual arc welding of thick plates"))
    assert texts("arc weld") == ["manual arc welding of thick plates", "arc for welding"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ngiep vu", "nghiệp vụ"),
        ("ellectrode", "electrode"),
        ("eletcrode", "electrode"),
        ("ໄຟຝ້າ", "ໄຟຟ້າ"),
        ("ກົນຈັດ", "ກົນຈັກ"),
        ("cong ngiep", "điện công nghiệp dân dụng"),
    ],
)
def test_misspelt_queries_find_what_is_near(words: Words, query: str, text: str) -> None:
    index(words, ("vi", text), ("en", "zinc"), ("vi", "thợ xây"))
    results = search(query, kinds=["word"])
    assert [(hit.text, hit.match) for hit in results.hits] == [(text, Match.SIMILAR)]
    assert results.is_guess
    assert [hit.text for hit in near(query, kinds=["word"])] == [text]


def test_similar_spellings_are_left_out_where_there_is_enough(words: Words) -> None:
    index(words, *[("en", f"weld {n}") for n in "abcdef"], ("en", "wild"))
    assert "wild" not in texts("weld")


def test_a_query_that_is_a_word_is_not_misspelt(words: Words) -> None:
    index(words, ("en", "weld"), ("en", "wild"))
    assert texts("weld") == ["weld"]
    assert texts("welt") == ["weld"]


def test_a_word_may_have_several_corrections(words: Words) -> None:
    index(words, ("en", "ppe"), ("en", "old suction pipe"))
    assert texts("suction ippe") == ["old suction pipe"]


def test_near_falls_back_to_any_word(words: Words) -> None:
    index(words, ("en", "stick electrode"), ("en", "hammer"))
    assert [hit.text for hit in near("golden electrode holder", kinds=["word"])] == [
        "stick electrode"
    ]


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("dien", "kỹ thuật điện", "điện"),
        ("ky thu", "kỹ thuật điện", "kỹ thu"),
        ("ໄຟ ຟາ", "ໂຮງໄຟຟ້າ", "ໄຟຟ້າ"),
        ("ນໍ້າ", "ປ້ຳນ້ຳ", "ນ້ຳ"),
        ("ຫມໍ", "ໝໍ້ແປງ", "ໝໍ້"),
        ("ຈັກ", "ຊ່າງກົນຈັກ", "ຈັກ"),
        ("mm2", "2,5 mm²", "mm²"),
        ("on off", "switch on/off", "on/off"),
        ("ສາຍ", "ສາຍ ໄຟ", "ສາຍ"),
    ],
)
def test_marks_what_matched_in_the_text_as_shown(
    words: Words, query: str, text: str, marked: str
) -> None:
    index(words, ("lo", text))
    assert found(query, text).marked[1] == marked


def test_each_object_once_by_its_best_text(words: Words) -> None:
    words[1] = [
        word(1, "en", "drill press", sub_id=11),
        word(1, "en", "drill", sub_id=12),
        word(1, "vi", "khoan", sub_id=13),
    ]
    rebuild("word", [1])
    hits = search("drill", kinds=["word"]).hits
    assert [(hit.object_id, hit.sub_id, hit.language) for hit in hits] == [(1, 12, "en")]


def test_pages_of_results_follow_one_another(words: Words) -> None:
    for number in range(1, 41):
        words[number] = [word(number, "en", f"pipe {'x' * number} {n}", sub_id=n) for n in range(9)]
    rebuild("word", words)
    first = search("pipe", kinds=["word"], limit=15)
    second = search("pipe", kinds=["word"], limit=15, offset=15)
    third = search("pipe", kinds=["word"], limit=15, offset=30)
    assert [first.has_more, second.has_more, third.has_more] == [True, True, False]
    ids = [hit.object_id for page in (first, second, third) for hit in page.hits]
    assert ids == list(range(1, 41))
    assert third.total == 40


def test_filters(words: Words) -> None:
    words[1] = [word(1, "en", "file", trades=(7,), is_reviewed=True), word(1, "vi", "giũa")]
    words[2] = [word(2, "en", "file rack", trades=(8,)), word(2, "vi", "file")]
    rebuild("word", words)
    assert texts("file", trade=7) == ["file"]
    assert texts("file", languages=["vi"]) == ["file"]
    assert texts("file", reviewed_only=True) == ["file"]
    assert texts("file", languages=[]) == texts("file", trade=9) == []
    assert search("file", kinds=[]).hits == []


def test_deprecated_texts_come_after_others_of_their_tier(words: Words) -> None:
    words[1] = [word(1, "en", "bulb", weight=Weight.DEPRECATED)]
    words[2] = [word(2, "en", "bulb holder")]
    words[3] = [word(3, "en", "bulb")]
    rebuild("word", words)
    hits = search("bulb", kinds=["word"]).hits
    assert [(hit.object_id, hit.is_deprecated) for hit in hits] == [
        (3, False),
        (1, True),
        (2, False),
    ]


def test_running_text_is_found_by_its_words_with_an_excerpt(words: Words) -> None:
    words[1] = [
        word(1, "en", "Safety rules"),
        word(1, "en", "Before " * 60 + "welding wear a mask. " + "After " * 60, weight=Weight.BODY),
    ]
    words[2] = [word(2, "en", "old welding mask")]
    rebuild("word", words)
    hits = search("welding wear a ma", kinds=["word"]).hits
    assert [hit.object_id for hit in hits] == [1]
    assert hits[0].marked[1] == "welding wear a ma"
    assert len(hits[0].text) < 250
    assert [hit.object_id for hit in search("mask", kinds=["word"]).hits] == [2, 1]


def test_rebuilding_replaces_and_removes(words: Words) -> None:
    index(words, ("en", "pliers"), ("en", "hammer"))
    words[1] = [word(1, "en", "tongs")]
    rebuild("word", [1])
    assert texts("tongs") == ["tongs"]
    assert texts("pliers") == []
    del words[1]
    rebuild("word", [1])
    assert texts("tongs") == []
    remove("word", [2])
    assert texts("hammer") == texts("hamer") == []


def test_rebuilding_all_removes_strays_and_shows_progress(words: Words) -> None:
    index(words, ("en", "pliers"), ("en", "hammer"))
    del words[2]
    SearchEntry.objects.filter(object_id=1).update(text="damaged", folded=b"damaged")
    seen = []
    assert rebuild_all(lambda *step: seen.append(step), ["word"]) == 1
    assert seen == [("word", 1, 1)]
    assert texts("pliers") == ["pliers"]
    assert texts("hammer") == []


def test_index_follows_rows_deleted_behind_its_back(words: Words) -> None:
    index(words, ("en", "stick electrode"))
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM core_search_fts('\"electrode\"')")
            assert cursor.fetchone() == (0,)
    assert texts("electrode") == []


def test_index_is_made_anew_where_it_was_lost(words: Words) -> None:
    # Rebuilding a table, as some migrations do on SQLite, loses its triggers.
    loss = {
        "sqlite": "DROP TRIGGER core_search_insert",
        "postgresql": "ALTER TABLE core_searchentry DROP COLUMN vector",
    }
    with connection.cursor() as cursor:
        cursor.execute(loss[connection.vendor])
    index(words, ("en", "stick electrode"))
    ensure_search_index(connection)
    assert texts("electrode") == ["stick electrode"]


def test_a_search_takes_few_queries(words: Words, django_assert_max_num_queries) -> None:
    index(words, *[("vi", f"điện {n}") for n in "abcdefghijklmnopqrstuvwxyz"])
    with django_assert_max_num_queries(1):
        search("dien", kinds=["word"], limit=5)
    with django_assert_max_num_queries(8):
        search("khong co gi ca", kinds=["word"])


def test_browse_in_the_order_of_the_language(words: Words) -> None:
    in_order = ["an ninh", "an toàn", "ăn", "ân", "đá"]
    index(words, *[("vi", text) for text in reversed(in_order)], is_listed=True)
    index(words, ("lo", "ກາ"), is_listed=True)
    index(words, ("vi", "ẩn"))
    listing = browse("vi", kind="word")
    assert [entry.text for entry in listing.entries] == in_order
    assert listing.total == 5
    assert [(letter.initial, letter.count) for letter in listing.letters] == [
        ("A", 2),
        ("Ă", 1),
        ("Â", 1),
        ("Đ", 1),
    ]
    page = browse("vi", kind="word", limit=2, offset=2)
    assert [entry.text for entry in page.entries] == ["ăn", "ân"]


def test_browse_with_filters(words: Words) -> None:
    words[1] = [word(1, "en", "anvil", is_listed=True, trades=(7,), is_reviewed=True)]
    words[2] = [word(2, "en", "axe", is_listed=True)]
    words[3] = [word(3, "en", "bolt", is_listed=True, trades=(7,))]
    rebuild("word", words)

    def listed(**filters: object) -> list[str]:
        return [entry.text for entry in browse("en", kind="word", **filters).entries]

    assert listed(initial="A") == ["anvil", "axe"]
    assert listed(trade=7) == ["anvil", "bolt"]
    assert listed(reviewed_only=True) == ["anvil"]
    assert listed(initial="A", trade=7) == ["anvil"]
    assert browse("en", kind="word", initial="A", trade=7).total == 1
