"""The site's one search: a table of every searchable text, the same on both databases.

An app registers its kinds (`register`), calls `rebuild` when objects change, and everybody
searches with `search`, `suggest`, `near` and `browse`. See docs/decisions/0004-search-table.md.
"""

from .browse import Letter, Listing, browse
from .index import rebuild, rebuild_all, refresh_statistics, remove
from .query import matching_ids, near, search, suggest
from .registry import Entry, Kind, Weight, register
from .results import Hit, Match, SearchResults

__all__ = [
    "Entry",
    "Hit",
    "Kind",
    "Letter",
    "Listing",
    "Match",
    "SearchResults",
    "Weight",
    "browse",
    "matching_ids",
    "near",
    "rebuild",
    "rebuild_all",
    "refresh_statistics",
    "register",
    "remove",
    "search",
    "suggest",
]
