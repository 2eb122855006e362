"""How quickly the glossary is imported and exported: figures for `make bench`.

Each import runs in a process of its own, so that its peak memory is its own, and is rolled back.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from core.identity import public_id_from
from glossary.bench_data import concept_texts
from glossary.models import Concept
from trades.models import Trade

from .applying import _apply
from .exporting import Selection, export_to
from .formats import Format, write
from .planning import make_plan, silent
from .records import ConceptRecord, TermRecord

# (what was measured, value, unit)
Figure = tuple[str, float, str]

SIZES = (2_000, 20_000)
MEASURED = (Format.CSV, Format.XLSX, Format.TBX)
_CHILD = (
    "import sys, django; sys.path[:0] = sys.argv[1].split('|'); django.setup(); "
    "from glossary.exchange.bench import import_once; import_once(sys.argv[2], sys.argv[3])"
)


def measure_exchange(sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Import rate and peak memory of each format at each size, and the time of an export.

    The export is of whatever glossary the active database holds.
    """
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="mittaphap-bench-") as folder:
        for form in MEASURED:
            for size in sizes:
                path = Path(folder) / f"bench-{size}{form.extension}"
                with path.open("wb") as file:
                    write(_records(size), file, form)
                figures += _measured_import(path, form, size)
                path.unlink()
        count = Concept.objects.published().count()
        for form in MEASURED:
            started = time.perf_counter()
            export_to(Selection(), Path(folder) / f"export{form.extension}", form)
            seconds = time.perf_counter() - started
            figures.append((f"export of {count:,} concepts, {form.upper()}", seconds, "s"))
    return figures


def _records(count: int) -> Iterator[ConceptRecord]:
    """New concepts as an exported file has them: three terms, three definitions, a trade."""
    trade = Trade.objects.values_list("slug", flat=True).first()
    for number, texts in enumerate(concept_texts(count)):
        yield ConceptRecord(
            public_id=public_id_from(f"bench exchange {number}"),
            trades=(trade,) if trade else (),
            definition_lo=texts["lo"],
            definition_vi=texts["vi"],
            definition_en=texts["en"],
            terms=tuple(
                TermRecord(
                    public_id=public_id_from(f"bench exchange {number} {code}"),
                    language=code,
                    text=text,
                    status="preferred",
                )
                for code, text in texts.items()
            ),
        )


def _measured_import(path: Path, form: Format, size: int) -> list[Figure]:
    paths = "|".join(entry for entry in sys.path if entry)
    output = subprocess.run(  # noqa: S603 — our own interpreter and file
        [sys.executable, "-c", _CHILD, paths, str(path), form.value],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = json.loads(output.splitlines()[-1])
    seconds = found["plan"] + found["apply"]
    name = f"import of {size:,} concepts, {form.upper()}"
    return [
        (f"{name}: preview", found["plan"], "s"),
        (f"{name}: preview and import", size / seconds, "concepts/s"),
        (f"{name}: preview and import", 3 * size / seconds, "rows/s"),
        (f"{name}: import", size / found["apply"], "concepts/s"),
        (f"{name}: peak memory", found["memory"], "MB"),
    ]


def import_once(path: str, form: str) -> None:
    """Import a file, roll it back, and say on the last line of output what it took."""
    with TemporaryDirectory(prefix="mittaphap-bench-") as folder, transaction.atomic():
        started = time.perf_counter()
        plan = make_plan(Path(path), Format(form), Path(folder) / "plan.sqlite3")
        planned = time.perf_counter()
        # Not apply_plan: a savepoint, which it would be here, costs SQLite time (core.search).
        result = _apply(plan, None, silent)
        applied = time.perf_counter()
        plan.close()
        transaction.set_rollback(True)
    if result.stopped or not result.added:
        raise RuntimeError(f"The benchmark measured nothing: {result}")
    figures = {"plan": planned - started, "apply": applied - planned, "memory": _peak_memory()}
    sys.stdout.write(json.dumps(figures) + "\n")


def _peak_memory() -> float:
    """Peak memory of this process in MB.

    Linux keeps it for the program alone; getrusage would count what the parent held when it
    started us.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
