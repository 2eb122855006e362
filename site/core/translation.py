"""Registration base for django-modeltranslation."""

from modeltranslation.translator import TranslationOptions

from .models import BasePage


class BasePageOptions(TranslationOptions):
    """The translated fields that every page has; subclasses add their own."""

    fields: tuple[str, ...] = BasePage.translated_fields
