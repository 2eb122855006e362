"""A line to a server of this machine that is no quicker than a real one, and counts its bytes."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BLOCK = 16 * 1024


class Line(socketserver.ThreadingTCPServer):
    """Passes on what comes to its own `port`, and the answers at `speed` bytes a second."""

    daemon_threads = True

    def __init__(self, target: int, speed: float) -> None:
        super().__init__(("127.0.0.1", 0), _Call)
        # What waits here was not sent yet, but would be counted.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BLOCK)
        self.target = target
        self.speed = speed
        self.carried = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Call(socketserver.BaseRequestHandler):
    """One connection; when either end is gone, the other is hung up."""

    server: Line
    request: socket.socket

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.target)) as site:
            asking = threading.Thread(target=self._ask, args=(site,), daemon=True)
            asking.start()
            with suppress(OSError):
                while block := site.recv(_BLOCK):
                    self.request.sendall(block)
                    self.server.carried += len(block)
                    time.sleep(len(block) / self.server.speed)

    def _ask(self, site: socket.socket) -> None:
        with suppress(OSError):
            while block := self.request.recv(_BLOCK):
                site.sendall(block)
        with suppress(OSError):
            site.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(port: int, speed: float) -> Iterator[Line]:
    """A line to the server at `port`."""
    with Line(port, speed) as line:
        thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.1})
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()
