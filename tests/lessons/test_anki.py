"""lessons.anki, read by Anki itself."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from glossary.models import Concept
from lessons import anki as packages
from lessons.practice_lists import MAX_IDS
from tests.factories import TradeFactory

from .practising import PHRASE, concepts, vietnamese_lesson, with_sound_and_picture

collection = pytest.importorskip("anki.collection", reason="anki is not installed")

pytestmark = pytest.mark.django_db


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Any]:
    """An empty collection of Anki."""
    opened = collection.Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def package_of(client: Client, *ids: str, query: str = "?name=Bài") -> bytes:
    response = client.get(f"/vi/practice/list/{'.'.join(ids)}/words.apkg{query}")
    assert response.status_code == 200
    return response.content


def take_in(anki: Any, content: bytes, folder: Path) -> Any:
    """Import a package as a learner does; what Anki says of its notes."""
    path = folder / "words.apkg"
    path.write_bytes(content)
    options = collection.ImportAnkiPackageOptions(with_scheduling=False)
    request = collection.ImportAnkiPackageRequest(package_path=str(path), options=options)
    return anki.import_anki_package(request).log


@pytest.fixture
def made(home: Any) -> list[Concept]:
    first, second, third = concepts(3)
    return [with_sound_and_picture(first), second, third]


def ids_of(made: list[Concept]) -> list[str]:
    return [concept.public_id for concept in made]


def test_anki_takes_every_word_both_ways(
    client: Client, anki: Any, made: list[Concept], tmp_path: Path
) -> None:
    log = take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    assert len(log.new) == 3
    assert anki.note_count() == 3
    assert anki.card_count() == 6
    assert [deck.name for deck in anki.decks.all_names_and_ids() if "::" in deck.name] == [
        "Mittaphap::Bài"
    ]


def test_a_second_import_adds_nothing(
    client: Client, anki: Any, made: list[Concept], tmp_path: Path
) -> None:
    take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    again = take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    assert len(again.new) == 0
    other = take_in(anki, package_of(client, *ids_of(made)[::-1], query="?name=other"), tmp_path)
    assert len(other.new) == 0
    assert anki.note_count() == 3
    assert anki.card_count() == 6
    assert len([n for n in anki.models.all_names_and_ids() if n.name.startswith("Mitta")]) == 1


def test_a_corrected_word_updates_its_note(
    client: Client, anki: Any, made: list[Concept], tmp_path: Path
) -> None:
    take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    made[1].terms.filter(language="vi").update(text="que hàn điện")
    made[1].save()
    log = take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    assert len(log.new) == 0
    assert anki.find_notes("Vietnamese:*điện*")
    assert anki.note_count() == 3


def test_sounds_and_pictures_come_along(
    client: Client, anki: Any, made: list[Concept], tmp_path: Path
) -> None:
    take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    folder = Path(anki.media.dir())
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert sum(name.endswith(".mp3") for name in names) == 2
    assert all(name.startswith("mittaphap-") for name in names)
    assert all((folder / name).stat().st_size > 100 for name in names)
    report = anki.media.check()
    assert not report.missing
    assert not report.unused
    note = anki.get_note(anki.find_notes("hammer")[0])
    assert note["Lao sound"].startswith("[sound:mittaphap-")
    assert '<img src="mittaphap-' in note["Picture"]
    assert 'alt="A hammer"' in note["Picture"]


def test_the_cards_say_which_language_a_word_is_in(
    client: Client, anki: Any, made: list[Concept], tmp_path: Path
) -> None:
    take_in(anki, package_of(client, *ids_of(made)), tmp_path)
    fronts = [anki.get_card(card).question() for card in anki.find_cards("hammer")]
    assert '<div class="term" lang="lo">ຄ້ອນ</div>' in fronts[0]
    assert '<div class="term" lang="vi">búa</div>' in fronts[1]
    assert "hammer" not in "".join(fronts)
    back = anki.get_card(anki.find_cards("hammer")[0]).answer()
    assert "búa" in back
    assert '<span lang="en">hammer</span>' in back


def test_a_lesson_makes_a_package_with_its_phrases(
    client: Client, anki: Any, home: Any, tmp_path: Path
) -> None:
    lesson = vietnamese_lesson(home, PHRASE)
    response = client.get(f"/vi/practice/lesson/{lesson.public_id}/words.apkg")
    take_in(anki, response.content, tmp_path)
    note = anki.get_note(anki.find_notes("")[0])
    assert (note["Lao"], note["Vietnamese"]) == ("ສະບາຍດີ", "xin chào")
    assert note["Lao pronunciation"] == "xa-bai-đi"


def test_two_packages_of_one_moment_do_not_replace_each_other(
    client: Client, anki: Any, home: Any, tmp_path: Path
) -> None:
    other = {**PHRASE, "id": "entry-2", "value": {**PHRASE["value"], "text": "ລາກ່ອນ"}}
    for slug, phrase in (("one", PHRASE), ("two", other)):
        lesson = vietnamese_lesson(home, phrase, slug=slug)
        response = client.get(f"/vi/practice/lesson/{lesson.public_id}/words.apkg")
        assert len(take_in(anki, response.content, tmp_path).new) == 1
    assert anki.note_count() == 2
    assert anki.card_count() == 4


def test_text_is_no_markup(client: Client, anki: Any, home: Any, tmp_path: Path) -> None:
    concept = concepts(1)[0]
    concept.terms.filter(language="vi").update(text="<b>&{{Lao}}")
    content = package_of(client, concept.public_id, query="?name=<i>::a%22")
    take_in(anki, content, tmp_path)
    note = anki.get_note(anki.find_notes("")[0])
    assert note["Vietnamese"] == "&lt;b&gt;&amp;{{Lao}}"
    assert "&lt;b&gt;" in anki.get_card(anki.find_cards("")[0]).answer()


def test_words_without_a_pair_are_left_out(client: Client, home: Any) -> None:
    concept = concepts(1)[0]
    concept.terms.filter(language="lo").delete()
    content = package_of(client, concept.public_id)
    assert json.loads(zipfile.ZipFile(BytesIO(content)).read("media")) == {}


def test_lost_and_too_many_files_are_left_out(
    client: Client, made: list[Concept], monkeypatch: Any
) -> None:
    for term in made[0].terms.filter(language="lo"):
        assert term.recording is not None
        term.recording.mp3.storage.delete(term.recording.mp3.name)
    content = package_of(client, *ids_of(made))
    assert len(json.loads(zipfile.ZipFile(BytesIO(content)).read("media"))) == 2
    monkeypatch.setattr(packages, "MAX_MEDIA", 10)
    content = package_of(client, *ids_of(made))
    assert json.loads(zipfile.ZipFile(BytesIO(content)).read("media")) == {}


def test_who_has_the_package_is_not_sent_it_again(
    client: Client, made: list[Concept], monkeypatch: Any
) -> None:
    url = f"/vi/practice/list/{made[0].public_id}/words.apkg"
    first = client.get(url)
    assert first["Content-Disposition"].endswith('.apkg"')
    assert first["Cache-Control"] == "public, max-age=3600"

    def never(found: Any) -> bytes:
        raise AssertionError

    monkeypatch.setattr("lessons.views.build_package", never)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    made[0].terms.filter(language="vi").update(text="cái búa")
    with pytest.raises(AssertionError):
        client.get(url, headers={"If-None-Match": first["ETag"]})


def test_it_is_not_compressed_twice(client: Client, made: list[Concept]) -> None:
    url = f"/vi/practice/list/{made[0].public_id}/words.apkg"
    response = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response
    assert not response["ETag"].startswith("W/")


def test_long_lists_are_bounded(client: Client, home: Any, anki: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("lessons.views.MAX_NOTES", 2)
    concepts(3, trades=[TradeFactory()])
    content = client.get("/vi/practice/trade/welder/words.apkg").content
    assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    assert MAX_IDS <= packages.MAX_NOTES
