"""releases/… outside the languages: what programs download."""

from django.urls import re_path

from . import downloads

app_name = "release_files"
urlpatterns = [
    re_path(
        r"^files/(?P<sha256>[0-9a-f]{64})/(?P<name>[\w.-]{1,120})$",
        downloads.release_file,
        name="file",
    ),
]
