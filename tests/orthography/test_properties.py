"""What holds for any text whatever."""

import re
from unicodedata import is_normalized

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import orthography
from orthography import (
    LANGUAGES,
    MAX_SLUG_LENGTH,
    alphabet,
    bench,
    break_opportunities,
    fold,
    initial,
    normalise,
    romanise,
    slug,
    sort_key,
    syllables,
    tokens,
    words,
)

# Half the texts are of any characters, surrogates and NUL among them; half are of those the Lao
# rules look at, with marks of other scripts between them, which chance would hardly bring together.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
TRICKY_TEXT = st.text("ກຫນມລວອຍງເແໂໄະັາຳິຸຼໍໆ່້໌໒ ừơế\u0300\u0302\u0316\u0334\u0344\u200b\ud800\x00😀1.'-")
TEXT = ANY_TEXT | TRICKY_TEXT
LANG = st.sampled_from(LANGUAGES)


@settings(max_examples=500, deadline=None)
@given(TEXT)
@example("ຳຳ່")
@example("ຳໍ່າ")
@example("ກ່ິ\u0334")
@example("x" + "\u0344" * 40)
def test_normalise_is_idempotent_and_storable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert is_normalized("NFC", once)
    assert "\x00" not in once
    once.encode()


@settings(max_examples=500, deadline=None)
@given(TEXT, LANG)
def test_tokens_join_to_the_text(text: str, lang: str) -> None:
    assert "".join(tokens(text, lang)) == text
    assert "" not in tokens(text, lang)


@settings(max_examples=300, deadline=None)
@given(TEXT, LANG)
def test_keys_do_not_depend_on_the_spelling_typed(text: str, lang: str) -> None:
    spelling = normalise(text)
    assert fold(spelling, lang) == fold(text, lang)
    assert sort_key(spelling, lang) == sort_key(text, lang)
    assert slug(spelling, lang) == slug(text, lang)
    assert initial(spelling, lang) == initial(text, lang)


@settings(max_examples=300, deadline=None)
@given(TEXT, LANG)
def test_results_have_their_promised_form(text: str, lang: str) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug(text, lang))
    assert len(slug(text, lang)) <= MAX_SLUG_LENGTH
    assert not re.search("[\u0e80-\u0eff]", romanise(text))
    assert initial(text, lang) in {*alphabet(lang), "#"}
    assert re.fullmatch(b"[^\x00\x01]*\x01[^\x00\x01]*\x01[^\x00\x01]*", sort_key(text, lang))
    letters = [character for character in normalise(text) if character.isalnum()]
    for pieces in (syllables(text), words(text, lang)):
        assert [character for character in "".join(pieces) if character.isalnum()] == letters


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_break_opportunities_only_adds_and_only_once(text: str) -> None:
    broken = break_opportunities(text)
    assert broken.replace("\u200b", "") == text.replace("\u200b", "")
    assert break_opportunities(broken) == broken


@pytest.mark.parametrize("name", bench.FUNCTIONS)
def test_a_hundred_thousand_characters_of_anything_raise_nothing(name: str) -> None:
    """Whether the time is linear is measured by bench.measure(), not here."""
    share = 100_000 // len(bench.TEXTS)
    text = "".join((unit * share)[:share] for unit in bench.TEXTS.values())
    bench.FUNCTIONS[name](text)


def test_every_function_on_text_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    functions = {name for name in orthography.__all__ if name.islower()} - {"alphabet"}
    assert set(bench.FUNCTIONS) == functions
    monkeypatch.setattr(bench, "SMALL", 10)
    monkeypatch.setattr(bench, "LARGE", 100)
    figures = bench.measure()
    assert len(figures) == 3 * len(functions)
    assert {unit for _, _, unit in figures} == {"kchar/s", "ms", "times"}
    assert all(value > 0 for _, value, _ in figures)
