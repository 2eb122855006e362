"""The search index after an import."""

from importlib import import_module
from importlib.util import find_spec


def index_concepts(ids: list[int]) -> None:
    """Index concepts by primary key."""
    if find_spec("glossary.search") is not None:
        import_module("glossary.search").index_concepts(ids)
