"""What a new concept begins with: another concept's entry, or what a reader asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.log_actions import log

from core.languages import CODES

from .models import Concept, Term, TermRequest
from .review import SIGNED_FIELDS

_COPIED_TERM_FIELDS = ("language", *SIGNED_FIELDS, "source", "recording_id", "sort_as")
_VIETNAMESE_LETTERS = frozenset("ăâđêôơưĂÂĐÊÔƠƯ")


def blank_copy(source: Concept) -> Concept:
    """An unsaved concept with the entry of `source`, new public ids and no sign-off.

    What the newest version says is copied. Relations are not: they belong to one idea.
    """
    newest = source.get_latest_revision_as_object()
    copy = Concept(
        definition_source=newest.definition_source,
        image_id=newest.image_id,
        is_safety=newest.is_safety,
        source_language=newest.source_language,
        languages=newest.languages,
        ready_languages=newest.ready_languages,
        **{f"definition_{code}": getattr(newest, f"definition_{code}") for code in CODES},
    )
    copy.terms = [
        Term(**{name: getattr(term, name) for name in _COPIED_TERM_FIELDS})
        for code in CODES
        for term in newest.terms_in(code)
    ]
    copy.trades = list(newest.trades.all())
    return copy


def request_from(request: HttpRequest) -> TermRequest | None:
    """The reader's request that the address names (`?request=<key>`), if there is one."""
    key = request.GET.get("request", "")
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    return TermRequest.objects.filter(pk=key).first()


def term_from_request(asked: TermRequest) -> Term:
    """A term with what was asked for, in the language that its letters show."""
    return Term(language=_language_of(asked), text=asked.text)


def finish_request(asked: TermRequest, user: Any) -> None:
    """Note that a concept answers the request."""
    if asked.status != TermRequest.Status.DONE:
        asked.status = TermRequest.Status.DONE
        asked.save(update_fields=["status"])
        log(instance=asked, action="glossary.request_done", user=user)


def _language_of(asked: TermRequest) -> str:
    if any("\u0e80" <= letter <= "\u0eff" for letter in asked.text):
        return "lo"
    has_tone = any("\u1ea0" <= letter <= "\u1eff" for letter in asked.text)
    if has_tone or _VIETNAMESE_LETTERS & set(asked.text):
        return "vi"
    # A Lao page does not make Latin letters Lao.
    return "en" if asked.language == "lo" else str(asked.language)
