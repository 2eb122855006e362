"""Cases are numbered as in the table of text facts the project started from."""

from unicodedata import normalize

import pytest

from orthography import normalise, sort_key

WATER = "ນ\u0ec9\u0eb3"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("ນ\u0ecd\u0ec9\u0eb2", WATER, id="1: tone between ໍ and າ"),
        pytest.param("ນ\u0ec9\u0ecd\u0eb2", WATER, id="1: tone before ໍ"),
        pytest.param("ນ\u0ecd\u0eb2\u0ec9", WATER, id="1: tone after າ"),
        pytest.param("ນ\u0eb3\u0ec9", WATER, id="1: tone after ຳ"),
        pytest.param("ນ\u0ecd\u0eb2", "ນ\u0eb3", id="1: no tone"),
        pytest.param("\u0eab\u0e99ັງສື", "\u0edcັງສື", id="2: ໜ"),
        pytest.param("\u0eab\u0ea1າກ", "\u0eddາກ", id="2: ໝ"),
        pytest.param("\u0ec0\u0ec0ມ່", "\u0ec1ມ່", id="3"),
        pytest.param("ກ\u0ec8\u0eb4ນ", "ກ\u0eb4\u0ec8ນ", id="4: tone before ິ"),
        pytest.param("ຮ\u0ec9\u0eb9", "ຮ\u0eb9\u0ec9", id="4: tone before ູ"),
        pytest.param("ຫ\u0ec8\u0ebcົນ", "ຫ\u0ebcົ\u0ec8ນ", id="4: tone before ຼ and ົ"),
        pytest.param("ສະ\u200bບາຍ", "ສະບາຍ", id="5"),
        pytest.param(normalize("NFD", "điện"), "điện", id="6"),
        pytest.param("die\u0302\u0323n", "diện", id="6: marks in another order"),
    ],
)
def test_spellings_that_look_the_same_become_one(typed: str, stored: str) -> None:
    assert normalise(typed) == stored


@pytest.mark.parametrize("text", ["ໂຮງຮຽນ", "ເຫຼົ່ານີ້", "ບໍ່", "ກັນຍາ 2026", "Đường dây", "ຕ່າງໆ"])
def test_a_text_in_the_stored_spelling_is_left_alone(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\x00b\x07c", "abc"),
        ("\ufeffa\u200c\u200d\u2060b\u00ad", "ab"),
        ("a\u202eb\u2066c", "abc"),
        ("a\u00a0b\u3000c\u2009d", "a b c d"),
        ("a  b\r\n\tc ", "a  b\r\n\tc "),
        ("a\x0bb\u2028c\x85d", "a\nb\nc\nd"),
        ("a\ud800b", "a\ufffdb"),
        ("a\ufffeb", "ab"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_goes_and_spaces_and_line_ends_are_kept(
    typed: str, stored: str
) -> None:
    assert normalise(typed) == stored


def test_a_letter_keeps_at_most_thirty_marks() -> None:
    assert normalise("x" + "\u0316\u0334" * 5_000) == normalize("NFC", "x" + "\u0316\u0334" * 15)


def test_nfd_and_nfc_have_the_same_sort_key() -> None:
    assert sort_key(normalize("NFD", "điện"), "vi") == sort_key("điện", "vi")
