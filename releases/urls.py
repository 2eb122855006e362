"""releases/… below the page's language."""

from django.urls import path

from . import feeds, views

app_name = "releases"
urlpatterns = [
    path("", views.release_list, name="list"),
    path("feed.xml", feeds.ReleaseFeed(), name="feed"),
    path("keys/", views.keys, name="keys"),
    path("<slug:public_id>/", views.release, name="release"),
    path("<slug:public_id>/changes/<slug:other>/", views.changes, name="changes"),
]
