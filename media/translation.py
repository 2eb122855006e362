from modeltranslation.translator import TranslationOptions, translator

from .models import SiteDocument, SiteImage


class SiteImageOptions(TranslationOptions):
    fields = SiteImage.translated_fields


class SiteDocumentOptions(TranslationOptions):
    fields = SiteDocument.translated_fields


translator.register(SiteImage, SiteImageOptions)
translator.register(SiteDocument, SiteDocumentOptions)
