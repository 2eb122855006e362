"""Missing, stale, current: what fingerprints know."""

import pytest

from core.translated import State, fingerprint, is_blank
from portal.models import ContentPage, HomePage
from tests.factories import content_page

ONE, TWO = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def paragraphs(block_id: str, **by_language: str) -> dict:
    return {
        "type": "paragraphs",
        "id": block_id,
        "value": {"lo": "", "vi": "", "en": "", **by_language},
    }


def states(page: ContentPage, language: str) -> dict[str, State]:
    return {unit.path: page.unit_state(unit, language) for unit in page.units()}


@pytest.mark.parametrize(
    "text",
    ["", None, "  ", "<p></p>", '<p data-block-key="a1b2c"></p>', "<p>&nbsp;</p>", "<p><br/></p>"],
)
def test_an_emptied_editor_is_blank(text: str | None) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "<p>ກ</p>", "5 < 6", '<embed embedtype="media"/>', "<hr/>"])
def test_what_says_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


def test_block_keys_spelling_and_line_ends_do_not_change_a_fingerprint() -> None:
    assert fingerprint('<p data-block-key="aaaaa">ນໍ້າ</p>') == fingerprint(
        '<p data-block-key="bbbbb">ນ້ຳ</p>'
    )
    assert fingerprint("one\r\ntwo") == fingerprint("one\ntwo")
    assert fingerprint("<p>a</p>") != fingerprint("<p>b</p>")


@pytest.fixture
def page(home: HomePage) -> ContentPage:
    page = content_page(
        home,
        name_en="About",
        name_vi="Giới thiệu",
        body=[
            paragraphs(ONE, en="<p>First</p>", vi="<p>Một</p>"),
            paragraphs(TWO, en="<p>Second</p>", vi="<p>Hai</p>"),
        ],
    )
    page.confirm_translation("vi")
    page.save()
    return ContentPage.objects.get(pk=page.pk)


def test_a_text_is_missing_then_new_then_current_then_stale(page: ContentPage) -> None:
    path = f"body.{ONE}"
    assert states(page, "lo")[path] is State.MISSING
    page.body[0].value["lo"] = "ໜຶ່ງ"
    assert states(page, "lo")[path] is State.STALE
    assert not page.was_confirmed(path, "lo")
    page.confirm_translation("lo", {path})
    assert states(page, "lo")[path] is State.CURRENT
    page.body[0].value["en"].source = "<p>First of all</p>"
    assert states(page, "lo")[path] is State.STALE
    assert page.was_confirmed(path, "lo")
    assert states(page, "en")[path] is State.SOURCE


def test_confirming_one_unit_leaves_the_others(page: ContentPage) -> None:
    page.fingerprints = {}
    page.confirm_translation("vi", {f"body.{ONE}"})
    assert states(page, "vi")[f"body.{ONE}"] is State.CURRENT
    assert states(page, "vi")[f"body.{TWO}"] is State.STALE
    assert states(page, "vi")["name"] is State.STALE


def test_only_languages_that_are_meant_count(page: ContentPage) -> None:
    page.languages = ["vi", "en"]
    assert set(states(page, "lo").values()) == {State.NONE}
    assert page.translation_counts()["lo"][State.MISSING] == 0


def test_a_moved_block_keeps_its_state_and_a_deleted_one_is_dropped(page: ContentPage) -> None:
    raw = list(page.body.raw_data)
    page.body = [raw[1], raw[0]]
    assert states(page, "vi")[f"body.{ONE}"] is State.CURRENT
    page.body = [raw[1]]
    page.confirm_translation("vi")
    assert f"body.{ONE}" not in page.fingerprints
    assert f"body.{TWO}" in page.fingerprints


def test_an_emptied_translation_loses_its_mark(page: ContentPage) -> None:
    page.body[0].value["vi"].source = '<p data-block-key="abcde"></p>'
    page.confirm_translation("vi")
    assert states(page, "vi")[f"body.{ONE}"] is State.MISSING
    assert f"body.{ONE}" not in page.fingerprints


def test_another_source_language_makes_translations_stale(page: ContentPage) -> None:
    page.source_language = "vi"
    assert states(page, "vi")[f"body.{ONE}"] is State.SOURCE
    assert states(page, "en")[f"body.{ONE}"] is State.STALE


def test_text_of_a_language_that_is_not_ready_gives_way(page: ContentPage) -> None:
    page.ready_languages = ["en"]
    text = page.local("name", "vi")
    assert text is not None
    assert (text.text, text.language, text.is_fallback) == ("About", "en", True)
    assert [entry["location"].split("/")[3] for entry in page.get_sitemap_urls()] == ["en"]


def test_fields_are_stored_in_one_spelling(home: HomePage) -> None:
    page = content_page(home, name_lo="ຫນັງສືນໍ້າ", source_language="lo", name_en="")
    assert ContentPage.objects.get(pk=page.pk).name_lo == "ໜັງສືນ້ຳ"
