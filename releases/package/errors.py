"""Why a package, a signature or a document is refused. Each message tells what to do next."""


class PackageError(Exception):
    """A package cannot be made or used; the text is for people and already translated."""


class NotAPackage(PackageError):
    """The file is no zip archive, is cut short or is damaged in its structure."""


class UnsafeName(PackageError):
    """A name leads outside the package or could mean two things on some system."""


class UnsafeEntry(PackageError):
    """An entry is a link, a device, encrypted or compressed in a way nobody needs."""


class TooLarge(PackageError):
    """The package, or a file in it, is larger than this site takes, or a bomb."""


class TooManyFiles(PackageError):
    """The package holds more files than this site takes."""


class Unsigned(PackageError):
    """The package carries no signature, or one that is no minisign signature."""


class UnknownKey(PackageError):
    """The package is signed by a key that this site does not know."""

    def __init__(self, message: str, key_id: str) -> None:
        super().__init__(message)
        self.key_id = key_id


class BadSignature(PackageError):
    """The signature does not fit: what was signed was altered afterwards."""


class WrongHash(PackageError):
    """A file's content is not what the manifest says."""


class MissingFile(PackageError):
    """A file that the package lists is not there."""


class UnexpectedFile(PackageError):
    """The package holds a file that its manifest or document does not name."""


class NewerFormat(PackageError):
    """The package was made by a newer version of this software."""


class InvalidDocument(PackageError):
    """The curriculum in the package does not follow the published schema."""


class CyclicAncestors(InvalidDocument):
    """A release is its own ancestor."""


class KeyFileError(PackageError):
    """A key file cannot be read or is none."""
