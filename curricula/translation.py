from modeltranslation.translator import translator

from core.translation import BasePageOptions

from .models import CurriculumPage, ModulePage, ModuleUnitPage


class CurriculumPageOptions(BasePageOptions):
    fields = ("source", "agreement")


translator.register(CurriculumPage, CurriculumPageOptions)
translator.register(ModulePage, BasePageOptions)
translator.register(ModuleUnitPage, BasePageOptions)
