"""The public glossary: its list and search, the page of a concept, the request for a term."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.search import suggest
from trades.models import Trade

from .cards import Card, Side, cards
from .entries import entry, find_concept, headings, structured_data
from .public_list import MAX_QUERY, list_page, parse_wish
from .search import CONCEPT
from .term_requests import MAX_TEXT, TermRequestForm, record_request

SUGGESTIONS = 8
# The same letters are typed again and again; an answer may be a few minutes old.
SUGGESTIONS_MAX_AGE = 300
# The same words are tapped again and again.
CARD_MAX_AGE = 600


@require_safe
def concept_list(request: HttpRequest) -> HttpResponse:
    """The A–Z list, or the results of a search."""
    trades = list(Trade.objects.all())
    reader = request.reader  # type: ignore[attr-defined]
    page = list_page(parse_wish(request.GET, trades, reader), reader)
    return render(
        request, "glossary/list.html", {"page": page, "wish": page.wish, "trades": trades}
    )


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Results while typing: `{"results": [{"url", "sides": [[code, before, match, after]]}]}`."""
    query = request.GET.get("q", "")[:MAX_QUERY]
    found = {hit.object_id: hit for hit in suggest(query, kinds=[CONCEPT], limit=SUGGESTIONS)}
    shown = cards(list(found), request.reader, found)  # type: ignore[attr-defined]
    response = JsonResponse(
        {"results": [_suggestion(card) for card in shown]},
        # Lao and Vietnamese as they are: \u escapes would double the bytes.
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
    patch_cache_control(response, public=True, max_age=SUGGESTIONS_MAX_AGE)
    return response


def _suggestion(card: Card) -> dict[str, Any]:
    sides = [card.found_as, *card.sides, card.gloss]
    shown = [side for side in sides if side is not None and side.text]
    # Two fit on a line: the one that matched, and the other language of the pair.
    shown.sort(key=lambda side: not side.marked[1])
    return {"url": card.url, "sides": [_flat(side) for side in shown[:2]]}


def _flat(side: Side) -> list[str]:
    before, match, after = side.marked
    return [side.code, before, match, after] if match else [side.code, side.text, "", ""]


@require_safe
def concept(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """All languages of one concept side by side; another slug leads to the right one."""
    found = find_concept(public_id)
    url = found.get_absolute_url()
    if slug != found.slug:
        query = request.GET.urlencode()
        return redirect(f"{url}?{query}" if query else url, permanent=True)
    context = {
        "entry": entry(found, request.reader),  # type: ignore[attr-defined]
        "structured_data": structured_data(
            found,
            request.build_absolute_uri(url),
            request.build_absolute_uri(reverse("glossary:list")),
            _("Lao–Vietnamese–English vocational glossary"),
        ),
    }
    return render(request, "glossary/concept.html", context)


@require_safe
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """A piece of HTML with a concept in all languages, for the pop-up of the living dictionary."""
    found = find_concept(public_id)
    reader = request.reader  # type: ignore[attr-defined]
    shown = [heading for heading in headings(found, reader) if heading.term]
    context = {
        "concept": found,
        "headings": shown,
        "has_sound": any(heading.recording for heading in shown),
        "definition": found.local("definition"),
    }
    response = render(request, "glossary/card.html", context)
    patch_cache_control(response, public=True, max_age=CARD_MAX_AGE)
    # No page of its own.
    response["X-Robots-Tag"] = "noindex"
    return response


def request_term(request: HttpRequest) -> HttpResponse:
    """Ask the editors for a term; nothing about who asks is kept."""
    if request.method == "POST":
        form = TermRequestForm(request.POST)
        if form.is_valid():
            record_request(form, request)
            return redirect(f"{reverse('glossary:request')}?sent=1")
    else:
        text = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:MAX_TEXT]
        form = TermRequestForm(initial={"text": text})
    context = {"form": form, "is_sent": request.GET.get("sent") == "1" and not form.is_bound}
    return render(request, "glossary/request.html", context)
