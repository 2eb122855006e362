"""The public catalogue of curricula. The curricula themselves are pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.models import CentresIndexPage

from .listing import list_page, parse_wish, read_choices


@require_safe
def curriculum_list(request: HttpRequest) -> HttpResponse:
    """Curricula, newest first, or those that a search and filters leave."""
    choices = read_choices()
    reader = request.reader  # type: ignore[attr-defined]
    page = list_page(parse_wish(request.GET, choices, reader), choices)
    context = {"list": page, "wish": page.wish, "centres": CentresIndexPage.objects.live().first()}
    return render(request, "curricula/list.html", context)
