"""Addresses of the public glossary, below the page's language."""

from django.urls import path, re_path

from . import views

app_name = "glossary"
urlpatterns = [
    path("", views.concept_list, name="list"),
    path("suggest", views.suggestions, name="suggest"),
    path("request/", views.request_term, name="request"),
    re_path(r"^(?P<public_id>[a-z0-9]{10,12})/card$", views.card, name="card"),
    re_path(r"^(?P<public_id>[a-z0-9]{10,12})-(?P<slug>[-\w]*)/$", views.concept, name="concept"),
]
