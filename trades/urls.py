"""Addresses of the trades, below the page's language."""

from django.urls import path

from . import views

app_name = "trades"
urlpatterns = [
    path("", views.trade_list, name="list"),
    path("<slug:slug>/", views.trade_detail, name="detail"),
]
