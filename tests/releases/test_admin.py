"""Releases are made, watched and withdrawn by those who publish the curriculum, nobody else."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from curricula.models import CurriculumPage
from releases import building, store
from releases.building import create_release
from releases.models import Release
from tests.core.editor import soup
from tests.factories import AdminFactory, UserFactory, centre_page

from .test_building import no_file_larger_than
from .tiny import change_unit, few_bytes, released, tiny_curriculum

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Any) -> None:
    settings.RELEASES_DIR = tmp_path / "releases"


@pytest.fixture(autouse=True)
def formats_of_afew_bytes() -> Any:
    with patch.object(building, "render_all", few_bytes):
        yield


@pytest.fixture
def curriculum(home: Any) -> CurriculumPage:
    return tiny_curriculum(home)


def member(centre: Any, role: str) -> User:
    user: User = UserFactory()
    user.groups.add(getattr(centre.space, role))
    return user


@pytest.fixture
def publisher(curriculum: CurriculumPage) -> User:
    return member(curriculum.centre, "publishers")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(publisher: User) -> Client:
    return signed_in(publisher)


def addresses(curriculum: CurriculumPage, release: Release) -> list[str]:
    return [
        *(reverse(f"releases_admin:{name}", args=[curriculum.pk]) for name in ("list", "new")),
        *(reverse(f"releases_admin:{n}", args=[release.public_id]) for n in ("release", "state")),
    ]


def new_url(curriculum: CurriculumPage) -> str:
    return reverse("releases_admin:new", args=[curriculum.pk])


def url_of(release: Release) -> str:
    return reverse("releases_admin:release", args=[release.public_id])


# --- Who may --------------------------------------------------------------------------------------


def test_publishers_of_the_centre_and_administrators_may(curriculum: CurriculumPage) -> None:
    release = released(curriculum)
    for user in (AdminFactory(), member(curriculum.centre, "publishers")):
        client = signed_in(user)
        for url in addresses(curriculum, release):
            assert client.get(url).status_code == 200, url
        editor = client.get(reverse("wagtailadmin_pages:edit", args=[curriculum.pk]))
        assert addresses(curriculum, release)[0] in editor.content.decode()


@pytest.mark.parametrize("whose", ["editor", "other publisher", "nobody"])
def test_nobody_else_may(curriculum: CurriculumPage, home: Any, whose: str) -> None:
    release = released(curriculum)
    other = centre_page(home, name_en="Other")
    user = {
        "editor": lambda: member(curriculum.centre, "editors"),
        "other publisher": lambda: member(other, "publishers"),
        "nobody": UserFactory,
    }[whose]()
    client = signed_in(user)
    for url in addresses(curriculum, release):
        for data in ({"languages": ["vi"]}, {"action": "withdraw", "text_en": "x"}):
            for response in (client.get(url), client.post(url, data)):
                assert response.status_code in (302, 403)
                assert "/releases/" not in response.get("Location", "").split("?")[0]
    release.refresh_from_db()
    assert release.is_published
    assert Release.objects.count() == 1
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[curriculum.pk]))
    assert addresses(curriculum, release)[0] not in editor.content.decode()


def test_of_a_deleted_curriculum_only_administrators_see_releases(
    curriculum: CurriculumPage, publisher: User
) -> None:
    release = released(curriculum)
    curriculum.delete()
    assert signed_in(AdminFactory()).get(url_of(release)).status_code == 200
    assert signed_in(publisher).get(url_of(release)).status_code == 302


# --- Making one -----------------------------------------------------------------------------------


def test_a_release_is_made_from_the_form_and_shows_its_progress(
    admin: Client,
    curriculum: CurriculumPage,
    publisher: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    page = soup(admin.get(new_url(curriculum)))
    ticked = [box["value"] for box in page.select("[name=languages][checked]")]
    assert ticked == ["vi"]
    assert "3 not translated" in page.get_text()
    data = {"languages": ["vi", "lo"], "text_vi": "Bản  đầu.", "text_lo": "", "text_en": ""}
    with django_capture_on_commit_callbacks() as callbacks:
        response = admin.post(new_url(curriculum), data)
    release = Release.objects.get()
    assert response["Location"] == url_of(release)
    assert (release.requested_by, release.languages) == (publisher, ["lo", "vi"])
    waiting = soup(admin.get(url_of(release)))
    assert waiting.select_one("[data-release-state=working]") is not None
    assert "0 of" in waiting.get_text()
    state = waiting.select_one("[data-release-progress]")["data-release-progress"]  # type: ignore[index]
    for callback in callbacks:
        callback()
    release.refresh_from_db()
    assert release.is_published
    fragment = soup(admin.get(str(state)))
    assert fragment.select_one("[data-release-state=done]") is not None
    assert "han-dien-1-vi.pdf" in fragment.get_text()


def test_a_language_has_to_be_chosen(admin: Client, curriculum: CurriculumPage) -> None:
    page = soup(admin.post(new_url(curriculum), {"text_vi": "Giữ lại."}))
    assert "Choose at least one language." in page.get_text()
    assert page.select_one("[name=text_vi]").get_text().strip() == "Giữ lại."  # type: ignore[union-attr]
    assert not Release.objects.exists()


def test_the_notes_are_drafted_from_what_changed(admin: Client, curriculum: CurriculumPage) -> None:
    released(curriculum)
    change_unit(curriculum, "Đeo găng.")
    page = soup(admin.get(new_url(curriculum)))
    drafted = page.select_one("[name=text_vi]")
    assert drafted is not None
    assert "Bảo hộ" in drafted.get_text()


def test_what_is_in_the_way_is_listed_with_links(admin: Client, curriculum: CurriculumPage) -> None:
    unit = curriculum.get_descendants().last().specific
    unit.name_vi = "Đổi tên"
    unit.save_revision()
    for response in (
        admin.get(new_url(curriculum)),
        admin.post(new_url(curriculum), {"languages": ["vi"]}),
    ):
        page = soup(response)
        link = page.find("a", string=lambda text: text and "not published" in text)
        assert link is not None
        assert link["href"] == reverse("wagtailadmin_pages:edit", args=[unit.pk])
        assert page.select_one("[name=languages]") is None
    assert not Release.objects.exists()


# --- Afterwards -----------------------------------------------------------------------------------


def test_a_failed_release_says_why_and_is_tried_again(
    admin: Client, curriculum: CurriculumPage, django_capture_on_commit_callbacks: Any
) -> None:
    release = create_release(curriculum, ["vi"])
    with no_file_larger_than(8_000):
        building.build(release)
    page = soup(admin.get(url_of(release)))
    assert "disk of the server is full" in page.get_text()
    assert page.select_one("button[value=retry]") is not None
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(url_of(release), {"action": "retry"})
    release.refresh_from_db()
    assert release.is_published


def test_a_release_that_was_cut_off_is_continued(
    admin: Client, curriculum: CurriculumPage, django_capture_on_commit_callbacks: Any
) -> None:
    release = create_release(curriculum, ["vi"])
    assert soup(admin.get(url_of(release))).select_one("button[value=retry]") is not None
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(url_of(release), {"action": "retry"})
    release.refresh_from_db()
    assert release.is_published


def test_lost_files_are_made_again(admin: Client, curriculum: CurriculumPage) -> None:
    release = released(curriculum, ["vi"])
    file = release.files.get(kind="pdf")
    store.path_of(file.sha256).unlink()
    page = soup(admin.get(url_of(release)))
    assert f"missing on the server: {file.name}" in " ".join(page.get_text().split())
    admin.post(url_of(release), {"action": "rebuild"})
    assert file.is_there


def test_a_withdrawal_needs_a_reason(admin: Client, curriculum: CurriculumPage) -> None:
    release = released(curriculum)
    page = soup(admin.post(url_of(release), {"action": "withdraw", "text_vi": "  "}))
    assert "Say why, at least in one language." in page.get_text()
    release.refresh_from_db()
    assert release.is_published
    data = {"action": "withdraw", "text_vi": "Giờ sai.", "text_lo": "ຊົ່ວໂມງຜິດ."}
    page = soup(admin.post(url_of(release), data, follow=True))
    assert "Giờ sai." in page.get_text()
    release.refresh_from_db()
    assert (release.state, release.withdrawal_reason_lo) == ("withdrawn", "ຊົ່ວໂມງຜິດ.")
    # What is withdrawn stays withdrawn.
    for action in ("retry", "rebuild", "withdraw", "publish"):
        admin.post(url_of(release), {"action": action, "text_vi": "Khác."})
    release.refresh_from_db()
    assert (release.state, release.withdrawal_reason_vi) == ("withdrawn", "Giờ sai.")


def test_the_list_shows_every_state(
    admin: Client, curriculum: CurriculumPage, django_assert_max_num_queries: Any
) -> None:
    url = reverse("releases_admin:list", args=[curriculum.pk])
    for _ in range(3):
        released(curriculum)
    create_release(curriculum, ["vi"])
    Release.objects.filter(version=2).update(state="failed")
    admin.get(url)
    with django_assert_max_num_queries(25):
        page = soup(admin.get(url))
    states = [cell.get_text() for cell in page.select("tbody .w-status")]
    assert states == ["being made", "published", "failed", "published"]
