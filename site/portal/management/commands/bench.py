"""Measure what docs/benchmarks.md states: `make bench`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from core.search import refresh_statistics
from curricula.bench import measure_curricula
from curricula.bench import prepare as prepare_curricula
from glossary.bench import measure_search
from glossary.bench_data import make_concepts
from glossary.bench_marker import measure_marker
from glossary.exchange.bench import measure_exchange
from glossary.search import index_concepts
from orthography.bench import measure as measure_orthography
from portal.bench import Row, measure_requests, measure_weights, running_server
from portal.demo import load_pages
from releases.bench import (
    large_release,
    measure_builds,
    measure_change,
    measure_kills,
    measure_verification,
    new_site,
)

DATABASE = "mittaphap_bench"


class Command(BaseCommand):
    help = "Measure search, requests, import, curricula, releases and page weight."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concepts", type=int, default=100_000)
        parser.add_argument("--package-mb", type=int, default=1000, help="For the part releases.")
        parts = ["text", "database", "curricula", "releases", "pages"]
        parser.add_argument("--part", choices=parts, help="Only this.")

    def handle(self, *args: Any, **options: Any) -> None:
        part = options["part"]
        if part == "text":
            self._table("Text", measure_orthography())
            self._table("Terms in running text", measure_marker())
        elif part == "database":
            call_command("migrate", interactive=False, verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            index_concepts(make_concepts(options["concepts"]))
            refresh_statistics()
            self._table("Search", measure_search())
            self._table("Requests", measure_requests())
            self._table("Import and export", measure_exchange())
        elif part == "curricula":
            call_command("migrate", interactive=False, verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            load_pages()
            prepare_curricula()
            refresh_statistics()
            self._table("Curricula", measure_curricula())
        elif part == "releases":
            call_command("start", prepare_only=True, stdout=self.stdout)
            self._table("Building a release", measure_builds())
            self._table("The next version", measure_change())
            large = large_release(options["package_mb"])
            self._table("A large package", measure_verification(large))
            other = new_site(Path(settings.VAR_DIR) / "other")
            with running_server() as port:
                self._table("A download that is killed", measure_kills(large, port, other))
        elif part == "pages":
            call_command("start", prepare_only=True, stdout=self.stdout)
            self._table("Pages", measure_weights())
        else:
            self._all(options["concepts"])

    def _all(self, concepts: int) -> None:
        base = Path(settings.VAR_DIR) / "bench"
        shutil.rmtree(base, ignore_errors=True)
        self._run("text", base / "text", "")
        for name, url in _databases(base):
            self.stdout.write(f"\n## {name}, {concepts} concepts")
            self._run("database", base / name.lower(), url, "--concepts", str(concepts))
            self._run("curricula", base / name.lower(), url)
        self.stdout.write("\n## Releases")
        self._run("releases", base / "releases", "")
        # Some gigabytes.
        shutil.rmtree(base / "releases")
        self.stdout.write("\n## Page weight, demo content")
        self._run("pages", base / "pages", "")

    def _run(self, part: str, var: Path, url: str, *more: str) -> None:
        """Each part in a process of its own: a fresh cache, its own database and folder."""
        var.mkdir(parents=True, exist_ok=True)
        subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", "bench", "--part", part, *more],
            cwd=settings.BASE_DIR,
            env={**os.environ, "VAR_DIR": str(var), "DATABASE_URL": url},
            check=True,
        )

    def _table(self, title: str, rows: list[Row]) -> None:
        self.stdout.write(f"\n### {title}\n\n| what | figure |\n|---|---|")
        for name, value, unit in rows:
            number = f"{value:,.1f}" if value < 100 else f"{value:,.0f}"
            self.stdout.write(f"| {name} | {number} {unit} |")
        self.stdout.flush()


def _databases(base: Path) -> Iterator[tuple[str, str]]:
    """SQLite, and PostgreSQL where one answers on this machine."""
    yield "SQLite", ""
    server = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            connection.execute(
                f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' "
                "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            )
    except psycopg.OperationalError:
        return
    yield "PostgreSQL", server.rsplit("/", 1)[0] + f"/{DATABASE}"
