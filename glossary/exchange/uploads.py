"""Uploads waiting between preview and import: a folder each, of one user, for a short while."""

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from django.conf import settings

from .formats import Format
from .plan_file import PlanFile

# Long enough to look at a preview after a night's sleep.
KEPT_SECONDS = 2 * 24 * 3600
KEPT_OF_ONE_USER = 10
# Work reports every half second; after so long without a word its process is gone.
INTERRUPTED_SECONDS = 900


class Stage(StrEnum):
    """Where an upload stands."""

    PLANNING = "planning"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


@dataclass(frozen=True)
class Status:
    """What is known of an upload; `message` says what went wrong, `result` what was done.

    `about` is what it is meant for, where the folder alone does not say it.
    """

    user: int
    name: str
    form: str
    keep_review: bool
    language: str
    about: dict[str, int] | None = None
    stage: str = Stage.PLANNING
    phase: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, int] | None = None


class Upload:
    """One upload: its file, its plan and its status, in a folder of its own."""

    #: The folder of all uploads of a kind, below the site's own data.
    home: ClassVar[str] = "imports"

    def __init__(self, token: str) -> None:
        self.token = token
        self.folder = self.home_folder() / token

    @classmethod
    def home_folder(cls) -> Path:
        """Where uploads wait."""
        return Path(settings.VAR_DIR) / cls.home

    @property
    def source(self) -> Path:
        return self.folder / "upload"

    @property
    def plan_path(self) -> Path:
        return self.folder / "plan.sqlite3"

    @property
    def status(self) -> Status:
        return Status(**json.loads((self.folder / "status.json").read_text()))

    def set_status(self, **changes: Any) -> None:
        """Change the status; readers see the old one or the new one, never a half."""
        self._write(replace(self.status, **changes))

    def _write(self, status: Status) -> None:
        new = self.folder / f"status.{secrets.token_hex(4)}"
        new.write_text(json.dumps(asdict(status), ensure_ascii=False))
        new.replace(self.folder / "status.json")

    def claim(self) -> bool:
        """Whether the caller may apply the plan: the first one only, however often it is sent."""
        try:
            os.close(os.open(self.folder / "claim", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return False
        return True

    def give_back(self) -> None:
        """Let the plan be applied after all: the attempt failed and nothing was written."""
        (self.folder / "claim").unlink(missing_ok=True)

    @property
    def is_interrupted(self) -> bool:
        """Whether the work on it ended without saying how: the server was stopped or killed."""
        age = time.time() - (self.folder / "status.json").stat().st_mtime
        return age > INTERRUPTED_SECONDS and self.status.stage in {Stage.PLANNING, Stage.APPLYING}

    def plan(self) -> PlanFile:
        return PlanFile(self.plan_path)

    def delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


U = TypeVar("U", bound=Upload)


def imports_folder() -> Path:
    """Where uploads for the glossary wait."""
    return Upload.home_folder()


def keep_upload(
    chunks: Iterable[bytes], name: str, user: int, language: str, keep_review: bool
) -> Upload:
    """Store a new upload of a user; old ones go. Its format is not known yet."""
    status = Status(user, name[:200], Format.CSV, keep_review, language)
    return store_upload(Upload, chunks, status)


def store_upload(kind: type[U], chunks: Iterable[bytes], status: Status) -> U:
    """Store a new upload of some kind; old ones go."""
    tidy(status.user, kind)
    upload = kind(secrets.token_urlsafe(16))
    upload.folder.mkdir(parents=True, mode=0o700)
    with upload.source.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    upload._write(status)
    return upload


def find_upload(token: str, user: int) -> Upload | None:
    """The upload of that name if it is there and the user's own."""
    return own_upload(Upload, token, user)


def own_upload(kind: type[U], token: str, user: int) -> U | None:
    """The upload of some kind and of that name if it is there and the user's own."""
    upload = kind(token)
    try:
        return upload if upload.status.user == user else None
    except (OSError, ValueError, TypeError):
        return None


def tidy(user: int, kind: type[Upload] = Upload) -> None:
    """Delete uploads that nobody came back to, and the oldest of a user who leaves many."""
    folder = kind.home_folder()
    if not folder.is_dir():
        return
    now = time.time()
    own = []
    for path in folder.iterdir():
        upload = kind(path.name)
        try:
            age = now - (path / "status.json").stat().st_mtime
            status = upload.status
        except (OSError, ValueError, TypeError):
            # A crash left it without a status; a new one has it within moments.
            age, status = now - path.stat().st_mtime, None
        if age > KEPT_SECONDS or (status is None and age > 3600):
            upload.delete()
        elif status and status.user == user and status.stage != Stage.APPLYING:
            own.append((age, upload))
    for _age, upload in sorted(own, key=lambda pair: pair[0])[KEPT_OF_ONE_USER - 1 :]:
        upload.delete()
