"""A release is built whole or not seen: crashes, a full disk, two at once, lost files."""

import fcntl
import io
import json
import os
import resource
import signal
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client

from curricula.models import CurriculumPage
from media.models import SiteDocument
from releases import building, store
from releases.building import BusyError, ChangedFileError, build, create_release, rebuild
from releases.document import SnapshotError
from releases.models import Release
from releases.package.canonical import parse_document

from .processes import Processes
from .tiny import build_without_formats, change_unit, released, tiny_curriculum

pytestmark = pytest.mark.django_db


@pytest.fixture
def curriculum(home: Any) -> CurriculumPage:
    return tiny_curriculum(home)


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.RELEASES_DIR = tmp_path / "releases"


def hashes(release: Release) -> dict[tuple[str, str], str]:
    return {(file.kind, file.language): file.sha256 for file in release.files.all()}


def leftovers() -> list[Path]:
    folders = [store.folder() / name for name in ("incoming", "work")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


# --- Whole ----------------------------------------------------------------------------------------


def test_a_release_has_every_format_and_the_package(curriculum: CurriculumPage) -> None:
    out = io.StringIO()
    call_command("build_release", "han-dien", languages=["vi"], notes="Bản đầu.", stdout=out)
    release = Release.objects.get()
    assert "is published: 7 files" in out.getvalue()
    assert (release.state, release.version, release.done, release.total) == ("published", 1, 7, 7)
    assert all(file.is_there for file in release.files.all())
    starts = {"pdf": b"%PDF", "epub": b"PK", "docx": b"PK", "html": b"PK", "package": b"PK"}
    for kind, start in starts.items():
        [file] = release.files.filter(kind=kind)
        assert store.read(file.sha256).startswith(start)
    package = release.files.get(kind="package")
    with zipfile.ZipFile(store.path_of(package.sha256)) as archive:
        carried = archive.read("han-dien-1/data/curriculum.json")
    assert carried == store.read(release.document)
    document = parse_document(carried)
    assert document["release"]["notes"]["vi"] == "Bản đầu."
    assert document["release"]["languages"] == ["vi"]
    assert release.summary["hours"]["total"] == 2
    assert leftovers() == []
    # What was lost is made again from the document, byte for byte.
    before = hashes(release)
    for file in release.files.filter(kind__in=["epub", "package"]):
        store.path_of(file.sha256).unlink()
    call_command("build_release", repair=True, stdout=out)
    assert "made again: han-dien-1.zip, han-dien-1-vi.epub" in out.getvalue()
    assert hashes(release) == before
    assert all(file.is_there for file in release.files.all())


def test_versions_are_numbered_per_curriculum(curriculum: CurriculumPage) -> None:
    other = tiny_curriculum(None, centre=curriculum.centre, slug="other")
    assert [released(one).version for one in (curriculum, curriculum, other)] == [1, 2, 1]


def test_nothing_is_built_while_anything_below_is_unpublished(curriculum: CurriculumPage) -> None:
    unit = curriculum.get_descendants().last().specific
    unit.name_vi = "Đổi"
    unit.save_revision()
    with pytest.raises(SnapshotError, match="not published"):
        create_release(curriculum, ["vi"])
    with pytest.raises(CommandError, match="not published"):
        call_command("build_release", "han-dien")
    assert not Release.objects.exists()


def test_what_is_unpublished_after_asking_fails_the_build_and_may_be_tried_again(
    curriculum: CurriculumPage,
) -> None:
    release = create_release(curriculum, ["vi"])
    unit = curriculum.get_descendants().last().specific
    unit.unpublish()
    assert build_without_formats(release).state == Release.State.FAILED
    assert "not published" in release.error
    assert "Bảo hộ" in release.error
    assert not Release.objects.listed().exists()
    unit.save_revision().publish()
    assert build_without_formats(release).is_published
    assert release.error == ""


def test_a_curriculum_in_review_is_not_released(curriculum: CurriculumPage) -> None:
    curriculum.save_revision()
    curriculum.get_workflow().start(curriculum, None)
    with pytest.raises(SnapshotError, match="in review"):
        create_release(CurriculumPage.objects.get(), ["vi"])


def test_a_release_does_not_follow_what_is_published_later(curriculum: CurriculumPage) -> None:
    release = released(curriculum)
    change_unit(curriculum, "Đeo găng.")
    assert "Đeo kính." in store.read(release.document).decode()
    rebuild(release)
    assert "Đeo kính." in store.read(release.document).decode()


# --- Two at once ----------------------------------------------------------------------------------


def test_a_release_is_built_by_one_process_at_a_time(curriculum: CurriculumPage) -> None:
    release = create_release(curriculum, ["vi"])
    locks = store.folder() / "locks"
    locks.mkdir()
    with (locks / release.public_id).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert building.is_being_built(release)
        with pytest.raises(BusyError):
            build(release)
        assert building.resume_all() == 0
    assert not building.is_being_built(release)
    assert build_without_formats(release).is_published


# --- A full disk ----------------------------------------------------------------------------------


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The system refuses to write more, as it does when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_fails_the_build_and_leaves_nothing_behind(curriculum: CurriculumPage) -> None:
    release = create_release(curriculum, ["vi"])
    with no_file_larger_than(8_000):
        build_without_formats(release)
    assert release.state == Release.State.FAILED
    assert "disk of the server is full" in release.error
    assert leftovers() == []
    assert not Release.objects.listed().exists()
    assert build_without_formats(release).is_published


def test_a_full_disk_is_not_taken_for_a_lost_picture(curriculum: CurriculumPage) -> None:
    sheet = SiteDocument(title="Sheet", file=ContentFile(b"%PDF-1.7" + bytes(9_000), "a.pdf"))
    sheet.save()
    unit = curriculum.get_descendants().last().specific
    value = {"document": sheet.pk, "label": {"vi": "Phiếu"}}
    unit.body = json.dumps([{"type": "file", "value": value}])
    unit.save_revision().publish()
    release = create_release(curriculum, ["vi"])
    with no_file_larger_than(8_000):
        build_without_formats(release)
    assert "disk of the server is full" in release.error
    assert build_without_formats(release).is_published


# --- Lost files -----------------------------------------------------------------------------------


def test_a_lost_file_is_told_and_not_sent(curriculum: CurriculumPage, client: Client) -> None:
    release = released(curriculum, ["vi"])
    file = release.files.get(kind="pdf")
    store.path_of(file.sha256).unlink()
    assert client.get(file.url).status_code == 404
    page = client.get(f"/en{release.lasting_path}").content.decode()
    assert "Some files are missing on the server" in page
    assert file.url not in page


def test_a_lost_file_that_would_become_another_is_refused(curriculum: CurriculumPage) -> None:
    release = released(curriculum, ["vi"])
    file = release.files.get(kind="epub")
    store.path_of(file.sha256).unlink()
    # The real format is not the few bytes that stood there.
    with pytest.raises(ChangedFileError):
        rebuild(release)
    release.refresh_from_db()
    assert release.is_published
    assert f"{file.name} is lost" in release.error
    assert hashes(release)["epub", "vi"] == file.sha256
    assert leftovers() == []


def test_a_lost_document_is_named(curriculum: CurriculumPage) -> None:
    release = released(curriculum, ["vi"])
    store.path_of(release.document).unlink()
    with pytest.raises(store.MissingFileError):
        rebuild(release)
    release.refresh_from_db()
    assert "restore it from a backup" in release.error
    store.path_of(release.files.get(kind="pdf").sha256).unlink()
    with pytest.raises(CommandError, match="1 releases still lack files"):
        call_command("build_release", repair=True, stderr=io.StringIO())


def test_a_document_lost_while_building_is_read_anew_with_its_files(
    curriculum: CurriculumPage,
) -> None:
    release = create_release(curriculum, ["vi"])
    with no_file_larger_than(8_000):
        build_without_formats(release)
    store.path_of(release.document).unlink()
    change_unit(curriculum, "Đeo găng.")
    assert build_without_formats(release).is_published
    package = store.path_of(release.files.get(kind="package").sha256)
    with zipfile.ZipFile(package) as archive:
        assert "Đeo găng." in archive.read("han-dien-1/data/curriculum.json").decode()


def test_what_killed_builds_left_is_cleaned_up(curriculum: CurriculumPage) -> None:
    waiting = create_release(curriculum, ["vi"])
    old, new = store.folder() / "incoming" / "old", store.folder() / "incoming" / "new"
    for path in (old, new, *(store.folder() / "work" / n / "x" for n in (waiting.public_id, "a"))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"unfinished")
    long_ago = time.time() - store.ABANDONED - 1
    os.utime(old, (long_ago, long_ago))
    building.clean_up()
    assert {path.name for path in leftovers()} == {"new", "x"}
    assert [path.name for path in (store.folder() / "work").iterdir()] == [waiting.public_id]


# --- Killed ---------------------------------------------------------------------------------------


@pytest.fixture
def processes(transactional_db: None, home: Any, tmp_path: Path) -> Processes:
    tiny_curriculum(home)
    return Processes(tmp_path)


def _kill_while_rendering(processes: Processes) -> None:
    """Kill the command alone while formats are written; its helpers must notice."""
    command = processes.start("build_release", "--resume")
    work = store.folder() / "work"
    for _ in range(12_000):
        begun = any(any(folder.iterdir()) for folder in work.glob("*"))
        if begun or command.poll() is not None:
            break
        time.sleep(0.005)
    assert command.poll() is None, command.communicate()[0]
    os.kill(command.pid, signal.SIGKILL)
    # Its helpers hold the other end of the output: they are gone when it closes.
    command.communicate(timeout=60)


def test_a_build_killed_at_any_moment_goes_on_and_is_never_half_visible(
    processes: Processes,
) -> None:
    def state() -> tuple[str, set[tuple[str, str]]]:
        shown = processes.rows("SELECT state FROM releases_release")
        return shown[0][0] if shown else "", set(
            processes.rows("SELECT kind, sha256 FROM releases_releasefile")
        )

    resume = ("build_release", "--resume")
    asked = ("build_release", "han-dien", "--languages", "vi")
    assert processes.killed_at("releases_releasefile", 1, *asked)
    _kill_while_rendering(processes)
    assert state()[0] == "building"
    files = state()[1]
    assert processes.killed_at("releases_releasefile", 4, *resume)
    assert state()[0] == "building"
    assert files < state()[1]
    files = state()[1]
    done = processes.run("build_release", "--resume")
    assert "is published: 7 files" in done.stdout
    assert files < state()[1]
    assert leftovers() == []
    assert all(store.size_of(sha256) for _kind, sha256 in state()[1])
