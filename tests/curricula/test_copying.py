"""Modules copied between curricula: units, identity, files and what one may see."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from media.models import SiteDocument, SiteImage
from tests.factories import (
    UserFactory,
    centre_page,
    curriculum_page,
    module_page,
    module_unit_page,
)

from .editing import client_of


@pytest.fixture
def source(home: Any) -> CurriculumPage:
    return curriculum_page(centre_page(home, name_en="Source centre"), name_en="Source", code="S1")


@pytest.fixture
def own(home: Any) -> CurriculumPage:
    return curriculum_page(centre_page(home, name_en="Own centre"), name_en="Own")


@pytest.fixture
def client(own: CurriculumPage) -> Client:
    user = UserFactory()
    user.groups.add(own.centre.space.editors)
    return client_of(user)


def copy(client: Client, own: CurriculumPage, *modules: ModulePage) -> Any:
    source = modules[0].get_parent()
    url = reverse("curricula_admin:copy_modules", args=[own.pk])
    return client.post(
        f"{url}?from={source.pk}", {"module": [module.pk for module in modules]}, follow=True
    )


def collection_of(curriculum: CurriculumPage) -> Collection:
    return curriculum.centre.space.collection


def test_a_module_comes_with_its_units_as_drafts_that_know_their_origin(
    client: Client, source: CurriculumPage, own: CurriculumPage
) -> None:
    module = module_page(source, code="MĐ01")
    module_page(own, code="MĐ01", name_en="Here already")
    unit = module_unit_page(module, hours_theory=3)
    module_unit_page(module, name_en="Secret draft", live=False)
    answer = copy(client, own, module).content.decode()
    assert "1 module was copied" in answer
    assert "stand twice in the curriculum: MĐ01" in answer
    made = ModulePage.objects.child_of(own).last()
    assert (made.live, made.origin_id) == (False, module.public_id)
    assert made.public_id != module.public_id
    (copied,) = ModuleUnitPage.objects.child_of(made)
    assert (copied.hours_theory, copied.live, copied.origin_id) == (3, False, unit.public_id)
    # The original is as it was.
    assert ModuleUnitPage.objects.child_of(module).count() == 2


def test_files_of_the_other_centre_are_copied_to_ones_own(
    client: Client, source: CurriculumPage, own: CurriculumPage
) -> None:
    image = SiteImage.objects.create(
        title="Joint", file=get_test_image_file("joint.png"), collection=collection_of(source)
    )
    shared = SiteImage.objects.create(
        title="Mine", file=get_test_image_file("mine.png", size=(9, 9)),
        collection=collection_of(own),
    )  # fmt: skip
    document = SiteDocument.objects.create(
        title="Sheet",
        file=ContentFile(b"%PDF-1.4\n", "sheet.pdf"),
        collection=collection_of(source),
    )
    link = f'<p><a linktype="document" id="{document.pk}">Sheet</a></p>'
    body = [
        {"type": "drawing", "value": {"image": image.pk}},
        {"type": "drawing", "value": {"image": shared.pk}},
        {"type": "procedure", "value": {"steps": [{"action": {"en": "x"}, "drawing": image.pk}]}},
        {"type": "file", "value": {"document": document.pk}},
        {"type": "paragraphs", "value": {"en": link}},
    ]
    module = module_page(source)
    stream = ModuleUnitPage._meta.get_field("body").stream_block
    module_unit_page(module, body=stream.to_python(body))
    assert "2 files were copied" in copy(client, own, module).content.decode()
    (copied,) = ModuleUnitPage.objects.descendant_of(own)
    drawing, mine, procedure, file, text = copied.body
    adopted = drawing.value["image"]
    assert adopted.pk != image.pk
    assert adopted.collection == collection_of(own)
    assert adopted.file.read() == image.file.read()
    assert mine.value["image"] == shared
    assert procedure.value["steps"][0]["drawing"] == adopted
    assert file.value["document"].collection == collection_of(own)
    assert f'id="{file.value["document"].pk}"' in text.value["en"].source
    # Copied again it needs no second copy of the files.
    copy(client, own, module)
    assert SiteImage.objects.filter(collection=collection_of(own)).count() == 2


def test_drafts_of_others_are_neither_shown_nor_copied(
    client: Client, source: CurriculumPage, own: CurriculumPage, home: Any
) -> None:
    draft = module_page(source, name_en="Secret", live=False)
    hidden = curriculum_page(
        centre_page(home, name_en="Third centre"), name_en="Hidden", live=False
    )
    url = reverse("curricula_admin:copy_modules", args=[own.pk])
    listed = client.get(url, {"q": ""}).content.decode()
    assert "Source" in listed
    assert "Hidden" not in listed
    assert "Secret" not in client.get(url, {"from": source.pk}).content.decode()
    assert client.get(url, {"from": hidden.pk}).status_code == 404
    copy(client, own, draft)
    assert not ModulePage.objects.child_of(own).exists()


def test_only_ones_own_curriculum_can_be_copied_to(
    client: Client, source: CurriculumPage, own: CurriculumPage
) -> None:
    module = module_page(own)
    url = reverse("curricula_admin:copy_modules", args=[source.pk])
    assert client.get(url).status_code in (302, 403)
    client.post(f"{url}?from={own.pk}", {"module": [module.pk]})
    assert not ModulePage.objects.child_of(source).exists()
