"""Upload, preview, import, marked file and export in the admin."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from glossary.exchange import tasks, uploads
from glossary.exchange.uploads import Stage, Upload, imports_folder
from glossary.models import Concept, Term
from tests.factories import AdminFactory, ConceptFactory, UserFactory

TABLE = "concept_id,language,term\r\n1,lo,ຈອດ\r\n2,vi,hàn\r\n"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def admin(client: Client, welder: Any) -> Client:
    client.force_login(AdminFactory())
    return client


def send(client: Client, content: str | bytes, name: str = "terms.csv", **data: Any) -> Any:
    data["file"] = SimpleUploadedFile(
        name, content if isinstance(content, bytes) else content.encode()
    )
    return client.post(reverse("glossary_exchange:import"), data, follow=True)


def token(response: Any) -> str:
    return str(response.redirect_chain[-1][0].rstrip("/").split("/")[-1])


def apply(client: Client, response: Any) -> Any:
    return client.post(reverse("glossary_exchange:apply", args=[token(response)]), follow=True)


def test_nothing_is_written_before_the_preview_is_confirmed(admin: Client) -> None:
    response = send(admin, TABLE)
    assert response.status_code == 200
    assert "ຈອດ" in response.content.decode()
    assert "Import 2 concepts" in response.content.decode()
    assert "Import into the glossary" in response.content.decode()
    assert not Concept.objects.exists()
    done = apply(admin, response)
    assert "2 new and 0 changed" in done.content.decode()
    assert Concept.objects.count() == 2


def test_pressing_import_twice_imports_once(admin: Client) -> None:
    response = send(admin, TABLE)
    upload = Upload(token(response))
    assert upload.claim()
    apply(admin, response)
    assert not Concept.objects.exists()
    upload.give_back()
    apply(admin, response)
    again = apply(admin, response)
    assert again.status_code == 200
    assert Concept.objects.count() == 2


def test_problems_come_first_and_can_be_downloaded(admin: Client) -> None:
    response = send(admin, TABLE + "3,xx,<b>no</b>\r\n")
    page = response.content.decode()
    assert "&lt;b&gt;no&lt;/b&gt;" in page and "<b>no</b>" not in page
    assert "ຈອດ" not in page
    everything = admin.get(response.redirect_chain[-1][0], {"show": "all"}).content.decode()
    assert "ຈອດ" in everything
    marked = admin.get(reverse("glossary_exchange:marked", args=[token(response)]))
    assert marked["Content-Disposition"] == 'attachment; filename="terms-problems.csv"'
    text = b"".join(marked.streaming_content).decode("utf-8-sig")
    assert text.startswith("problem,concept_id,language,term\r\n")


def test_long_previews_are_paged(admin: Client) -> None:
    rows = "".join(f"n{n},vi,từ {n}\r\n" for n in range(120))
    response = send(admin, f"concept_id,language,term\r\n{rows}")
    page = response.content.decode()
    assert "từ 49<" in page and "từ 50<" not in page
    address = response.redirect_chain[-1][0]
    assert "từ 119<" in admin.get(address, {"show": "all", "p": "3"}).content.decode()
    assert admin.get(address, {"show": "nonsense"}).status_code == 404


def test_a_file_that_cannot_be_read_is_explained(admin: Client) -> None:
    page = send(admin, b"\x89PNG").content.decode()
    assert "Send CSV, XLSX or TBX" in page
    assert (
        "larger" in send(admin, "").content.decode() or "empty" in send(admin, "").content.decode()
    )


def test_too_large_a_file_is_refused_by_the_form(admin: Client, settings: Any) -> None:
    settings.GLOSSARY_IMPORT_MAX_BYTES = 10
    response = send(admin, TABLE)
    assert "larger" in response.content.decode()
    assert not imports_folder().exists()


def test_a_changed_field_shows_old_and_new(admin: Client) -> None:
    concept = ConceptFactory(lo="ຈອດ")
    response = send(
        admin,
        f"concept_id,language,term,definition_en\r\n{concept.public_id},lo,ຈອດ,New text.\r\n",
    )
    page = response.content.decode()
    assert "<del>A definition.</del>" in page and "<ins>New text.</ins>" in page
    apply(admin, response)
    concept.refresh_from_db()
    assert concept.definition_en == "New text."
    history = admin.get(reverse("wagtailsnippets_glossary_concept:history", args=[concept.pk]))
    assert history.status_code == 200


def test_large_files_run_in_the_background(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(tasks, "DIRECT_BYTES", 10)
    monkeypatch.setattr(tasks, "DIRECT_CONCEPTS", 0)

    class Waiting:
        def __init__(self, name: str) -> None:
            self.name = name

        def enqueue(self, token: str) -> None:
            started.append(self.name)

    monkeypatch.setattr(tasks, "plan_in_background", Waiting("plan"))
    monkeypatch.setattr(tasks, "apply_in_background", Waiting("apply"))
    response = send(admin, TABLE)
    assert started == ["plan"]
    assert "Reading the file" in response.content.decode()
    assert '<meta http-equiv="refresh"' in response.content.decode()
    tasks.plan_upload(token(response))
    done = apply(admin, response)
    assert started == ["plan", "apply"]
    assert "Importing" in done.content.decode()
    tasks.apply_upload(token(response))
    assert Concept.objects.count() == 2


def test_a_failed_import_can_be_tried_again(
    admin: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    response = send(admin, TABLE)

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks, "apply_plan", fail)
    assert "changed nothing" in apply(admin, response).content.decode()
    monkeypatch.undo()
    apply(admin, response)
    assert Concept.objects.count() == 2


# --- Who may what ---------------------------------------------------------------------------------


def editor(*permissions: str) -> Any:
    user = UserFactory()
    names = ["access_admin", *permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


IMPORTING = ("add_concept", "change_concept", "publish_concept")


def test_importing_takes_add_change_and_publish(client: Client, welder: Any) -> None:
    address = reverse("glossary_exchange:import")
    client.force_login(editor(*IMPORTING[:2]))
    assert client.get(address).status_code == 302
    client.force_login(editor(*IMPORTING))
    assert client.get(address).status_code == 200
    client.logout()
    assert client.get(address).status_code == 302


def test_only_a_reviewer_of_all_languages_may_trust_a_file(client: Client, welder: Any) -> None:
    text = "concept_id,language,term,review\r\n1,lo,ຈອດ,reviewed\r\n"
    client.force_login(editor(*IMPORTING, "review_lo", "review_vi"))
    apply(client, send(client, text, keep_review="on"))
    assert Term.objects.get().review_state == "unreviewed"
    client.force_login(editor(*IMPORTING, "review_lo", "review_vi", "review_en"))
    apply(client, send(client, text, keep_review="on"))
    assert Term.objects.get().review_state == "reviewed"


def test_nobody_sees_another_s_upload(admin: Client, client: Client) -> None:
    response = send(admin, TABLE)
    own = token(response)
    client.force_login(AdminFactory())
    for name in ("upload", "marked"):
        assert client.get(reverse(f"glossary_exchange:{name}", args=[own])).status_code == 404
    for name in ("apply", "discard"):
        assert client.post(reverse(f"glossary_exchange:{name}", args=[own])).status_code == 404
    assert Upload(own).status.stage == Stage.PLANNED


def test_uploads_do_not_pile_up(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "KEPT_OF_ONE_USER", 3)
    tokens = [token(send(admin, TABLE)) for _ in range(5)]
    assert len(list(imports_folder().iterdir())) == 3
    assert Upload(tokens[-1]).folder.exists()
    old = time.time() - uploads.KEPT_SECONDS - 10
    os.utime(Upload(tokens[-1]).folder / "status.json", (old, old))
    send(admin, TABLE)
    assert not Upload(tokens[-1]).folder.exists()
    discard = reverse("glossary_exchange:discard", args=[tokens[-2]])
    assert admin.post(discard).status_code == 302
    assert not Upload(tokens[-2]).folder.exists()


# --- Export ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("tbx", b"<?xml"), ("tbx2", b"<?xml")],
)
def test_the_export_of_a_part_is_sent_as_a_file(
    form: str, start: bytes, admin: Client, welder: Any
) -> None:
    ConceptFactory(lo="ຈອດ", trades=[welder])
    assert admin.get(reverse("glossary_exchange:export")).status_code == 200
    address = reverse("glossary_exchange:export_file")
    response = admin.get(address, {"format": form, "trade": "welder", "language": "lo"})
    assert "glossary-welder-lo-" in response["Content-Disposition"]
    assert b"".join(response.streaming_content).startswith(start)
    assert admin.get(address, {"format": form, "trade": "nonsense"}).status_code == 404
    assert admin.get(address, {"format": "pdf"}).status_code == 404


def test_the_export_is_for_those_who_work_on_the_glossary(client: Client, welder: Any) -> None:
    client.force_login(editor())
    for name in ("export", "export_file"):
        response = client.get(reverse(f"glossary_exchange:{name}"), {"format": "csv"})
        assert response.status_code in {302, 403}


def test_work_that_was_cut_off_does_not_wait_for_ever(admin: Client) -> None:
    upload = Upload(token(send(admin, TABLE)))
    # As a killed worker leaves it.
    assert upload.claim()
    upload.set_status(stage=Stage.APPLYING, phase="apply", total=2)
    address = reverse("glossary_exchange:upload", args=[upload.token])
    assert 'http-equiv="refresh"' in admin.get(address).content.decode()
    long_ago = time.time() - uploads.INTERRUPTED_SECONDS - 1
    os.utime(upload.folder / "status.json", (long_ago, long_ago))
    page = admin.get(address).content.decode()
    assert 'http-equiv="refresh"' not in page
    assert "was interrupted" in page
    # A worker that comes too late after all writes nothing behind the user's back.
    tasks.apply_upload(upload.token)
    assert not Concept.objects.exists()
    admin.post(reverse("glossary_exchange:discard", args=[upload.token]))
    assert not upload.folder.exists()
