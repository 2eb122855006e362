"""The public pages of releases."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from . import store
from .changes_page import read_changes
from .listing import list_page, parse_wish, read_choices
from .models import Release
from .package.canonical import parse_document
from .package.signing import public_keys
from .reading import release_context


@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """Releases, newest first, or those that filters leave."""
    choices = read_choices()
    reader = request.reader  # type: ignore[attr-defined]
    page = list_page(parse_wish(request.GET, choices, reader), choices)
    return render(request, "releases/list.html", {"list": page, "wish": page.wish})


@require_safe
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """One release: what it is, its files, how to check them."""
    releases = Release.objects.listed().select_related("curriculum", "centre")
    found = get_object_or_404(releases.prefetch_related("files"), public_id=public_id)
    return render(request, "releases/release.html", release_context(found, request))


@require_safe
def changes(request: HttpRequest, public_id: str, other: str) -> HttpResponse:
    """What changed from the release `other` to this one."""
    newer, older = (_readable(identifier) for identifier in (public_id, other))
    try:
        before, after = (parse_document(store.read(one.document)) for one in (older, newer))
    except store.MissingFileError as error:
        raise Http404 from error
    languages = {*older.languages, *newer.languages}
    page = read_changes(before, after, languages)
    context = {"newer": newer, "older": older, "page": page}
    return render(request, "releases/changes.html", context)


def _readable(public_id: str) -> Release:
    return get_object_or_404(Release.objects.published(), public_id=public_id)


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys with which releases of this site are checked."""
    known = public_keys(settings.RELEASE_KEYS_DIR)
    return render(request, "releases/keys.html", {"current": known[0], "former": known[1:]})
