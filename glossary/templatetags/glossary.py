"""The glossary for templates of other apps."""

from django import template

from core.reader import Reader
from glossary.cards import Card, cards
from glossary.models import Concept

register = template.Library()


@register.simple_tag
def newest_concepts(reader: Reader, number: int) -> list[Card]:
    """The newest live concepts as cards, for `{% newest_concepts reader 4 as cards %}`."""
    ids = Concept.objects.published().order_by("-pk").values_list("pk", flat=True)[:number]
    return cards(list(ids), reader)
