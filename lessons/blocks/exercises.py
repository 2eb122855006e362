"""Exercises: each checks itself in the browser, says why, and can be solved without it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks import TranslatedText
from core.languages import CODES
from lessons.exercises import equal_options, gap_answers, plain

from .choosers import ConceptChooserBlock, PictureChooserBlock, RecordingChooserBlock
from .previews import Previewed
from .spoken import SpokenText, TaughtText

GROUP = _("Exercises")
#: Field name → what is wrong with it.
Problems = dict[str, str]


class ExerciseBlock(Previewed, blocks.StructBlock):
    """Base: a question, an explanation, and a check that the exercise can be solved.

    An exercise that cannot be solved may be saved as a draft, but not published; the lesson's
    checklist names it at once (lessons.checklist).
    """

    question = TranslatedText(
        label=_("question"),
        max_length=300,
        required=False,
        help_text=_("Leave empty for the usual one."),
    )
    why = TranslatedText(
        label=_("explanation"),
        max_length=500,
        required=False,
        help_text=_("Shown after the answer: say why it is so."),
    )

    def problems(self, value: Any) -> Problems:
        """Why this exercise cannot be solved; empty where it can."""
        return {}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        found = {} if self.is_deferred_validation else self.problems(cleaned)
        if found:
            raise StructBlockValidationError(
                {name: ValidationError(message) for name, message in found.items()}
            )
        return cleaned


class OptionBlock(blocks.StructBlock):
    """One answer to choose from: in the taught language or the reader's, a picture or a sound."""

    text = TaughtText(label=_("in the taught language"), max_length=200, required=False)
    label = TranslatedText(label=_("or in the reader's language"), max_length=200, required=False)
    picture = PictureChooserBlock(label=_("or a picture"), required=False)
    # Not `recording`: where a text is there as well, the sound is the answer, and its text is
    # shown only afterwards; so no worklist and no synthetic voice may fill it in by itself.
    sound = RecordingChooserBlock(
        label=_("or a sound"),
        required=False,
        help_text=_("The text in the taught language is then shown after the answer."),
    )
    right = blocks.BooleanBlock(label=_("right"), required=False)
    why = TranslatedText(label=_("explanation"), max_length=300, required=False)


def option_key(option: Any) -> str:
    """What makes an option different from the others."""
    if option.get("text"):
        return str(option["text"])
    for name in ("picture", "sound"):
        if option.get(name):
            return f"{name} {option[name].pk}"
    return " ".join(str(option["label"].get(code) or "") for code in CODES).strip()


def option_problems(options: list[Any]) -> Problems:
    """Fewer than two options, none right, all right, an empty one, or two alike."""
    keys = [option_key(option) for option in options]
    right = sum(bool(option.get("right")) for option in options)
    if len(options) < 2:
        return {"options": _("Give at least two answers to choose from.")}
    if not all(keys):
        return {"options": _("One of the answers is empty.")}
    if equal_options(keys):
        return {"options": _("Two of the answers are the same.")}
    if not right:
        return {"options": _("Mark the right answer.")}
    if right == len(options):
        return {"options": _("All answers are marked as right.")}
    return {}


class ChoiceBlock(ExerciseBlock):
    """Choose the right answer."""

    options = blocks.ListBlock(OptionBlock(), label=_("answers"), max_num=8)

    def problems(self, value: Any) -> Problems:
        return option_problems(value["options"])

    class Meta:
        icon = "radio-full"
        label = _("Multiple choice")
        description = _("Choose the right one of several texts, pictures or sounds.")
        template = "lessons/blocks/choice.html"


class ListenChooseBlock(ChoiceBlock):
    """Listen, then choose what was said."""

    say = SpokenText(label=_("what is heard"))

    class Meta:
        icon = "lesson-listen"
        label = _("Listen and choose")
        description = _("Listen, then choose what was said.")
        template = "lessons/blocks/listen_choose.html"


class MinimalPairOption(blocks.StructBlock):
    """One of two words that differ in one sound or tone."""

    text = TaughtText(label=_("word"), max_length=60)
    meaning = TranslatedText(label=_("meaning"), max_length=100)


class MinimalPairBlock(ExerciseBlock):
    """Which of two words that sound nearly the same was said?"""

    say = SpokenText(label=_("what is heard"))
    options = blocks.ListBlock(MinimalPairOption(), label=_("words"), min_num=2, max_num=4)

    def problems(self, value: Any) -> Problems:
        words = [option["text"] for option in value["options"]]
        if len(words) < 2:
            return {"options": _("Give two words.")}
        if equal_options(words):
            return {"options": _("Two of the words are the same.")}
        if plain(value["say"]["text"]) not in {plain(word) for word in words}:
            return {"say": _("What is heard must be one of the words.")}
        return {}

    class Meta:
        icon = "resubmit"
        label = _("Minimal pair")
        description = _("Two words that differ in one sound: which one was said?")
        template = "lessons/blocks/minimal_pair.html"


class MatchPair(blocks.StructBlock):
    """Two things that belong together."""

    left = TaughtText(label=_("taught language"), max_length=100)
    right = TranslatedText(label=_("what it means"), max_length=100)


class MatchBlock(ExerciseBlock):
    """Put together what belongs together."""

    pairs = blocks.ListBlock(MatchPair(), label=_("pairs"), max_num=8)

    def problems(self, value: Any) -> Problems:
        pairs = value["pairs"]
        if len(pairs) < 2:
            return {"pairs": _("Give at least two pairs.")}
        if equal_options([pair["left"] for pair in pairs]):
            return {"pairs": _("Two words are the same.")}
        for code in CODES:
            if equal_options([str(pair["right"].get(code) or "") for pair in pairs]):
                return {"pairs": _("Two meanings are the same.")}
        return {}

    class Meta:
        icon = "link"
        label = _("Match pairs")
        description = _("Put words and their meanings together.")
        template = "lessons/blocks/match.html"


class OrderBlock(ExerciseBlock):
    """Put the pieces in order: words, or syllables for Lao."""

    pieces = blocks.ListBlock(
        TaughtText(max_length=60), label=_("pieces, in the right order"), max_num=14
    )
    translation = TranslatedText(label=_("translation"), max_length=300, required=False)

    def problems(self, value: Any) -> Problems:
        pieces = [str(piece or "").strip() for piece in value["pieces"]]
        if len(pieces) < 2:
            return {"pieces": _("Give at least two pieces.")}
        if not all(pieces):
            return {"pieces": _("One of the pieces is empty.")}
        if len(set(map(plain, pieces))) < 2:
            return {"pieces": _("All pieces are the same.")}
        return {}

    class Meta:
        icon = "order"
        label = _("Put in order")
        description = _("Put words, or Lao syllables, in the right order.")
        template = "lessons/blocks/order.html"


class GapBlock(ExerciseBlock):
    """Fill in what is missing."""

    text = TaughtText(
        label=_("text"),
        max_length=500,
        help_text=_("Put what is missing between double brackets: Tôi [[là]] thợ hàn."),
    )
    accept = blocks.ListBlock(
        TaughtText(max_length=200, required=False),
        label=_("further right answers"),
        help_text=_("A line for each gap, in order; several answers with | between them."),
        required=False,
        default=[],
    )
    translation = TranslatedText(label=_("translation"), max_length=300, required=False)

    def problems(self, value: Any) -> Problems:
        answers = gap_answers(value["text"])
        if not answers:
            return {"text": _("Mark a gap: put the missing word between [[ and ]].")}
        if not all(plain(answer) for answer in answers):
            return {"text": _("One of the gaps is empty.")}
        if len(value["accept"]) > len(answers):
            return {"accept": _("There are more lines than gaps.")}
        return {}

    class Meta:
        icon = "minus"
        label = _("Fill the gap")
        description = _("Type what is missing; nearly right answers are told so.")
        template = "lessons/blocks/gap.html"


class DictationBlock(ExerciseBlock):
    """Write what is heard."""

    say = SpokenText(label=_("what is heard"))
    translation = TranslatedText(label=_("translation"), max_length=300, required=False)

    def problems(self, value: Any) -> Problems:
        if not plain(value["say"]["text"]):
            return {"say": _("Write what is heard.")}
        return {}

    class Meta:
        icon = "edit"
        label = _("Dictation")
        description = _("Listen and write.")
        template = "lessons/blocks/dictation.html"


class PictureTermBlock(ChoiceBlock):
    """Which word belongs to the picture?"""

    concept = ConceptChooserBlock(label=_("term of the glossary with a picture"), required=False)
    picture = PictureChooserBlock(label=_("or a picture"), required=False)
    pictogram = blocks.CharBlock(label=_("or a pictogram"), max_length=60, required=False)

    def problems(self, value: Any) -> Problems:
        if not (value["concept"] or value["picture"] or value["pictogram"]):
            return {"picture": _("Choose a picture.")}
        return super().problems(value)

    class Meta:
        icon = "image"
        label = _("Picture and term")
        description = _("Which word belongs to the picture?")
        template = "lessons/blocks/picture_term.html"


class SpeakBlock(ExerciseBlock):
    """Say it, and hear yourself beside the model. Nothing leaves the device."""

    say = SpokenText(label=_("what to say"))
    translation = TranslatedText(label=_("translation"), max_length=300, required=False)

    class Meta:
        icon = "lesson-speak"
        label = _("Speak and compare")
        description = _("Record yourself and listen beside the model; it stays on the device.")
        template = "lessons/blocks/speak.html"


EXERCISES = [
    ("choice", ChoiceBlock(group=GROUP)),
    ("listen_choose", ListenChooseBlock(group=GROUP)),
    ("minimal_pair", MinimalPairBlock(group=GROUP)),
    ("match", MatchBlock(group=GROUP)),
    ("order", OrderBlock(group=GROUP)),
    ("gap", GapBlock(group=GROUP)),
    ("dictation", DictationBlock(group=GROUP)),
    ("picture_term", PictureTermBlock(group=GROUP)),
    ("speak", SpeakBlock(group=GROUP)),
]
