"""One command to a working site: what `make run` calls."""

import fcntl
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.demo import demo_is_loaded
from releases.building import clean_up, resume_all


class Command(BaseCommand):
    help = "Prepare the database, the demo content and static files; then serve the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="Do not serve.")

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        if not options["prepare_only"] and not _port_is_free(port):
            raise CommandError(
                f"Port {port} is taken. Stop what runs there, or choose another one: "
                f"make run PORT={port + 1}"
            )
        with _preparing():
            self._migrate()
            if not demo_is_loaded():
                call_command("load_demo", stdout=self.stdout)
            self._collect_static()
            clean_up()
            resume_all()
            account = self._ensure_admin()
        if options["prepare_only"]:
            return
        self.stdout.write(
            self.style.SUCCESS(f"\nMittaphap runs at http://127.0.0.1:{port}/")
            + f"\nThe admin is at http://127.0.0.1:{port}/admin/ \u2013 {account}"
            + "\nCtrl+C stops it."
        )
        _serve(port)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)

    def _collect_static(self) -> None:
        """Gather and compress static files, only when one of them has changed."""
        stamp = Path(settings.STATIC_ROOT) / "gathered"
        state = _static_state()
        if settings.DEBUG or (stamp.exists() and stamp.read_text() == state):
            return
        self.stdout.write("Gathering static files …")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(state)

    def _ensure_admin(self) -> str:
        """Make the first administrator with a password of its own; say how to sign in."""
        user_model = get_user_model()
        note = Path(settings.VAR_DIR) / "admin-password"
        if not user_model.objects.filter(is_superuser=True).exists():
            password = secrets.token_urlsafe(9)
            # The note first: stopped in between, nobody would ever know the password.
            note.touch(mode=0o600)
            note.write_text(password + "\n")
            user_model.objects.create_superuser("admin", "admin@example.org", password)
        if note.exists():
            return (
                f"user admin, password {note.read_text().strip()} (kept in {_shown(note)}; "
                "change it after signing in and delete that file)"
            )
        return "sign in with your own account"


@contextmanager
def _preparing() -> Iterator[None]:
    """Keep a second start from preparing the same folder at the same time; it ends with us."""
    path = Path(settings.VAR_DIR) / "start.lock"
    try:
        file = path.open("w")
    except OSError as error:
        raise CommandError(f"The site cannot write to {path.parent}: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                "Another start prepares this site just now. Wait until it says where it runs."
            ) from error
        yield


def _shown(path: Path) -> str:
    return os.path.relpath(path)


def _static_state() -> str:
    """A fingerprint of everything that collectstatic would gather."""
    digest = hashlib.sha256(f"wagtail {version('wagtail')}".encode())
    folders = [settings.SITE_DIR / "static"]
    folders += [
        path
        for base in (settings.BASE_DIR, settings.SITE_DIR)
        for path in base.glob("*/static")
        if path != folders[0] and ".venv" not in path.parts and "var" not in path.parts
    ]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _serve(port: int) -> None:
    """Run the web server and the task worker until one of them ends or we are stopped."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    commands = [
        [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site"),
            # Threads, so that a download over a slow line neither blocks nor ends with a worker.
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8"),
            *("--log-level", "warning"),
        ],
        [sys.executable, "manage.py", "db_worker", "--interval", "2"],
    ]
    # The worker reports every task, so it writes to a file of its own.
    log = (Path(settings.VAR_DIR) / "worker.log").open("a")
    outputs = (None, log)
    processes = [
        subprocess.Popen(  # noqa: S603
            command, cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output
        )
        for command, output in zip(commands, outputs, strict=True)
    ]

    def stop(*_: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        os.wait()  # The first of the two that ends takes the other with it.
    except ChildProcessError:
        pass
    finally:
        stop()
        for process in processes:
            process.wait(timeout=20)
        log.close()
