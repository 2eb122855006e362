"""The `language` mark of the rich text editor."""

import json

import pytest
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.rich_text import features

from core.blocks import RICH_TEXT_FEATURES


@pytest.fixture
def converter() -> ContentstateConverter:
    return ContentstateConverter(RICH_TEXT_FEATURES)


def saved(converter: ContentstateConverter, html: str) -> str:
    return converter.to_database_format(converter.from_database_format(html))


@pytest.mark.parametrize("code", ["lo", "vi", "en"])
def test_marked_words_keep_their_language(converter: ContentstateConverter, code: str) -> None:
    html = f'<p data-block-key="abcde">Say <span lang="{code}">ນ້ຳ</span> aloud.</p>'
    assert saved(converter, html) == html
    styles = json.loads(converter.from_database_format(html))["blocks"][0]["inlineStyleRanges"]
    assert styles == [{"offset": 4, "length": 3, "style": f"LANGUAGE_{code.upper()}"}]


@pytest.mark.parametrize(
    "html",
    [
        '<p data-block-key="abcde">a <span lang="fr">mot</span></p>',
        '<p data-block-key="abcde">a <span style="color:red">mot</span></p>',
        '<p data-block-key="abcde">a <span lang="lo" onclick="x()">mot</span></p>',
        '<p data-block-key="abcde">a <script>x()</script><img src="x" onerror="x()"/>mot</p>',
    ],
)
def test_nothing_else_survives(converter: ContentstateConverter, html: str) -> None:
    result = saved(converter, html)
    for unwanted in ("fr", "style", "onclick", "onerror", "<script", "<img"):
        assert unwanted not in result
    assert "mot" in result


def test_no_images_inside_rich_text_and_every_feature_is_known() -> None:
    assert not {"image", "embed"} & set(RICH_TEXT_FEATURES)
    for name in RICH_TEXT_FEATURES:
        assert features.get_editor_plugin("draftail", name) is not None
