from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.levels import TARGET_LEVEL_DBFS, levelled, levels, nonsilent_s

BELOW_DBFS = -16.0
SPEECH = [Span(0.0, 2.0), Span(4.0, 6.0)]


def noise(seconds: float, dbfs: float, seed: int = 1) -> NDArray[np.float32]:
    """White noise at an exact RMS level."""
    samples = np.random.default_rng(seed).normal(0, 1, round(seconds * SAMPLE_RATE_HZ))
    scaled: NDArray[np.float32] = (samples * 10 ** (dbfs / 20) / np.sqrt(np.mean(samples**2))).astype(np.float32)
    return scaled


def talk(noise_dbfs: float) -> NDArray[np.float32]:
    """Two seconds of speech, two of noise, two of speech."""
    return np.concatenate([noise(2.0, -20.0), noise(2.0, noise_dbfs), noise(2.0, -20.0, 2)])


@pytest.mark.parametrize("noise_dbfs", [-60.0, -40.0, -26.0])
def test_level_and_distance_from_the_noise(noise_dbfs: float) -> None:
    found = levels(talk(noise_dbfs), SPEECH, BELOW_DBFS)
    assert found.speech_dbfs == pytest.approx(-20.0, abs=0.01)
    assert found.snr_db == pytest.approx(-20.0 - noise_dbfs, abs=0.2)


def test_the_edges_of_a_pause_are_no_noise() -> None:
    sound = talk(-60.0)
    sound[2 * SAMPLE_RATE_HZ : round(2.09 * SAMPLE_RATE_HZ)] = 0.3  # the tail of a word
    assert levels(sound, SPEECH, BELOW_DBFS).snr_db == pytest.approx(40.0, abs=0.2)


def test_what_cannot_be_known_is_absent() -> None:
    silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
    assert levels(silence, [], BELOW_DBFS).speech_dbfs is None
    assert levels(talk(-60.0), [], BELOW_DBFS).snr_db is None
    assert levels(talk(-60.0), [Span(0.0, 6.0)], BELOW_DBFS).snr_db is None
    assert (
        levels(
            np.concatenate([noise(2.0, -20.0), np.zeros(32000, np.float32), noise(2.0, -20.0)]), SPEECH, BELOW_DBFS
        ).snr_db
        is None
    )
    assert levels(silence[:0], [], BELOW_DBFS).clipping_ratio == 0.0


def test_clipping() -> None:
    sound = np.full(1000, 0.5, np.float32)
    sound[:100], sound[100:150] = 1.0, -1.0
    assert levels(sound, [], BELOW_DBFS).clipping_ratio == pytest.approx(0.15)


def test_nonsilent_time_is_what_is_loud() -> None:
    assert nonsilent_s(talk(-60.0), BELOW_DBFS) == pytest.approx(4.0, abs=0.1)
    assert nonsilent_s(talk(-25.0), BELOW_DBFS) == pytest.approx(6.0, abs=0.1)


@pytest.mark.parametrize("gain", [1.0, 0.05])
def test_nonsilent_time_does_not_depend_on_the_level(gain: float) -> None:
    assert nonsilent_s(talk(-60.0) * np.float32(gain), BELOW_DBFS) == pytest.approx(4.0, abs=0.1)


def test_silence_is_silent() -> None:
    assert nonsilent_s(np.zeros(SAMPLE_RATE_HZ, np.float32), BELOW_DBFS) == 0.0
    assert nonsilent_s(np.zeros(0, np.float32), BELOW_DBFS) == 0.0


@pytest.mark.parametrize("dbfs", [-50.0, -30.0, -10.0])
def test_speech_is_brought_to_one_level(dbfs: float) -> None:
    even = levelled(noise(3.0, dbfs))
    assert 20 * np.log10(np.sqrt(np.mean(even**2))) == pytest.approx(TARGET_LEVEL_DBFS, abs=1.0)


def test_a_whisper_is_raised_by_40_db_at_most() -> None:
    quiet = noise(1.0, -75.0)
    assert np.allclose(levelled(quiet.copy()), quiet * 100)


def test_silence_is_not_raised() -> None:
    for sound in (np.full(16000, 5e-5, np.float32), np.zeros(100, np.float32), np.zeros(0, np.float32)):
        assert levelled(sound) is sound


def test_levels_of_long_sound_take_no_copies_of_it() -> None:
    """Two of 16 bits, for pydub; floats by the minute only."""
    sound = noise(600.0, -30.0)
    assert levelled(sound) is sound
    tracemalloc.start()
    try:
        levels(sound, (), BELOW_DBFS)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.5 * sound.nbytes
