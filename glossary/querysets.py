"""Queries with a meaning, for concepts and terms."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet


class ConceptQuerySet(QuerySet[Any]):
    """Concepts; readers see the published ones."""

    def published(self) -> ConceptQuerySet:
        """Live concepts: drafts and unpublished ones are left out."""
        return self.filter(live=True)

    def in_trade(self, slug: str) -> ConceptQuerySet:
        """Concepts of one trade."""
        return self.filter(trades__slug=slug)

    def with_details(self) -> ConceptQuerySet:
        """Everything a concept page or list shows, in a fixed number of queries."""
        return self.select_related("image").prefetch_related("terms__recording", "trades")


class TermQuerySet(QuerySet[Any]):
    """Terms; readers see those of published concepts that are more than a proposal."""

    def published(self) -> TermQuerySet:
        """Terms that readers see."""
        return self.filter(concept__live=True).exclude(status="proposed")

    def preferred(self) -> TermQuerySet:
        """The one agreed term of a concept and language."""
        return self.filter(status="preferred")

    def unreviewed(self) -> TermQuerySet:
        """Terms that no reviewer has signed."""
        return self.filter(~Q(review_state="reviewed"))

    def without_recording(self) -> TermQuerySet:
        """Terms still waiting for a voice."""
        return self.filter(recording=None)
