"""Pasted dialogues: what is read, and what is said about lines that are none."""

import pytest
from django.test import Client
from django.urls import reverse

from lessons.dialogue_lines import MOST_CHARACTERS, PasteError, read_lines
from tests.core.editor import signed_in
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("pasted", "speaker", "text", "translation"),
    [
        ("ຄູ: ສະບາຍດີ = Xin chào", "ຄູ", "ສະບາຍດີ", {"vi": "Xin chào"}),
        ("ຄູ: ສະບາຍດີ = Xin chào | Hello", "ຄູ", "ສະບາຍດີ", {"vi": "Xin chào", "en": "Hello"}),
        ("ຄູ: ສະບາຍດີ =  | Hello", "ຄູ", "ສະບາຍດີ", {"vi": "", "en": "Hello"}),
        ("ຄູ：ສະບາຍດີ", "ຄູ", "ສະບາຍດີ", {}),
        ("Cô: Chào em = ສະບາຍດີ | Hello", "Cô", "Chào em", {"lo": "ສະບາຍດີ", "en": "Hello"}),
        ("Cô\tChào em\tສະບາຍດີ\tHello", "Cô", "Chào em", {"lo": "ສະບາຍດີ", "en": "Hello"}),
        ("Cô:\tChào em\tສະບາຍດີ | Hello", "Cô", "Chào em", {"lo": "ສະບາຍດີ", "en": "Hello"}),
        ("Cô: Mấy giờ? 8:30 = ຈັກໂມງ? 8:30", "Cô", "Mấy giờ? 8:30", {"lo": "ຈັກໂມງ? 8:30"}),
        ("\n\nCô: Chào\r\n", "Cô", "Chào", {}),
        # Composed as it is stored, whatever the keyboard wrote.
        ("Co\u0302: Cha\u0300o", "Cô", "Chào", {}),
    ],
)
def test_a_line_becomes_speaker_text_and_translations(
    pasted: str, speaker: str, text: str, translation: dict[str, str]
) -> None:
    (line,) = read_lines(pasted)
    assert (line.speaker, line.text, line.translation) == (speaker, text, translation)


@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("", "Paste the lines of a dialogue first."),
        ("Chào em", "Line 1: write who speaks, and a colon behind it."),
        ("Cô: Chào\n\nEm:", "Line 3: nothing is said."),
        ("Cô: = ສະບາຍດີ", "Line 1: nothing is said."),
        (f"{'x' * 61}: Chào", "Line 1: the name of the speaker is too long."),
        (f"Cô: {'x' * 301}", "Line 1: the text is longer than 300 characters."),
        (f"Cô: a = {'ກ' * 301}", "Line 1: the translation is longer than 300 characters."),
        ("Cô: Chào = Hello", "Line 1: “Hello” stands where Lao is expected."),
        ("ຄູ: ດີ = tốt | ດີ", "Line 1: “ດີ” stands where English is expected."),
        ("Cô: a = ກ | b | c", "Line 1: there are more translations than languages."),
        ("Cô: Chào\n" * 31, "These are 31 lines; a dialogue holds 30."),
        ("x" * (MOST_CHARACTERS + 1), "This is too long. Paste one dialogue at a time."),
    ],
)
def test_what_is_wrong_is_said_by_line(pasted: str, message: str) -> None:
    with pytest.raises(PasteError) as refused:
        read_lines(pasted)
    assert refused.value.messages == [message]


def test_every_wrong_line_is_named() -> None:
    with pytest.raises(PasteError) as refused:
        read_lines("a\nCô: Chào\nb")
    assert [message[:6] for message in refused.value.messages] == ["Line 1", "Line 3"]


@pytest.mark.django_db
def test_the_editor_gets_lines_or_errors(client: Client) -> None:
    signed_in(client)
    address = reverse("lessons_admin:dialogue_lines")
    answer = client.post(address, {"text": "Cô: Chào = ສະບາຍດີ"})
    line = {"speaker": "Cô", "text": "Chào", "translation": {"lo": "ສະບາຍດີ"}}
    assert answer.json() == {"lines": [line]}
    answer = client.post(address, {"text": "Chào"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0].startswith("Line 1")
    assert client.get(address).status_code == 405


@pytest.mark.django_db
def test_only_editors_may_ask(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.post(reverse("lessons_admin:dialogue_lines")).status_code == 302
