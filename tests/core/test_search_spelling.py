"""The typo tier looks up every key within its distance: nothing near is missed."""

import string
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from core.search.keys import encode
from core.search.spelling import allowed_edits, nearest, part_bounds, part_numbers, probes

LETTERS = "abກຂ ັ"


def shares_a_part(query: str, key: str) -> bool:
    pairs = zip(probes(query), part_numbers(key), strict=True)
    return any(number in numbers for numbers, number in pairs)


@given(st.text(LETTERS, min_size=3, max_size=20), st.data())
def test_keys_within_the_distance_share_a_part(key: str, data: st.DataObject) -> None:
    query = key
    for _ in range(2):
        place = data.draw(st.integers(0, len(query)))
        cut = data.draw(st.integers(0, 1))
        query = query[:place] + data.draw(st.text(LETTERS, max_size=1)) + query[place + cut :]
    if OSA.distance(query, key) <= allowed_edits(len(query)):
        assert shares_a_part(query, key)


def test_every_pair_of_short_strings() -> None:
    words = ["".join(letters) for n in (3, 4) for letters in product("ab", repeat=n)]
    for query, key in product(words, words):
        if 0 < OSA.distance(query, key) <= allowed_edits(len(query)):
            assert shares_a_part(query, key)


@given(st.integers(0, 400))
def test_parts_cover_a_key_without_gaps(length: int) -> None:
    end = 0
    for start, size in part_bounds(length):
        assert start == end
        end += size
    assert end == length


def test_swapped_letters_are_one_edit() -> None:
    assert nearest("wiht", [("with", 1), ("white", 2), ("whit", 3)]) == [(1, 1), (1, 3)]


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_codes_of_tokens_keep_beginnings(one: str, other: str) -> None:
    assert set(encode(one)) <= set(string.ascii_lowercase)
    assert encode(one).startswith(encode(other)) == one.startswith(other)
