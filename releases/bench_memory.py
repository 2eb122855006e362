"""The memory of this process and of all that it starts, for measuring."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_PAGE = os.sysconf("SC_PAGE_SIZE")
_INTERVAL = 0.05


class PeakMemory:
    """Within a `with`: the most bytes that this process and those below it held at one moment.

    Pages that processes share count once for each, so the figure is never too small.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.bytes = max(self.bytes, _resident(os.getpid()))
            if self._is_over.wait(_INTERVAL):
                return


def _resident(process: int) -> int:
    """Bytes in memory of a process and of those below it; none of one that ended meanwhile."""
    folder = Path("/proc") / str(process)
    try:
        own = int((folder / "statm").read_text().split()[1]) * _PAGE
        started = [path.read_text() for path in folder.glob("task/*/children")]
    except OSError:
        return 0
    return own + sum(_resident(int(child)) for line in started for child in line.split())
