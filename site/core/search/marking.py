"""Which part of a shown text a query matched, though folding removed marks and spaces."""

from functools import lru_cache

from .keys import folded_key, folded_tokens

# Characters of running text shown around what matched.
_EXCERPT_BEFORE = 40
_EXCERPT_AFTER = 120


@lru_cache(maxsize=20_000)
def _folded_length(piece: str) -> int:
    """How many characters of the folded text, spaces left out, a piece of the text becomes."""
    return len(folded_key(f"a{piece}a").replace(" ", "")) - 2


def _is_mark(character: str) -> bool:
    return (
        "\u0300" <= character <= "\u036f"
        or "\u0eb0" <= character <= "\u0ebd"
        or "\u0ec8" <= character <= "\u0ecd"
        or character in "\u200b\u200c\u200d"
    )


def _offsets(text: str) -> list[tuple[int, int]]:
    """For each character of the folded text without spaces the piece of `text` it came from."""
    pieces: list[tuple[int, int]] = []
    start = 0
    # A piece is what folding looks at together: a letter and its marks, ຫ and the letter it leads.
    while start < len(text):
        end = start + 1
        if text[start] == "ຫ" and text[end : end + 1] in tuple("ຣລນມ"):
            end += 1
        while end < len(text) and _is_mark(text[end]):
            end += 1
        pieces.extend([(start, end)] * _folded_length(text[start:end]))
        start = end
    return pieces


def find(text: str, folded_query: str, tokens: tuple[str, ...]) -> tuple[int, int]:
    """The range of `text` that matches the query, or one of its words; (0, 0) where none does."""
    offsets = _offsets(text)
    folded = folded_key(text)
    compact = folded.replace(" ", "")
    if len(compact) != len(offsets):
        return 0, 0
    starts = set()
    position = 0
    for token in folded_tokens(folded):
        position = compact.find(token, position)
        starts.add(position)
        position += len(token)
    for wanted in (folded_query.replace(" ", ""), *tokens):
        found = compact.find(wanted)
        while found >= 0 and found not in starts:
            found = compact.find(wanted, found + 1)
        if found >= 0 and wanted:
            return offsets[found][0], offsets[found + len(wanted) - 1][1]
    return 0, 0


def excerpt(text: str, start: int, end: int) -> tuple[str, int, int]:
    """A piece of running text around text[start:end], cut at spaces, with the range in it."""
    first = max(0, start - _EXCERPT_BEFORE)
    last = min(len(text), end + _EXCERPT_AFTER)
    if first:
        space = text.find(" ", first, start)
        first = space + 1 if space >= 0 else first
    if last < len(text):
        space = text.rfind(" ", end, last)
        last = space if space >= 0 else last
    opening, closing = "… " if first else "", " …" if last < len(text) else ""
    moved = len(opening) - first
    return f"{opening}{text[first:last]}{closing}", start + moved, end + moved
