from __future__ import annotations

import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, PictureReader, decode_sound, probe, sound_blocks, write_flac
from servicekit.errors import ServiceError
from tests.support import media

SAMPLE = Path(__file__).resolve().parents[3] / "sample"


def test_probe_finds_what_is_there(tmp_path: Path) -> None:
    both = probe(media.write_video(tmp_path / "a.mp4", 1.0, with_audio=True))
    assert (both.has_audio, both.has_video) == (True, True)
    assert both.duration_s == pytest.approx(1.0, abs=0.1)
    assert not probe(media.write_video(tmp_path / "b.mp4", 1.0)).has_audio
    assert not probe(media.write_tone(tmp_path / "c.wav", 1.0)).has_video


def test_a_browser_recording_without_a_duration_has_one() -> None:
    assert probe(SAMPLE / "answer_id.webm").duration_s == pytest.approx(37.3, abs=0.2)


@pytest.mark.parametrize(
    "content", [b"", b"plain text\n" * 100, bytes(range(256)) * 50], ids=["empty", "text", "bytes"]
)
def test_what_is_no_media_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(content)
    with pytest.raises(ServiceError, match="MEDIA_UNREADABLE"):
        probe(path)


def test_a_name_decides_nothing(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "a.mp4", 1.0).rename(tmp_path / "notes.txt")
    assert probe(path).has_video


def test_a_missing_track_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="NO_AUDIO_STREAM"):
        decode_sound(media.write_video(tmp_path / "a.mp4", 1.0))
    with pytest.raises(ServiceError, match="NO_VIDEO_STREAM"):
        PictureReader(media.write_tone(tmp_path / "b.wav", 1.0))


def test_sound_keeps_level_and_length(tmp_path: Path) -> None:
    sound = decode_sound(media.write_tone(tmp_path / "a.wav", 1.0))
    assert sound.size == pytest.approx(SAMPLE_RATE_HZ, abs=200)
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.01)


def test_flac_holds_the_same_sound(tmp_path: Path) -> None:
    source = SAMPLE / "answer_en.mp4"
    seconds = write_flac(source, tmp_path / "a.flac")
    direct, through = decode_sound(source), decode_sound(tmp_path / "a.flac")
    assert seconds == pytest.approx(direct.size / SAMPLE_RATE_HZ)
    assert np.array_equal(direct, through)


def write_pieces(path: Path, *pieces: tuple[float, float]) -> Path:
    """A recording with a tone for each piece (start and length in seconds) and nothing between them."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ, layout="mono")
        for start_s, length_s in pieces:
            for first in range(0, round(length_s * SAMPLE_RATE_HZ), 1000):
                frame = av.AudioFrame.from_ndarray(media.tone(1000 / SAMPLE_RATE_HZ)[np.newaxis], "s16", "mono")
                frame.sample_rate, frame.time_base = SAMPLE_RATE_HZ, Fraction(1, SAMPLE_RATE_HZ)
                frame.pts = round(start_s * SAMPLE_RATE_HZ) + first
                output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def loud(sound: NDArray[np.float32], moment_s: float) -> bool:
    """Whether anything can be heard in the 0.2 s from `moment_s`."""
    first = round(moment_s * SAMPLE_RATE_HZ)
    return bool(np.abs(sound[first : first + SAMPLE_RATE_HZ // 5]).max() > 0.1)


def test_a_gap_becomes_silence_so_that_times_stay_right(tmp_path: Path) -> None:
    path = write_pieces(tmp_path / "a.mkv", (0.0, 1.0), (2.0, 1.0))
    sound = decode_sound(path)
    assert sound.size == 3 * SAMPLE_RATE_HZ
    assert [loud(sound, moment_s) for moment_s in (0.5, 1.1, 1.7, 2.1)] == [True, False, False, True]
    assert write_flac(path, tmp_path / "a.flac") == 3.0


def test_a_jump_of_minutes_is_silence_in_small_blocks(tmp_path: Path) -> None:
    blocks = list(sound_blocks(write_pieces(tmp_path / "a.mkv", (0.0, 1.0), (200.5, 1.0))))
    assert sum(block.size for block in blocks) == pytest.approx(201.5 * SAMPLE_RATE_HZ, abs=100)
    assert max(block.size for block in blocks) == 60 * SAMPLE_RATE_HZ


def test_a_recording_that_starts_late_starts_at_zero(tmp_path: Path) -> None:
    path = write_pieces(tmp_path / "a.mkv", (3600.0, 1.0))
    assert probe(path).duration_s == pytest.approx(1.0, abs=0.01)
    assert decode_sound(path).size == SAMPLE_RATE_HZ


def test_another_rate_is_resampled(tmp_path: Path) -> None:
    path = media.write_sound(tmp_path / "a.wav", media.tone(1.0, rate_hz=48_000), rate_hz=48_000)
    assert decode_sound(path).size == pytest.approx(SAMPLE_RATE_HZ, abs=50)
    assert decode_sound(path, 8_000).size == pytest.approx(8_000, abs=50)


def write_channels(path: Path, *channels: NDArray[np.float64]) -> Path:
    """A recording with these channels at 16 kHz."""
    soundfile.write(str(path), np.stack(channels, axis=1), SAMPLE_RATE_HZ)
    return path


def sine(hertz: float) -> NDArray[np.float64]:
    """A second at half of full scale."""
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ)


def test_a_speaker_in_each_channel_are_both_heard(tmp_path: Path) -> None:
    sound = decode_sound(write_channels(tmp_path / "a.wav", sine(300), sine(500)))
    assert sound == pytest.approx((sine(300) + sine(500)) / 2, abs=1e-3)


def test_channels_in_opposite_phase_do_not_cancel(tmp_path: Path) -> None:
    sound = decode_sound(write_channels(tmp_path / "a.wav", sine(300), -0.9 * sine(300)))
    assert sound == pytest.approx(sine(300), abs=1e-3)


def test_all_channels_of_surround_sound_are_heard(tmp_path: Path) -> None:
    silence = np.zeros(SAMPLE_RATE_HZ)
    # Left, right, centre, low frequencies, and two at the back: a voice is in the centre.
    sound = decode_sound(write_channels(tmp_path / "a.wav", silence, silence, sine(300), silence, silence, silence))
    assert sound.size == SAMPLE_RATE_HZ
    assert np.abs(sound).max() > 0.1


def test_a_sound_track_without_sound_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as output:
        output.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
    readers: tuple[Callable[[Path], object], ...] = (decode_sound, lambda found: write_flac(found, tmp_path / "a.flac"))
    for read in readers:
        with pytest.raises(ServiceError, match="MEDIA_UNREADABLE"):
            read(path)


def test_blocks_are_the_whole_sound(tmp_path: Path) -> None:
    path = media.write_tone(tmp_path / "a.flac", 2.0)
    blocks = list(sound_blocks(path))
    assert len(blocks) > 1
    assert {block.dtype for block in blocks} == {np.dtype(np.int16)}
    assert sum(block.size for block in blocks) == decode_sound(path).size


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_never_crash_the_process(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "x.webm"
    path.write_bytes(np.random.default_rng(seed).bytes(20_000))
    with pytest.raises(ServiceError, match=r"MEDIA_UNREADABLE|NO_AUDIO_STREAM"):
        decode_sound(path)


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="MEDIA_UNREADABLE"):
        probe(tmp_path / "nothing.mp4")


def test_a_truncated_file_gives_what_it_holds_or_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    path.write_bytes((SAMPLE / "answer_id.webm").read_bytes()[:400_000])
    assert 5 < probe(path).duration_s < 30
    assert decode_sound(path).size > 5 * SAMPLE_RATE_HZ
