from __future__ import annotations

import librosa
import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.voices.pitch import window_pitches
from services.audio.voices.windows import windows
from tests.unit.audio.voices import SETTINGS


def buzz(hertz: float, seconds: float) -> NDArray[np.float32]:
    """A tone with overtones, as a voice has them."""
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    overtones = [np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 12)]
    sound: NDArray[np.float32] = (0.1 * np.sum(overtones, axis=0)).astype(np.float32)
    return sound


@pytest.mark.parametrize("hertz", [85.0, 120.0, 210.0, 330.0])
def test_pitch_of_a_tone_in_semitones(hertz: float) -> None:
    found = window_pitches(buzz(hertz, 4.0), windows([Span(0.0, 4.0)], SETTINGS))
    assert found == pytest.approx(12 * np.log2(hertz), abs=0.3)


def test_each_window_has_its_own() -> None:
    sound = np.concatenate([buzz(110.0, 3.0), np.zeros(SAMPLE_RATE_HZ, np.float32), buzz(220.0, 3.0)])
    parts = windows([Span(0.0, 3.0), Span(4.0, 7.0)], SETTINGS)
    found = window_pitches(sound, parts)
    octave = np.median(found[[p.region == 1 for p in parts]]) - np.median(found[[p.region == 0 for p in parts]])
    assert octave == pytest.approx(12.0, abs=0.3)


def test_windows_late_in_a_recording() -> None:
    sound = np.concatenate([np.zeros(10 * SAMPLE_RATE_HZ, np.float32), buzz(150.0, 2.0)])
    found = window_pitches(sound, windows([Span(10.0, 12.0)], SETTINGS))
    assert librosa.midi_to_hz(found - 12 * np.log2(440.0) + 69) == pytest.approx(150.0, rel=0.02)


def test_no_pitch_where_nothing_sounds() -> None:
    silence = np.zeros(3 * SAMPLE_RATE_HZ, np.float32)
    assert np.isnan(window_pitches(silence, windows([Span(0.0, 3.0)], SETTINGS))).all()
