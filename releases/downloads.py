"""Sends the files of releases: content-addressed, resumable, the same from Django and nginx."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.byte_ranges import file_response

from . import store
from .models import DOCUMENT_NAME, Release, ReleaseFile

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "minisig": "text/plain; charset=utf-8",
    "zip": "application/zip",
}
# The address names the content, so that it never changes.
CACHING = "public, max-age=31536000, immutable"


@require_safe
def release_file(request: HttpRequest, sha256: str, name: str) -> HttpResponseBase:
    """A file or the document of a published release, by the hash of its content and its name."""
    if not _is_public(sha256, name):
        raise Http404
    headers = {
        "Content-Type": CONTENT_TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream"),
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": CACHING,
        "ETag": f'"{sha256}"',
        # Pictures of a package are sent as they came: nothing in them may run.
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if settings.RELEASES_ACCEL:
        if store.size_of(sha256) is None:
            raise Http404
        internal = f"{settings.RELEASES_ACCEL.rstrip('/')}/{sha256[:2]}/{sha256}"
        return HttpResponse(headers={**headers, "X-Accel-Redirect": internal})
    try:
        file = store.open_file(sha256)
    except store.MissingFileError as error:
        raise Http404 from error
    return file_response(request, file, headers)


def _is_public(sha256: str, name: str) -> bool:
    """Whether a published release has it; a withdrawn one gives nothing away."""
    published = Release.objects.published()
    files = ReleaseFile.objects.filter(sha256=sha256, name=name, release__in=published)
    if files.exists():
        return True
    return name == DOCUMENT_NAME and published.filter(document=sha256).exists()
