"""The edit screen of a concept, through the real admin views."""

import pytest
from django.test import Client

from core.search.models import SearchEntry
from glossary.models import Concept, ConceptRelation, Term
from tests.factories import AdminFactory, ConceptFactory, TradeFactory
from tests.glossary.admin_forms import add_relation, add_term, new_concept, opened, shown, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


@pytest.fixture
def electrode() -> Concept:
    concept = ConceptFactory(
        lo="ທູບຈອດ", vi="que hàn", en="stick electrode", trades=[TradeFactory()]
    )
    concept.save_revision().publish()
    concept.refresh_from_db()
    return concept


def errors_of(response) -> str:
    form = response.context["form"]
    parts = [str(form.errors)]
    for formset in form.formsets.values():
        parts += [str(formset.non_form_errors()), *(str(child.errors) for child in formset.forms)]
    return " ".join(parts)


def test_a_concept_is_made_and_published_with_terms_in_three_languages(admin: Client) -> None:
    trade = TradeFactory()
    data = new_concept("ທູບຈອດ", "que hàn", "stick electrode", trades=(trade,))
    data["definition_en"] = "A coated rod."
    response = admin.post(url("add"), data | {"action-publish": "1"})
    assert response.status_code == 302
    concept = Concept.objects.get()
    assert concept.live
    assert {t.language: t.text for t in concept.terms.all()} == {
        "lo": "ທູບຈອດ",
        "vi": "que hàn",
        "en": "stick electrode",
    }
    assert list(concept.trades.all()) == [trade]
    assert concept.definition_en == "A coated rod."
    assert SearchEntry.objects.filter(kind="concept", object_id=concept.pk).count() == 3


def test_a_new_concept_is_meant_for_all_languages(admin: Client) -> None:
    data = shown(admin.get(url("add")).context["form"])
    assert data["languages"] == data["ready_languages"] == ["lo", "vi", "en"]


def test_text_is_normalised_and_control_characters_go(admin: Client) -> None:
    data = new_concept("ແ\u200bລັກ\u00a0ຫນາ", "Nguyê\u0303n", "a\x08\x1fb  c")
    admin.post(url("add"), data | {"action-publish": "1"})
    texts = {t.language: t.text for t in Term.objects.all()}
    assert texts == {"lo": "ແລັກ ໜາ", "vi": "Nguyễn", "en": "ab c"}


def test_markup_in_a_term_is_shown_as_text(admin: Client) -> None:
    admin.post(url("add"), new_concept(en="<script>x</script>") | {"action-publish": "1"})
    page = admin.get(url("list")).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_concept_without_terms_is_not_published_but_kept_as_draft(admin: Client) -> None:
    response = admin.post(url("add"), new_concept() | {"action-publish": "1"})
    assert response.status_code == 200
    assert "at least one term" in errors_of(response)
    assert not Concept.objects.exists()
    assert admin.post(url("add"), new_concept()).status_code == 302


def test_an_untouched_extra_row_is_no_term(admin: Client) -> None:
    data = add_term(new_concept(en="rod"), "lo", "", status="admitted")
    assert admin.post(url("add"), data | {"action-publish": "1"}).status_code == 302
    assert Term.objects.count() == 1


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_empty_rows_are_shown_again_beside_an_error_and_after_an_autosave(
    admin: Client, electrode: Concept, accept: str
) -> None:
    data = add_term(opened(admin, url("edit", electrode.pk)), "lo", "", status="admitted")
    data |= {"relations-TOTAL_FORMS": "1", "relations-0-kind": "related"}
    data |= {"terms_en-0-text": "x" * 201} if accept == "text/html" else {}
    response = admin.post(url("edit", electrode.pk), data, headers={"accept": accept})
    assert response.status_code == 200
    if accept == "application/json":
        assert response.json()["success"]


def test_a_row_with_a_source_and_no_term_is_refused(admin: Client) -> None:
    data = add_term(new_concept(en="rod"), "lo", "", source="ISO 857")
    assert "terms_lo-0-text" in admin.post(url("add"), data).content.decode()
    assert not Concept.objects.exists()


@pytest.mark.parametrize("second", ["welding rod", "stick electrode"])
def test_a_language_has_one_preferred_term(admin: Client, electrode: Concept, second: str) -> None:
    data = add_term(opened(admin, url("edit", electrode.pk)), "en", second)
    response = admin.post(url("edit", electrode.pk), data)
    assert "is preferred already" in errors_of(response)
    rows = response.context["form"].formsets["terms_en"].forms
    assert "status" in rows[1].errors and "status" not in rows[0].errors


def test_two_terms_swap_which_is_preferred(admin: Client, electrode: Concept) -> None:
    data = add_term(
        opened(admin, url("edit", electrode.pk)), "en", "welding rod", status="admitted"
    )
    admin.post(url("edit", electrode.pk), data | {"action-publish": "1"})
    data = opened(admin, url("edit", electrode.pk))
    data |= {"terms_en-0-status": "admitted", "terms_en-1-status": "preferred"}
    response = admin.post(url("edit", electrode.pk), data | {"action-publish": "1"})
    assert response.status_code == 302
    electrode.refresh_from_db()
    assert electrode.preferred_terms()["en"].text == "welding rod"


def test_the_same_term_twice_is_refused(admin: Client, electrode: Concept) -> None:
    data = opened(admin, url("edit", electrode.pk))
    data = add_term(data, "en", "Stick  Electrode", status="admitted")
    assert "stands here twice" in errors_of(admin.post(url("edit", electrode.pk), data))


def test_a_term_is_removed(admin: Client, electrode: Concept) -> None:
    data = opened(admin, url("edit", electrode.pk)) | {"terms_vi-0-DELETE": "1"}
    admin.post(url("edit", electrode.pk), data | {"action-publish": "1"})
    assert sorted(Term.objects.values_list("language", flat=True)) == ["en", "lo"]


def test_drafts_keep_the_identity_of_their_terms(admin: Client, electrode: Concept) -> None:
    """A term of a draft has no row yet; its public id must survive every save all the same."""
    data = add_term(opened(admin, url("edit", electrode.pk)), "lo", "ລວດຈອດ", status="admitted")
    admin.post(url("edit", electrode.pk), data)
    electrode.refresh_from_db()
    first = {t.text: t.public_id for t in electrode.get_latest_revision_as_object().terms.all()}
    assert not Term.objects.filter(text="ລວດຈອດ").exists()
    data = opened(admin, url("edit", electrode.pk)) | {"definition_vi": "Một que."}
    admin.post(url("edit", electrode.pk), data)
    electrode.refresh_from_db()
    again = {t.text: t.public_id for t in electrode.get_latest_revision_as_object().terms.all()}
    assert again == first and len(first) == 4
    admin.post(
        url("edit", electrode.pk),
        opened(admin, url("edit", electrode.pk)) | {"action-publish": "1"},
    )
    assert Term.objects.get(text="ລວດຈອດ").public_id == first["ລວດຈອດ"]


def test_the_order_of_terms_is_kept(admin: Client, electrode: Concept) -> None:
    data = opened(admin, url("edit", electrode.pk))
    data = add_term(data, "en", "rod", status="admitted", ORDER="2")
    data = add_term(data, "en", "electrode", status="admitted", ORDER="1")
    data |= {"terms_en-0-ORDER": "3"}
    admin.post(url("edit", electrode.pk), data | {"action-publish": "1"})
    terms = Term.objects.filter(language="en").order_by("sort_order")
    assert [t.text for t in terms] == ["electrode", "rod", "stick electrode"]


def test_a_concept_is_not_linked_to_itself(admin: Client, electrode: Concept) -> None:
    data = add_relation(opened(admin, url("edit", electrode.pk)), electrode)
    assert "cannot be linked to itself" in errors_of(admin.post(url("edit", electrode.pk), data))


def test_a_row_without_a_chosen_concept_is_no_link(admin: Client, electrode: Concept) -> None:
    data = opened(admin, url("edit", electrode.pk)) | {"relations-TOTAL_FORMS": "1"}
    data |= {"relations-0-kind": "broader", "relations-0-target": ""}
    assert admin.post(url("edit", electrode.pk), data).status_code == 302
    assert not ConceptRelation.objects.exists()


def test_broader_concepts_make_no_circle(admin: Client, electrode: Concept) -> None:
    tool, thing = ConceptFactory(en="tool"), ConceptFactory(en="thing")
    ConceptRelation.objects.create(concept=tool, target=thing, kind="broader")
    ConceptRelation.objects.create(concept=thing, target=electrode, kind="broader")
    data = add_relation(opened(admin, url("edit", electrode.pk)), tool, "broader")
    response = admin.post(url("edit", electrode.pk), data)
    assert "is itself a kind or part" in errors_of(response)
    data = add_relation(opened(admin, url("edit", electrode.pk)), tool, "related")
    assert admin.post(url("edit", electrode.pk), data).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        {"terms_en-0-id": "abc"},
        {"terms_en-INITIAL_FORMS": "9", "terms_en-TOTAL_FORMS": "9"},
        {"terms_en-TOTAL_FORMS": "x"},
        {"terms_en-0-text": "x" * 201},
        {"terms_en-0-status": "king"},
        {"terms_en-0-recording": "99999"},
        {"relations-TOTAL_FORMS": "1", "relations-0-target": "99999"},
        {"image": "-1"},
    ],
)
def test_a_forged_form_is_refused(admin: Client, electrode: Concept, change: dict) -> None:
    data = opened(admin, url("edit", electrode.pk)) | change
    response = admin.post(url("edit", electrode.pk), data)
    assert response.status_code in (200, 400)
    assert electrode.revisions.count() == 1


def test_a_term_of_another_concept_is_not_taken_over(admin: Client, electrode: Concept) -> None:
    other = ConceptFactory(en="hammer")
    stolen = other.terms.get()
    data = opened(admin, url("edit", electrode.pk)) | {"terms_en-0-id": str(stolen.pk)}
    admin.post(url("edit", electrode.pk), data | {"action-publish": "1"})
    assert Term.objects.get(pk=stolen.pk).concept_id == other.pk
    assert Term.objects.get(pk=stolen.pk).text == "hammer"


def test_a_double_in_the_same_trade_is_named_but_allowed(admin: Client, electrode: Concept) -> None:
    trade = electrode.trades.get()
    data = new_concept(vi="QUE HÀN", trades=(trade,))
    page = admin.post(url("add"), data | {"action-publish": "1"}, follow=True).content.decode()
    assert "stands in another concept of the same trade" in page
    assert url("edit", electrode.pk) in page
    assert Concept.objects.count() == 2
    data = new_concept(vi="que hàn", trades=(TradeFactory(slug="cook", name_en="Cook"),))
    page = admin.post(url("add"), data | {"action-publish": "1"}, follow=True).content.decode()
    assert "stands in another concept of the same trade" not in page


def test_a_copy_has_its_own_ids_and_names_its_original(admin: Client, electrode: Concept) -> None:
    Term.objects.update(review_state="reviewed", reviewed_by="Somebody")
    electrode.refresh_from_db()
    electrode.save_revision().publish()
    response = admin.get(url("copy", electrode.pk))
    data = shown(response.context["form"])
    admin.post(response.context["action_url"], data | {"action-publish": "1"})
    copy = Concept.objects.exclude(pk=electrode.pk).get()
    assert copy.origin_id == electrode.public_id
    assert [t.text for t in copy.terms_in("vi")] == ["que hàn"]
    ids = set(Term.objects.values_list("public_id", flat=True))
    assert len(ids) == 6
    assert not copy.terms.filter(review_state="reviewed").exists()
    assert electrode.terms.count() == 3


def test_a_stale_save_does_not_undo_another_editors(admin: Client, electrode: Concept) -> None:
    mine = opened(admin, url("edit", electrode.pk))
    theirs = opened(admin, url("edit", electrode.pk)) | {"terms_vi-0-text": "điện cực"}
    assert admin.post(url("edit", electrode.pk), theirs).status_code == 302
    response = admin.post(url("edit", electrode.pk), mine | {"terms_en-0-text": "welding rod"})
    assert response.status_code == 200
    page = response.content.decode()
    assert "điện cực" in page and "welding rod" in page
    electrode.refresh_from_db()
    newest = electrode.get_latest_revision_as_object()
    assert newest.preferred_terms()["vi"].text == "điện cực"
    assert newest.preferred_terms()["en"].text == "stick electrode"


@pytest.mark.parametrize("mode", ["lo", "vi", "en"])
def test_the_preview_shows_unsaved_text(admin: Client, electrode: Concept, mode: str, home) -> None:
    data = opened(admin, url("edit", electrode.pk)) | {"terms_lo-0-text": "ລວດຈອດ"}
    admin.post(url("preview_on_edit", electrode.pk), data)
    response = admin.get(f"{url('preview_on_edit', electrode.pk)}?mode={mode}")
    assert response.status_code == 200
    assert "ລວດຈອດ" in response.content.decode()


def test_history_and_comparison_of_versions_open(admin: Client, electrode: Concept) -> None:
    data = opened(admin, url("edit", electrode.pk)) | {"terms_lo-0-text": "ລວດຈອດ"}
    admin.post(url("edit", electrode.pk), data)
    assert admin.get(url("history", electrode.pk)).status_code == 200
    page = admin.get(url("revisions_compare", electrode.pk, "live", "latest")).content.decode()
    assert page.count("comparison__child-object") == 1


def test_locking_keeps_others_out(admin: Client, electrode: Concept) -> None:
    admin.post(url("lock", electrode.pk))
    other = Client()
    other.force_login(AdminFactory())
    data = opened(other, url("edit", electrode.pk)) | {"terms_en-0-text": "rod"}
    assert "locked" in other.post(url("edit", electrode.pk), data).content.decode()
    electrode.refresh_from_db()
    assert electrode.revisions.count() == 1
