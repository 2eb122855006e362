"""Runs the project's commands as processes of their own on a copy of the test's database.

What a test asks of them is what survives when they are killed.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models

ROOT = Path(__file__).resolve().parents[2]
# Kills itself at the nth row that a table gets.
_KILLED = """
import os, signal, sys
from django.core.management import execute_from_command_line
import django
django.setup()
from django.db import connection
left = int(os.environ["KILLED_AT"])
def watch(execute, sql, params, many, context):
    global left
    result = execute(sql, params, many, context)
    if sql.startswith(f'INSERT INTO "{os.environ["KILLED_IN"]}"'):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return result
with connection.execute_wrapper(watch):
    execute_from_command_line(sys.argv)
"""


class Processes:
    """The site as its own processes see it. The test's database has to be committed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "site"
        self._folder.mkdir()
        if connection.vendor == "sqlite":
            path = self._folder / "db.sqlite3"
            connection.ensure_connection()
            with sqlite3.connect(path) as copy:
                connection.connection.backup(copy)
            address = f"sqlite:///{path}"
        else:
            values = connection.settings_dict
            address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**values)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATABASE_URL": address,
            "VAR_DIR": str(self._folder),
            "RELEASES_DIR": str(settings.RELEASES_DIR),
            "RELEASE_KEYS_DIR": str(settings.RELEASE_KEYS_DIR),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        }
        self.environment.pop("DEBUG", None)

    @property
    def manage(self) -> str:
        """What stands for `manage.py` in a shell."""
        return f"{sys.executable} {ROOT / 'manage.py'}"

    def start(self, *command: Any, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *map(str, command)],
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: Any, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*command, **environment)
        out, _error = process.communicate(timeout=300)
        return subprocess.CompletedProcess(command, process.returncode, out)

    def killed_at(self, table: str, nth: int, *command: Any) -> bool:
        """Whether the command was killed when it had written the nth row of `table`."""
        result = subprocess.run(
            [sys.executable, "-c", _KILLED, *map(str, command)],
            env={**self.environment, "KILLED_IN": table, "KILLED_AT": str(nth)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert result.returncode in (0, -signal.SIGKILL), result.stderr
        return result.returncode == -signal.SIGKILL

    def count(self, model: type[models.Model]) -> int:
        """How many rows the processes' database has."""
        if connection.vendor != "sqlite":
            return int(model._default_manager.count())
        with sqlite3.connect(self._folder / "db.sqlite3") as database:
            [(number,)] = database.execute(f'SELECT COUNT(*) FROM "{model._meta.db_table}"')  # noqa: S608
        return int(number)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the processes' database."""
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        with sqlite3.connect(self._folder / "db.sqlite3") as database:
            return list(database.execute(query))
