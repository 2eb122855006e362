"""Every format in every language, in at most two processes."""

import importlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from django.apps import apps

#: Kind → the module and function that write it, and the ending of the file.
FORMATS = {
    "docx": ("docx", "write_docx", "docx"),
    "epub": ("epub", "write_epub", "epub"),
    "html": ("site", "write_site", "zip"),
    "pdf": ("pdf", "write_pdf", "pdf"),
}
#: A small server has two cores. A document of 400 pages takes 270 MB as PDF, and as DOCX 420 MB.
PROCESSES = 2

Wanted = Sequence[tuple[str, str]]
Progress = Callable[[str, str, Path], None]


def render_all(
    document: Mapping[str, Any],
    files: Callable[[str], Path],
    wanted: Wanted,
    folder: Path,
    progress: Progress,
) -> None:
    """Write each (kind, language) of `wanted` into `folder` and tell `progress` where it stands.

    `files` says where the file of a SHA-256 is. A file appears under its name when it is whole. The
    first error stops everything and is raised: RenderError where the document lacks something.
    """
    paths = {file["sha256"]: files(file["sha256"]) for file in document["files"]}
    # One language after the other, so that two DOCX, which need the most memory, seldom meet.
    jobs = sorted(wanted, key=lambda job: (job[1], list(FORMATS).index(job[0])))
    if not jobs:
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Fresh processes: the task worker's connections and threads are not theirs.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_prepare) as pool:
        running = {
            pool.submit(render_one, document, paths, kind, language, folder): (kind, language)
            for kind, language in jobs
        }
        try:
            for done in as_completed(running):
                progress(*running[done], done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def render_one(
    document: Mapping[str, Any], paths: Mapping[str, Path], kind: str, language: str, folder: Path
) -> Path:
    """Write one format in one language and return where it stands."""
    from .html import render_html

    module, function, ending = FORMATS[kind]
    write = getattr(importlib.import_module(f"{__package__}.{module}"), function)
    target = folder / f"{kind}-{language}.{ending}"
    unfinished = target.with_name(f".{target.name}.part")
    write(render_html(document, language), paths.__getitem__, unfinished)
    unfinished.rename(target)
    return target


def _prepare() -> None:
    """Catalogues need the registry of apps to be ready, rendering needs none of the apps."""
    os.nice(5)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if not apps.ready:
        apps.populate([])


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
