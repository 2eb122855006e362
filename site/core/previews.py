"""Previews in each of the site's languages, for pages and records alike."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .languages import LANGUAGES
from .reader import reader_for, remember_reader


class LanguagePreviewMixin:
    """Mixin before Page or PreviewableMixin: the preview modes are the languages."""

    source_language: str

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [(code, language.own_name) for code, language in LANGUAGES.items()]

    @property
    def default_preview_mode(self) -> str:
        return self.source_language

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        language = mode_name if mode_name in LANGUAGES else self.source_language
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            request.reader = reader_for(request)  # type: ignore[attr-defined]
            remember_reader(request.reader)  # type: ignore[attr-defined]
            response: Any = super().serve_preview(request, mode_name)  # type: ignore[misc]
            # Rendering is lazy; it must happen while the language holds.
            if hasattr(response, "render"):
                response.render()
        return response
