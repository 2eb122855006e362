"""Public identifiers: random, so that they can travel between sites, and easy to read aloud."""

import hashlib
import secrets

# No vowels (no words come about) and nothing that looks like something else.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 10  # 27 ** 10 is about 2 * 10 ** 14: no clash worth planning for; the column is unique.


def new_public_id() -> str:
    """A random identifier of ten characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def public_id_from(name: str) -> str:
    """The same identifier for the same name on every site: for content shipped as data files."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
