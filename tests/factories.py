"""Factories: the smallest valid record, and only what a test says about it."""

from typing import Any

import factory
from django.contrib.auth import get_user_model

from glossary.models import Concept, Term
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
