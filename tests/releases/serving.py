"""The site behind real web servers, and downloads with curl."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .processes import ROOT, Processes

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin:/sbin:/bin")
CURL = shutil.which("curl")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(processes: Processes, **environment: str) -> Iterator[str]:
    """The site's own server; yields its address."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "warning"),
    ]
    # Static files are not gathered for a test; nothing here asks for one.
    own = {**processes.environment, "DEBUG": "1", **environment}
    with _running(command, cwd=ROOT, env=own):
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/v1/releases/")
        yield address


@contextmanager
def nginx(folder: Path, behind: str, releases: Path) -> Iterator[str]:
    """nginx with deploy/nginx.conf before the server at `behind`; yields its address."""
    assert NGINX is not None
    port = free_port()
    server = (ROOT / "deploy" / "nginx.conf").read_text()
    for shipped, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("http://127.0.0.1:8000", behind),
        ("/srv/mittaphap/var/releases/", f"{releases}/"),
    ):
        assert shipped in server
        server = server.replace(shipped, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"pid {folder}/nginx.pid;\nerror_log stderr;\ndaemon off;\nmaster_process off;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{server}}}\n"
    )
    with _running([NGINX, "-p", str(folder), "-c", str(conf)]):
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/v1/releases/")
        yield address


@contextmanager
def _running(command: list[str], **options: Any) -> Iterator[None]:
    with subprocess.Popen(command, **options) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=30).close()  # noqa: S310
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"nothing answers at {address}")


def curl(*arguments: Any) -> subprocess.CompletedProcess[str]:
    assert CURL is not None
    command = [CURL, "-sS", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)
