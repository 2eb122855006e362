"""Zip files that are the same bytes for the same content."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

#: Text is packed; pictures and fonts are packed already.
_STORED = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff2", ".pdf", ".docx", ".xlsx", ".zip")


def write_zip(target: Path, entries: Iterable[tuple[str, bytes | Path]], date: str) -> None:
    """Write `entries` (name, content) in their order, all of them dated `date` (ISO)."""
    year, month, day = (int(part) for part in date.split("-"))
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, (max(year, 1980), month, day, 0, 0, 0))
            # As made on Unix, with the rights of an ordinary file, whatever made it.
            info.create_system, info.external_attr = 3, 0o100644 << 16
            is_stored = name == "mimetype" or name.endswith(_STORED)
            info.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
            data = content.read_bytes() if isinstance(content, Path) else content
            archive.writestr(info, data)
