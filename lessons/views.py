"""Practice: lists of words as flashcards, printed sheets, Anki packages and codes to scan.

No view reads or sets a cookie, and none is sent anything about what a learner does.
"""

import io
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from trades.models import Trade

from .anki import MAX_NOTES, build_package, file_name, fingerprint
from .models import LessonsIndexPage
from .practice_lists import PART, PracticeList, Span, find_list, parse_part
from .practice_words import for_reader

#: A code of more bytes has points too small for a phone to read from a screen.
MAX_CODE_BYTES = 1_200
#: On paper it is 25 mm wide.
MAX_PRINTED_CODE_BYTES = 400
_PACKAGE_AGE = 3600
# What practice/flashcards.js imports, fetched beside it and not one behind the other.
_MODULES = [
    f"practice/{name}.js"
    for name in ("beforehand", "card-store", "deck", "device", "schedule", "vendor/ts-fsrs")
]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where practice begins: the own list, the own progress, the trades."""
    context = {
        "trades": Trade.objects.all(),
        "courses": LessonsIndexPage.objects.live().first(),
    }
    return render(request, "practice/home.html", context)


@require_safe
def my_list(request: HttpRequest) -> HttpResponse:
    """The list that is kept on the device; the page itself holds nothing of it."""
    return render(request, "practice/my_list.html")


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """What the device knows of the learner's progress, to save, bring back and wipe."""
    return render(request, "practice/progress.html")


@require_safe
def word_list(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """A list as flashcards; without script a table with folded answers."""
    context = {**_context(request, kind, key), "modules": _MODULES}
    return render(request, "practice/list.html", context)


@require_safe
def sheet(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """A list to print on A4: cards with pictures, or with `?fold=1` columns to fold back."""
    context = _context(request, kind, key)
    context["is_fold"] = request.GET.get("fold") == "1"
    context["sheet_url"] = context["list"].url("sheet")
    return render(request, "practice/sheet.html", context)


def _context(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    reader = request.reader  # type: ignore[attr-defined]
    part = parse_part(request.GET.get("part", "1"))
    found = find_list(kind, key, request.GET, reader, Span(PART, (part - 1) * PART))
    if part > 1 and not found.words:
        raise Http404
    words = for_reader(found.words, reader)
    return {
        "list": found,
        "words": words,
        "part": part,
        "pair_count": sum(word.is_pair for word in found.words),
        "has_sound": any(side.recording for w in found.words for side in w.sides.values()),
        "address": request.build_absolute_uri(found.url()),
        "has_code": _fits_code(request, found),
        "has_printed_code": _fits_code(request, found, MAX_PRINTED_CODE_BYTES),
    }


def _fits_code(request: HttpRequest, found: PracticeList, most: int = MAX_CODE_BYTES) -> bool:
    return len(request.build_absolute_uri(found.url()).encode()) <= most


@require_safe
def code(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """The address of a list as a QR code (SVG), to scan from a screen or from paper."""
    reader = request.reader  # type: ignore[attr-defined]
    found = find_list(kind, key, request.GET, reader, Span(1))
    if not _fits_code(request, found):
        raise Http404
    image = io.BytesIO()
    drawn = segno.make(request.build_absolute_uri(found.url()), error="l", micro=False)
    # White around and under the points, also on a dark page.
    drawn.save(image, kind="svg", omitsize=True, border=4, dark="#000", light="#fff")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


@require_safe
def package(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """A list as an Anki package; unchanged lists are not built again for who has them."""
    reader = request.reader  # type: ignore[attr-defined]
    found = find_list(kind, key, request.GET, reader, Span(MAX_NOTES))
    etag = quote_etag(fingerprint(found))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(build_package(found), content_type="application/apkg")
        response["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=_PACKAGE_AGE)
    # A package is compressed already, and its mark must stay what it is.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return response
