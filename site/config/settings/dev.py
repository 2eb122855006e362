"""One machine, nothing to configure: what `make run` and `make dev` use."""

import os
import secrets

from .base import *  # noqa: F403
from .base import VAR_DIR

DEBUG = os.environ.get("DEBUG") == "1"

VAR_DIR.mkdir(parents=True, exist_ok=True)
_key_file = VAR_DIR / "secret_key"
if not _key_file.exists():
    # Made on first use, so that no two installations share one.
    _key_file.touch(mode=0o600)
    _key_file.write_text(secrets.token_urlsafe(50))
SECRET_KEY = _key_file.read_text()

if DEBUG:
    # Edited files show at once, without collectstatic.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
