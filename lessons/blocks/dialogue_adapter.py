"""How the editor shows the dialogue block: with a box into which its lines can be pasted."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from lessons.dialogue_lines import MOST_CHARACTERS

from .presentation import DialogueBlock


class DialogueAdapter(StructBlockAdapter):
    """Hands the script (lessons/admin/paste.js) its strings and the address that reads lines."""

    js_constructor = "lessons.blocks.DialogueBlock"

    def js_args(self, block: DialogueBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        meta["paste"] = {
            "url": reverse("lessons_admin:dialogue_lines"),
            "mostCharacters": MOST_CHARACTERS,
            "title": _("Paste lines"),
            "label": _("Lines of a dialogue"),
            "help": _(
                "One line each: speaker: text = translation. Columns of a spreadsheet do as well. "
                "Several translations: Vietnamese | English for Lao, Lao | English for Vietnamese."
            ),
            "button": _("Make lines of it"),
            "done": _("Lines added: %(n)s"),
            "failed": _("The server did not answer. Your text is still here: try again."),
        }
        return [name, children, meta]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[versioned_static("lessons/admin/paste.js")])


register(DialogueAdapter(), DialogueBlock)
