"""import_glossary and export_glossary: exit codes, messages, no half file."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from glossary.exchange import exporting
from glossary.models import Concept, Term
from tests.factories import ConceptFactory

TABLE = "concept_id,language,term,review\r\n1,lo,ຈອດ,reviewed\r\n"


@pytest.fixture
def table(tmp_path: Path, welder: Any) -> Path:
    path = tmp_path / "terms.csv"
    path.write_text(TABLE)
    return path


def test_an_import_says_what_it_did(table: Path, capsys: Any) -> None:
    call_command("import_glossary", str(table))
    assert "Imported: 1 added, 0 changed" in capsys.readouterr().out
    assert Term.objects.get().review_state == "unreviewed"


def test_a_dry_run_writes_nothing(table: Path, capsys: Any) -> None:
    call_command("import_glossary", str(table), "--dry-run")
    assert "Would be imported: 1 added" in capsys.readouterr().out
    assert not Concept.objects.exists()


def test_a_trusted_file_keeps_its_reviews(table: Path) -> None:
    call_command("import_glossary", str(table), "--keep-review")
    assert Term.objects.get().review_state == "reviewed"


def test_refused_entries_are_named_and_give_exit_code_two(table: Path, capsys: Any) -> None:
    table.write_text(TABLE + "2,xx,no,\r\n")
    with pytest.raises(SystemExit) as stop:
        call_command("import_glossary", str(table))
    assert stop.value.code == 2
    assert "Row 3, no: language: " in capsys.readouterr().err
    assert Concept.objects.count() == 1


def test_an_unreadable_file_is_an_error_and_changes_nothing(table: Path) -> None:
    table.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError):
        call_command("import_glossary", str(table))
    with pytest.raises(CommandError, match="no file"):
        call_command("import_glossary", str(table.parent / "missing.csv"))
    assert not Concept.objects.exists()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.tbx"])
def test_an_export_can_be_imported(name: str, tmp_path: Path, welder: Any, capsys: Any) -> None:
    ConceptFactory(lo="ຈອດ", trades=[welder])
    path = tmp_path / name
    call_command("export_glossary", str(path), "--trade", "welder")
    call_command("import_glossary", str(path))
    assert "1 unchanged" in capsys.readouterr().out
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_the_format_can_differ_from_the_name(tmp_path: Path, welder: Any) -> None:
    ConceptFactory(lo="ຈອດ")
    path = tmp_path / "a.tbx"
    call_command("export_glossary", str(path), "--format", "tbx2")
    assert b"<martif" in path.read_bytes()
    with pytest.raises(CommandError):
        call_command("export_glossary", str(tmp_path / "a.doc"))
    with pytest.raises(CommandError, match="welder"):
        call_command("export_glossary", str(path), "--trade", "baker")


def test_a_failed_export_leaves_the_old_file(
    tmp_path: Path, welder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ConceptFactory(lo="ຈອດ")
    path = tmp_path / "a.csv"
    path.write_text("old")

    def fail(*args: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(exporting, "write", fail)
    with pytest.raises(CommandError, match="disk full"):
        call_command("export_glossary", str(path))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
