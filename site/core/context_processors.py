from typing import Any

from django.http import HttpRequest

from .languages import LANGUAGES
from .reader import reader_for


def reader(request: HttpRequest) -> dict[str, Any]:
    """`reader` (core.reader.Reader) and `site_languages` for every template."""
    return {
        "reader": getattr(request, "reader", None) or reader_for(request),
        "site_languages": list(LANGUAGES.values()),
    }
