"""The keys whose signatures this site believes: its own, and those somebody here accepted."""

from typing import Any

from django.conf import settings

from .models import KnownKey
from .package.signing import PublicKey, parse_public_key, public_keys


def trusted_keys() -> list[PublicKey]:
    """This site's own keys, then the accepted ones."""
    accepted = [parse_public_key(key.public_key) for key in KnownKey.objects.all()]
    return [*public_keys(settings.RELEASE_KEYS_DIR), *accepted]


def accept_key(key: PublicKey, source: str, user: Any = None) -> KnownKey:
    """Believe what this key signs from now on."""
    values = {"public_key": key.base64, "source": source[:2000], "accepted_by": user}
    known, _made = KnownKey.objects.get_or_create(key_id=key.key_id, defaults=values)
    return known
