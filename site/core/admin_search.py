"""The admin's search of pages, made safe and able to read Lao.

The database search of modelsearch cuts Lao at its vowel marks on SQLite and not at all on
PostgreSQL, and fails on an unbalanced quote. So pages index their names as `searchable_text`
(syllables apart, Lao marks written as plain letters, accents folded), and each query is asked
both as it was typed and in that form. Public search does not come here (core.search).
"""

import re
from typing import Any

from modelsearch.backends import database
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from orthography import fold, tokens

# Lao vowel and tone marks are no letters to the databases' tokenisers: each becomes one.
_LAO_MARKS = "ັິີຶືຸູົຼ່້໊໋໌ໍ"
_MARKS_AS_LETTERS = str.maketrans(dict(zip(_LAO_MARKS, "abcdefghijklmno", strict=True)))
_NO_WORD = re.compile(r"[^\w\u0300-\u036f\u0e80-\u0eff]+|_")
_MAX_QUERY = 200


def searchable_text(text: str) -> str:
    """Folded words and Lao syllables, separated by spaces, that every tokeniser leaves whole."""
    words = _NO_WORD.sub(" ", " ".join(tokens(fold(text, "lo"), "lo"))).split()
    return " ".join(word.translate(_MARKS_AS_LETTERS) for word in words)


def tolerant_query(query: str | SearchQuery) -> str | SearchQuery:
    """The query without what breaks the databases' syntax, and its form for `searchable_text`.

    '' where no word is left.
    """
    if isinstance(query, str):
        query = PlainText(query, operator="and")
    if isinstance(query, (MatchAll, Not)):
        return query
    if isinstance(query, (And, Or)):
        parts = [part for part in map(tolerant_query, query.subqueries) if part != ""]
        return type(query)(parts) if parts else ""
    if not isinstance(query, (PlainText, Phrase)):
        return query
    typed = " ".join(_NO_WORD.sub(" ", query.query_string[:_MAX_QUERY]).split())
    folded = searchable_text(typed)
    if not typed or not folded:
        return ""
    operator = getattr(query, "operator", None) or "and"
    forms = [PlainText(form, operator=operator) for form in dict.fromkeys((typed, folded))]
    return forms[0] if len(forms) == 1 else Or(forms)


class _TolerantQueries:
    """Mixin before a modelsearch backend."""

    def search(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return super().search(tolerant_query(query), *args, **kwargs)  # type: ignore[misc]

    def autocomplete(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return super().autocomplete(tolerant_query(query), *args, **kwargs)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:
    """modelsearch's backend for the database in use, with tolerant queries."""
    stock = type(database.SearchBackend(params))
    return type("TolerantBackend", (_TolerantQueries, stock), {})(params)
