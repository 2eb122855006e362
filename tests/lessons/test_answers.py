"""One table of typed answers, read by the server's comparison and by the browser's."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

import lessons
from lessons.exercises import compare_answer
from orthography import normalise

CASES = json.loads((Path(__file__).parent / "answers.json").read_text())["cases"]
SCRIPT = Path(lessons.__file__).parent / "static/lessons/answers.js"
CONTENT = Path(lessons.__file__).parent / "content"

RUN = """
import { compareAnswer, fold, normalise } from "ANSWERS";
let text = "";
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  const { cases, texts } = JSON.parse(text);
  process.stdout.write(JSON.stringify({
    verdicts: cases.map(([, language, typed, right]) => compareAnswer(typed, right, language)),
    normal: texts.map(normalise),
  }));
});
"""


def in_node(texts: list[str]) -> dict[str, list[str]]:
    """What the browser's module makes of the cases, and of `texts` when normalised."""
    result = subprocess.run(
        ["node", "--input-type=module", "-e", RUN.replace("ANSWERS", SCRIPT.as_uri())],
        input=json.dumps({"cases": CASES, "texts": texts}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, list[str]] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[-1])
def test_the_server_finds_each_verdict(case: list) -> None:
    verdict, language, typed, right, _ = case
    assert compare_answer(typed, right, language).value == verdict


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_browser_finds_the_same_verdicts() -> None:
    found = in_node([])["verdicts"]
    wrong = [(case, got) for case, got in zip(CASES, found, strict=True) if case[0] != got]
    assert not wrong


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_browser_normalises_as_the_server_does() -> None:
    words = [word for path in CONTENT.glob("*/*.yaml") for word in path.read_text().split()]
    # Also with marks in every order, as different keyboards leave them.
    marks = ["ກ" + "".join((a, b, c)) for a in "ີ້ຼໍ" for b in "ຸ່າຳ" for c in "້າຳໍ"]
    # And the spellings that are mended before they are stored.
    mended = [("ໜ", "ຫນ"), ("ໝ", "ຫມ"), ("ແ", "ເເ"), ("ຳ", "ໍາ")]
    typed = [word.replace(one, two) for word in words for one, two in mended if one in word]
    apart = [unicodedata.normalize("NFD", word) for word in words]
    texts = [*dict.fromkeys([*words, *typed, *apart]), *marks]
    found = in_node(texts)["normal"]
    assert [t for t, got in zip(texts, found, strict=True) if normalise(t) != got] == []
