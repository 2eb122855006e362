"""What a sound may be: limits, the reasons to refuse one, and what encoding makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

RATE = 48_000  # Hz, of everything between decoding and encoding: Opus' own.
SAMPLE_BYTES = 2  # Signed 16 bit, one channel.


def seconds(pcm: bytes) -> float:
    """The length of decoded samples."""
    return len(pcm) / SAMPLE_BYTES / RATE


class SoundError(ValueError):
    """A sound that is refused; `str()` says in the reader's language what to do."""

    message: Any = _("This sound cannot be used.")

    def __init__(self, **values: Any) -> None:
        self.values = values
        super().__init__()

    def __str__(self) -> str:
        return str(self.message) % self.values if self.values else str(self.message)


class TooBig(SoundError):
    """More bytes than the limit."""

    message = _("This file has %(size)s; at most %(limit)s are accepted. Send a shorter one.")


class NotSound(SoundError):
    """The content is no sound of a known kind, whatever its name says."""

    message = _(
        "This is not a sound file that can be read. Use MP3, WAV, M4A, OGG, WebM, FLAC or 3GP."
    )


class IsVideo(SoundError):
    """A film."""

    message = _("This is a video. Only sound is accepted: record or export the sound alone.")


class Damaged(SoundError):
    """The file starts well and breaks off, or holds nonsense."""

    message = _("This sound file is damaged or incomplete. Save or record it again.")


class TooLong(SoundError):
    """Longer than the limit."""

    message = _("This is longer than %(limit)s seconds. Record only what belongs here.")


class TooShort(SoundError):
    """Nothing but a click."""

    message = _("This is too short to be heard. Record again, and wait a moment before you stop.")


class TooQuiet(SoundError):
    """Silence, or speech that drowns in noise."""

    message = _("Hardly anything can be heard. Speak closer to the microphone and record again.")


class Clipped(SoundError):
    """The level was too high: the wave is cut off."""

    message = _("This was recorded too loud and is distorted. Speak further away, record again.")


class TooSlow(SoundError):
    """Decoding took more time than any honest file needs."""

    message = _("This file takes too long to read. Save it in another format and try again.")


@dataclass(frozen=True)
class Limits:
    """What is accepted: bytes of the file, seconds of sound, seconds of work."""

    max_seconds: float
    min_seconds: float = 0.2
    max_bytes: int = 5 * 1024 * 1024
    max_work: float = 20.0


def term_limits() -> Limits:
    """Limits of the pronunciation of a term."""
    return Limits(
        max_seconds=getattr(settings, "RECORDING_TERM_MAX_SECONDS", 15),
        max_bytes=getattr(settings, "RECORDING_TERM_MAX_BYTES", 5 * 1024 * 1024),
    )


def long_limits() -> Limits:
    """Limits of longer sound: dialogues and texts of lessons."""
    return Limits(
        max_seconds=getattr(settings, "RECORDING_MAX_SECONDS", 300),
        max_bytes=getattr(settings, "RECORDING_MAX_BYTES", 20 * 1024 * 1024),
        max_work=60.0,
    )


@dataclass(frozen=True)
class Sound:
    """The copies pages play: files' bytes, length in seconds, loudness in LUFS."""

    opus: bytes
    mp3: bytes
    duration: float
    loudness: float
