"""How loud a sound is, and bringing it to the loudness of all the others (FFmpeg's filters)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.frame import AudioFrame

from .decoding import samples
from .sound import RATE, SAMPLE_BYTES, Clipped, TooQuiet, seconds

# LUFS of one channel. EBU R 128 asks −23 of broadcasts; a single word on the small loudspeaker of
# a phone needs more, and podcasts use −16 to −19.
TARGET_LOUDNESS = -18.0
PEAK_LIMIT = 0.89  # −1 dBFS, room for what lossy coding adds.
MOST_GAIN = 30.0  # dB; beyond it the noise of the room is what one hears.
QUIETEST = -50.0  # LUFS
# A wave cut off at the top stays at its peak; a full-scale sine is there for 0.5 % of the time.
CLIPPED_PEAK = -0.2  # dBFS
CLIPPED_SHARE = 0.01


@dataclass(frozen=True)
class Level:
    loudness: float  # LUFS, integrated (EBU R 128)
    peak: float  # dBFS
    share_at_peak: float  # 0…1


def frames(pcm: bytes, repeat: int = 1) -> Iterator[AudioFrame]:
    """The samples as frames of a tenth of a second, `repeat` times over."""
    step = RATE // 10 * SAMPLE_BYTES
    pts = 0
    for _time in range(repeat):
        for start in range(0, len(pcm), step):
            chunk = pcm[start : start + step]
            frame = AudioFrame(format="s16", layout="mono", samples=len(chunk) // SAMPLE_BYTES)
            frame.sample_rate = RATE
            frame.planes[0].update(chunk.ljust(frame.planes[0].buffer_size, b"\0"))
            frame.time_base = Fraction(1, RATE)
            frame.pts = pts
            pts += frame.samples
            yield frame


def filtered(frames: Iterator[AudioFrame], *filters: tuple[str, str]) -> Iterator[AudioFrame]:
    """`frames` through a chain of FFmpeg filters, each (name, arguments)."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=RATE, format="s16", layout="mono", time_base=Fraction(1, RATE)
    )
    chain = [source, *(graph.add(name, args) for name, args in filters), graph.add("abuffersink")]
    graph.link_nodes(*chain).configure()
    for frame in (*frames, None):
        graph.push(frame)
        while True:
            try:
                yield graph.pull()  # type: ignore[misc]
            except (BlockingIOError, EOFError):
                break


def measure(pcm: bytes) -> Level:
    """Loudness and peak of samples (media.sound)."""
    # Loudness is gated in blocks of 400 ms, so a short word is measured several times over.
    repeat = max(1, round(3 / seconds(pcm)))
    last: dict[str, str] = {}
    for frame in filtered(
        frames(pcm, repeat),
        ("astats", "metadata=1:measure_perchannel=none"),
        ("ebur128", "metadata=1"),
    ):
        # Not every frame carries each value: the loudness comes once in 100 ms.
        last.update(frame.metadata)
    overall = "lavfi.astats.Overall."
    count = float(last.get(f"{overall}Number_of_samples") or 1)
    return Level(
        loudness=float(last.get("lavfi.r128.I", "-70")),
        peak=float(last.get(f"{overall}Peak_level", "-inf")),
        share_at_peak=float(last.get(f"{overall}Abs_Peak_count", "0")) / max(count, 1),
    )


def trim_and_level(pcm: bytes, loudness: float) -> bytes:
    """Cut the silence around the speech, and bring it to the target loudness."""
    # What is 35 dB below the speech itself is silence; the room's own noise decides nothing.
    trim = (
        "silenceremove",
        f"start_periods=1:start_duration=0.02:start_silence=0.15:start_threshold={loudness - 35}dB"
        ":detection=rms",
    )
    turn = ("areverse", "")
    gain = min(TARGET_LOUDNESS - loudness, MOST_GAIN)
    levelled = filtered(
        frames(pcm),
        trim,
        turn,
        trim,
        turn,
        ("volume", f"{gain}dB"),
        ("alimiter", f"limit={PEAK_LIMIT}:attack=2:release=50:level=disabled"),
        ("aformat", "sample_fmts=s16:channel_layouts=mono:sample_rates=48000"),
    )
    return b"".join(samples(frame) for frame in levelled)


def check_level(level: Level) -> None:
    """Raises TooQuiet or Clipped."""
    # FFmpeg's silence stands at −70 LUFS.
    if level.loudness < QUIETEST:
        raise TooQuiet
    if level.peak >= CLIPPED_PEAK and level.share_at_peak >= CLIPPED_SHARE:
        raise Clipped
