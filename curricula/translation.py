from modeltranslation.translator import TranslationOptions, translator

from core.translation import BasePageOptions

from .models import CurriculumPage, ModulePage, ModuleUnitPage, Rule


class CurriculumPageOptions(BasePageOptions):
    fields = ("source", "agreement")


class RuleOptions(TranslationOptions):
    fields = ("basis",)


translator.register(CurriculumPage, CurriculumPageOptions)
translator.register(ModulePage, BasePageOptions)
translator.register(ModuleUnitPage, BasePageOptions)
translator.register(Rule, RuleOptions)
