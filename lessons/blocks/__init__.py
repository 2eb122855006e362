"""What a lesson may hold."""

from core.blocks import IdentifiedBlocks

from .exercises import EXERCISES, ExerciseBlock
from .presentation import PRESENTATION


class LessonBlocks(IdentifiedBlocks):
    """Presentation and exercises, in teaching order."""

    def __init__(self, local_blocks: object = None, **kwargs: object) -> None:
        super().__init__([*PRESENTATION, *EXERCISES], **kwargs)


__all__ = ["EXERCISES", "PRESENTATION", "ExerciseBlock", "LessonBlocks"]
