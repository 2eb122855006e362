"""Addresses of the catalogue, below the page's language."""

from django.urls import path

from . import views

app_name = "curricula"
urlpatterns = [
    path("", views.curriculum_list, name="list"),
]
