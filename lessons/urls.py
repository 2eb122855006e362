"""Addresses of practice, below the page's language."""

from django.urls import path, re_path

from . import views

app_name = "practice"
# Ids joined by dots: 200 of at most twelve letters.
_LIST = r"^(?P<kind>lesson|list|trade)/(?P<key>[a-z0-9.-]{1,2600})/"
_VIEWS = (
    ("list", "", views.word_list),
    ("sheet", "sheet/", views.sheet),
    ("package", "words.apkg", views.package),
    ("code", "code.svg", views.code),
)
urlpatterns = [
    path("", views.home, name="home"),
    path("my-list/", views.my_list, name="my-list"),
    path("progress/", views.progress, name="progress"),
    *(re_path(rf"{_LIST}{rest}$", view, name=name) for name, rest, view in _VIEWS),
    *(
        path(f"search/{rest}", view, {"kind": "search"}, name=f"search-{name}")
        for name, rest, view in _VIEWS
    ),
]
