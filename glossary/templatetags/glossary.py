"""The glossary for templates of other apps."""

from django import template

from core.reader import Reader
from glossary.cards import Card, concept_card, with_shown_terms
from glossary.models import Concept

register = template.Library()


@register.simple_tag
def newest_concepts(reader: Reader, number: int) -> list[Card]:
    """The newest live concepts as cards, for `{% newest_concepts reader 4 as cards %}`."""
    newest = with_shown_terms(Concept.objects.published().order_by("-pk"))[:number]
    return [concept_card(concept, reader) for concept in newest]
