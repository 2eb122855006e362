import pytest

from orthography import LANGUAGES, break_opportunities, syllables, tokens, word_bounds, words

SYLLABLES = [
    pytest.param("ຄອມ ພິວ ເຕີ", id="7"),
    pytest.param("ດີ ກວ່າ", id="8"),
    pytest.param("ຄວາມ ຮູ້", id="9: ຄວ opens"),
    pytest.param("ມອ ເຕີ", id="9: ອ is a vowel"),
    pytest.param("ຊ່າງ ກົນ ຈັກ", id="11"),
    "ໄຟ ຟ້າ",
    "ໂຮງ ຮຽນ",
    "ເຄື່ອງ ກຽວ",
    "ຫ້ອງ ອອກ ແບບ",
    "ການ ກວດ ສອບ",
    "ທີ່ ກວດ",
    "ລາກ ອວນ",
    "ໂປຣ ແກຣມ",
    "ກິ ໂລ ກຣາມ",
    "ໂຄ ວິດ",
    "ແຂວງ ສະ ຫວັນ ນະ ເຂດ",
    "ຫຼວງ ພະ ບາງ",
    "ເຂົ້າ ໜຽວ",
    "ເຫຼົ່າ ນີ້",
    "ນ້ຳ ມັນ ເຄື່ອງ",
    "ໄຂ ວ່າ",
    "ໄຂວ້",
    "ເອ ກະ ສານ",
    "ຈຳ ນວນ",
    "ຊື້ ອາ ຫານ",
    "ມະ ໂຫ ລານ",
    "ມັນ ຝຣັ່ງ",
    "ຄອມ ເພຣສ ເຊີ",
    "ທໍ່ ປລາສ ຕິກ",
    "ໃຫ້ ນ້ຳ",
    "ຕ່າງ ໆ",
    "ຄວາມ ປອດ ໄພ",
    "ເຫຼັກ ກ້າ",
    "ໄຟລ໌ ດິ ຈິ ຕອນ",
]


@pytest.mark.parametrize("expected", SYLLABLES)
def test_lao_is_cut_into_syllables(expected: str) -> None:
    assert syllables(expected.replace(" ", "")) == expected.split()


def test_initials_stay_together() -> None:
    assert syllables("ສປປລາວ") == syllables("ສປປ ລາວ") == ["ສປປ", "ລາວ"]


def test_syllables_are_normalised_and_leave_out_spaces_and_punctuation() -> None:
    assert syllables("ນໍ້າ (H2O), 3,5 ລິດ / kỹ thuật!") == [
        *["ນ້ຳ", "H2O", "3,5", "ລິດ", "kỹ", "thuật"],
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "ສາຍໄຟ 2.5mm² ຍາວ ໑໐ ແມັດ (Điện)…",
            [
                *["ສາຍ", "ໄຟ", " ", "2.5", "mm²", " ", "ຍາວ", " ", "໑໐", " ", "ແມັດ", " "],
                *["(", "Điện", ")", "…"],
            ],
            id="10",
        ),
        pytest.param("worker’s  don't", ["worker’s", "  ", "don't"], id="apostrophes"),
        pytest.param("ນໍ້າ", ["ນໍ້າ"], id="not normalised"),
        pytest.param("die\u0323\u0302n", ["die\u0323\u0302n"], id="decomposed"),
        pytest.param("", [], id="empty"),
    ],
)
def test_tokens_cut_mixed_text_without_changing_it(text: str, expected: list[str]) -> None:
    for lang in LANGUAGES:
        assert tokens(text, lang) == expected
    assert "".join(expected) == text


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("ຂ້ອຍຮຽນພາສາລາວ, ແລະ ໄຟຟ້າ.", "lo", ["ຂ້ອຍ", "ຮຽນ", "ພາສາ", "ລາວ", "ແລະ", "ໄຟຟ້າ"]),
        ("Kỹ thuật điện 220 V", "vi", ["Kỹ", "thuật", "điện", "220", "V"]),
        ("😀ພາສາລາວ😀abc", "lo", ["ພາສາ", "ລາວ", "abc"]),
        ("a\x00\ud800 b", "en", ["a", "b"]),
        ("", "en", []),
    ],
    ids=ascii,
)
def test_words(text: str, lang: str, expected: list[str]) -> None:
    assert words(text, lang) == expected


def test_lines_may_break_between_lao_words_only() -> None:
    text = "😀 ຂ້ອຍຮຽນພາສາລາວ <b>ຕ່າງໆ</b> abc ໒໐໒໖"
    broken = break_opportunities(text)
    assert broken == "😀 ຂ້ອຍ\u200bຮຽນ\u200bພາສາ\u200bລາວ <b>ຕ່າງໆ</b> abc ໒໐໒໖"


def test_no_word_end_cuts_a_syllable() -> None:
    """ICU alone ends a word after ຂ."""
    assert break_opportunities("ຂວ້ຳ") == "ຂວ້ຳ"


@pytest.mark.parametrize("function", [tokens, words])
def test_an_unknown_language_is_refused(function) -> None:
    with pytest.raises(ValueError, match="'th'"):
        function("a", "th")


def test_word_bounds_are_offsets_in_the_text_as_given() -> None:
    text = "😀 ຊ່າງ\x00ໄຟຟ້າ"
    assert word_bounds(text, "lo") == {0, 1, 2, 6, 7, len(text)}
    assert word_bounds("ສະ\u200bບາຍ", "lo") == {0, 2, 3, 6}
    assert word_bounds("", "lo") == {0}
