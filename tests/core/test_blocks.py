"""Translated blocks: ids, normalised input, alternatives of pictures."""

from core.blocks import ContentBlocks, PictureBlock, TranslatedText, stream_units
from portal.models import ContentPage, HomePage
from tests.factories import content_page

ONE = "11111111-1111-4111-8111-111111111111"


def heading(en: str, block_id: str | None = None) -> dict:
    value = {"lo": "", "vi": "", "en": en}
    return {"type": "heading", "value": value} | ({"id": block_id} if block_id else {})


def test_ids_are_unique_within_a_stream() -> None:
    block = ContentBlocks()
    cleaned = block.clean(block.to_python([heading("a", ONE), heading("b", ONE)]))
    ids = [child.id for child in cleaned]
    assert ids[0] == ONE
    assert len(set(ids)) == 2
    assert [child.value["en"] for child in cleaned] == ["a", "b"]


def test_a_block_without_an_id_keeps_the_one_its_unit_was_given(home: HomePage) -> None:
    page = ContentPage(name_en="About", body=[heading("a"), heading("b")])
    paths = [unit.path for unit in stream_units("body", page.body)]
    assert len(set(paths)) == 2
    home.add_child(instance=page)
    saved = ContentPage.objects.get(pk=page.pk)
    assert [unit.path for unit in stream_units("body", saved.body)] == paths


def test_a_picture_says_its_alternative_in_every_language() -> None:
    children = PictureBlock().child_blocks
    assert isinstance(children["alternative"], TranslatedText)
    assert isinstance(children["caption"], TranslatedText)


def test_units_of_blocks_within_blocks_have_paths_of_their_own(home: HomePage) -> None:
    caption = {"lo": "", "vi": "Ảnh", "en": "Photo"}
    value = {"image": None, "alternative": {"en": "A weld"}, "caption": caption}
    page = content_page(
        home, name_en="About", body=[{"type": "picture", "id": ONE, "value": value}]
    )
    units = {unit.path: unit.texts for unit in stream_units("body", page.body)}
    assert units[f"body.{ONE}.caption"] == caption
    assert units[f"body.{ONE}.alternative"]["en"] == "A weld"


def test_text_that_falls_back_says_in_which_language_it_is() -> None:
    value = TranslatedText().to_python({"lo": "", "vi": "Ai", "en": ""})
    text = value.local("lo")
    assert (text.text, text.language, text.is_fallback) == ("Ai", "vi", True)
    assert value.local("lo", ready=("lo", "en")) is None
