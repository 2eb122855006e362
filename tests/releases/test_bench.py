"""The benchmarks of releases run to their end, at a tiny size."""

from pathlib import Path
from typing import Any

import pytest

from releases import bench
from tests.releases.processes import Processes
from tests.releases.rendered import FORMATS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.RELEASES_DIR = tmp_path / "releases"


def measured(figures: list[bench.Figure]) -> dict[tuple[str, str], float]:
    return {(name, unit): value for name, value, unit in figures}


@FORMATS
def test_a_build_is_measured_with_all_its_files() -> None:
    figures = measured(bench.measure_builds(1, 1))
    assert figures["1 × 1: PDF lo", "pages"] >= 5
    # Four formats in each language, the package, its list and the signature.
    sizes = [value for (_name, unit), value in figures.items() if unit == "KB"]
    assert len(sizes) == 11 and all(sizes)
    # This process alone holds more than 100 MB, and two work for it.
    assert figures["1 × 1: peak memory of all processes", "MB"] > 200


def test_one_changed_unit_is_a_part_of_the_package() -> None:
    figures = measured(bench.measure_change(4, 4))
    assert 0 < figures["fetched after one changed unit", "% of the package"] < 100


# Both sites of it are SQLite: with PostgreSQL they would be one.
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_large_package_is_verified_and_its_download_killed(
    home: Any, live_server: Any, tmp_path: Path
) -> None:
    # The other site is a copy of this one as it was before the release.
    other = {
        **Processes(tmp_path).environment,
        "RELEASES_DIR": str(tmp_path / "other"),
        "FETCH_ALLOW_PRIVATE": "1",
    }
    release = bench.large_release(8)
    assert measured(bench.measure_verification(release))["verified", "MB/s"] > 0
    figures = measured(bench.measure_kills(release, live_server.thread.port, other, 2, 4e6))
    assert figures["kills in one download", ""] == 2
    assert figures["sent beyond the size of the package", "%"] > 0
