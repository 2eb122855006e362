"""The languages this package knows."""

LANGUAGES = ("lo", "vi", "en")


def check_language(lang: str) -> None:
    """Raise ValueError unless `lang` is one of "lo", "vi", "en"."""
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}: expected one of {', '.join(LANGUAGES)}")
