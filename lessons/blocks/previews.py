"""Previews of blocks in the editor's block picker: an example in the site's own look."""

from typing import Any

from core.reader import Reader, current_language

from .examples import EXAMPLES, taught_in_examples


class Previewed:
    """Mixin of the blocks that a lesson's stream offers; the block's name finds its example."""

    name: str

    def get_preview_value(self) -> Any:
        return self.to_python(EXAMPLES[self.name]())  # type: ignore[attr-defined]

    def get_preview_template(self, value: Any, context: Any = None) -> str:
        return "lessons/admin/block_preview.html"

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        # The models need the blocks before they are there themselves.
        from lessons.models import LESSON_MODULES

        context: dict[str, Any] = dict(parent_context or {})
        # The admin's addresses name no language, so the request knows no reader.
        context["reader"] = Reader(current_language())
        context["taught"] = taught_in_examples()
        context["modules"] = LESSON_MODULES
        # Exercise templates make the ids of their parts from the id of the block in its stream.
        context["part"] = {"id": "preview0"}
        return context
