"""Any uploaded or recorded sound → small mono Opus and MP3, level and length checked.

FFmpeg's libraries (PyAV) do the work. Metadata of the source (names, places) is not carried over.
"""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import av
from django.template.defaultfilters import filesizeformat

from .decoding import decode
from .levels import check_level, frames, measure, trim_and_level
from .sound import RATE, Limits, Sound, TooBig, TooShort, seconds

MP3_RATE = 24_000  # Hz; speech has little above 12 kHz, and 48 kbit/s serves that best.
OPUS_BIT_RATE = 28_000
MP3_BIT_RATE = 48_000


def encode(file: BinaryIO, limits: Limits) -> Sound:
    """Check a sound file and make its copies. Raises SoundError; leaves `file` at its start."""
    data = _read(file, limits.max_bytes)
    pcm = decode(data, limits)
    _check_length(pcm, limits.min_seconds)
    level = measure(pcm)
    check_level(level)
    pcm = trim_and_level(pcm, level.loudness)
    _check_length(pcm, limits.min_seconds)
    return Sound(
        opus=_write(pcm, "ogg", "libopus", RATE, OPUS_BIT_RATE, {"application": "voip"}),
        mp3=_write(pcm, "mp3", "libmp3lame", MP3_RATE, MP3_BIT_RATE, {}),
        duration=round(seconds(pcm), 2),
        loudness=round(measure(pcm).loudness, 1),
    )


def _read(file: BinaryIO, max_bytes: int) -> bytes:
    file.seek(0)
    data = file.read(max_bytes + 1)
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if len(data) > max_bytes:
        raise TooBig(size=filesizeformat(size), limit=filesizeformat(max_bytes))
    return data


def _check_length(pcm: bytes, min_seconds: float) -> None:
    if seconds(pcm) < min_seconds:
        raise TooShort


def _write(
    pcm: bytes, container_name: str, codec: str, rate: int, bit_rate: int, options: dict[str, str]
) -> bytes:
    target = io.BytesIO()
    # Bit-exact: the same sound makes the same file, and so the same name.
    with av.open(target, "w", format=container_name, options={"fflags": "+bitexact"}) as container:
        stream: Any = container.add_stream(codec, rate=rate, layout="mono", options=options)
        stream.bit_rate = bit_rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or None,
        )
        for frame in (*frames(pcm), None):
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()
