"""Voices of terms: the worklist, recording and uploading, and that no later save undoes one."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from glossary.models import Concept, Term
from glossary.recordings import (
    AlreadyRecorded,
    ConceptLocked,
    TermGone,
    attach_recording,
    following,
    voiceless_terms,
)
from media.models import Recording
from tests.factories import AdminFactory, ConceptFactory, TradeFactory, UserFactory
from tests.media.sounds import coded, tone

pytestmark = pytest.mark.django_db

LAO = {"lo": "ທູບຈອດ", "vi": "que hàn", "en": "stick electrode"}


def sound(name: str = "voice.wav", **kwargs: float) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, tone(**kwargs))


def new_recording() -> Recording:
    return Recording(title="ທູບຈອດ", language="lo", file=sound())


def published(**kwargs: Any) -> Concept:
    """A concept as the editor leaves it: with a published revision."""
    concept = ConceptFactory(**{**LAO, **kwargs})
    concept.save_revision().publish()
    return Concept.objects.get(pk=concept.pk)


def lao(concept: Concept) -> Term:
    return Term.objects.get(concept=concept, language="lo")


def recording_in_editor(concept: Concept) -> int | None:
    """What the editor would load and save next."""
    latest = Concept.objects.get(pk=concept.pk).get_latest_revision_as_object()
    return next(term.recording_id for term in latest.terms.all() if term.language == "lo")


def stored() -> set[str]:
    folder = Path(default_storage.path("recordings"))
    return {path.name for path in folder.glob("*")}


# --- Attaching ----------------------------------------------------------------------------------


def test_a_published_concept_gets_the_recording_in_a_published_revision() -> None:
    concept, user = published(), AdminFactory()
    attach_recording(lao(concept), new_recording(), user)
    recording = Recording.objects.get()
    assert lao(concept).recording == recording
    assert recording_in_editor(concept) == recording.pk
    concept.refresh_from_db()
    assert concept.live and not concept.has_unpublished_changes
    assert concept.latest_revision.user == user


def test_the_next_save_in_the_editor_keeps_it() -> None:
    concept = published()
    attach_recording(lao(concept), new_recording(), AdminFactory())
    edited = Concept.objects.get(pk=concept.pk).get_latest_revision_as_object()
    edited.definition_en = "Changed."
    edited.save_revision().publish()
    assert lao(concept).recording_id is not None


def test_an_open_draft_and_the_published_entry_both_get_it() -> None:
    concept = published()
    draft = concept.get_latest_revision_as_object()
    draft.definition_en = "A draft."
    draft.save_revision()
    attach_recording(lao(concept), new_recording(), AdminFactory())
    concept.refresh_from_db()
    assert lao(concept).recording_id is not None
    assert recording_in_editor(concept) == lao(concept).recording_id
    assert concept.definition_en == "A definition."
    assert concept.has_unpublished_changes
    latest = concept.get_latest_revision_as_object()
    assert latest.definition_en == "A draft."
    latest.save_revision().publish()
    assert lao(concept).recording_id is not None


def test_a_concept_that_was_never_published_stays_a_draft() -> None:
    concept = ConceptFactory(**LAO, live=False)
    attach_recording(lao(concept), new_recording(), AdminFactory())
    concept.refresh_from_db()
    assert not concept.live
    assert recording_in_editor(concept) == lao(concept).recording_id is not None


def test_a_sign_off_stays() -> None:
    concept = published()
    Term.objects.update(review_state="reviewed", reviewed_by="A reviewer")
    concept.refresh_from_db()
    concept.save_revision().publish()
    attach_recording(lao(concept), new_recording(), AdminFactory())
    assert lao(concept).review_state == "reviewed"


def test_a_term_left_out_of_the_draft_is_a_conflict_and_nothing_is_kept() -> None:
    concept = published()
    draft = concept.get_latest_revision_as_object()
    draft.terms = [term for term in draft.terms.all() if term.language != "lo"]
    draft.save_revision()
    files = stored()
    with pytest.raises(TermGone):
        attach_recording(lao(concept), new_recording(), AdminFactory())
    assert not Recording.objects.exists()
    assert stored() == files


def test_a_second_recording_of_the_same_term_is_refused() -> None:
    concept, user = published(), AdminFactory()
    term = lao(concept)
    attach_recording(term, new_recording(), user)
    with pytest.raises(AlreadyRecorded):
        attach_recording(term, new_recording(), user)
    assert Recording.objects.count() == 1


def test_a_locked_concept_is_a_conflict_except_for_who_locked_it() -> None:
    concept, owner = published(), AdminFactory()
    concept.locked, concept.locked_by = True, owner
    concept.save()
    with pytest.raises(ConceptLocked):
        attach_recording(lao(concept), new_recording(), AdminFactory())
    attach_recording(lao(concept), new_recording(), owner)
    assert lao(concept).recording_id is not None


def test_files_go_when_the_database_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    concept, files = published(), stored()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Concept, "save_revision", broken)
    with pytest.raises(RuntimeError):
        attach_recording(lao(concept), new_recording(), AdminFactory())
    assert stored() == files


def test_a_review_in_progress_approves_the_draft_with_the_recording() -> None:
    concept, admin = published(), AdminFactory()
    task = GroupApprovalTask.objects.create(name="Review")
    task.groups.add(Group.objects.create(name="Reviewers"))
    workflow = Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    draft = concept.get_latest_revision_as_object()
    draft.definition_en = "Submitted."
    draft.save_revision()
    workflow.start(Concept.objects.get(pk=concept.pk), admin)
    attach_recording(lao(concept), new_recording(), admin)
    state = Concept.objects.get(pk=concept.pk).current_workflow_task_state
    state.approve(user=admin)
    concept.refresh_from_db()
    assert concept.definition_en == "Submitted."
    assert lao(concept).recording_id is not None


# --- The list -----------------------------------------------------------------------------------


def test_the_list_has_voiceless_terms_of_a_language_in_dictionary_order() -> None:
    welder = TradeFactory()
    texts = ["đ", "ê", "e", "a", "ă"]
    for text in texts:
        ConceptFactory(vi=text, en=text, trades=[welder] if text == "đ" else [])
    spoken = ConceptFactory(vi="b")
    Term.objects.filter(concept=spoken).update(recording=Recording.objects.create(file=sound()))
    assert [term.text for term in voiceless_terms("vi")] == ["a", "ă", "đ", "e", "ê"]
    assert [term.text for term in voiceless_terms("vi", trade="welder")] == ["đ"]
    assert [term.text for term in voiceless_terms("vi", text=" Ê ")] == ["ê"]
    assert not voiceless_terms("vi", status="admitted")
    second = voiceless_terms("vi")[1]
    assert [term.text for term in following(voiceless_terms("vi"), second)] == ["đ", "e", "ê"]


# --- In the admin -------------------------------------------------------------------------------


@pytest.fixture
def admin(client: Client, home: object) -> Client:
    client.force_login(AdminFactory())
    return client


def worklist(query: str = "") -> str:
    return reverse("glossary_recordings:worklist") + query


def record_url(term: Term) -> str:
    return reverse("glossary_recordings:record", args=(term.pk,)) + f"?language={term.language}"


def form_data(**kwargs: Any) -> dict[str, Any]:
    return {"file": sound(), "rights_holder": "Centre", "consent": "on", **kwargs}


def test_the_worklist_shows_the_term_with_what_it_means(admin: Client) -> None:
    published(trades=[TradeFactory()], definition_lo="ນິຍາມ")
    page = admin.get(worklist()).content.decode()
    for text in ("ທູບຈອດ", "que hàn", "ນິຍາມ", "1 term is still without a voice"):
        assert text in page
    assert "The speaker agrees that the recording is published under CC BY-SA 4.0" in page


def test_a_long_list_takes_as_many_queries_as_a_short_one(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    welder = TradeFactory()
    for number in range(3):
        ConceptFactory(lo=f"ກ{number}", vi=f"a{number}", trades=[welder])
    admin.get(worklist())
    with django_assert_max_num_queries(100) as few:
        admin.get(worklist())
    for number in range(40):
        ConceptFactory(lo=f"ຂ{number}", vi=f"b{number}", trades=[welder])
    with django_assert_max_num_queries(100) as many:
        page = admin.get(worklist()).content.decode()
    assert len(many) == len(few)
    assert "Further on" in page


def test_the_end_of_the_list_is_reached_page_by_page(admin: Client) -> None:
    for number in range(45):
        ConceptFactory(vi=f"a{number:02}")
    url, seen = worklist("?language=vi"), []
    while url:
        context = admin.get(url).context
        new = [context["current"], *context["upcoming"]]
        seen += [term.text for term in new if term.text not in seen]
        url = context["further_url"]
    assert seen == [f"a{number:02}" for number in range(45)]


@pytest.mark.parametrize(
    "query", ["?language=xx", "?trade=nothing", "?term=999999", "?term=%00", "?status=no&q=%00"]
)
def test_unknown_filters_give_way(admin: Client, query: str) -> None:
    published()
    assert admin.get(worklist(query)).status_code == 200


def test_only_who_may_change_concepts_gets_in(client: Client, home: object) -> None:
    term = lao(published())
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get(worklist()).status_code == 302
    assert client.post(record_url(term), form_data()).status_code == 302
    assert not Recording.objects.exists()
    user.user_permissions.add(Permission.objects.get(codename="change_concept"))
    assert client.get(worklist()).status_code == 200
    client.post(record_url(term), form_data())
    assert Recording.objects.exists()


def test_an_upload_attaches_and_leads_to_the_next_term(admin: Client) -> None:
    first, second = published(), published(lo="ໝໍ້ແປງໄຟ")
    terms = list(voiceless_terms("lo"))
    response = admin.post(record_url(terms[0]), form_data())
    assert response.status_code == 302
    assert f"term={terms[1].pk}" in response["Location"]
    recording = Recording.objects.get()
    assert Term.objects.get(pk=terms[0].pk).recording == recording
    assert (recording.title, recording.language) == (terms[0].text, "lo")
    assert recording.rights_holder == "Centre"
    assert recording.consent_on is not None
    page = admin.get(response["Location"])
    initial = page.context["form"].initial
    assert (initial["rights_holder"], initial["consent"]) == ("Centre", True)
    assert {first.pk, second.pk} == {term.concept_id for term in terms}


def test_the_recorder_gets_json(admin: Client) -> None:
    term = lao(published())
    webm = SimpleUploadedFile("recording.webm", coded("webm", "libopus", 48_000), "audio/webm")
    headers = {"accept": "application/json"}
    silent = form_data(file=sound(amplitude=0))
    refused = admin.post(record_url(term), silent, headers=headers)
    assert refused.status_code == 400
    assert "Hardly anything" in refused.json()["errors"]["file"][0]
    answer = admin.post(record_url(term), form_data(file=webm), headers=headers)
    assert answer.status_code == 200
    assert answer.json()["next"].startswith(worklist())
    again = admin.post(record_url(term), form_data(), headers=headers)
    assert again.status_code == 409
    assert "has a recording by now" in again.json()["errors"]["__all__"][0]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"consent": ""}, "consent"),
        ({"rights_holder": ""}, "rights_holder"),
        ({"file": ""}, "file"),
        ({"seconds": 16}, "file"),
        ({"amplitude": 6}, "file"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_kept(
    admin: Client, change: dict[str, Any], field: str
) -> None:
    term, files = lao(published()), stored()
    if change.keys() & {"seconds", "amplitude"}:
        change = {"file": sound(**change)}
    response = admin.post(record_url(term), form_data(**change))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not Recording.objects.exists()
    assert stored() == files
    assert lao(term.concept).recording_id is None


def test_a_synthetic_voice_needs_no_consent_and_says_what_it_is(admin: Client) -> None:
    term = lao(published())
    admin.post(record_url(term), form_data(consent="", is_synthetic="on"))
    assert Recording.objects.get().is_synthetic
    assert Recording.objects.get().consent_on is None


def test_a_conflict_leads_on_with_a_message(admin: Client) -> None:
    concept = published()
    concept.locked, concept.locked_by = True, UserFactory()
    concept.save()
    response = admin.post(record_url(lao(concept)), form_data(), follow=True)
    assert "This concept is locked" in response.content.decode()
    assert not Recording.objects.exists()


def test_the_menu_shows_the_worklist(admin: Client) -> None:
    assert worklist() in admin.get(reverse("wagtailadmin_home")).content.decode()
