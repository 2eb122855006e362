"""A dialogue pasted as lines: `speaker: text = translation`, or the same with tabs.

Several translations stand behind each other with `|` between them, in the site's order of
languages without the taught one: Vietnamese | English for a course of Lao, Lao | English for a
course of Vietnamese. Two lines or more make a dialogue; blank lines are passed over.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.languages import CODES
from core.translated import LANGUAGE_CHOICES, normalise_input

MOST_CHARACTERS = 20_000
# As many as the block holds.
MOST_LINES = 30
MOST_SPEAKER = 60
MOST_TEXT = 300
_LAO = re.compile("[\u0e80-\u0eff]")
_NAMES = dict(LANGUAGE_CHOICES)


@dataclass
class PastedLine:
    """One line of a dialogue; `translation` maps language codes to texts."""

    speaker: str
    text: str
    translation: dict[str, str] = field(default_factory=dict)


class PasteError(ValueError):
    """What was pasted is no dialogue; `messages` names each wrong line."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


def read_lines(pasted: str) -> list[PastedLine]:
    """The lines of a pasted dialogue. Raises PasteError, and then nothing is taken."""
    if len(pasted) > MOST_CHARACTERS:
        raise PasteError([_("This is too long. Paste one dialogue at a time.")])
    rows = [
        (number, row.strip())
        for number, row in enumerate(normalise_input(pasted).split("\n"), start=1)
        if row.strip()
    ]
    if not rows:
        raise PasteError([_("Paste the lines of a dialogue first.")])
    if len(rows) > MOST_LINES:
        raise PasteError(
            [
                _("These are %(n)s lines; a dialogue holds %(most)s.")
                % {"n": len(rows), "most": MOST_LINES}
            ]
        )
    found, errors = [], []
    cut = [(number, *_cut(row)) for number, row in rows]
    taught = "lo" if any(_LAO.search(text) for _n, _speaker, text, _told in cut) else "vi"
    for number, speaker, text, told in cut:
        line = PastedLine(speaker, text)
        message = _wrong(line) or _translate(line, told, taught)
        if message:
            errors.append(_("Line %(n)s: %(message)s") % {"n": number, "message": message})
        found.append(line)
    if errors:
        raise PasteError(errors)
    return found


def _cut(row: str) -> tuple[str, str, list[str]]:
    """(speaker, text, translations) of a row; '' for what is not there."""
    if "\t" in row:
        cells = [cell.strip() for cell in row.split("\t")]
        # A spreadsheet has a cell for each language, or one for all of them.
        told = [part for cell in cells[2:] for part in cell.split("|")]
        return cells[0].rstrip(":： "), cells[1], [text.strip() for text in told]
    speaker, colon, rest = row.replace("：", ":", 1).partition(":")
    if not colon:
        return "", row, []
    text, equals, told_text = rest.partition("=")
    told = told_text.split("|") if equals else []
    return speaker.strip(), text.strip(), [part.strip() for part in told]


def _wrong(line: PastedLine) -> str:
    if not line.speaker:
        return _("write who speaks, and a colon behind it.")
    if not line.text:
        return _("nothing is said.")
    if len(line.speaker) > MOST_SPEAKER:
        return _("the name of the speaker is too long.")
    if len(line.text) > MOST_TEXT:
        return _("the text is longer than %(n)s characters.") % {"n": MOST_TEXT}
    return ""


def _translate(line: PastedLine, told: list[str], taught: str) -> str:
    """Give a line its translations; what is wrong with them, or ''."""
    others = [code for code in CODES if code != taught]
    if len(told) > len(others):
        return _("there are more translations than languages.")
    for code, text in zip(others, told, strict=False):
        if len(text) > MOST_TEXT:
            return _("the translation is longer than %(n)s characters.") % {"n": MOST_TEXT}
        if bool(_LAO.search(text)) != (code == "lo") and text:
            return _("“%(text)s” stands where %(language)s is expected.") % {
                "text": text[:40],
                "language": _NAMES[code],
            }
        line.translation[code] = text
    return ""
