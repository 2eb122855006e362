from modeltranslation.translator import TranslationOptions, translator

from core.translation import BasePageOptions

from .models import CentrePage, CentresIndexPage, Ministry, Province


class ProvinceOptions(TranslationOptions):
    fields = Province.translated_fields


class MinistryOptions(TranslationOptions):
    fields = Ministry.translated_fields


class CentrePageOptions(BasePageOptions):
    fields = ("address",)


translator.register(Province, ProvinceOptions)
translator.register(Ministry, MinistryOptions)
translator.register(CentresIndexPage, BasePageOptions)
translator.register(CentrePage, CentrePageOptions)
