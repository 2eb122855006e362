"""The block picker of the lesson editor: groups, descriptions, icons and previews."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail import hooks
from wagtail.blocks import StructValue
from wagtail.images.tests.utils import get_test_image_file
from wagtail.users.models import UserProfile

from lessons.blocks.examples import EXAMPLES
from lessons.models import LessonPage
from media.models import SiteImage
from tests.core.editor import signed_in
from tests.factories import AdminFactory

pytestmark = pytest.mark.django_db

BLOCKS = LessonPage.body.field.stream_block.child_blocks


def preview(client: Client, kind: str) -> str:
    address = reverse("wagtailadmin_block_preview")
    response = client.get(address, {"id": BLOCKS[kind].definition_prefix})
    assert response.status_code == 200
    return unescape(response.content.decode())


def every_icon() -> set[str]:
    names: list[str] = []
    for hook in hooks.get_hooks("register_icons"):
        names = hook(names)
    return {name.rsplit("/", 1)[-1].removesuffix(".svg") for name in names}


@pytest.mark.parametrize("kind", BLOCKS)
def test_each_block_has_group_description_and_an_icon_that_exists(kind: str) -> None:
    block = BLOCKS[kind]
    assert block.meta.group
    assert block.get_description()
    assert block.meta.icon in every_icon()


@pytest.mark.parametrize("kind", BLOCKS)
def test_each_block_is_previewed_in_the_look_of_the_site(client: Client, kind: str) -> None:
    SiteImage.objects.create(title="A bench", file=get_test_image_file())
    page = preview(signed_in(client), kind)
    assert BLOCKS[kind].is_previewable
    assert "css/site" in page and "lessons/lesson" in page
    main = page.partition('<div class="step stack">')[2]
    assert main.strip()


def test_a_picture_is_previewed_where_there_is_none_yet(client: Client) -> None:
    assert "<figure" in preview(signed_in(client), "picture")


@pytest.mark.parametrize(
    ("own", "taught_line", "translated_line"),
    [
        ("vi", '<span lang="lo">ສະບາຍດີ', 'lang="vi">Xin chào'),
        ("lo", '<span lang="vi">Xin chào', 'lang="lo">ສະບາຍດີ'),
    ],
)
def test_examples_teach_an_editor_the_other_language(
    client: Client, own: str, taught_line: str, translated_line: str
) -> None:
    user = AdminFactory()
    client.force_login(user)
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = own
    profile.save()
    page = preview(client, "dialogue")
    assert taught_line in page
    assert translated_line in page


@pytest.mark.parametrize("language", ["lo", "vi", "en"])
@pytest.mark.parametrize("kind", EXAMPLES)
def test_examples_can_be_solved(kind: str, language: str) -> None:
    with translation.override(language):
        value = BLOCKS[kind].get_preview_value()
        if hasattr(BLOCKS[kind], "problems"):
            assert isinstance(value, StructValue)
            assert BLOCKS[kind].problems(value) == {}
