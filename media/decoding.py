"""Any sound file → samples, mono, 48 kHz, signed 16 bit.

A file is trusted in nothing: what it is follows from its first bytes, the matching demuxer is
named so that no other one runs, and decoded length and time are bounded.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.error import FFmpegError

from .sound import (
    RATE,
    SAMPLE_BYTES,
    Damaged,
    IsVideo,
    Limits,
    NotSound,
    SoundError,
    TooLong,
    TooSlow,
    seconds,
)

_CODECS = {"opus", "vorbis", "aac", "mp3", "mp3float", "flac", "amrnb", "amrwb"}
_NAMES_OF_CODECS = {"amr_nb": "amrnb", "amr_wb": "amrwb", "libopus": "opus", "libvorbis": "vorbis"}


def container_format(data: bytes) -> str:
    """FFmpeg's name of the container that the first bytes announce. Raises NotSound."""
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if data.startswith(b"OggS"):
        return "ogg"
    if data.startswith(b"fLaC"):
        return "flac"
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "mov"
    if data.startswith(b"ID3"):
        return "mp3"
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        # Layer 0 is what tells AAC in ADTS from MPEG audio.
        return "aac" if data[1] & 0x06 == 0 else "mp3"
    raise NotSound


def decode(data: bytes, limits: Limits) -> bytes:
    """Mono, 48 kHz, signed 16 bit samples. Bounded by `limits` in length and time."""
    name = container_format(data)
    deadline = time.monotonic() + limits.max_work
    if name == "wav" and _is_cut_off(data):
        raise Damaged
    # A file may name other files or addresses; nothing beyond these bytes is ever opened.
    options = {"format_whitelist": name, "protocol_whitelist": "none"}
    if name == "mov":
        options["format_whitelist"] = "mov,mp4,m4a,3gp,3g2,mj2"
    elif name == "matroska":
        options["format_whitelist"] = "matroska,webm"
    most = int(limits.max_seconds * RATE) * SAMPLE_BYTES
    pcm = bytearray()
    try:
        with av.open(
            io.BytesIO(data), format=name, container_options=options, metadata_errors="replace"
        ) as container:
            stream = _sound_stream(container)
            declared = _declared_seconds(container, stream, name)
            if declared and declared > limits.max_seconds + 1:
                raise TooLong(limit=round(limits.max_seconds))
            for chunk in _resampled(container, stream):
                pcm += chunk
                if len(pcm) > most:
                    raise TooLong(limit=round(limits.max_seconds))
                if time.monotonic() > deadline:
                    raise TooSlow
    except (FFmpegError, ValueError, OverflowError, MemoryError) as error:
        if isinstance(error, SoundError):
            raise
        raise Damaged from error
    if not pcm:
        raise Damaged
    if declared and seconds(bytes(pcm)) < 0.9 * declared - 0.5:
        raise Damaged
    return bytes(pcm)


def _is_cut_off(data: bytes) -> bool:
    """Whether a WAV file is shorter than its header says."""
    size = int.from_bytes(data[4:8], "little")
    # Programs that write while they record leave 0 or the largest number here.
    return size < 0xFFFF_FFFF and size + 8 > len(data)


def _sound_stream(container: Any) -> Any:
    # The cover picture of a song is a video stream of one frame.
    films = [
        stream
        for stream in container.streams.video
        if stream.codec_context is None or stream.codec_context.name not in ("mjpeg", "png")
    ]
    if films:
        raise IsVideo
    if not container.streams.audio:
        raise NotSound
    stream = container.streams.audio[0]
    context = stream.codec_context
    if context is None:
        raise NotSound
    codec = _NAMES_OF_CODECS.get(context.name, context.name)
    if codec not in _CODECS and not codec.startswith("pcm_"):
        raise NotSound
    # 1 Hz resampled to 48 kHz would make 48,000 samples of each.
    if not 8_000 <= context.sample_rate <= 192_000 or not 1 <= context.channels <= 8:
        raise NotSound
    return stream


def _declared_seconds(container: Any, stream: Any, name: str) -> float | None:
    """The length that the header states, where it states it exactly."""
    if name not in ("mov", "wav", "flac"):
        return None  # Estimated from the bit rate, or not written while recording.
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _resampled(container: Any, stream: Any) -> Iterator[bytes]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in container.decode(stream):
        for part in resampler.resample(frame):
            yield samples(part)
    for part in resampler.resample(None):
        yield samples(part)


def samples(frame: AudioFrame) -> bytes:
    # A plane may be padded behind its samples.
    return bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]
