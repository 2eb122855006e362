"""Whole requests and page weight, measured on a server and a browser that really run."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.conf import settings

from glossary.bench import sample_queries
from glossary.models import Concept
from lessons.models import LessonPage

Row = tuple[str, float, str]
CHROMIUM = "/usr/bin/chromium"


@contextmanager
def running_server() -> Iterator[int]:
    """gunicorn with two workers on a free port, as `make run` starts it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi", "--pythonpath", "site"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "error"),
    ]
    server = subprocess.Popen(  # noqa: S603
        command, cwd=settings.BASE_DIR, env=dict(os.environ)
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("The server did not start within 30 seconds.")


def measure_requests(rounds: int = 300) -> list[Row]:
    """Milliseconds of whole HTTP requests: search page, suggest, A–Z list, concept, API."""
    queries = sample_queries(rounds)
    concepts = list(Concept.objects.published().order_by("?")[:rounds])
    with running_server() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def get(path: str) -> None:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")

        kinds: list[tuple[str, list[str]]] = [
            ("search page", [f"/en/glossary/?q={quote(q)}" for q in queries]),
            ("suggest", [f"/lo/glossary/suggest?q={quote(q)}" for q in queries]),
            ("API search", [f"/api/v1/search/?q={quote(q)}" for q in queries]),
            ("A–Z page", ["/lo/glossary/?language=lo", "/vi/glossary/?language=vi"] * 20),
            ("concept page", [c.get_absolute_url("vi") for c in concepts]),
        ]
        rows: list[Row] = []
        for name, paths in kinds:
            for path in paths[:5]:
                get(path)
            times = sorted(_milliseconds(get, path) for path in paths)
            rows.append((f"{name}, p50", statistics.median(times), "ms"))
            rows.append((f"{name}, p95", times[int(len(times) * 0.95)], "ms"))
        return rows


def _milliseconds(function: Callable[[str], None], argument: str) -> float:
    begin = time.perf_counter()
    function(argument)
    return (time.perf_counter() - begin) * 1000


def measure_weights() -> list[Row]:
    """KB over the wire of pages with everything they load, first and repeat visit."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [("page weight left out: `make setup-test` installs the browser", 0, "")]
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    concept = Concept.objects.published().filter(terms__language="lo").order_by("pk")[0]
    pages = {
        "home": "/lo/",
        "glossary list": "/lo/glossary/",
        "search results": "/lo/glossary/?q=" + quote("ໄຟ"),
        "trade": "/vi/trades/welder/",
        "concept": concept.get_absolute_url("lo"),
    }
    lessons = LessonPage.objects.live().order_by("path")
    for name, lesson in (("Lao lesson", lessons.first()), ("Vietnamese lesson", lessons.last())):
        if lesson is not None:
            pages[name] = lesson.get_url()
    rows: list[Row] = []
    with running_server() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        for name, path in pages.items():
            page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
            for visit in ("first", "repeat"):
                size = _bytes_loaded(page, f"http://127.0.0.1:{port}{path}")
                rows.append((f"{name}, {visit} visit", size / 1000, "KB"))
            page.context.close()
            rows.append((f"{name}, its HTML alone", _html_bytes(port, path) / 1000, "KB"))
        browser.close()
    return rows


def _html_bytes(port: int, path: str) -> int:
    """Bytes of the compressed HTML: what a visit costs when everything else is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    return len(connection.getresponse().read())


def _bytes_loaded(page: object, address: str) -> int:
    """Bytes that Chromium received for a page and all it loads, headers among them."""
    session = page.context.new_cdp_session(page)  # type: ignore[attr-defined]
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")  # type: ignore[attr-defined]
    page.wait_for_timeout(300)  # type: ignore[attr-defined]
    session.detach()
    return int(sum(sizes))
