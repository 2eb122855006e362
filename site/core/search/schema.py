"""The full text index beside the search table: FTS5 on SQLite, a GIN index on PostgreSQL.

Both follow the table by themselves (triggers, a generated column), so that no way of writing or
deleting rows leaves them behind. Made after every `migrate`, which also covers test databases
made without migrations and tables that SQLite rebuilt (it drops their triggers).
"""

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .models import SearchEntry

# The order of a FTS5 index is that of its row ids. With the rank in the high bits the best of
# many matches come first and the rest need not be read.
RANK_SHIFT = 40
ID_MASK = (1 << RANK_SHIFT) - 1

_ROW = "(({row}.rank << 40) | {row}.id)"
_INSERT = (
    f"INSERT INTO core_search_fts(rowid, tokens) VALUES ({_ROW.format(row='new')}, new.tokens)"  # noqa: S608
)
_DELETE = (
    "INSERT INTO core_search_fts(core_search_fts, rowid, tokens) "  # noqa: S608
    f"VALUES ('delete', {_ROW.format(row='old')}, old.tokens)"
)
_TRIGGERS = [
    f"CREATE TRIGGER core_search_insert AFTER INSERT ON core_searchentry BEGIN {_INSERT}; END",
    f"CREATE TRIGGER core_search_delete AFTER DELETE ON core_searchentry BEGIN {_DELETE}; END",
    "CREATE TRIGGER core_search_update AFTER UPDATE ON core_searchentry "
    f"BEGIN {_DELETE}; {_INSERT}; END",
]
_SQLITE = [
    "DROP TRIGGER IF EXISTS core_search_insert",
    "DROP TRIGGER IF EXISTS core_search_delete",
    "DROP TRIGGER IF EXISTS core_search_update",
    "DROP TABLE IF EXISTS core_search_fts",
    # The text stands in the table: the index keeps no second copy.
    "CREATE VIRTUAL TABLE core_search_fts "
    "USING fts5(tokens, content='', columnsize=0, tokenize='ascii')",
    "INSERT INTO core_search_fts(rowid, tokens) "
    "SELECT ((rank << 40) | id), tokens FROM core_searchentry",
    *_TRIGGERS,
]
_POSTGRESQL = [
    "ALTER TABLE core_searchentry ADD COLUMN IF NOT EXISTS vector tsvector "
    "GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED",
    # Without fastupdate no reader pays for what the last import left unsorted.
    "CREATE INDEX IF NOT EXISTS core_search_vector ON core_searchentry "
    "USING gin (vector) WITH (fastupdate = off)",
]


def ensure_search_index(connection: BaseDatabaseWrapper) -> None:
    """Make the full text index of the search table where it is missing, and fill it."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if SearchEntry._meta.db_table not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            for statement in _POSTGRESQL:
                cursor.execute(statement)
            return
        cursor.execute(
            "SELECT count(*) FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name = 'core_searchentry'"
        )
        if cursor.fetchone() != (len(_TRIGGERS),):
            # Without them the index has missed what was written, so it is made anew.
            for statement in _SQLITE:
                cursor.execute(statement)


def ensure_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate, connected in core.apps."""
    ensure_search_index(connections[using])
