"""The test suite: its own uploads folder, quick password hashing, plain static files."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
VAR_DIR = Path(tempfile.mkdtemp(prefix="mittaphap-test-"))
MEDIA_ROOT = VAR_DIR / "uploads"
RELEASES_DIR = VAR_DIR / "releases"
RELEASE_KEYS_DIR = VAR_DIR / "keys"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Templates name files that collectstatic has not gathered in a test run.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES["shared"]["LOCATION"] = VAR_DIR / "cache"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
