"""Pictures and documents of a release that is taken in: checked, then put into the collection."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from wagtail.models import Collection
from wagtail.utils.file import hash_filelike

from core.content_files import flat_message
from core.languages import CODES
from core.translated import normalise_input
from media.models import SiteDocument, SiteImage
from media.sniffing import check_document, check_image
from orthography import slug

from .package.errors import PackageError

#: Where the file of a SHA-256 stands.
PathOf = Callable[[str], Path]

_MODELS: dict[str, Any] = {"image": SiteImage, "document": SiteDocument}


class UnusableFile(PackageError):
    """A file of the package is not what it says, or larger than an upload may be."""


def check_file(entry: dict[str, Any], path: Path) -> None:
    """Hold a file to what holds for an upload. Raises UnusableFile."""
    image = entry["kind"] == "image"
    most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE if image else settings.WAGTAILDOCS_MAX_UPLOAD_SIZE
    try:
        if entry["size"] > most:
            raise ValidationError(_("It is larger than an upload may be."))
        with path.open("rb") as file:
            named = File(file, name=f"file.{entry['extension']}")
            (check_image if image else check_document)(named)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UnusableFile(
            _("The file “%(title)s” cannot be taken in: %(reason)s")
            % {"title": entry.get("title") or entry["sha256"], "reason": flat_message(error)}
        ) from error


class FileTaker:
    """Gives each file of a document a record in a centre's collection, when it is first used."""

    def __init__(self, entries: list[dict[str, Any]], path_of: PathOf, collection: Collection,
                 user: Any = None) -> None:  # fmt: skip
        self._entries = {entry["sha256"]: entry for entry in entries if entry["kind"] in _MODELS}
        self._path_of = path_of
        self._collection = collection
        self._user = user
        self._records: dict[str, Any] = {}
        self._written: list[Any] = []

    def key(self, kind: str, sha256: str) -> int | None:
        """The key of the image or document; None where the document lists no such file."""
        entry = self._entries.get(sha256)
        if entry is None or entry["kind"] != kind:
            return None
        if sha256 not in self._records:
            self._records[sha256] = self._record(entry).pk
        return int(self._records[sha256])

    def discard(self) -> None:
        """Delete the files written, whose records the database does not keep."""
        for record in self._written:
            record.file.storage.delete(record.file.name)
        self._written.clear()

    def _record(self, entry: dict[str, Any]) -> Any:
        model = _MODELS[entry["kind"]]
        with self._path_of(entry["sha256"]).open("rb") as content:
            file_hash = hash_filelike(content)
            own = model.objects.filter(collection__path__startswith=self._collection.path)
            same = own.filter(file_hash=file_hash, file_size=entry["size"]).first()
            return same or self._make(model, entry, content, file_hash)

    def _make(self, model: Any, entry: dict[str, Any], content: Any, file_hash: str) -> Any:
        title = normalise_input(entry.get("title") or "")[:255] or entry["sha256"][:12]
        name = f"{slug(title, 'vi')[:60] or 'file'}.{entry['extension']}"
        record = model(
            title=title,
            file=File(content, name=name),
            file_hash=file_hash,
            file_size=entry["size"],
            collection=self._collection,
            uploaded_by_user=self._user,
            rights_holder=normalise_input(entry.get("rights_holder") or "")[:200],
            licence=(entry.get("licence") or "")[:60],
        )
        for name in model.translated_fields:
            longest = model._meta.get_field(name).max_length
            texts = (entry.get("texts") or {}).get(name) or {}
            for code in CODES:
                setattr(record, f"{name}_{code}", normalise_input(texts.get(code) or "")[:longest])
        try:
            record.save()
        finally:
            if record.file._committed:
                self._written.append(record)
        return record
