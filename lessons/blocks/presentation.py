"""Blocks that show the language: sound, dialogue, vocabulary, grammar, letters, tones, signs."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks import PictureBlock, TranslatedRichText, TranslatedText

from .choosers import ConceptChooserBlock, PictureChooserBlock, RecordingChooserBlock
from .previews import Previewed
from .spoken import PhraseBlock, SpokenText, TaughtText

SHOWN = _("Showing the language")
PLAIN = _("Text and pictures")
TEACHING = _("For teachers")


class LessonParagraphs(Previewed, TranslatedRichText):
    """Text with headings, lists and links."""


class LessonPicture(Previewed, PictureBlock):
    """A picture with its caption."""


class AudioBlock(Previewed, blocks.StructBlock):
    """A recording to listen to, with what is said."""

    title = TranslatedText(label=_("title"), max_length=200, required=False)
    recording = RecordingChooserBlock(label=_("recording"))
    transcript = TaughtText(label=_("what is said"), max_length=2000, required=False)

    class Meta:
        icon = "media"
        label = _("Audio")
        description = _("A recording to listen to, with its text.")
        template = "lessons/blocks/audio.html"


class DialogueLine(PhraseBlock):
    """One line of a dialogue."""

    speaker = blocks.CharBlock(label=_("speaker"), max_length=60)

    class Meta:
        label = _("Line")
        form_layout = ["speaker", "text", "pronunciation", "recording", "translation"]


class DialogueBlock(Previewed, blocks.StructBlock):
    """A conversation, line by line."""

    title = TranslatedText(label=_("title"), max_length=200, required=False)
    lines = blocks.ListBlock(DialogueLine(), label=_("lines"), max_num=30)

    class Meta:
        icon = "openquote"
        label = _("Dialogue")
        description = _("A conversation line by line, with sound and translation.")
        template = "lessons/blocks/dialogue.html"


class VocabularyEntry(PhraseBlock):
    """A term of the glossary, or a free word with its translation."""

    concept = ConceptChooserBlock(
        label=_("term of the glossary"),
        required=False,
        help_text=_("Its words and sounds are shown; leave the rest empty."),
    )
    text = TaughtText(label=_("or a free word"), max_length=300, required=False)

    class Meta:
        label = _("Entry")
        form_layout = ["concept", "text", "pronunciation", "recording", "translation"]


class VocabularyBlock(Previewed, blocks.StructBlock):
    """Words and phrases of the lesson."""

    title = TranslatedText(label=_("title"), max_length=200, required=False)
    entries = blocks.ListBlock(VocabularyEntry(), label=_("entries"), max_num=40)

    class Meta:
        icon = "list-ul"
        label = _("Words and phrases")
        description = _("Terms of the glossary and free phrases, with sound.")
        template = "lessons/blocks/vocabulary.html"


class GrammarBlock(Previewed, blocks.StructBlock):
    """A pattern, what it means, and examples."""

    pattern = TaughtText(label=_("pattern"), max_length=200)
    explanation = TranslatedRichText(label=_("explanation"))
    examples = blocks.ListBlock(PhraseBlock(), label=_("examples"), max_num=12)

    class Meta:
        icon = "code"
        label = _("Grammar pattern")
        description = _("A sentence pattern with its explanation and examples.")
        template = "lessons/blocks/grammar.html"


class LetterCardBlock(Previewed, blocks.StructBlock):
    """A letter: its class (Lao consonants), its sound, and a word that has it."""

    class LetterClass(models.TextChoices):
        MID = "mid", _("mid class")
        HIGH = "high", _("high class")
        LOW = "low", _("low class")

    letter = TaughtText(label=_("letter"), max_length=8)
    letter_class = blocks.ChoiceBlock(
        choices=LetterClass.choices,
        label=_("class"),
        required=False,
        help_text=_("Only for Lao consonants."),
    )
    name = TaughtText(label=_("name of the letter"), max_length=60, required=False)
    sound = TranslatedText(label=_("sound"), max_length=200)
    recording = RecordingChooserBlock(label=_("recording"), required=False)
    example = TaughtText(label=_("example"), max_length=60)
    meaning = TranslatedText(label=_("meaning of the example"), max_length=100)
    picture = PictureChooserBlock(label=_("picture"), required=False)

    class Meta:
        icon = "bold"
        label = _("Letter card")
        description = _("A letter with its sound and an example; learners trace it.")
        template = "lessons/blocks/letter_card.html"


class TonePair(blocks.StructBlock):
    """One word of a set that differs in the tone only."""

    text = TaughtText(label=_("word"), max_length=60)
    tone = blocks.CharBlock(label=_("tone"), max_length=40)
    recording = RecordingChooserBlock(label=_("recording"), required=False)
    meaning = TranslatedText(label=_("meaning"), max_length=100)


class ToneCardBlock(Previewed, blocks.StructBlock):
    """Words that differ in the tone only."""

    explanation = TranslatedText(label=_("explanation"), max_length=600)
    pairs = blocks.ListBlock(TonePair(), label=_("words"), min_num=2, max_num=8)

    class Meta:
        icon = "order"
        label = _("Tone card")
        description = _("Words that differ in the tone only, to listen to.")
        template = "lessons/blocks/tone_card.html"


class HotSpot(PhraseBlock):
    """A place on the sign, in per cent of its width and height, and what stands there."""

    across = blocks.IntegerBlock(label=_("from the left, in %"), min_value=0, max_value=100)
    down = blocks.IntegerBlock(label=_("from the top, in %"), min_value=0, max_value=100)


class SignBlock(Previewed, blocks.StructBlock):
    """A sign, form or module sheet to read: a picture with places to tap, or its lines."""

    title = TranslatedText(label=_("title"), max_length=200)
    picture = PictureChooserBlock(label=_("picture"), required=False)
    pictogram = blocks.CharBlock(label=_("or a pictogram"), max_length=60, required=False)
    spots = blocks.ListBlock(HotSpot(), label=_("places on the picture"), min_num=0, default=[])
    lines = blocks.ListBlock(PhraseBlock(), label=_("lines"), min_num=0, default=[])

    class Meta:
        icon = "tag"
        label = _("Sign or sheet")
        description = _("A sign, form or module sheet to read, with places to tap.")
        template = "lessons/blocks/sign.html"


class TeacherNoteBlock(Previewed, TranslatedRichText):
    """What only the teacher view shows."""

    class Meta:
        icon = "user"
        label = _("Note for teachers")
        description = _("Shown in the teacher view only.")
        template = "lessons/blocks/teacher_note.html"


PRESENTATION = [
    ("paragraphs", LessonParagraphs(group=PLAIN)),
    ("picture", LessonPicture(group=PLAIN)),
    ("audio", AudioBlock(group=PLAIN)),
    ("dialogue", DialogueBlock(group=SHOWN)),
    ("vocabulary", VocabularyBlock(group=SHOWN)),
    ("grammar", GrammarBlock(group=SHOWN)),
    ("letter_card", LetterCardBlock(group=SHOWN)),
    ("tone_card", ToneCardBlock(group=SHOWN)),
    ("sign", SignBlock(group=SHOWN)),
    ("teacher_note", TeacherNoteBlock(group=TEACHING)),
]

__all__ = ["PRESENTATION", "SpokenText"]
