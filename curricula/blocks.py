"""The blocks of curricula: sections of a programme, and the teaching content of a unit."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from core.blocks import (
    HeadingBlock,
    IdentifiedBlocks,
    PictureBlock,
    TranslatedRichText,
    TranslatedText,
)

MAX_COLUMNS = 12
MAX_ROWS = 100


class SectionBlocks(IdentifiedBlocks):
    """A section of a programme in running text: assessment, usage guide and so on."""

    paragraphs = TranslatedRichText()

    class Meta:
        block_counts: Mapping[str, Any] = {}


class ItemBlocks(IdentifiedBlocks):
    """A list of short texts, such as objectives."""

    item = TranslatedText(max_length=500, label=_("line"))

    class Meta:
        block_counts: Mapping[str, Any] = {}


class SupplyBlock(blocks.StructBlock):
    """A tool, machine or material, and how much of it for how many learners."""

    item = TranslatedText(max_length=300, label=_("what"))
    quantity = blocks.DecimalBlock(
        required=False, min_value=0, max_value=1_000_000, max_digits=9, decimal_places=2,
        label=_("quantity"),
    )  # fmt: skip
    unit = TranslatedText(max_length=40, required=False, label=_("unit of measure"))
    learners = blocks.IntegerBlock(
        required=False, min_value=1, max_value=1000, label=_("for how many learners")
    )

    class Meta:
        icon = "cog"
        label = _("Item")
        description = _("A tool, machine or material, and how much of it.")


class SupplyBlocks(IdentifiedBlocks):
    """Equipment or materials."""

    item = SupplyBlock()

    class Meta:
        block_counts: Mapping[str, Any] = {}


class LegalTextBlock(blocks.StructBlock):
    """A law, circular or decision that a programme rests on."""

    title = TranslatedText(max_length=300, label=_("title"))
    number = blocks.CharBlock(required=False, max_length=60, label=_("number"))
    date = blocks.DateBlock(required=False, label=_("date"))
    issuer = TranslatedText(max_length=200, required=False, label=_("issued by"))

    class Meta:
        icon = "doc-full"
        label = _("Legal text")
        description = _("A law, circular or decision that the programme rests on.")


class LegalTextBlocks(IdentifiedBlocks):
    """The legal basis of a programme."""

    text = LegalTextBlock()

    class Meta:
        block_counts: Mapping[str, Any] = {}


# --- Teaching content -----------------------------------------------------------------------------


class SafetyBlock(blocks.StructBlock):
    """A safety note, with its kind as colour, sign and word."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("danger", _("Danger")),
            ("warning", _("Take care")),
            ("protection", _("Wear protection")),
            ("fire", _("Fire")),
            ("first_aid", _("First aid")),
        ],
        default="warning",
        label=_("kind"),
    )
    text = TranslatedRichText(features=["bold", "ol", "ul", "language"], label=_("text"))

    class Meta:
        icon = "warning"
        label = _("Safety note")
        description = _("What can hurt, and how to prevent it.")
        template = "curricula/blocks/safety.html"


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    action = TranslatedText(max_length=1000, label=_("what to do"))
    check = TranslatedText(max_length=500, required=False, label=_("how it looks when right"))
    mistake = TranslatedText(
        max_length=500, required=False, label=_("usual mistake and its remedy")
    )
    drawing = ImageChooserBlock(required=False, label=_("drawing"))

    class Meta:
        icon = "order"
        label = _("Step")


class ProcedureBlock(blocks.StructBlock):
    """Steps in their order, as a teacher demonstrates them."""

    title = TranslatedText(max_length=200, required=False, label=_("title"))
    steps = blocks.ListBlock(StepBlock(), min_num=1, max_num=40, label=_("steps"))

    class Meta:
        icon = "list-ol"
        label = _("Procedure")
        description = _("Steps in their order, each with what to look for.")
        template = "curricula/blocks/procedure.html"


class TableBlock(blocks.StructBlock):
    """A table whose structure exists once and whose cells hold every language."""

    title = TranslatedText(max_length=200, required=False, label=_("title"))
    columns = blocks.ListBlock(
        TranslatedText(max_length=200, required=False), min_num=1, max_num=MAX_COLUMNS,
        label=_("column headings"),
    )  # fmt: skip
    rows = blocks.ListBlock(
        blocks.ListBlock(TranslatedText(max_length=1000, required=False), label=_("cells")),
        max_num=MAX_ROWS,
        label=_("rows"),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns; copy them from a spreadsheet if you like.")
        template = "curricula/blocks/table.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        width = len(cleaned["columns"])
        if any(len(row) > width for row in cleaned["rows"]):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "rows": ValidationError(_("A row has more cells than there are columns."))
                }
            )
        return cleaned


class DrawingBlock(PictureBlock):
    """A drawing or photograph with its caption."""

    class Meta:
        icon = "image"
        label = _("Drawing")
        description = _("A drawing or photograph with its caption.")
        template = "curricula/blocks/drawing.html"


class ExerciseBlock(blocks.StructBlock):
    """A task for learners, with what the teacher looks at."""

    title = TranslatedText(max_length=200, label=_("title"))
    task = TranslatedRichText(label=_("task"))
    criteria = blocks.ListBlock(
        TranslatedText(max_length=300), min_num=0, max_num=20, default=[],
        label=_("what is looked at"),
    )  # fmt: skip
    minutes = blocks.IntegerBlock(required=False, min_value=1, max_value=10_000, label=_("minutes"))

    class Meta:
        icon = "edit"
        label = _("Exercise")
        description = _("A task, how long it takes, and what is looked at.")
        template = "curricula/blocks/exercise.html"


class RememberBlock(blocks.ListBlock):
    """Points to remember."""

    def __init__(self, child_block: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("min_num", 1)
        kwargs.setdefault("max_num", 20)
        super().__init__(child_block or TranslatedText(max_length=300), **kwargs)

    class Meta:
        icon = "pin"
        label = _("Points to remember")
        description = _("The few things that nobody should forget.")
        template = "curricula/blocks/remember.html"


class TermsBlock(blocks.ListBlock):
    """Terms of the glossary that the unit uses."""

    def __init__(self, child_block: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("min_num", 1)
        kwargs.setdefault("max_num", 60)
        chooser = SnippetChooserBlock("glossary.Concept", required=False)
        super().__init__(child_block or chooser, **kwargs)

    class Meta:
        icon = "openquote"
        label = _("Terms used")
        description = _("Terms of the glossary that learners meet here.")
        template = "curricula/blocks/terms.html"


class FileBlock(blocks.StructBlock):
    """A file that belongs to the unit, to download."""

    document = DocumentChooserBlock(label=_("file"))
    label = TranslatedText(max_length=200, required=False, label=_("what it is"))

    class Meta:
        icon = "doc-full-inverse"
        label = _("File")
        description = _("A file to download, such as a worksheet.")
        template = "curricula/blocks/file.html"


class UnitBlocks(IdentifiedBlocks):
    """The teaching content of a unit."""

    heading = HeadingBlock(group=_("Text"))
    paragraphs = TranslatedRichText(group=_("Text"))
    remember = RememberBlock(group=_("Text"))
    safety = SafetyBlock(group=_("In the workshop"))
    procedure = ProcedureBlock(group=_("In the workshop"))
    exercise = ExerciseBlock(group=_("In the workshop"))
    drawing = DrawingBlock(group=_("Pictures and tables"))
    table = TableBlock(group=_("Pictures and tables"))
    file = FileBlock(group=_("Files and terms"))
    terms = TermsBlock(group=_("Files and terms"))

    class Meta:
        block_counts: Mapping[str, Any] = {}
