"""Small answers to the scripts of the editor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from core.languages import CODES

from . import pasted_rows, pasting
from .checklist import checklist_of
from .models import CurriculumPage, ModulePage, ModuleUnitPage
from .pasted_rows import PasteError
from .pasting import Heading, Paragraphs, Part


@require_GET
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of a curriculum or module, as its newest draft and those below it are."""
    page = get_object_or_404(Page, pk=pk).specific
    if not isinstance(page, (CurriculumPage, ModulePage)):
        raise PermissionDenied
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "curricula/admin/checklist.html", {"checklist": checklist_of(page)})


@require_POST
def paste_rows(request: HttpRequest) -> JsonResponse:
    """Rows of a spreadsheet as units, or as modules with their codes."""
    text = request.POST.get("text", "")[: pasted_rows.MOST_CHARACTERS + 1]
    try:
        rows = pasted_rows.read_children(text, with_codes=bool(request.POST.get("codes")))
    except PasteError as error:
        return _refusal(error)
    return JsonResponse({"rows": rows})


@require_POST
def paste_cells(request: HttpRequest) -> JsonResponse:
    """Cells of a spreadsheet as the columns and rows of a table."""
    text = request.POST.get("text", "")[: pasted_rows.MOST_CHARACTERS + 1]
    try:
        table = pasting.read_table(text)
    except PasteError as error:
        return _refusal(error)
    return JsonResponse({"columns": table.columns, "rows": table.rows})


@require_POST
def paste_text(request: HttpRequest) -> JsonResponse:
    """The clipboard of a word processor as blocks of a unit, with a preview."""
    language = request.POST.get("language", "")
    html, text = (_posted_text(request, name) for name in ("html", "text"))
    if language not in CODES:
        raise PermissionDenied
    try:
        pasted = pasting.read_pasted(html, text)
    except PasteError as error:
        return _refusal(error)
    context = {"parts": [(type(part).__name__, part) for part in pasted.parts], "code": language}
    return JsonResponse(
        {
            "blocks": [_block(part, language) for part in pasted.parts],
            "notes": pasted.notes,
            "preview": render_to_string("curricula/admin/pasted.html", context),
        }
    )


def _refusal(error: PasteError) -> JsonResponse:
    return JsonResponse({"errors": error.messages}, status=400)


def _posted_text(request: HttpRequest, name: str) -> str:
    """A text that is posted as a file; one character more than may be, where it is too long."""
    file = request.FILES.get(name)
    # A character takes four bytes at most.
    content = file.read(4 * pasting.MOST_CHARACTERS) if file else b""
    return content.decode("utf-8", "replace")[: pasting.MOST_CHARACTERS + 1]


def _block(part: Part, language: str) -> dict[str, Any]:
    """Kind of block and its value, as the script of the editor takes it."""
    kind: str
    stored: Any
    if isinstance(part, Heading):
        kind, stored = "heading", {language: part.text}
    elif isinstance(part, Paragraphs):
        kind, stored = "paragraphs", {language: part.html}
    else:
        columns = [{language: text} for text in part.columns]
        rows = [[{language: text} for text in row] for row in part.rows]
        kind, stored = "table", {"columns": columns, "rows": rows}
    block = ModuleUnitPage._meta.get_field("body").stream_block.child_blocks[kind]
    return {"type": kind, "value": block.get_form_state(block.to_python(stored))}
