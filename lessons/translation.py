from modeltranslation.translator import translator

from core.translation import BasePageOptions

from .models import CoursePage, LessonPage, LessonsIndexPage, UnitPage

for model in (LessonsIndexPage, CoursePage, UnitPage, LessonPage):
    translator.register(model, BasePageOptions)
