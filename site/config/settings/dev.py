"""One machine, nothing to configure: what `make run` and `make dev` use."""

import os
import secrets

from .base import *  # noqa: F403
from .base import VAR_DIR

DEBUG = os.environ.get("DEBUG") == "1"

_key_file = VAR_DIR / "secret_key"
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    if not _key_file.exists():
        # Made on first use, so that no two installations share one; whole or not at all.
        _new_key = VAR_DIR / f"secret_key.{os.getpid()}"
        _new_key.touch(mode=0o600)
        _new_key.write_text(secrets.token_urlsafe(50))
        _new_key.replace(_key_file)
    SECRET_KEY = _key_file.read_text()
except OSError as error:
    raise SystemExit(
        f"The site cannot write to {VAR_DIR} ({error.strerror}). "
        "Make that folder writable, or name another one in VAR_DIR."
    ) from error

if DEBUG:
    # Edited files show at once, without collectstatic.
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
