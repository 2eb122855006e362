"""Factories: the smallest valid record, and only what a test says about it."""

import json
from typing import Any

import factory
from django.contrib.auth import get_user_model

from centres.models import CentrePage, CentresIndexPage
from curricula.models import CurriculumPage, ModulePage, ModuleUnitPage
from glossary.models import Concept, Term
from lessons.models import CoursePage, LessonPage, LessonsIndexPage, UnitPage
from portal.models import ContentPage
from trades.models import Trade


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password("password")


class AdminFactory(UserFactory):
    is_staff = True
    is_superuser = True


class TradeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Trade
        django_get_or_create = ("slug",)

    slug = "welder"
    name_en = "Welder"
    name_vi = "Hàn"
    name_lo = "ຊ່າງເຊື່ອມ"


class ConceptFactory(factory.django.DjangoModelFactory):
    """`ConceptFactory(lo="ທູບຈອດ", vi="que hàn", en="stick electrode", trades=[welder])`."""

    class Meta:
        model = Concept

    definition_en = "A definition."

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Concept:
        texts = {code: kwargs.pop(code, "") for code in ("lo", "vi", "en")}
        trades = kwargs.pop("trades", [])
        concept = model_class(**kwargs)
        concept.terms = [Term(language=code, text=text) for code, text in texts.items() if text]
        concept.trades = trades
        concept.save()
        return concept


def content_page(parent: Any, **kwargs: Any) -> ContentPage:
    """A published content page below `parent`."""
    page = ContentPage(**{"name_en": "About", **kwargs})
    parent.add_child(instance=page)
    return page


def course_page(home: Any, **kwargs: Any) -> CoursePage:
    """A published course of Lao below a list of courses, which is made where there is none."""
    index = LessonsIndexPage.objects.first()
    if index is None:
        index = home.add_child(instance=LessonsIndexPage(name_en="Lessons", slug="lessons"))
    values = {"name_en": "Lao", "name_vi": "Tiếng Lào", "slug": "lao", "teaches": "lo", **kwargs}
    course: CoursePage = index.add_child(instance=CoursePage(**values))
    return course


def unit_page(course: CoursePage, **kwargs: Any) -> UnitPage:
    """A published unit of `course`."""
    unit: UnitPage = course.add_child(instance=UnitPage(**{"name_en": "Greetings", **kwargs}))
    return unit


def lesson_page(unit: UnitPage, *blocks: tuple[str, Any], **kwargs: Any) -> LessonPage:
    """A published lesson: `lesson_page(unit, ("dictation", {"say": {"text": "ດີ"}}))`.

    The values are those that are stored: plain dicts and lists, keys for chosen objects.
    """
    stored = [
        {"type": kind, "value": value, "id": f"{number:08d}-0000-4000-8000-000000000000"}
        for number, (kind, value) in enumerate(blocks, start=1)
    ]
    values = {"name_en": "Hello", "body": json.dumps(stored), **kwargs}
    lesson: LessonPage = unit.add_child(instance=LessonPage(**values))
    return LessonPage.objects.get(pk=lesson.pk)


def centre_page(home: Any, **kwargs: Any) -> CentrePage:
    """A published centre with its space, below a list of centres that is made where needed."""
    index = CentresIndexPage.objects.first()
    if index is None:
        index = home.add_child(instance=CentresIndexPage(name_en="Centres", slug="centres"))
    values = {"name_en": "Salavan College", "kind": "tvet_college", "country": "LA", **kwargs}
    trades = values.pop("trades", [])
    centre = CentrePage(**values)
    centre.trades = trades
    page: CentrePage = index.add_child(instance=centre)
    return page


def curriculum_page(centre: CentrePage, **kwargs: Any) -> CurriculumPage:
    """A published curriculum of `centre`."""
    values = {"name_en": "Welding", **kwargs}
    curriculum: CurriculumPage = centre.add_child(instance=CurriculumPage(**values))
    return curriculum


def module_page(curriculum: CurriculumPage, **kwargs: Any) -> ModulePage:
    """A published module of `curriculum`."""
    values = {"name_en": "Safety", "code": "MĐ01", **kwargs}
    module: ModulePage = curriculum.add_child(instance=ModulePage(**values))
    return module


def module_unit_page(module: ModulePage, **kwargs: Any) -> ModuleUnitPage:
    """A published unit of `module`."""
    unit: ModuleUnitPage = module.add_child(
        instance=ModuleUnitPage(**{"name_en": "Protection", **kwargs})
    )
    return unit
