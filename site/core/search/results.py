"""What a search gives back."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Match(TextChoices):
    """Why a text was found, the best reason first; `label` says it to the reader."""

    EXACT = "exact", _("the same word")
    SPELLING = "spelling", _("another spelling")
    STARTS = "starts", _("begins with it")
    CONTAINS = "contains", _("contains it")
    SIMILAR = "similar", _("nearly the same spelling")


@dataclass(frozen=True, slots=True)
class Hit:
    """One object, with the one of its texts that matched best.

    `text[start:end]` is the part that matched, empty where nothing can be pointed at. Of running
    text only an excerpt is given.
    """

    kind: str
    object_id: int
    sub_id: int
    language: str
    text: str
    match: Match
    start: int
    end: int
    is_deprecated: bool
    is_reviewed: bool
    is_safety: bool

    @property
    def marked(self) -> tuple[str, str, str]:
        """The text before, in and after the part that matched."""
        return self.text[: self.start], self.text[self.start : self.end], self.text[self.end :]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits, best first.

    `total` counts the objects found; where `has_more` it is a lower bound, since looking stops
    when the page is full. `query` is the text as it was understood.
    """

    query: str
    hits: list[Hit]
    total: int
    has_more: bool

    @property
    def is_guess(self) -> bool:
        """Whether nothing but similar spellings was found."""
        return bool(self.hits) and all(hit.match is Match.SIMILAR for hit in self.hits)
