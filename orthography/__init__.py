"""Lao and Vietnamese text: normalise, fold, segment, sort, romanise.

The whole project uses these functions and no others for its text, so that what is stored,
searched, sorted and addressed agrees. Languages are "lo", "vi" and "en"; functions that take one
raise ValueError for any other. No function raises for any text, and each takes time linear in it.
"""

from orthography.collation import OTHER_INITIAL, alphabet, initial, sort_key
from orthography.folding import fold
from orthography.languages import LANGUAGES
from orthography.normalisation import normalise
from orthography.romanisation import MAX_SLUG_LENGTH, romanise, slug
from orthography.segmentation import break_opportunities, syllables, tokens, word_bounds, words

__all__ = [
    "LANGUAGES",
    "MAX_SLUG_LENGTH",
    "OTHER_INITIAL",
    "alphabet",
    "break_opportunities",
    "fold",
    "initial",
    "normalise",
    "romanise",
    "slug",
    "sort_key",
    "syllables",
    "tokens",
    "word_bounds",
    "words",
]
