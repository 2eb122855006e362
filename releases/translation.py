from modeltranslation.translator import TranslationOptions, translator

from .models import Release


class ReleaseOptions(TranslationOptions):
    fields = Release.translated_fields


translator.register(Release, ReleaseOptions)
