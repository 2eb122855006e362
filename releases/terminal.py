"""What the commands about packages share: a progress bar, keys as arguments, what a package is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.languages import pick

from .package.reading import Package, verify
from .package.signing import PublicKey, parse_public_key
from .trust import trusted_keys

_WIDTH = 30


def progress_bar(out: Any, label: str) -> Callable[[int, int], None]:
    """Called with bytes done and bytes in all; draws on a terminal, else says nothing."""
    drawn = -1

    def draw(done: int, total: int) -> None:
        nonlocal drawn
        share = min(done, total) * 100 // total if total else 100
        if not out.isatty() or share == drawn:
            return
        drawn = share
        bar = "#" * (share * _WIDTH // 100)
        size = f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
        end = "\n" if share == 100 else ""
        out.write(f"\r{label} [{bar:{_WIDTH}}] {share:3} % {size}", ending=end)
        out.flush()

    return draw


def key_argument(given: str) -> PublicKey:
    """A public key from a .pub file of minisign, or its second line; KeyFileError."""
    path = Path(given)
    return parse_public_key(path.read_text(errors="replace") if path.is_file() else given)


@contextmanager
def verified(path: Path, keys: list[PublicKey], out: Any) -> Iterator[Package]:
    """A package whose signature, hashes and document are right. Raises PackageError."""
    progress = progress_bar(out, "Verifying")
    with verify(path, [*trusted_keys(), *keys], progress=progress) as package:
        yield package


def description(package: Package) -> list[str]:
    """What a verified package is, in lines."""
    document = package.document
    curriculum, release = document["curriculum"], document["release"]
    name = pick(curriculum["texts"].get("name") or {}, "en")
    centre = pick(document["centre"]["texts"].get("name") or {}, "en")
    lines = [
        f"{name}, version {release['version']} of {release['date']} ({release['public_id']})",
        f"Centre: {centre}",
        f"Licence: {curriculum['values'].get('licence')}, "
        f"{curriculum['values'].get('rights_holder') or 'no rights holder named'}",
        f"Languages: {', '.join(release['languages'])}",
        f"Signed with the key {package.signed.key.key_id}: {package.signed.comment}",
    ]
    for ancestor in release["ancestors"]:
        origin = pick(ancestor.get("name") or {}, "en")
        lines.append(f"Adapted from: {origin}, version {ancestor['version']} of {ancestor['date']}")
    # Names come from outside: nothing in them may act on a terminal.
    return ["".join(c for c in line if c.isprintable()) for line in lines]
