"""Real sound files for the tests, made with FFmpeg's libraries."""

import io
import math
import wave
from array import array

import av

from media.decoding import decode
from media.levels import frames
from media.sound import Limits


def tone(
    seconds: float = 1.0, *, amplitude: float = 0.3, silence: float = 0.0, rate: int = 48_000
) -> bytes:
    """A WAV file: a sine of 440 Hz with `silence` seconds before and after it."""
    quiet = array("h", [0] * int(silence * rate))
    step = 2 * math.pi * 440 / rate
    values = (amplitude * 32767 * math.sin(step * n) for n in range(int(seconds * rate)))
    sound = array("h", (max(-32768, min(32767, round(value))) for value in values))
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((quiet + sound + quiet).tobytes())
    return target.getvalue()


def coded(container: str, codec: str, rate: int, seconds: float = 1.0, film: bool = False) -> bytes:
    """The tone in another format, with a moving picture beside it when `film`."""
    pcm = decode(tone(seconds), Limits(max_seconds=600))
    target = io.BytesIO()
    with av.open(target, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        if film:
            picture = output.add_stream("mpeg4", rate=5)
            picture.width = picture.height = 64
            picture.pix_fmt = "yuv420p"
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or None,
        )
        if film:
            for number in range(5):
                frame = av.VideoFrame(64, 64, "yuv420p")
                frame.pts = number
                output.mux(picture.encode(frame))
            output.mux(picture.encode(None))
        for frame in (*frames(pcm), None):
            for part in resampler.resample(frame):
                output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return target.getvalue()
