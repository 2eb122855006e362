"""Who may do what: each role through the real admin views."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow, WorkflowContentType

from glossary.models import Concept, Term, TermRequest
from glossary.review import fingerprint
from glossary.roles import EDITORS, REVIEWERS, WORKFLOW, make_roles
from tests.factories import AdminFactory, ConceptFactory, TradeFactory, UserFactory
from tests.glossary.admin_forms import new_concept, opened, url

pytestmark = pytest.mark.django_db

ROLES = ("guest", "clerk", "editor", "reviewer", "admin")


def client_of(role: str) -> Client:
    """A browser signed in as a role; a clerk may open the admin and nothing of the glossary."""
    make_roles()
    client = Client()
    if role == "admin":
        client.force_login(AdminFactory())
    elif role != "guest":
        user = UserFactory()
        client.force_login(user)
        if role == "clerk":
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        else:
            name = EDITORS if role == "editor" else REVIEWERS["lo"]
            user.groups.add(Group.objects.get(name=name))
    return client


@pytest.fixture
def concept() -> Concept:
    made = ConceptFactory(lo="ຄ້ອນ", vi="búa", en="hammer", trades=[TradeFactory()])
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def sees_list(client: Client, concept: Concept) -> bool:
    return client.get(url("list")).status_code == 200


def adds_draft(client: Client, concept: Concept) -> bool:
    client.post(url("add"), new_concept(en="chisel"))
    return Term.objects.filter(text="chisel").exists()


def adds_published(client: Client, concept: Concept) -> bool:
    client.post(url("add"), new_concept(en="chisel") | {"action-publish": "1"})
    return Concept.objects.filter(live=True, terms__text="chisel").exists()


def saves_draft(client: Client, concept: Concept) -> bool:
    client.post(url("edit", concept.pk), form_of(concept) | {"terms_en-0-text": "mallet"})
    concept.refresh_from_db()
    return concept.get_latest_revision_as_object().preferred_terms()["en"].text == "mallet"


def publishes(client: Client, concept: Concept) -> bool:
    data = form_of(concept) | {"terms_en-0-text": "mallet", "action-publish": "1"}
    client.post(url("edit", concept.pk), data)
    return Term.objects.filter(text="mallet").exists()


def submits(client: Client, concept: Concept) -> bool:
    data = form_of(concept) | {"terms_en-0-text": "mallet", "action-submit": "1"}
    client.post(url("edit", concept.pk), data)
    concept.refresh_from_db()
    return concept.current_workflow_state is not None


def unpublishes(client: Client, concept: Concept) -> bool:
    client.post(url("unpublish", concept.pk))
    return not Concept.objects.get().live


def bulk_publishes(client: Client, concept: Concept) -> bool:
    Concept.objects.update(live=False)
    client.post(f"/admin/bulk/glossary/concept/publish_concepts/?id={concept.pk}")
    return Concept.objects.get().live


def bulk_unpublishes(client: Client, concept: Concept) -> bool:
    client.post(f"/admin/bulk/glossary/concept/unpublish_concepts/?id={concept.pk}")
    return not Concept.objects.get().live


def bulk_adds_trade(client: Client, concept: Concept) -> bool:
    cook = TradeFactory(slug="cook", name_en="Cook")
    client.post(f"/admin/bulk/glossary/concept/add_trade/?id={concept.pk}", {"trade": cook.pk})
    concept.refresh_from_db()
    return cook in concept.get_latest_revision_as_object().trades.all()


def deletes(client: Client, concept: Concept) -> bool:
    client.post(url("delete", concept.pk))
    return not Concept.objects.exists()


def bulk_deletes(client: Client, concept: Concept) -> bool:
    client.post(f"/admin/bulk/glossary/concept/delete/?id={concept.pk}")
    return not Concept.objects.exists()


def signs_lao(client: Client, concept: Concept) -> bool:
    client.post(url("review", concept.pk, "lo"), {"seen": fingerprint([concept], "lo")})
    return Term.objects.filter(language="lo", review_state="reviewed").exists()


def signs_vietnamese(client: Client, concept: Concept) -> bool:
    client.post(url("review", concept.pk, "vi"), {"seen": fingerprint([concept], "vi")})
    return Term.objects.filter(language="vi", review_state="reviewed").exists()


def sees_reports(client: Client, concept: Concept) -> bool:
    return client.get(reverse("glossary_reports:unreviewed")).status_code == 200


def sees_requests(client: Client, concept: Concept) -> bool:
    return client.get(reverse("wagtailsnippets_glossary_termrequest:list")).status_code == 200


def declines_request(client: Client, concept: Concept) -> bool:
    asked = TermRequest.objects.create(text="ສະກູ", folded="ສະກູ", language="lo")
    client.post(f"/admin/bulk/glossary/termrequest/requests_declined/?id={asked.pk}")
    return TermRequest.objects.get().status == "declined"


def deletes_trade_in_use(client: Client, concept: Concept) -> bool:
    trade = concept.trades.get()
    client.post(reverse("wagtailsnippets_trades_trade:delete", args=[trade.pk]))
    return not concept.trades.exists()


def form_of(concept: Concept) -> dict[str, str]:
    """The edit form as a superuser would be shown it: a forged one, for roles without it."""
    client = Client()
    client.force_login(AdminFactory())
    return opened(client, url("edit", concept.pk))


#: Action → the roles that may.
MATRIX = {
    sees_list: {"editor", "reviewer", "admin"},
    adds_draft: {"editor", "admin"},
    adds_published: {"admin"},
    saves_draft: {"editor", "reviewer", "admin"},
    publishes: {"reviewer", "admin"},
    submits: {"editor", "reviewer", "admin"},
    unpublishes: {"reviewer", "admin"},
    bulk_publishes: {"reviewer", "admin"},
    bulk_unpublishes: {"reviewer", "admin"},
    bulk_adds_trade: {"editor", "reviewer", "admin"},
    deletes: {"admin"},
    bulk_deletes: {"admin"},
    signs_lao: {"reviewer", "admin"},
    signs_vietnamese: {"admin"},
    sees_reports: {"editor", "reviewer", "admin"},
    sees_requests: {"editor", "admin"},
    declines_request: {"editor", "admin"},
    deletes_trade_in_use: set(),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", MATRIX, ids=lambda action: action.__name__)
def test_roles(action, role: str, concept: Concept) -> None:
    assert action(client_of(role), concept) == (role in MATRIX[action])


def test_an_editor_without_publishing_changes_the_trade_of_the_draft_alone(
    concept: Concept,
) -> None:
    assert bulk_adds_trade(client_of("editor"), concept)
    assert [trade.slug for trade in Concept.objects.get().trades.all()] == ["welder"]


def test_moderation_leads_to_publication(concept: Concept) -> None:
    assert submits(client_of("editor"), concept)
    state = concept.current_workflow_state.current_task_state
    address = url("workflow_action", concept.pk, "approve", state.pk)
    client_of("editor").post(address, {})
    assert not Term.objects.filter(text="mallet").exists()
    client_of("reviewer").post(address, {})
    assert Term.objects.filter(text="mallet").exists()


def test_making_the_roles_again_changes_nothing_that_a_manager_changed() -> None:
    make_roles()
    group = Group.objects.get(name=EDITORS)
    group.permissions.clear()
    make_roles()
    assert not group.permissions.exists()
    assert Group.objects.filter(name__startswith="Glossary").count() == 4
    assert Workflow.objects.filter(name=WORKFLOW).count() == 1
    assert WorkflowContentType.objects.count() == 1


def test_the_review_permissions_stand_in_the_editor_of_groups() -> None:
    make_roles()
    client = Client()
    client.force_login(AdminFactory())
    group = Group.objects.get(name=REVIEWERS["lo"])
    page = client.get(reverse("wagtailusers_groups:edit", args=[group.pk])).content.decode()
    for code in ("lo", "vi", "en"):
        permission = Permission.objects.get(codename=f"review_{code}")
        assert f'value="{permission.pk}"' in page
