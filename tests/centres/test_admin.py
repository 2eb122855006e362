"""The administrators' screens: a centre in one step, its members, and taking it back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex

from centres.loading import load_centres, load_provinces
from centres.models import CentrePage, Ministry, Province
from curricula.models import ModuleUnitPage
from media.models import SiteImage
from portal.models import HomePage
from tests.centres.two_centres import corner
from tests.core.editor import signed_in
from tests.factories import TradeFactory, UserFactory, centre_page, content_page, curriculum_page

pytestmark = pytest.mark.django_db
NEW = {
    "name_lo": "ວິທະຍາໄລສາລະວັນ",
    "name_vi": "Trường Salavan",
    "name_en": "Salavan College",
    "kind": "tvet_college",
    "country": "LA",
    "source_language": "lo",
}


def test_one_form_makes_page_collections_groups_and_workflow(
    home: HomePage, client: Client
) -> None:
    trade = TradeFactory()
    load_provinces()
    province = Province.objects.get(slug="salavan")
    signed_in(client)
    form = client.get(reverse("centres_admin:new"))
    assert form.status_code == 200
    data = {**NEW, "province": province.pk, "trades": [trade.pk]}
    response = client.post(reverse("centres_admin:new"), data)
    centre = CentrePage.objects.get()
    assert response.headers["Location"] == reverse("centres_admin:members", args=[centre.pk])
    assert centre.live
    assert centre.slug == "salavan-college"
    assert centre.title == "ວິທະຍາໄລສາລະວັນ"
    assert list(centre.trades.all()) == [trade]
    assert centre.space.editors.name.startswith("ວິທະຍາໄລສາລະວັນ")
    assert centre.get_workflow() is not None
    assert "Trường Salavan" in client.get("/vi/centres/salavan-college/").content.decode()
    listing = client.get(reverse("centres_admin:list")).content.decode()
    assert "Salavan College" in listing


@pytest.mark.parametrize("missing", ["name_lo", "kind", "country"])
def test_a_form_that_lacks_something_makes_nothing(
    home: HomePage, client: Client, missing: str
) -> None:
    signed_in(client)
    response = client.post(reverse("centres_admin:new"), {**NEW, missing: ""})
    assert response.status_code == 200
    assert missing in response.context["form"].errors
    assert not CentrePage.objects.exists()


def test_members_are_added_and_removed(home: HomePage, client: Client) -> None:
    centre, user = centre_page(home), UserFactory()
    signed_in(client)
    url = reverse("centres_admin:members", args=[centre.pk])
    client.post(url, {"user": user.pk, "role": "publishers"})
    assert user.groups.get() == centre.space.publishers
    assert user.username in client.get(url).content.decode()
    client.post(url, {"remove": user.pk})
    assert not user.groups.exists()
    assert client.post(url, {"remove": "nonsense"}).status_code == 404
    assert client.post(url, {"user": "0", "role": "owners"}).context["form"].errors


def test_a_centre_is_deleted_with_its_unpublished_pages_and_unused_files(
    home: HomePage, client: Client
) -> None:
    ours = corner(home, "Ours", "heron")
    signed_in(client)
    url = reverse("wagtailadmin_pages:delete", args=[ours.centre.pk])
    assert client.post(url, {"confirm_site_name": "Mittaphap"}).status_code == 302
    assert not CentrePage.objects.exists()
    assert not SiteImage.objects.exists()
    assert not Page.objects.filter(title__contains="heron").exists()


def use_image(page: Any, image: SiteImage) -> None:
    """Let a page's text name an image."""
    page.body = [("drawing" if isinstance(page, ModuleUnitPage) else "picture", {"image": image})]
    page.save()
    ReferenceIndex.create_or_update_for_object(page)


def refusal(client: Client, url: str, data: dict[str, Any] | None = None) -> str:
    response: Any = client.post(url, data or {}, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


def test_a_centre_stays_while_something_of_it_is_public_or_used_elsewhere(
    home: HomePage, client: Client
) -> None:
    ours = corner(home, "Ours", "heron")
    signed_in(client)
    curriculum_page(ours.centre, name_en="Public welding")
    about = content_page(home)
    use_image(about, ours.image)
    for url in (
        reverse("wagtailadmin_pages:delete", args=[ours.centre.pk]),
        reverse("wagtailadmin_pages:delete", args=[ours.centre.get_parent().pk]),
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        + f"?id={ours.centre.pk}",
    ):
        told = refusal(client, url)
        assert "Public welding" in told
        assert "heron image" in told
    assert CentrePage.objects.exists()
    # Nor by its parts.
    space = ours.centre.space
    for url in (
        f"/admin/groups/delete/{space.editors_id}/",
        f"/admin/collections/{space.collection_id}/delete/",
    ):
        assert client.post(url).status_code in (302, 403)
    assert CentrePage.objects.get().space == space


def test_files_go_with_their_curriculum_to_another_centre(home: HomePage, client: Client) -> None:
    ours = corner(home, "Ours", "heron")
    other = centre_page(home, name_en="Other", slug="other")
    ours.unit.body = [("drawing", {"image": ours.image})]
    ours.unit.save_revision()
    signed_in(client)
    url = reverse("wagtailadmin_pages:move_confirm", args=[ours.curriculum.pk, other.pk])
    client.post(url)
    ours.image.refresh_from_db()
    assert ours.image.collection == other.space.collection
    ours.document.refresh_from_db()
    assert ours.document.collection != other.space.collection


def test_a_move_that_would_part_pages_from_files_or_reviewers_is_refused(
    home: HomePage, client: Client
) -> None:
    ours = corner(home, "Ours", "heron")
    other = centre_page(home, name_en="Other", slug="other")
    for unit_or_page in (ours.unit, content_page(home)):
        use_image(unit_or_page, ours.image)
    signed_in(client)
    to = reverse("wagtailadmin_pages:move_confirm", args=[ours.curriculum.pk, other.pk])
    assert "heron image" in refusal(client, to)
    to = reverse("wagtailadmin_pages:move_confirm", args=[ours.submitted.pk, other.pk])
    assert "in review" in refusal(client, to)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    data = {"chooser": other.pk}
    assert "in review" in refusal(client, f"{bulk}?id={ours.submitted.pk}", data)
    ours.submitted.refresh_from_db()
    assert ours.submitted.get_parent().pk == ours.centre.pk


def test_a_province_in_use_is_kept(home: HomePage, client: Client) -> None:
    load_centres(print)
    signed_in(client)
    for record in (Province.objects.get(slug="nghe-an"), Ministry.objects.get(slug="moet")):
        url = reverse(record.snippet_viewset.get_url_name("delete"), args=[record.pk])
        assert "Nghệ An" in refusal(client, url)
        record.refresh_from_db()
    unused = Province.objects.get(slug="salavan")
    client.post(reverse(unused.snippet_viewset.get_url_name("delete"), args=[unused.pk]))
    assert not Province.objects.filter(pk=unused.pk).exists()


def test_a_province_is_found_by_its_other_names_once(home: HomePage, client: Client) -> None:
    load_provinces()
    signed_in(client)
    url = reverse(Province.snippet_viewset.get_url_name("list"))
    html = client.get(url, {"q": "Viêng Chăn"}).content.decode()
    assert html.count("/edit/") == len(set(html.split("/edit/")[:-1]))
    assert "Vientiane Capital" in html
