"""Requests for terms that the glossary lacks, counted per term; nothing about readers is kept.

Against spam, without outside services: a field that only machines fill in, a least time between
page and sending, and counts in a cache under a hash of the address whose salt is of the
day, so that nobody can tell afterwards who asked for what.
"""

import hashlib
import ipaddress
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.reader import current_language
from orthography import fold, normalise

from .models import TermRequest

MAX_TEXT = 100
MAX_FOLDED = 200
# Nobody reads the page and types a word in less; seconds.
LEAST_TIME = 2
# A page may stay open for a day.
MOST_TIME = 24 * 3600
REQUESTS_A_DAY = 20
_DAY = 24 * 3600
_SALT = "term request"
# One for all processes, or each of them would count for itself.
cache = caches["shared"]


def new_stamp() -> str:
    """A signed word that says when a form was handed out, and is a form's own."""
    return signing.dumps(secrets.token_urlsafe(6), salt=_SALT)


class TermRequestForm(forms.Form):
    """A word, the time when the form was opened, and a trap."""

    text = forms.CharField(
        label=_("Word"),
        max_length=MAX_TEXT,
        error_messages={
            "required": _("Write the word you are looking for."),
            "max_length": _("Write one word or a short phrase, at most 100 letters."),
        },
    )
    stamp = forms.CharField(widget=forms.HiddenInput, initial=new_stamp, required=False)
    # Hidden from people; programs that fill in everything fill it in.
    website = forms.CharField(required=False)

    def clean_text(self) -> str:
        """The word in its stored spelling."""
        text = " ".join(normalise(self.cleaned_data["text"]).split())[:MAX_TEXT]
        if not any(character.isalnum() for character in text):
            raise ValidationError(_("Write the word you are looking for."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        stamp = cleaned.get("stamp", "")
        try:
            signing.loads(stamp, salt=_SALT, max_age=MOST_TIME)
        except signing.BadSignature:
            self._hand_out_anew()
            raise ValidationError(
                _("This page was open for too long. Please send it again.")
            ) from None
        if _age(stamp) < LEAST_TIME:
            raise ValidationError(_("That was very quick. Please wait a moment and send it again."))
        return cleaned

    def _hand_out_anew(self) -> None:
        # What was posted cannot be changed; a copy of it can.
        form: Any = self
        form.data = {**form.data.dict(), "stamp": new_stamp()}


def _age(stamp: str) -> float:
    """Seconds since a stamp, known to be genuine, was made."""
    made = signing.b62_decode(stamp.rsplit(":", 2)[1])
    return timezone.now().timestamp() - made


def record_request(form: TermRequestForm, request: HttpRequest) -> bool:
    """Count a valid form's request; False where it is spam, too much or the same again.

    The sender is thanked in any case.
    """
    if form.cleaned_data["website"]:
        return False
    text = form.cleaned_data["text"]
    # One key for a word whatever its spelling; fold's key is the same for all languages.
    folded = fold(text, "vi")[:MAX_FOLDED]
    sender = _sender(request)
    key = hashlib.sha256(folded.encode()).hexdigest()[:16]
    is_first = cache.add(f"term-request:{sender}:{key}", 1, _DAY)
    if not is_first or not _may_ask(sender):
        return False
    with transaction.atomic():
        wish, is_new = TermRequest.objects.get_or_create(
            folded=folded, defaults={"text": text, "language": current_language()}
        )
        if not is_new:
            TermRequest.objects.filter(pk=wish.pk).update(
                count=F("count") + 1, last_at=timezone.now()
            )
    return True


def _may_ask(sender: str) -> bool:
    key = f"term-requests:{sender}"
    cache.add(key, 0, _DAY)
    try:
        return bool(cache.incr(key) <= REQUESTS_A_DAY)
    except ValueError:
        # The count ran out between the two lines.
        return True


def _sender(request: HttpRequest) -> str:
    """A hash of the address that nobody can undo once the day is over."""
    salt = f"{settings.SECRET_KEY}{timezone.now():%Y-%m-%d}"
    return hashlib.sha256(f"{salt}{_address(request)}".encode()).hexdigest()[:16]


def _address(request: HttpRequest) -> str:
    """The sender's address; of a proxy on this machine, the one that it says it heard from.

    Of IPv6 the network: a line has all of its 2^64 addresses to itself.
    """
    sender = _ip(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1]
    # A proxy on a Unix socket has no address.
    if sender is None or sender.is_loopback:
        sender = _ip(forwarded) or sender
    if isinstance(sender, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((sender.packed, 64), strict=False))
    return str(sender)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None
