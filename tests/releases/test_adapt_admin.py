"""Taking in a release and its updates in the admin: who may, what they see, what comes of it."""

import copy
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from centres.models import CentrePage
from curricula.models import CurriculumPage, ModulePage
from releases import downloading, store
from releases import intake as intakes
from releases.importing import import_document
from releases.models import Adoption, ForeignRelease, Intake, KnownKey, Release, UpdateDecision
from releases.package.canonical import canonical_bytes
from tests.core.test_conflicts import posted
from tests.factories import AdminFactory, UserFactory, centre_page
from tests.releases.packages import KEY, make_package
from tests.releases.sample_documents import document
from tests.releases.sources import running_source

START = "/admin/adaptations/"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "PAUSES", (0.01,))


@pytest.fixture
def centre(home: Any) -> CentrePage:
    return centre_page(home)


@pytest.fixture
def editor(centre: CentrePage, client: Client) -> Any:
    """Signed in: an editor of the centre."""
    user = UserFactory()
    user.groups.add(centre.space.editors)
    client.force_login(user)
    return user


def post(client: Client, callbacks: Any, path: str, **data: Any) -> str:
    """Post, let the worker work, and return the page that follows."""
    with callbacks(execute=True):
        response = client.post(path, data)
    assert response.status_code == 302, response.content.decode()[-3000:]
    return response.headers["Location"]


def upload(client: Client, callbacks: Any, centre: CentrePage, package: Path) -> str:
    file = SimpleUploadedFile("package.zip", package.read_bytes())
    return post(client, callbacks, START, centre=centre.pk, file=file)


def shown(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_an_uploaded_package_is_looked_at_and_taken_in(
    client: Client, editor: Any, centre: CentrePage, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    callbacks = django_capture_on_commit_callbacks
    package, _inventory = make_package(tmp_path, document(2, 2))
    page = upload(client, callbacks, centre, package)
    assert KEY.public.key_id in shown(client, page)
    assert not CurriculumPage.objects.exists() and not KnownKey.objects.exists()
    # Another key than the one that signed is not accepted for it.
    post(client, callbacks, f"{page}accept-key/", key_id=KEY.public.key_id, public_key="RWxyz")
    assert Intake.objects.get().state == Intake.State.UNKNOWN_KEY
    post(client, callbacks, f"{page}accept-key/", key_id=KEY.public.key_id,
         public_key=KEY.public.base64)  # fmt: skip
    assert KnownKey.objects.get().accepted_by == editor
    preview = shown(client, page)
    assert "2 modules, 4 units" in preview and "CC BY-SA 4.0" in preview
    assert "Trade: welder" in preview and "Vientiane college" in preview
    assert not CurriculumPage.objects.exists()
    post(client, callbacks, f"{page}confirm/")
    curriculum = CurriculumPage.objects.child_of(centre).get()
    assert not curriculum.live and curriculum.owner == editor
    assert f"/admin/pages/{curriculum.pk}/edit/" in shown(client, page)
    post(client, callbacks, f"{page}confirm/")
    assert CurriculumPage.objects.count() == 1
    assert not list((store.folder() / "intake").glob("*.zip"))


def test_a_release_is_fetched_in_the_background(
    client: Client, editor: Any, centre: CentrePage, tmp_path: Path, settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    callbacks = django_capture_on_commit_callbacks
    settings.FETCH_ALLOW_PRIVATE = True
    with running_source() as source:
        address = source.offer(tmp_path, document(1, 1))
        page = post(client, callbacks, START, centre=centre.pk, address=address)
        assert KEY.public.base64 in shown(client, page)
        post(client, callbacks, f"{page}accept-key/", key_id=KEY.public.key_id)
    assert "1 modules, 1 units" in shown(client, page)
    post(client, callbacks, f"{page}confirm/")
    adoption = Adoption.objects.get()
    assert adoption.release_public_id == ForeignRelease.objects.get().public_id
    # Its site can be asked for a newer one.
    update = f"{START}update/{adoption.curriculum_id}/"
    assert "Ask the site of the source" in shown(client, update)
    asked = post(client, callbacks, update, ask="1")
    assert Intake.objects.latest("pk").address.startswith(f"{source.url}/api/v1/releases/?")
    assert "cannot be reached" in shown(client, asked)


def test_addresses_that_lead_inside_are_refused(
    client: Client, editor: Any, centre: CentrePage, django_capture_on_commit_callbacks: Any
) -> None:
    address = "http://127.0.0.1:1/vi/releases/bbbbbbbbbb/"
    callbacks = django_capture_on_commit_callbacks
    page = post(client, callbacks, START, centre=centre.pk, address=address)
    assert "private network" in shown(client, page)


def test_a_release_of_this_site_needs_no_fetching(
    client: Client, editor: Any, centre: CentrePage, django_capture_on_commit_callbacks: Any
) -> None:
    callbacks = django_capture_on_commit_callbacks
    content = document(1, 1)
    release = Release.objects.create(
        curriculum_public_id=content["curriculum"]["public_id"], version=1, dated="2026-11-22",
        state="published", document=store.put_bytes(canonical_bytes(content)),
        public_id=content["release"]["public_id"],
    )  # fmt: skip
    page = post(client, callbacks, START, centre=centre.pk, release=release.public_id)
    post(client, callbacks, f"{page}confirm/")
    assert CurriculumPage.objects.child_of(centre).count() == 1


def test_a_damaged_package_is_told_and_can_be_discarded(
    client: Client, editor: Any, centre: CentrePage, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    callbacks = django_capture_on_commit_callbacks
    package, _inventory = make_package(tmp_path, document(1, 1))
    package.write_bytes(package.read_bytes()[:-100])
    page = upload(client, callbacks, centre, package)
    assert "incomplete, damaged" in shown(client, page)
    post(client, callbacks, f"{page}discard/")
    assert not Intake.objects.exists() and not list((store.folder() / "intake").glob("*"))


def test_what_was_cut_off_is_gone_on_with(
    client: Client, editor: Any, centre: CentrePage, django_capture_on_commit_callbacks: Any
) -> None:
    content = document(1, 1)
    intake = Intake.objects.create(
        centre=centre, user=editor, state="importing", name="x",
        document=store.put_bytes(canonical_bytes(content)),
    )  # fmt: skip
    page = f"{START}{intake.token}/"
    assert not intakes.is_interrupted(intake)
    Intake.objects.update(started_at="2026-01-01T00:00:00Z")
    assert "interrupted" in shown(client, page)
    post(client, django_capture_on_commit_callbacks, f"{page}retry/")
    assert CurriculumPage.objects.count() == 1
    assert Intake.objects.get().state == Intake.State.DONE


def test_exactly_one_source_is_asked_for(client: Client, editor: Any, centre: CentrePage) -> None:
    assert "Choose one of the three" in client.post(START, {"centre": centre.pk}).content.decode()


def test_nobody_takes_in_for_another_centre(
    client: Client, editor: Any, home: Any, tmp_path: Path
) -> None:
    other = centre_page(home, name_en="Hue")
    response = client.post(START, {"centre": other.pk, "address": "https://a.org/releases/x"})
    assert response.status_code == 200 and not Intake.objects.exists()
    intake = Intake.objects.create(centre=other, user=AdminFactory(), state="ready")
    assert client.get(f"{START}{intake.token}/").status_code == 404
    for action in ("confirm", "accept-key", "retry", "discard"):
        assert client.post(f"{START}{intake.token}/{action}/").status_code == 404
    outsider = Client()
    outsider.force_login(UserFactory())
    assert outsider.get(START).status_code in (302, 403)


# --- Updates --------------------------------------------------------------------------------------


@pytest.fixture
def curriculum(centre: CentrePage, editor: Any) -> CurriculumPage:
    return import_document(document(2, 1), Path, centre, editor)


def release_later(change: Any) -> None:
    content = copy.deepcopy(document(2, 1))
    content["release"]["version"], content["release"]["public_id"] = 2, "cccccccccc"
    change(content)
    ForeignRelease.objects.create(
        public_id="cccccccccc", version=2, key_id="0" * 16,
        curriculum_public_id=content["curriculum"]["public_id"],
        document=store.put_bytes(canonical_bytes(content)),
    )  # fmt: skip


def more_hours(content: dict[str, Any]) -> None:
    content["modules"][0]["values"]["hours_theory"] = 21
    content["modules"][1]["texts"]["name"]["vi"] = "Tên mới"


def test_editors_are_told_of_a_newer_version(client: Client, curriculum: CurriculumPage) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[curriculum.pk])
    notice = "from which it was adapted"
    assert notice not in shown(client, edit)
    release_later(more_hours)
    assert notice in shown(client, edit)
    assert notice in shown(client, reverse("wagtailadmin_home"))


def test_each_change_is_taken_or_left(client: Client, curriculum: CurriculumPage) -> None:
    module = ModulePage.objects.order_by("path").last()
    module.name_vi = "Tên của ta"
    module.save_revision()
    release_later(more_hours)
    path = f"{START}update/{curriculum.pk}/"
    response = client.get(path)
    page = response.content.decode()
    assert all(text in page for text in ("Tên mới", "Tên của ta", "you changed it too", "21"))
    shown_changes = [change for _name, changes in response.context["pages"] for change in changes]
    assert [change["is_chosen"] for change in shown_changes] == [True, False]
    keys = [change["key"] for change in shown_changes if change["is_chosen"]]
    answer = client.post(path, {"mark": response.context["mark"], "take": keys})
    assert answer.status_code == 302
    first, last = (
        page.get_latest_revision_as_object() for page in ModulePage.objects.order_by("path")
    )
    assert (first.hours_theory, last.name_vi) == (21, "Tên của ta")
    decision = UpdateDecision.objects.get()
    assert (len(decision.taken), len(decision.left)) == (1, 1)
    assert "1 taken, 1 left" in shown(client, path)


def test_a_page_saved_meanwhile_shows_the_changes_again(
    client: Client, curriculum: CurriculumPage
) -> None:
    release_later(more_hours)
    path = f"{START}update/{curriculum.pk}/"
    mark = client.get(path).context["mark"]
    ModulePage.objects.first().save_revision()
    answer = client.post(path, {"mark": mark, "take": []})
    assert "saved a page meanwhile" in answer.content.decode()
    assert not UpdateDecision.objects.exists()


def test_only_editors_of_the_centre_see_and_take(curriculum: CurriculumPage, home: Any) -> None:
    release_later(more_hours)
    other = centre_page(home, name_en="Hue")
    stranger, client = UserFactory(), Client()
    stranger.groups.add(other.space.publishers)
    client.force_login(stranger)
    path = f"{START}update/{curriculum.pk}/"
    assert client.get(path).status_code in (302, 403, 404)
    assert client.post(path, {"take": [], "mark": ""}).status_code in (302, 403, 404)
    assert "from which it was" not in shown(client, reverse("wagtailadmin_home"))
    assert not UpdateDecision.objects.exists()


def test_the_editor_refuses_a_licence_that_the_source_forbids(
    client: Client, curriculum: CurriculumPage
) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[curriculum.pk])
    streams = {f"{name}-count": "0" for name in CurriculumPage.translated_streams}
    form = {**posted(client.get(edit)), **streams, "licence": "CC0-1.0"}
    assert "Choose CC BY-SA 4.0" in client.post(edit, form).content.decode()
    allowed = client.post(edit, {**form, "licence": "CC-BY-SA-4.0"}).content.decode()
    assert "Choose CC BY-SA 4.0" not in allowed


def test_keys_too_large_for_the_database_name_nothing(client: Client, editor: Any) -> None:
    key = 10**20
    for path in (f"releases/of/{key}/", f"adaptations/update/{key}/", f"curricula/review/{key}/"):
        assert client.get(f"/admin/{path}").status_code == 404
    data = {"centre": key, "address": "https://example.org/"}
    assert client.post("/admin/adaptations/", data).status_code == 200
