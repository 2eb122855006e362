from modeltranslation.translator import translator

from core.translation import BasePageOptions

from .models import ContentPage, HomePage

translator.register(HomePage, BasePageOptions)
translator.register(ContentPage, BasePageOptions)
