"""Small answers to the scripts of the editor."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from wagtail.models import Page

from .checklist import checklist_of
from .models import CurriculumPage, ModulePage


@require_GET
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of a curriculum or module, as its newest draft and those below it are."""
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, (CurriculumPage, ModulePage)):
        raise PermissionDenied
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "curricula/admin/checklist.html", {"checklist": checklist_of(page)})
