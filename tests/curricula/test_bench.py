"""The benchmarks of curricula run to their end, at a tiny size."""

from typing import Any

import pytest

from curricula import bench
from curricula.models import ModulePage

pytestmark = pytest.mark.django_db


def test_reading_and_editing_are_measured(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.prepare(150, modules=2, units=2)
    figures = {name: value for name, value, _unit in bench.measure_curricula(rounds=2)}
    assert figures["curricula in the catalogue"] == 150
    assert 0 < figures["large curriculum, queries"] < 20
    assert figures["module with 2 units saved in the admin, p95"] > 0
    assert figures["curriculum of 7 changed pages approved"] > 0
    # The editor's texts were saved and published with the rest.
    module = ModulePage.objects.get(hours_theory=11)
    assert len(module.knowledge) == 5
