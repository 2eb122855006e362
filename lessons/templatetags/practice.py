"""Template tags of practice."""

from django import template
from wagtail.blocks import StreamValue

from lessons.lesson_words import vocabulary_entries

register = template.Library()


@register.filter
def has_vocabulary(body: StreamValue) -> bool:
    """Whether a lesson has words to practise; its body is not converted for it."""
    return any(True for _ in vocabulary_entries(body))
