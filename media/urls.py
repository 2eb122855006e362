from django.urls import path

from . import views

app_name = "uploads"
urlpatterns = [
    path("<path:path>", views.serve, name="serve"),
]
