"""Recordings of kinds that go wrong, read for their sound: one clock, every loss named, the track that has speech."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, MediaProbe, SoundReader, probe, whole_sound
from servicekit.wire import Span
from tests.support import media
from tests.support.recordings import (
    Pictures,
    Sounds,
    every,
    hum,
    hurt,
    joined,
    silence,
    spoken,
    write,
)


def heard(path: Path) -> tuple[NDArray[np.float32], tuple[Span, ...], MediaProbe]:
    """All sound of a recording, what is missing of it, and what the recording holds."""
    with closing(SoundReader(path)) as reader:
        sound = whole_sound(reader)
        return sound, reader.missing, reader.probe


def level(sound: NDArray[np.float32], start_s: float, end_s: float) -> float:
    """Root mean square between two times."""
    part = sound[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
    return float(np.sqrt((part**2).mean()))


def test_a_damaged_packet_of_sound_is_only_its_own_loss(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.mp4", Pictures(every(6)), Sounds([(0.0, hum(6))]))
    sound, missing, _ = heard(hurt(whole, "audio", 2.0))
    assert sound.size / SAMPLE_RATE_HZ == pytest.approx(5.97, abs=0.05)
    assert len(missing) == 1
    assert missing[0].start_s == pytest.approx(2.0, abs=0.05)
    assert missing[0].duration_s == pytest.approx(1024 / 48_000, abs=0.001)
    assert level(sound, 4.0, 5.0) > 0.2


def test_a_recording_without_damage_misses_nothing(tmp_path: Path) -> None:
    _, missing, found = heard(write(tmp_path / "a.mp4", Pictures(every(3)), Sounds([(0.0, hum(3))])))
    assert missing == ()
    assert found.sound is not None
    assert found.sound.why == "only"


def test_sound_that_starts_late_is_late(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Pictures(every(6)), Sounds([(3.0, hum(3))]))
    sound, missing, _ = heard(path)
    assert level(sound, 0.0, 2.9) < 1e-3
    assert level(sound, 3.1, 5.9) > 0.2
    assert missing[0].start_s == 0.0
    assert missing[0].end_s == pytest.approx(3.0, abs=0.05)


def test_sound_that_ends_early_is_missed_to_the_end(tmp_path: Path) -> None:
    _, missing, _ = heard(write(tmp_path / "a.mp4", Pictures(every(6)), Sounds([(0.0, hum(3))])))
    assert [(round(s.start_s, 1), round(s.end_s, 1)) for s in missing] == [(3.0, 6.0)]


def test_two_recordings_joined_are_both_heard(tmp_path: Path) -> None:
    parts = [
        write(
            tmp_path / f"{name}.webm",
            Pictures(every(length_s), codec="libvpx"),
            Sounds([(0.0, sound(length_s))], codec="libopus"),
            live="1",
        )
        for name, length_s, sound in (("a", 3.0, silence), ("b", 4.0, hum))
    ]
    sound, missing, found = heard(joined(tmp_path / "c.webm", parts))
    assert found.duration_s == pytest.approx(7.0, abs=0.1)
    assert sound.size / SAMPLE_RATE_HZ == pytest.approx(7.0, abs=0.1)
    assert level(sound, 0.0, 2.9) < 1e-3
    assert level(sound, 3.2, 6.8) > 0.2
    assert missing == ()


def test_a_computer_that_slept_leaves_a_gap_with_a_name(tmp_path: Path) -> None:
    times = every(2) + every(2, start_s=602.0)
    path = write(
        tmp_path / "a.webm",
        Pictures(times, codec="libvpx"),
        Sounds([(0.0, hum(2)), (602.0, hum(2))], codec="libopus"),
    )
    sound, missing, found = heard(path)
    assert found.duration_s == pytest.approx(604.0, abs=0.1)
    assert [(round(s.start_s), round(s.end_s)) for s in missing] == [(2, 602)]
    assert level(sound, 602.1, 603.9) > 0.2


@pytest.mark.parametrize(("stretch", "length_s"), [(0.9, 9.0), (1.1, 11.0)])
def test_sound_keeps_to_stamps_that_run_fast_or_slow(tmp_path: Path, stretch: float, length_s: float) -> None:
    made = Sounds([(0.0, hum(10))], codec="pcm_s16le", stretch=stretch)
    sound, missing, _ = heard(write(tmp_path / "a.mkv", made))
    assert sound.size / SAMPLE_RATE_HZ == pytest.approx(length_s, abs=0.1)
    assert missing == ()


def test_stamps_below_zero_start_at_zero_and_rise_over_it(tmp_path: Path) -> None:
    """FLV has stamps of 31 bits: those below zero are read as weeks, and fall to zero on the way."""
    path = write(
        tmp_path / "a.flv",
        Pictures(every(5, start_s=-3.0), lambda time_s: media.noise(abs(time_s)), codec="flv"),
        Sounds([(-3.0, hum(5))]),
        avoid_negative_ts="disabled",
    )
    sound, missing, found = heard(path)
    assert found.duration_s == pytest.approx(5.0, abs=0.1)
    assert sound.size / SAMPLE_RATE_HZ == pytest.approx(5.0, abs=0.1)
    assert missing == ()


def test_the_track_in_which_somebody_speaks_is_heard(tmp_path: Path) -> None:
    for name, first in (("silent", silence(6)), ("humming", hum(6)), ("noisy", noisy(6))):
        path = write(tmp_path / f"{name}.mkv", Sounds([(0.0, first)]), Sounds([(0.0, spoken(6))]))
        found = probe(path).sound
        assert found is not None
        assert (found.index, found.count, found.why) == (1, 2, "speech"), name


def test_of_two_tracks_with_speech_the_first_is_heard(tmp_path: Path) -> None:
    found = probe(write(tmp_path / "a.mkv", Sounds([(0.0, spoken(6))]), Sounds([(0.0, spoken(6, seed=2))]))).sound
    assert found is not None
    assert (found.index, found.why) == (0, "first")


def test_a_track_that_cannot_be_decoded_hides_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", Sounds([(0.0, hum(3))], codec="flac"), Sounds([(0.0, spoken(3))]))
    path.write_bytes(path.read_bytes().replace(b"A_FLAC", b"A_FLAX"))
    found = probe(path).sound
    assert found is not None
    assert (found.index, found.count, found.why) == (1, 2, "decodable")


def test_sound_that_changes_its_form_on_the_way_goes_on(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp3"), "w") as output:
        stream = output.add_stream("mp3", rate=44_100, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 44_100), np.float32), "fltp", "stereo")
        frame.sample_rate = 44_100
        output.mux([*stream.encode(frame), *stream.encode(None)])
    with av.open(str(tmp_path / "b.mp3"), "w") as output:
        stream = output.add_stream("mp3", rate=32_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.full((1, 32_000), 0.2, np.float32), "fltp", "mono")
        frame.sample_rate = 32_000
        output.mux([*stream.encode(frame), *stream.encode(None)])
    sound, _, _ = heard(joined(tmp_path / "c.mp3", [tmp_path / "a.mp3", tmp_path / "b.mp3"]))
    assert sound.size / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.3)


def noisy(seconds: float) -> NDArray[np.int16]:
    """Steady noise, as of a fan."""
    return (3000 * np.random.default_rng(1).standard_normal(round(seconds * 48_000))).clip(-9000, 9000).astype(np.int16)
