"""The own progress in a real browser: saved as a file, brought back, refused, wiped."""

import json
from pathlib import Path
from typing import Any

import pytest

from .browsing import IN_BROWSER
from .learner import NO_STORAGE, Learner

pytestmark = IN_BROWSER
LESSONS = {"version": 1, "lessons": {"abc": {"e1": "2026-05-02", "e2": "2026-05-02"}}}
# Reviewed on 1 May 2026, due three days later.
CARD = [1777852800, 1777593600, 3.17, 5.28, 3, 1, 0, 2]


def stored(phone: Learner) -> dict[str, Any]:
    found: dict[str, Any] = phone.page.evaluate(
        "({lessons: JSON.parse(localStorage.lessons || 'null'),"
        " cards: JSON.parse(localStorage.cards || 'null')})"
    )
    return found


def progress_file(**changes: Any) -> str:
    return json.dumps(
        {
            "format": "mittaphap-progress",
            "version": 1,
            "saved": "2026-05-02T10:00:00Z",
            "lessons": LESSONS["lessons"],
            "cards": {"b234567890 lo-vi": CARD},
            **changes,
        }
    )


def bring(phone: Learner, text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    phone.find("outcome").evaluate("note => { note.hidden = true }")
    phone.find("import").set_input_files(
        {"name": "p.json", "mimeType": "application/json", "buffer": data}
    )
    phone.find("outcome").wait_for()
    return phone.text("outcome")


def with_progress(phone: Learner) -> None:
    """A device that has some already."""
    cards = {"version": 1, "cards": {"b234567890 lo-vi": CARD, "c234567890 vi-lo": CARD}}
    phone.open("/en/practice/progress/")
    phone.page.evaluate(
        "([lessons, cards]) => { localStorage.lessons = lessons; localStorage.cards = cards }",
        [json.dumps(LESSONS), json.dumps(cards)],
    )
    phone.open("/en/practice/progress/")


def test_progress_goes_to_another_device_and_back(
    phone: Learner, home: Any, tmp_path: Path
) -> None:
    with_progress(phone)
    assert [phone.text(n) for n in ("lessons", "exercises", "cards")] == ["1", "2", "2"]
    phone.check()
    phone.fits()
    with phone.page.expect_download() as download:
        phone.find("export").tap()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    before = stored(phone)
    phone.page.locator("[data-wipe-box] summary").tap()
    phone.find("wipe").tap()
    assert phone.find("wiped").is_visible()
    assert [phone.text(n) for n in ("lessons", "exercises", "cards")] == ["0", "0", "0"]
    phone.requests.clear()
    assert "1 lessons and 2 cards" in bring(phone, saved.read_bytes())
    assert stored(phone) == before
    assert phone.requests == []
    phone.check()


def test_brought_progress_is_joined_with_what_is_there(phone: Learner, home: Any) -> None:
    with_progress(phone)
    later = [CARD[0] + 9000000, CARD[1] + 400000, *CARD[2:]]
    earlier = [CARD[0] - 900, CARD[1] - 900, *CARD[2:]]
    text = progress_file(
        lessons={"abc": {"e2": "2026-05-01", "e3": "2026-05-03"}, "def": {"e1": "2026-05-03"}},
        cards={"b234567890 lo-vi": later, "c234567890 vi-lo": earlier, "d234567890 lo-vi": CARD},
    )
    bring(phone, text)
    found = stored(phone)
    assert found["lessons"]["lessons"] == {
        "abc": {"e1": "2026-05-02", "e2": "2026-05-01", "e3": "2026-05-03"},
        "def": {"e1": "2026-05-03"},
    }
    assert found["cards"]["cards"] == {
        "b234567890 lo-vi": later,
        "c234567890 vi-lo": CARD,
        "d234567890 lo-vi": CARD,
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read"),
        (progress_file()[:-20], "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        ("[]", "no progress of this site"),
        ('{"cards": {}}', "no progress of this site"),
        (progress_file(version=2), "newer version"),
        (progress_file(version="1"), "makes no sense"),
        (progress_file(cards=None), "makes no sense"),
        (progress_file(cards={"x": CARD}), "makes no sense"),
        (progress_file(cards={"b234567890 lo-vi": CARD[:-1]}), "makes no sense"),
        (progress_file(cards={"b234567890 lo-vi": [1e300, *CARD[1:]]}), "makes no sense"),
        (progress_file(cards={"b234567890 lo-vi": ["<b>", *CARD[1:]]}), "makes no sense"),
        (progress_file(lessons={"abc": {"e1": "yesterday"}}), "makes no sense"),
        (progress_file(lessons={"abc": ["e1"]}), "makes no sense"),
        (progress_file().replace('"abc"', '"__proto__"'), "makes no sense"),
        ("[" * 6_000_000, "too large"),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_a_bad_file_is_refused_and_the_progress_kept(
    phone: Learner, home: Any, text: str | bytes, reason: str
) -> None:
    with_progress(phone)
    before = stored(phone)
    told = bring(phone, text)
    assert reason in told
    assert "Nothing was changed" in told
    assert stored(phone) == before


def test_a_full_device_keeps_what_it_has(phone: Learner, home: Any) -> None:
    with_progress(phone)
    before = stored(phone)
    # Only lessons find no room: what was stored of the cards must go back too.
    phone.page.evaluate(
        "const set = Storage.prototype.setItem;"
        "Storage.prototype.setItem = function (key, value) {"
        " if (key === 'lessons' && value.includes('def')) throw new DOMException('x',"
        " 'QuotaExceededError'); set.call(this, key, value) }; null"
    )
    told = bring(
        phone,
        progress_file(lessons={"def": {"e1": "2026-05-03"}}, cards={"d234567890 lo-vi": CARD}),
    )
    assert "no room" in told
    assert stored(phone) == before


def test_where_nothing_can_be_kept_a_file_still_counts_and_that_is_said(
    phone: Learner, home: Any
) -> None:
    phone.context.add_init_script(NO_STORAGE)
    phone.open("/en/practice/progress/")
    assert "taken in" in bring(phone, progress_file())
    assert phone.text("cards") == "1"
    assert "does not let the site keep" in phone.text("forgets")
