"""What building, verifying and fetching releases cost: figures for `make bench`.

Each build is the one that the task worker does, and each fetch the one of `fetch_curriculum`.
"""

import copy
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from core.identity import public_id_from
from curricula.models import CurriculumPage

from . import store
from .bench_document import MODULES, UNITS, bench_document
from .bench_line import line_to
from .bench_memory import PeakMemory
from .building import build, create_release, summary_of
from .models import Release, ReleaseFile
from .package.bag import write_package
from .package.canonical import canonical_bytes
from .package.parts import Inventory, inventory_bytes, missing_runs
from .package.reading import verify
from .package.signing import signing_key

# (what was measured, value, unit)
Figure = tuple[str, float, str]

SHIPPED = "basic-arc-welding"
LANGUAGES = ("lo", "vi")
PACKAGE_MB = 1000
KILLS = 20
#: Bytes a second; a quicker line loses more of what is on its way at a kill than a slow one.
SPEED = 40e6
_FILE = 4 * 1000**2


# --- Building -------------------------------------------------------------------------------------


def measure_builds(modules: int = MODULES, units: int = UNITS) -> list[Figure]:
    """Seconds, memory, size and pages: the shipped curriculum, and a made-up one of this size."""
    figures: list[Figure] = []
    shipped = CurriculumPage.objects.filter(slug=SHIPPED).first()
    if shipped is not None:
        figures += measure_build(SHIPPED, create_release(shipped, LANGUAGES))
    with TemporaryDirectory(prefix="mittaphap-bench-") as folder:
        document, files = bench_document(Path(folder), modules, units)
        name = f"{modules} × {units}"
        return figures + measure_build(name, asked_for(name, document, files))


def measure_build(name: str, release: Release) -> list[Figure]:
    """Build a release that was asked for."""
    begin = time.perf_counter()
    with PeakMemory() as memory:
        built = _built(release)
    seconds = time.perf_counter() - begin
    figures: list[Figure] = [
        (f"{name}: built", seconds, "s"),
        (f"{name}: peak memory of all processes", memory.bytes / 1e6, "MB"),
    ]
    for file in built.files.order_by("kind", "language"):
        what = " ".join(filter(None, (f"{name}:", file.get_kind_display(), file.language)))
        figures.append((what, file.size / 1e3, "KB"))
        if file.kind == ReleaseFile.Kind.PDF:
            figures += [(what, pages, "pages") for pages in _pages(store.path_of(file.sha256))]
    return figures


def asked_for(
    name: str,
    document: dict[str, Any],
    files: Mapping[str, Path],
    languages: tuple[str, ...] = LANGUAGES,
) -> Release:
    """A release whose build was cut off when the snapshot was taken; `files` go into the store.

    Without languages its build makes no more than the package.
    """
    public_id = public_id_from(f"bench/{name}")
    document["release"]["public_id"] = document["curriculum"]["public_id"] = public_id
    for path in files.values():
        store.put_file(path)
    # What an earlier run left.
    Release.objects.filter(public_id=public_id).delete()
    release: Release = Release.objects.create(
        public_id=public_id,
        curriculum_public_id=public_id,
        version=document["release"]["version"],
        dated=document["release"]["date"],
        languages=list(languages),
        document=store.put_bytes(canonical_bytes(document)),
        summary=summary_of(document),
    )
    return release


def _built(release: Release) -> Release:
    built = build(release)
    if not built.is_published:
        raise RuntimeError(built.error)
    return built


def _pages(pdf: Path) -> list[int]:
    """The number of pages, where poppler's tool is here to count them."""
    tool = shutil.which("pdfinfo")
    if tool is None:
        return []
    told = subprocess.run([tool, pdf], capture_output=True, text=True, check=True)  # noqa: S603
    return [int(number) for number in re.findall(r"^Pages: +(\d+)$", told.stdout, re.MULTILINE)]


# --- Fetching the next version --------------------------------------------------------------------


def measure_change(modules: int = MODULES, units: int = UNITS) -> list[Figure]:
    """What of the next version has to be fetched when a single unit was changed."""
    with TemporaryDirectory(prefix="mittaphap-bench-") as name:
        folder = Path(name)
        document, files = bench_document(folder, modules, units)
        later = copy.deepcopy(document)
        release = {"version": 2, "date": "2027-01-15", "public_id": public_id_from("bench/later")}
        later["release"].update(release)
        unit = later["modules"][modules // 2]["units"][units // 2]
        for texts in (unit["texts"]["name"], unit["streams"]["body"][1]["value"]):
            for language in LANGUAGES:
                texts[language] = texts[language].replace(" ", "  ", 1)
        key = signing_key(settings.RELEASE_KEYS_DIR)
        first = write_package(folder / "1.zip", document, files, key)
        second = write_package(folder / "2.zip", later, files, key)
    listed = inventory_bytes(second)
    signature = key.sign(listed, second.name)
    fetched = _bytes_to_fetch(first, second) + len(listed) + len(signature)
    return [
        ("package of the next version", second.size / 1e3, "KB"),
        ("fetched after one changed unit, list of parts included", fetched / 1e3, "KB"),
        ("fetched after one changed unit", 100 * fetched / second.size, "% of the package"),
    ]


def _bytes_to_fetch(here: Inventory, wanted: Inventory) -> int:
    runs = missing_runs(wanted, here.places().__contains__)
    return sum(run.end - run.start for run in runs)


# --- A large package ------------------------------------------------------------------------------


def large_release(megabytes: int = PACKAGE_MB) -> Release:
    """A release whose package has this size, smaller where the disk is small; no other formats."""
    # The files, the package, and what the fetching site has of both.
    room = shutil.disk_usage(store.folder()).free // 8
    count = max(1, min(megabytes * 1000**2, room) // _FILE)
    with TemporaryDirectory(prefix="mittaphap-bench-") as folder:
        document, files = bench_document(Path(folder), 1, 1)
        draw = random.Random(5)  # noqa: S311  (no secret)
        for number in range(count):
            # The fetching site looks whether a file is what it says.
            content = b"%PDF-1.7\n" + draw.randbytes(_FILE) + b"\n%%EOF\n"
            document["files"].append(
                {
                    **{"kind": "document", "media_type": "application/pdf", "extension": "pdf"},
                    **{"sha256": store.put_bytes(content), "size": len(content)},
                    "title": f"Manual {number}",
                }
            )
        document["files"].sort(key=lambda file: str(file["sha256"]))
        return _built(asked_for("large", document, files, languages=()))


def measure_verification(release: Release) -> list[Figure]:
    """How quickly a package is verified from end to end."""
    package = package_of(release)
    keys = [signing_key(settings.RELEASE_KEYS_DIR).public]
    begin = time.perf_counter()
    verify(store.path_of(package.sha256), keys).close()
    seconds = time.perf_counter() - begin
    size = package.size / 1e6
    return [("package that is verified", size, "MB"), ("verified", size / seconds, "MB/s")]


def package_of(release: Release) -> ReleaseFile:
    """The transfer package of a release."""
    return release.files.get(kind=ReleaseFile.Kind.PACKAGE)


# --- A download that is killed --------------------------------------------------------------------


def measure_kills(
    release: Release, port: int, site: Mapping[str, str], kills: int = KILLS, speed: float = SPEED
) -> list[Figure]:
    """Fetch a release from the server at `port` into another site, killed again and again.

    `site` is the environment of the other site's commands (new_site). All that comes over the line
    counts as sent, also the answers of the API and the list of parts.
    """
    size = package_of(release).size
    key = signing_key(settings.RELEASE_KEYS_DIR).public.key_id
    with line_to(port, speed) as line:
        address = f"http://127.0.0.1:{line.port}{release.lasting_path}"
        for number in range(1, kills + 1):
            process = _command(site, "fetch_curriculum", address, "--accept-key", key)
            while line.carried < size * number / (kills + 1):
                if process.poll() is not None:
                    raise RuntimeError(f"The fetch ended too early: {process.communicate()[0]}")
                time.sleep(0.002)
            process.kill()
            process.communicate()
        _finish(_command(site, "fetch_curriculum", address, "--accept-key", key))
        carried = line.carried
    for sha256 in _contents(release):
        _check_arrived(Path(site["RELEASES_DIR"]) / sha256[:2] / sha256)
    return [
        ("package that is downloaded", size / 1e6, "MB"),
        ("kills in one download", kills, ""),
        ("sent beyond the size of the package", 100 * (carried - size) / size, "%"),
    ]


def new_site(folder: Path) -> dict[str, str]:
    """The environment of a new, empty site in `folder`, on a SQLite database of its own."""
    environment = {
        **os.environ,
        **{"VAR_DIR": str(folder), "DATABASE_URL": "", "FETCH_ALLOW_PRIVATE": "1"},
        **{"RELEASES_DIR": str(folder / "releases"), "RELEASE_KEYS_DIR": str(folder / "keys")},
    }
    folder.mkdir(parents=True, exist_ok=True)
    _finish(_command(environment, "migrate", "--no-input", "--verbosity", "0"))
    return environment


def _command(site: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=dict(site),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _finish(process: subprocess.Popen[str]) -> None:
    told = process.communicate()[0]
    if process.returncode:
        raise RuntimeError(told)


def _contents(release: Release) -> Iterator[str]:
    """The hashes of the document and of every file in it."""
    yield release.document
    for file in json.loads(store.read(release.document))["files"]:
        yield file["sha256"]


def _check_arrived(path: Path) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
            raise RuntimeError(f"{path} is damaged")
