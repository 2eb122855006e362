"""Signing off terms, language by language."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from wagtail.models import ModelLogEntry

from core.search.models import SearchEntry
from glossary.models import Concept, Term
from glossary.review import ChangedSinceShownError, fingerprint, sign_off, withdraw
from glossary.roles import REVIEWERS, make_roles
from tests.factories import ConceptFactory, TradeFactory, UserFactory
from tests.glossary.admin_forms import add_term, opened, url

pytestmark = pytest.mark.django_db


def reviewer(*codes: str):
    make_roles()
    user = UserFactory(first_name="Noy", last_name="S")
    user.groups.set(Group.objects.filter(name__in=[REVIEWERS[code] for code in codes]))
    return user


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def concept() -> Concept:
    made = ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode", trades=[TradeFactory()])
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def states(concept: Concept) -> dict[str, str]:
    """Text → review state, of the live rows."""
    return dict(Term.objects.filter(concept=concept).values_list("text", "review_state"))


def test_a_sign_off_names_who_and_when_and_reaches_search(concept: Concept) -> None:
    assert sign_off(concept, "lo", reviewer("lo")) == 1
    term = Term.objects.get(language="lo")
    assert (term.review_state, term.reviewed_by) == ("reviewed", "Noy S")
    assert term.reviewed_on is not None
    assert states(concept)["que hàn"] == "unreviewed"
    assert SearchEntry.objects.get(kind="concept", language="lo").is_reviewed
    assert not SearchEntry.objects.get(kind="concept", language="vi").is_reviewed


def test_the_next_save_in_the_editor_keeps_the_sign_off(concept: Concept) -> None:
    user = reviewer("lo")
    client = logged_in(user)
    form_opened_before = opened(client, url("edit", concept.pk))
    sign_off(concept, "lo", user)
    data = form_opened_before | {"definition_vi": "Một que.", "action-publish": "1"}
    assert client.post(url("edit", concept.pk), data).status_code == 302
    assert states(concept)["ທູບຈອດ"] == "reviewed"


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("text", "ລວດຈອດ", False),
        ("part_of_speech", "verb", False),
        ("classifier", "ອັນ", False),
        ("type", "variant", False),
        ("status", "admitted", False),
        ("example_lo", "ປະໂຫຍກ.", False),
        ("example_vi", "Câu.", False),
        ("pronunciation", "thup", False),
        ("region", "Vientiane", False),
        ("source", "ISO 857", True),
        ("sort_as", "ທບ", True),
        ("text", " ທູບຈອດ\u200b ", True),
    ],
)
def test_editing_a_term_takes_its_sign_off(
    concept: Concept, field: str, value: str, kept: bool
) -> None:
    user = reviewer("lo", "vi")
    sign_off(concept, "lo", user)
    sign_off(concept, "vi", user)
    client = logged_in(user)
    data = opened(client, url("edit", concept.pk))
    # Whatever the form claims about the review is not listened to.
    data |= {
        f"terms_lo-0-{field}": value,
        "terms_lo-0-review_state": "reviewed",
        "terms_lo-0-reviewed_by": "Boss",
        "action-publish": "1",
    }
    assert client.post(url("edit", concept.pk), data).status_code == 302
    term = Term.objects.get(language="lo")
    assert (term.review_state == "reviewed") == kept
    assert term.reviewed_by == ("Noy S" if kept else "")
    assert (term.reviewed_on is not None) == kept
    assert states(concept)["que hàn"] == "reviewed"


def test_a_form_cannot_sign_a_new_term(concept: Concept) -> None:
    client = logged_in(reviewer("lo"))
    data = add_term(
        opened(client, url("edit", concept.pk)),
        "lo",
        "ລວດຈອດ",
        status="admitted",
        review_state="reviewed",
    )
    client.post(url("edit", concept.pk), data | {"action-publish": "1"})
    assert states(concept)["ລວດຈອດ"] == "unreviewed"


def test_with_an_open_draft_what_was_shown_is_signed(concept: Concept) -> None:
    """The draft says another Vietnamese term: it is signed, the live one only where they agree."""
    user = reviewer("vi", "lo")
    client = logged_in(user)
    data = opened(client, url("edit", concept.pk)) | {"terms_vi-0-text": "điện cực"}
    client.post(url("edit", concept.pk), data)
    sign_off(concept, "vi", user)
    sign_off(concept, "lo", user)
    assert states(concept)["que hàn"] == "unreviewed"
    assert states(concept)["ທູບຈອດ"] == "reviewed"
    concept.refresh_from_db()
    assert concept.has_unpublished_changes
    data = opened(client, url("edit", concept.pk)) | {"action-publish": "1"}
    client.post(url("edit", concept.pk), data)
    assert states(concept)["điện cực"] == "reviewed"


def test_a_sign_off_makes_no_revision_and_a_log_entry(concept: Concept) -> None:
    user = reviewer("lo")
    before = list(concept.revisions.values_list("pk", "created_at"))
    sign_off(concept, "lo", user)
    assert list(concept.revisions.values_list("pk", "created_at")) == before
    entry = ModelLogEntry.objects.get(action="glossary.sign_off")
    assert (entry.user, entry.data) == (user, {"language": "lo"})
    page = logged_in(user).get(url("history", concept.pk)).content.decode()
    assert "Signed off the terms (ລາວ)" in page


def test_proposed_terms_are_not_signed(concept: Concept) -> None:
    Term.objects.filter(language="lo").update(status="proposed")
    concept.refresh_from_db()
    concept.save_revision().publish()
    assert sign_off(concept, "lo", reviewer("lo")) == 0
    assert states(concept)["ທູບຈອດ"] == "unreviewed"


def test_a_reviewer_signs_only_what_was_on_the_screen(concept: Concept) -> None:
    user = reviewer("lo")
    seen = fingerprint([concept], "lo")
    client = logged_in(user)
    data = opened(client, url("edit", concept.pk)) | {"terms_lo-0-text": "ລວດຈອດ"}
    client.post(url("edit", concept.pk), data | {"action-publish": "1"})
    with pytest.raises(ChangedSinceShownError):
        sign_off(concept, "lo", user, seen=seen)
    response = client.post(url("review", concept.pk, "lo"), {"seen": seen}, follow=True)
    assert "Somebody changed these terms meanwhile" in response.content.decode()
    assert set(states(concept).values()) == {"unreviewed"}


def test_the_review_screen_signs_and_takes_back(concept: Concept) -> None:
    client = logged_in(reviewer("lo"))
    page = client.get(url("review", concept.pk, "lo")).content.decode()
    assert "ທູບຈອດ" in page and "que hàn" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    client.post(url("review", concept.pk, "lo"), {"seen": seen})
    assert states(concept)["ທູບຈອດ"] == "reviewed"
    assert "signed off by Noy S" in client.get(url("review", concept.pk, "lo")).content.decode()
    client.post(url("review", concept.pk, "lo"), {"withdraw": "1"})
    assert states(concept)["ທູບຈອດ"] == "unreviewed"
    assert concept.get_latest_revision_as_object().terms_in("lo")[0].reviewed_by == ""


@pytest.mark.parametrize("code", ["vi", "en"])
def test_only_the_language_of_the_reviewer(concept: Concept, code: str) -> None:
    user = reviewer("lo")
    client = logged_in(user)
    assert client.get(url("review", concept.pk, code)).status_code == 302
    client.post(url("review", concept.pk, code), {"seen": fingerprint([concept], code)})
    with pytest.raises(PermissionDenied):
        sign_off(concept, code, user)
    with pytest.raises(PermissionDenied):
        withdraw(concept, code, user)
    assert set(states(concept).values()) == {"unreviewed"}


def test_many_concepts_are_signed_at_once(concept: Concept) -> None:
    other = ConceptFactory(lo="ຄ້ອນ", vi="búa")
    client = logged_in(reviewer("lo"))
    address = f"/admin/bulk/glossary/concept/sign_off_lo/?id={concept.pk}&id={other.pk}"
    page = client.get(address).content.decode()
    assert "ທູບຈອດ" in page and "ຄ້ອນ" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    Term.objects.filter(text="ຄ້ອນ").update(text="ຄ້ອນຕີ")
    response = client.post(address, {"seen": seen}, follow=True)
    assert "Somebody changed these terms meanwhile" in response.content.decode()
    assert states(concept)["ທູບຈອດ"] == "unreviewed"
    seen = re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]
    client.post(address, {"seen": seen})
    assert states(concept)["ທູບຈອດ"] == "reviewed"
    assert states(other) == {"ຄ້ອນຕີ": "reviewed", "búa": "unreviewed"}


def test_bulk_sign_off_of_another_language_changes_nothing(concept: Concept) -> None:
    client = logged_in(reviewer("lo"))
    address = f"/admin/bulk/glossary/concept/sign_off_vi/?id={concept.pk}"
    client.post(address, {"seen": fingerprint([concept], "vi")})
    assert set(states(concept).values()) == {"unreviewed"}
