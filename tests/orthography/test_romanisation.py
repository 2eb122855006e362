import re

import pytest

from orthography import MAX_SLUG_LENGTH, romanise, slug


@pytest.mark.parametrize(
    ("lao", "latin"),
    [
        # Provinces, as the BGN/PCGN names on maps have them but for hyphens and accents.
        ("ຫຼວງພະບາງ", "louang-pha-bang"),
        ("ສະຫວັນນະເຂດ", "sa-van-na-khet"),
        ("ຈຳປາສັກ", "cham-pa-sak"),
        ("ໄຊຍະບູລີ", "xai-gna-bou-li"),
        ("ຜົ້ງສາລີ", "phong-sa-li"),
        ("ອຸດົມໄຊ", "ou-dom-xai"),
        ("ບໍ່ແກ້ວ", "bo-keo"),
        ("ຊຽງຂວາງ", "xiang-khouang"),
        ("ຄຳມ່ວນ", "kham-mouan"),
        ("ຫົວພັນ", "houa-phan"),
        # Clusters and finals.
        ("ແຂວງ", "khoueng"),
        ("ໄຂວ້", "khouai"),
        ("ນິ້ວ", "niou"),
        ("ເຄື່ອງ", "khuang"),
        ("ເດີນ", "deun"),
        ("ໂປຣແກຣມ", "pro-krem"),
        ("ໄຟລ໌", "fai"),
        ("ຕ່າງໆ", "tang-tang"),
        ("ປີ ໒໐໒໖", "pi 2026"),
        ("LED ໄຟຟ້າ đ", "LED fai-fa đ"),
    ],
)
def test_lao_in_latin_letters(lao: str, latin: str) -> None:
    assert romanise(lao) == latin


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Đường dây", "vi", "duong-day"),
        ("ໄຟຟ້າ", "lo", "fai-fa"),
        ("ນໍ້າ", "lo", "nam"),
        ("ຊ່າງໄຟ (LED)", "lo", "xang-fai-led"),
        ("Hand tools & PPE", "en", "hand-tools-ppe"),
    ],
)
def test_slugs(text: str, lang: str, expected: str) -> None:
    assert slug(text, lang) == expected


@pytest.mark.parametrize("text", ["", "…", "日本", "\ud800", "\x00"], ids=ascii)
def test_a_slug_is_never_empty(text: str) -> None:
    assert re.fullmatch("x[0-9a-f]{10}", slug(text, "lo"))


def test_texts_without_latin_letters_differ_in_their_slugs() -> None:
    assert slug("日本", "lo") != slug("日", "lo")


def test_a_long_slug_ends_with_a_whole_word() -> None:
    assert slug("word " * 40, "en") == "-".join(["word"] * 12)
    assert slug("a" * 500, "en") == "a" * MAX_SLUG_LENGTH
