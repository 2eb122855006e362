"""Checks at start-up: a database that would mangle Lao or Vietnamese is refused with a reason."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections


@register(Tags.database)
def database_locale(databases: list[str] | None = None, **kwargs: Any) -> list[Error]:
    """PostgreSQL in encoding SQL_ASCII or locale C loses upper and lower case and trigrams."""
    errors = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database "
                "WHERE datname = current_database()"
            )
            encoding, ctype = cursor.fetchone()
        if encoding != "UTF8" or ctype in {"C", "POSIX"}:
            errors.append(
                Error(
                    f"The database is {encoding} with locale {ctype}: Lao and Vietnamese "
                    "text would be searched and sorted wrongly.",
                    hint="Make it anew: CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8' "
                    "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';",
                    id="config.E001",
                )
            )
    return errors
