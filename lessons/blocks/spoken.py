"""Text of the taught language with its sound."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.compare import CharBlockComparison

from core.blocks import TranslatedText
from core.comparison import text_difference
from core.translated import normalise_input

from .choosers import RecordingChooserBlock


class TaughtTextComparison(CharBlockComparison):
    """Two values of a taught text, word by word; Wagtail cuts Lao inside its syllables."""

    def htmldiff(self) -> SafeString:
        return text_difference(self.val_a, self.val_b)


class TaughtText(blocks.CharBlock):
    """A line in the taught language, stored in one spelling."""

    def get_comparison_class(self) -> type[TaughtTextComparison]:
        """Wagtail asks for this where it compares two revisions."""
        return TaughtTextComparison

    def clean(self, value: Any) -> Any:
        return super().clean(normalise_input(value) if isinstance(value, str) else value)


class SpokenText(blocks.StructBlock):
    """A word or sentence of the taught language, how it is said, and its recording."""

    text = TaughtText(label=_("text"), max_length=300)
    pronunciation = blocks.CharBlock(
        label=_("pronunciation"),
        max_length=300,
        required=False,
        help_text=_("In letters that learners know."),
    )
    recording = RecordingChooserBlock(label=_("recording"), required=False)

    class Meta:
        icon = "lesson-listen"
        label = _("Spoken text")
        template = "lessons/blocks/spoken_text.html"


class PhraseBlock(SpokenText):
    """A spoken text with its translation."""

    translation = TranslatedText(label=_("translation"), max_length=300, required=False)

    class Meta:
        label = _("Phrase")
        template = "lessons/blocks/phrase.html"
