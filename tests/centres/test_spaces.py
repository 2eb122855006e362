"""A centre has its space from its first save until it is deleted, and nothing stays behind."""

import pytest
from django.contrib.auth.models import Group
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, GroupApprovalTask, Workflow

from centres.models import CentrePage, CentreSpace
from media.models import SiteImage
from tests.factories import centre_page, curriculum_page

pytestmark = pytest.mark.django_db


def belongings() -> tuple[int, ...]:
    models = (Group, Collection, Workflow, GroupApprovalTask, CentreSpace, SiteImage)
    return tuple(model.objects.count() for model in models)


def test_a_saved_centre_has_collections_groups_and_a_workflow(home) -> None:  # type: ignore[no-untyped-def]
    centre = centre_page(home)
    space = centre.space
    assert space.collection.name == "Salavan College"
    parts = space.collection.get_children().values_list("name", flat=True)
    assert set(parts) == {"Images", "Documents", "Recordings"}
    assert space.editors.name == "Salavan College: editors"
    assert space.publishers.name == "Salavan College: publishers"
    curriculum = curriculum_page(centre)
    task = curriculum.get_workflow().tasks.get().specific
    assert list(task.groups.all()) == [space.publishers]


def test_saving_a_centre_again_makes_no_second_space_but_follows_its_name(home) -> None:  # type: ignore[no-untyped-def]
    centre = centre_page(home)
    before = belongings()
    centre.name_en = "Saravane College"
    centre.save_revision().publish()
    assert belongings() == before
    space = CentrePage.objects.get().space
    assert space.collection.name == "Saravane College"
    assert space.editors.name == "Saravane College: editors"
    assert CentrePage.objects.get().get_workflow().name == "Saravane College: review"


def test_two_centres_of_one_name_have_groups_of_their_own(home) -> None:  # type: ignore[no-untyped-def]
    first, second = centre_page(home, slug="one"), centre_page(home, slug="two")
    assert first.space.editors != second.space.editors
    longest = centre_page(home, name_en="x" * 200, slug="three")
    assert centre_page(home, name_en="x" * 200, slug="four").space.editors_id
    assert len(longest.space.publishers.name) <= 150


@pytest.mark.parametrize("of", ["centre", "index"])
def test_deleting_a_centre_leaves_nothing_behind(home, of) -> None:  # type: ignore[no-untyped-def]
    before = belongings()
    centre = centre_page(home)
    curriculum_page(centre, live=False)
    images = centre.space.collection.get_children().get(name="Images")
    SiteImage.objects.create(title="x", file=get_test_image_file(), collection=images)
    (centre if of == "centre" else centre.get_parent()).delete()
    assert belongings() == before
