"""What every part of the read-only JSON API shares: paging, caching, text per language."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.pagination import CursorPagination

from .translated import TranslatedContent

#: How long a copy may be used without asking again, in seconds; then its ETag is compared.
MAX_AGE = 300


class Pages(CursorPagination):
    """Pages by key, so that page 1,000 costs what page 1 costs and nothing is seen twice."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering: str | tuple[str, ...] = "pk"


class Cacheable:
    """View mixin: any cache may keep the answer; ConditionalGetMiddleware adds the ETag."""

    def finalize_response(
        self, request: HttpRequest, response: HttpResponse, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        finished: HttpResponse = super().finalize_response(  # type: ignore[misc]
            request, response, *args, **kwargs
        )
        if finished.status_code == 200:
            patch_cache_control(finished, public=True, max_age=MAX_AGE)
        return finished


@extend_schema_field(
    inline_serializer(
        "TextPerLanguage",
        {code: serializers.CharField(required=False) for code in ("lo", "vi", "en")},
    )
)
class LocalTexts(serializers.Field):
    """A translated field as an object of language code → text; languages not ready stay out."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        self._name = name
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, content: TranslatedContent) -> dict[str, str]:
        texts = content.field_texts(self._name)
        return {code: texts[code] for code in content.visible_languages if texts[code]}
