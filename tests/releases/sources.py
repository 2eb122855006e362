"""Another site that offers a release: a real server that counts what it sends and can be cut."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from releases.package.parts import inventory_bytes
from releases.package.signing import SigningKey
from tests.releases.packages import KEY, make_package


class Source(ThreadingHTTPServer):
    """Serves `files` by path. `cuts` are the bytes after which it drops a file's connection."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.redirects: dict[str, str] = {}
        self.cuts: list[int] = []
        self.sent: dict[str, int] = {}
        self.requests: list[tuple[str, str]] = []
        self.knows_ranges = True
        #: Bytes a second; a real line has a limit.
        self.speed = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def offer(self, folder: Path, content: dict[str, Any], key: SigningKey = KEY) -> str:
        """Offer a release as a site does; returns the address of its page."""
        name = f"{len(list(folder.glob('*.zip')))}.zip"
        package, inventory = make_package(folder, content, name=name, key=key)
        listed = inventory_bytes(inventory)
        found = {
            "package": package.read_bytes(),
            "parts": listed,
            "parts_sig": key.sign(listed, "parts").encode(),
        }
        release = content["release"]["public_id"]
        offered = []
        for kind, data in found.items():
            path = f"/releases/files/{inventory.sha256}/{kind}.zip"
            self.files[path] = data
            entry = {"kind": kind, "language": "", "name": f"{kind}.zip", "url": path}
            offered.append({**entry, "size": len(data), "sha256": inventory.sha256})
        keys = [{"id": key.public.key_id, "public_key": key.public.base64}]
        answer = {"id": release, "files": offered, "keys": keys}
        self.files[f"/api/v1/releases/{release}/"] = json.dumps(answer).encode()
        self.package = self.url + offered[0]["url"]
        self.size = offered[0]["size"]
        return f"{self.url}/vi/releases/{release}/"

    @property
    def sent_of_packages(self) -> int:
        return sum(count for path, count in self.sent.items() if path.endswith("package.zip"))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: Source

    def do_GET(self) -> None:
        server = self.server
        server.requests.append((self.path, self.headers.get("Range", "")))
        if self.path in server.redirects:
            self.send_response(302)
            self.send_header("Location", server.redirects[self.path])
            self.end_headers()
            return
        data = server.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        start, end, status = 0, len(data), 200
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if match and server.knows_ranges:
            start, end, status = int(match[1]), min(int(match[2]) + 1, len(data)), 206
        self.send_response(status)
        self.send_header("Content-Length", str(end - start))
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.end_headers()
        self._send(data[start:end])

    def _send(self, data: bytes) -> None:
        server = self.server
        cut = server.cuts.pop(0) if server.cuts and self.path.endswith("package.zip") else None
        for place in range(0, len(data), 4096):
            block = data[place : place + 4096]
            if cut is not None and place + len(block) > cut:
                block = block[: cut - place]
            self.wfile.write(block)
            server.sent[self.path] = server.sent.get(self.path, 0) + len(block)
            if cut is not None and place + 4096 > cut:
                self.close_connection = True
                return
            if server.speed:
                time.sleep(len(block) / server.speed)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def running_source() -> Iterator[Source]:
    source = Source()
    thread = threading.Thread(target=source.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield source
    finally:
        source.shutdown()
        thread.join()
        source.server_close()
