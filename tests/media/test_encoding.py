"""Real files through FFmpeg's libraries: what is accepted, what comes out, what is refused."""

import io
import random

import av
import pytest
from django.utils import translation

from media.encoding import encode
from media.sound import (
    Clipped,
    Damaged,
    IsVideo,
    Limits,
    NotSound,
    SoundError,
    TooBig,
    TooLong,
    TooQuiet,
    TooShort,
)

from .sounds import coded, tone

LIMITS = Limits(max_seconds=15)


def encoded(data: bytes, limits: Limits = LIMITS):  # type: ignore[no-untyped-def]
    return encode(io.BytesIO(data), limits)


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("webm", "libopus", 48_000),  # Chromium's MediaRecorder
        ("ogg", "libopus", 48_000),
        ("mp3", "libmp3lame", 44_100),
        ("ipod", "aac", 44_100),  # .m4a, Safari's MediaRecorder
        ("adts", "aac", 44_100),
        ("3gp", "aac", 16_000),
        ("flac", "flac", 48_000),
        ("wav", "pcm_s16le", 22_050),
        ("wav", "pcm_mulaw", 8_000),
    ],
)
def test_usual_formats_become_mono_opus_and_mp3(container: str, codec: str, rate: int) -> None:
    sound = encoded(coded(container, codec, rate))
    assert sound.duration == pytest.approx(1.0, abs=0.1)
    for copy, name, decoder in ((sound.opus, "ogg", "opus"), (sound.mp3, "mp3", "mp3float")):
        with av.open(io.BytesIO(copy)) as file:
            stream = file.streams.audio[0]
            assert (file.format.name, stream.codec_context.name) == (name, decoder)
            assert stream.codec_context.channels == 1
            seconds = sum(frame.samples for frame in file.decode(stream)) / stream.rate
            assert seconds == pytest.approx(1.0, abs=0.15)


def test_three_seconds_take_a_few_kilobytes() -> None:
    sound = encoded(tone(3))
    assert len(sound.opus) < 18_000
    assert len(sound.mp3) < 22_000


@pytest.mark.parametrize("amplitude", [0.02, 0.3, 1.0])
def test_quiet_and_loud_sounds_come_out_equally_loud(amplitude: float) -> None:
    assert encoded(tone(amplitude=amplitude)).loudness == pytest.approx(-18, abs=0.5)


def test_silence_around_the_word_is_cut() -> None:
    assert encoded(tone(1, silence=2)).duration == pytest.approx(1.3, abs=0.1)


def test_the_same_sound_makes_the_same_files() -> None:
    assert encoded(tone()) == encoded(tone())


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (tone(0.1), TooShort),
        (tone(15.5), TooLong),
        (tone(amplitude=0), TooQuiet),
        (tone(amplitude=0.001), TooQuiet),
        (tone(amplitude=4), Clipped),
        (b"", NotSound),
        (b"<!doctype html><p>I am a sound" * 20, NotSound),
        (b"#EXTM3U\nfile:///etc/hostname\n", NotSound),
        (b"%PDF-1.7\n", NotSound),
        (b"ID3\x03\0\0\0\0\0\0<html>" * 50, Damaged),
        (b"\x1aE\xdf\xa3" + bytes(100), Damaged),
        (b"RIFF\x24\0\0\0WAVEfmt ", Damaged),
        (tone(2)[:50_000], Damaged),
        (coded("ipod", "aac", 44_100)[:3_000], Damaged),
        (coded("mp4", "aac", 44_100, film=True), IsVideo),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_unusable_files_are_refused_with_the_reason(data: bytes, error: type[SoundError]) -> None:
    with pytest.raises(error) as caught:
        encoded(data)
    assert len(str(caught.value)) > 20


def test_an_oversize_file_is_refused_without_decoding() -> None:
    with pytest.raises(TooBig, match="at most"):
        encoded(tone(3), Limits(max_seconds=15, max_bytes=1000))


def test_a_header_that_claims_a_tiny_sample_rate_is_refused() -> None:
    # At 1 Hz every sample would become 48,000.
    with pytest.raises(NotSound):
        encoded(tone(0.5, rate=100))


def test_longer_sounds_pass_with_wider_limits() -> None:
    assert encoded(tone(20), Limits(max_seconds=300)).duration == pytest.approx(20, abs=0.1)


def test_a_playlist_in_disguise_opens_no_other_file() -> None:
    # The name of the demuxer is pinned, so a playlist behind a sound's first bytes is not read.
    with pytest.raises(SoundError):
        encoded(b"ID3\x03\0\0\0\0\0\0#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n")


def test_damaged_bytes_never_crash() -> None:
    random.seed(7)
    for source in (tone(0.5), coded("webm", "libopus", 48_000), coded("ipod", "aac", 44_100)):
        for _attempt in range(15):
            data = bytearray(source)
            for _byte in range(random.choice([1, 20, 200])):
                data[random.randrange(len(data))] = random.randrange(256)
            try:
                encoded(bytes(data))
            except SoundError as error:
                assert str(error)


def test_messages_follow_the_language_at_the_time_they_are_read() -> None:
    error = TooLong(limit=15)
    with translation.override("en"):
        assert "15 seconds" in str(error)
