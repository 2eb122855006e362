"""A centre's document is read by its members, and by everybody once a public page offers it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex

from media.models import SiteDocument

from .visibility import space_of, visible_files


def may_read(document: SiteDocument, request: HttpRequest) -> bool:
    """Whether the document may be served; the site's own documents are no matter of centres."""
    if space_of(document.collection) is None:
        return True
    user: Any = request.user
    return visible_files(user, SiteDocument).filter(pk=document.pk).exists() or is_on_a_public_page(
        document
    )


def is_on_a_public_page(document: SiteDocument) -> bool:
    """Whether a page that everybody may read names the document."""
    public = Page.objects.live().public().annotate(key=Cast("pk", CharField()))
    return ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(SiteDocument),
        to_object_id=str(document.pk),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=public.values("key"),
    ).exists()
