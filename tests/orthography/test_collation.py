from itertools import pairwise
from pathlib import Path

import pytest

from orthography import alphabet, initial, sort_key
from orthography.collation import MAX_KEY_BYTES

#: Lists in the order of ICU 72's collators. The Lao words are a sample of the MIT-licensed
#: Lao–English dictionary of google/language-resources.
DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("filename", "lang", "size"),
    [("lao-in-icu-order.txt", "lo", 1200), ("vietnamese-in-icu-order.txt", "vi", 170)],
)
def test_the_order_is_that_of_icu(filename: str, lang: str, size: int) -> None:
    lines = (DATA / filename).read_text(encoding="utf-8").splitlines()
    assert len(lines) == size
    keys = [sort_key(line, lang) for line in lines]
    inversions = [lines[place] for place, (a, b) in enumerate(pairwise(keys)) if a >= b]
    assert inversions == []


@pytest.mark.parametrize(
    ("lang", "ordered"),
    [
        pytest.param("lo", "ກາ ເກມ ແກ້ວ ໂກນ ໃກ້ ໄກ່ ຂາວ ເຂົ້າ", id="17"),
        pytest.param("lo", "ນ້ຳ ໜັງສື", id="18"),
        pytest.param("vi", "an_ninh an_toàn anh ăn ân đá", id="19: letters"),
        pytest.param("vi", "ma mà mả mã má mạ", id="19: tones"),
        pytest.param("vi", "khoá khóa", id="19: the earlier tone sorts later"),
        pytest.param("vi", "da dạ đa e ê y", id="đ after all of d"),
        pytest.param("vi", "an An", id="small before capital"),
        pytest.param("en", "10 a a-b ab đa e ກາ 日", id="groups, en"),
        pytest.param("vi", "10 a đa ກາ 日", id="groups, vi"),
        pytest.param("lo", "( 10 ກາ ເກມ a z 日", id="groups, lo"),
        pytest.param("lo", "ກາ ກ່າ ກ້າ ກ໊າ ກ໋າ ກິ", id="tones last"),
        pytest.param("lo", "ໜ້າ ຫຼ ເຫ", id="consonants before vowels"),
        pytest.param("lo", "ດີໆ ດີຈິງ", id="ໆ before letters"),
    ],
)
def test_order(lang: str, ordered: str) -> None:
    words = [word.replace("_", " ") for word in ordered.split()]
    keys = [sort_key(word, lang) for word in words]
    assert all(a < b for a, b in pairwise(keys))


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        pytest.param("lo", "ຫນັງສື", "ໜັງສື", id="18: beside each other"),
        pytest.param("lo", "ນໍ້າ", "ນ້ຳ", id="spellings of ຳ"),
        pytest.param("vi", " an  ninh ", "an ninh", id="white space"),
    ],
)
def test_equal_spellings_have_equal_keys(lang: str, one: str, other: str) -> None:
    assert sort_key(one, lang) == sort_key(other, lang)


def test_the_layout_is_letters_marks_case() -> None:
    assert [len(level) for level in sort_key("Má", "vi").split(b"\x01")] == [2, 3, 1]
    assert sort_key("ma", "vi").endswith(b"\x01\x01")


def test_a_long_text_has_a_key_a_database_can_index() -> None:
    key = sort_key("日" * 100_000, "lo")
    assert len(key) == MAX_KEY_BYTES


@pytest.mark.parametrize(
    ("text", "lang", "letter"),
    [
        pytest.param("ໂຮງຮຽນ", "lo", "ຮ", id="20: ໂ"),
        pytest.param("ໜັງສື", "lo", "ຫ", id="20: ໜ"),
        pytest.param("ໄກ່", "lo", "ກ", id="20: ໄ"),
        pytest.param("đi", "vi", "Đ", id="20: đ"),
        pytest.param("ân", "vi", "Â", id="20: â"),
        pytest.param("Ơn", "vi", "Ơ", id="20: ơ"),
        pytest.param("ເໝັນ", "lo", "ຫ", id="leading vowel and ໝ"),
        pytest.param("ấn", "vi", "Â", id="letter with tone"),
        pytest.param("ạ", "vi", "A", id="tone only"),
        pytest.param("watt", "vi", "W", id="loan word"),
        pytest.param("(ກາ)", "lo", "ກ", id="punctuation first"),
        pytest.param("đi", "en", "D", id="đ in English"),
        pytest.param("Électrode", "en", "E", id="accent"),
        pytest.param("LED", "lo", "#", id="another script"),
        pytest.param("ກາ", "vi", "#", id="Lao in Vietnamese"),
        pytest.param("3D", "en", "#", id="digit"),
        pytest.param("…", "en", "#", id="no letter"),
        pytest.param("", "lo", "#", id="empty"),
    ],
)
def test_initial(text: str, lang: str, letter: str) -> None:
    assert initial(text, lang) == letter


@pytest.mark.parametrize(("lang", "size"), [("lo", 27), ("vi", 33), ("en", 26)])
def test_the_alphabet_is_in_its_own_sort_order(lang: str, size: int) -> None:
    letters = alphabet(lang)
    assert len(letters) == size
    assert list(letters) == sorted(letters, key=lambda letter: sort_key(letter, lang))
    assert [initial(letter, lang) for letter in letters] == list(letters)


@pytest.mark.parametrize("lang", ["lo", "vi"])
def test_an_index_by_initial_follows_the_sort_order(lang: str) -> None:
    name = {"lo": "lao", "vi": "vietnamese"}[lang]
    lines = (DATA / f"{name}-in-icu-order.txt").read_text(encoding="utf-8").splitlines()
    places = [alphabet(lang).index(initial(line, lang)) for line in lines]
    assert places == sorted(places)


@pytest.mark.parametrize("function", [alphabet, lambda lang: sort_key("a", lang)])
def test_an_unknown_language_is_refused(function) -> None:
    with pytest.raises(ValueError, match="'th'"):
        function("th")
