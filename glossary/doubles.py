"""Concepts of one trade that share a term: two entries for one idea, or a word of two meanings."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.languages import LANGUAGES
from core.search.keys import folded_key
from core.search.models import SearchEntry

from .models import Concept, Term
from .search import CONCEPT, DRAFT

# More would be a list, and for that there is the report.
MAX_WARNINGS = 5


def double_warnings(concept: Concept) -> list[SafeString]:
    """A sentence for each term of `concept` that another one of its trades has too, with links.

    Spellings that fold alike count as the same. Drafts are looked at as well.
    """
    trades = {trade.pk: str(trade) for trade in concept.trades.all()}
    terms = [term for term in concept.terms.all() if term.status == Term.Status.PREFERRED]
    if not trades or not terms:
        return []
    wanted = {(term.language, folded_key(term.text).encode()): term.text for term in terms}
    condition = Q()
    for language, key in wanted:
        condition |= Q(language=language, folded=key)
    shared: dict[tuple[str, bytes], set[int]] = defaultdict(set)
    rows = SearchEntry.objects.filter(condition, kind__in=[CONCEPT, DRAFT])
    for language, key, other in rows.values_list("language", "folded", "object_id")[:100]:
        if other != concept.pk:
            shared[language, bytes(key)].add(other)
    others = _in_trades({pk for pks in shared.values() for pk in pks}, set(trades))
    warnings = []
    for place, pks in shared.items():
        found = [others[pk] for pk in sorted(pks) if pk in others]
        if found:
            warnings.append(_warning(place[0], wanted[place], found))
    return warnings[:MAX_WARNINGS]


def _in_trades(ids: set[int], trades: set[int]) -> dict[int, Concept]:
    through = Concept.trades.through.objects
    links = through.filter(concept_id__in=ids, trade_id__in=trades)
    concepts = Concept.objects.filter(pk__in=links.values("concept_id"))
    return {concept.pk: concept for concept in concepts.prefetch_related("terms")}


def _warning(language: str, text: str, found: list[Concept]) -> SafeString:
    links = format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        (
            (reverse("wagtailsnippets_glossary_concept:edit", args=(concept.pk,)), str(concept))
            for concept in found[:3]
        ),
    )
    sentence = _("“%(term)s” (%(language)s) stands in another concept of the same trade:") % {
        "term": text,
        "language": LANGUAGES[language].own_name,
    }
    return format_html("{} {}", sentence, links)
