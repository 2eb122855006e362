"""Who reads: the language of the page and the companion language shown beside it."""

from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language

from .languages import CODES, LANGUAGES, Language


@dataclass(frozen=True)
class Reader:
    """The two languages of a page view; `companion` is None where only one is shown."""

    language: str
    companion: str | None = None

    @property
    def info(self) -> Language:
        """The reader's language with its name and tag."""
        return LANGUAGES[self.language]

    @property
    def companion_info(self) -> Language | None:
        """The companion language with its name and tag."""
        return LANGUAGES[self.companion] if self.companion else None

    @property
    def codes(self) -> tuple[str, ...]:
        """The shown languages, the reader's first."""
        return (self.language, self.companion) if self.companion else (self.language,)

    @property
    def cache_key(self) -> str:
        """What a cache key of rendered content must hold."""
        return "-".join(self.codes)


def current_language() -> str:
    """The active interface language, or English where it is none of the site's."""
    language = (get_language() or "en").split("-")[0]
    return language if language in CODES else "en"


def reader_for(request: HttpRequest | None) -> Reader:
    """The reader of a request: the active language, and `?with=` where it names another one."""
    language = current_language()
    wanted = request.GET.get("with", "") if request is not None else ""
    companion = wanted if wanted in CODES and wanted != language else None
    return Reader(language, companion)


# Set for each request by ReaderMiddleware; what renders outside a request has no companion.
_companion: ContextVar[str | None] = ContextVar("companion", default=None)


def remember_reader(reader: Reader) -> None:
    """Note who reads, for code that is handed no request (`current_reader`)."""
    _companion.set(reader.companion)


def current_reader() -> Reader:
    """The reader that is served now, in the active language: what cache keys are made of."""
    language = current_language()
    companion = _companion.get()
    return Reader(language, companion if companion != language else None)
