"""The one command: a fresh folder becomes a working site, and starts quickly the second time."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningSite:
    """`manage.py start` on a folder of its own, as `make run` calls it."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        environment = {**os.environ, "VAR_DIR": str(var), "DATABASE_URL": ""}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait(self, seconds: float) -> float:
        """Wait for the first answer; return the seconds it took."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/en/", timeout=5)
            except OSError:
                assert self.process.poll() is None, self.stop()
                time.sleep(0.2)
            else:
                return time.monotonic() - begin
        raise AssertionError(self.stop())

    def get(self, path: str) -> str:
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.read().decode()

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=30)[0]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


def test_a_fresh_folder_becomes_a_site_with_content(var: Path) -> None:
    site = RunningSite(var)
    try:
        site.wait(240)
        assert "ຄ້ອນ" in site.get("/lo/glossary/?q=%E0%BA%84%E0%BB%89%E0%BA%AD%E0%BA%99")
        assert "/static/css/site" in site.get("/vi/")
        assert "csrfmiddlewaretoken" in site.get("/admin/login/")
    finally:
        output = site.stop()
    password = (var / "admin-password").read_text().strip()
    assert len(password) >= 10
    assert password in output
    assert f"http://127.0.0.1:{site.port}/" in output
    assert (var / "admin-password").stat().st_mode & 0o077 == 0


def test_the_second_start_makes_nothing_anew(var: Path) -> None:
    """Depends on the folder that the first test filled."""
    password = (var / "admin-password").read_text()
    site = RunningSite(var)
    try:
        site.wait(60)
    finally:
        output = site.stop()
    assert (var / "admin-password").read_text() == password
    assert not re.search("Preparing|Gathering|new", output)


def test_a_taken_port_is_said_in_one_line(var: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = subprocess.run(
            [sys.executable, "manage.py", "start", "--port", str(other.getsockname()[1])],
            cwd=ROOT,
            env={
                **os.environ,
                "VAR_DIR": str(var),
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert result.returncode != 0
    assert "is taken" in result.stderr
    assert "Traceback" not in result.stderr


def start(var: Path) -> "subprocess.CompletedProcess[str]":
    """`manage.py start --prepare-only`, to its end."""
    environment = {**os.environ, "VAR_DIR": str(var), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
    return subprocess.run(
        [sys.executable, "manage.py", "start", "--prepare-only"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_two_starts_do_not_prepare_the_same_site_at_once(var: Path) -> None:
    with (var / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = start(var)
    assert result.returncode != 0
    assert "Another start" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = start(tmp_path / "file")
    assert result.returncode != 0
    assert result.stderr.startswith("The site cannot write to")
    assert result.stderr.count("\n") == 1


def test_a_start_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    """Killed as soon as the glossary is written: the rest and a known password come after."""
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings.dev"
    command = [sys.executable, "manage.py", "start", "--prepare-only"]
    first = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    for line in first.stdout:
        if line.startswith("Pages:"):
            break
    first.kill()
    first.communicate()
    result = start(tmp_path)
    assert result.returncode == 0, result.stderr
    assert re.search("Glossary: [1-9]", result.stdout)
    assert re.search("Lessons: [1-9]", result.stdout)
    assert (tmp_path / "admin-password").read_text().strip()
