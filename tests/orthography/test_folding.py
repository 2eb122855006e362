from unicodedata import normalize

import pytest

from orthography import LANGUAGES, fold


@pytest.mark.parametrize(
    ("query", "term"),
    [
        pytest.param(normalize("NFD", "điện"), "điện", id="6"),
        pytest.param("ນຳ", "ນ້ຳ", id="12"),
        pytest.param("ໄຟ ຟ້າ", "ໄຟຟ້າ", id="13"),
        pytest.param("DIEN", "điện", id="14"),
        pytest.param("dien cong nghiep", "Điện công nghiệp", id="14: two words"),
        pytest.param("duong day", "đường dây", id="15"),
        pytest.param("ky thuat dien", "kỹ thuật điện", id="15: ky thu"),
        pytest.param("ຫລວງ", "ຫຼວງ", id="ຫລ and ຫຼ"),
        pytest.param("ຫຣວງ", "ຫຼວງ", id="ຫຣ and ຫຼ"),
        pytest.param("ຫ ນັງສື", "ໜັງສື", id="a space inside what is one letter"),
        pytest.param("ນໍາ", "ນ້ຳ", id="two spellings of ຳ"),
        pytest.param("ປີ 2026", "ປີ ໒໐໒໖", id="Lao digits"),
        pytest.param("m2", "m²", id="superscript"),
        pytest.param("O'ZON –  a", "o’zon - A", id="apostrophes, dashes, spaces"),
        pytest.param("Ðien", "điện", id="the eth of old files"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_query_and_term_have_the_same_key(query: str, term: str, lang: str) -> None:
    assert fold(query, lang) == fold(term, lang)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ໄຟ ຟ້າ LED 220 V", "ໄຟຟາ led 220 v"),
        ("ຊ່າງ  ກົນຈັກ", "ຊາງກົນຈັກ"),
        ("  Ơ   Ư\n", "o u"),
        ("ນ້ຳ ໜັງສື ໝາກ", "ນຳຫນັງສືຫມາກ"),
        ("", ""),
    ],
)
def test_keys(text: str, key: str) -> None:
    assert fold(text, "lo") == key


@pytest.mark.parametrize(
    ("one", "other"), [("ກາ", "ກະ"), ("ໄຟ", "ໃຟ"), ("ລົດ", "ຣົດ"), ("abc", "abd")]
)
def test_vowels_and_consonants_keep_words_apart(one: str, other: str) -> None:
    assert fold(one, "lo") != fold(other, "lo")


@pytest.mark.parametrize(("typed", "term"), [("ໃຫ້", "ໃຫ້ນ້ຳ"), ("ຫ", "ໜັງສື"), ("ky thu", "kỹ thuật")])
def test_the_key_of_a_beginning_begins_the_key(typed: str, term: str) -> None:
    assert fold(term, "lo").startswith(fold(typed, "lo"))


def test_a_stray_quote_stays_a_character() -> None:
    """Case 16: the query language of a database is not this function's business."""
    assert fold('"abc', "en") == '"abc'


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'th'"):
        fold("a", "th")
