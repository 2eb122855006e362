from modeltranslation.translator import TranslationOptions, translator

from .models import Framework, FrameworkLevel, Trade


class TradeOptions(TranslationOptions):
    fields = Trade.translated_fields


class FrameworkOptions(TranslationOptions):
    fields = Framework.translated_fields


class FrameworkLevelOptions(TranslationOptions):
    fields = FrameworkLevel.translated_fields


translator.register(Trade, TradeOptions)
translator.register(Framework, FrameworkOptions)
translator.register(FrameworkLevel, FrameworkLevelOptions)
