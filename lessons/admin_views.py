"""Small answers to the scripts of the lesson editor."""

from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from .dialogue_lines import MOST_CHARACTERS, PasteError, read_lines
from .models import LessonPage
from .panels import checklist_html


@require_GET
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of a lesson's newest draft."""
    lesson = get_object_or_404(LessonPage, pk=pk)
    if not lesson.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return HttpResponse(checklist_html(lesson.get_latest_revision_as_object()))


@require_POST
def dialogue_lines(request: HttpRequest) -> JsonResponse:
    """The lines of a pasted dialogue, as the block holds them, or what is wrong with them."""
    try:
        lines = read_lines(request.POST.get("text", "")[: MOST_CHARACTERS + 1])
    except PasteError as error:
        return JsonResponse({"errors": error.messages}, status=400)
    return JsonResponse({"lines": [asdict(line) for line in lines]})
