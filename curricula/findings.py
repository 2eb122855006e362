"""What was found out about a curriculum: shown to its editors, never corrected by the site."""

from dataclasses import dataclass

from core.models import BasePage

from .models import Rule


@dataclass(frozen=True)
class Finding:
    """A sentence about `page`; where a text of law asks for it, its rule."""

    message: str
    page: BasePage
    rule: Rule | None = None
