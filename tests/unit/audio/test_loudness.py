from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from services.audio.loudness import integrated_lufs


def tone(seconds: float, peak_dbfs: float) -> NDArray[np.float32]:
    """997 Hz, as EBU Tech 3341 asks for."""
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (10 ** (peak_dbfs / 20) * np.sin(2 * np.pi * 997 * times)).astype(np.float32)


@pytest.mark.parametrize("peak_dbfs", [-10.0, -23.0, -40.0])
def test_a_mono_tone_reads_three_below_its_peak(peak_dbfs: float) -> None:
    # A stereo tone reads its peak level (EBU Tech 3341, case 1); one channel has half the power.
    assert integrated_lufs(tone(5.0, peak_dbfs)) == pytest.approx(peak_dbfs - 3.0, abs=0.1)


def test_silence_does_not_count() -> None:
    whole = np.concatenate([tone(5.0, -23.0), np.zeros(20 * SAMPLE_RATE_HZ, np.float32)])
    assert integrated_lufs(whole) == pytest.approx(-26.0, abs=0.3)


def test_more_than_one_block() -> None:
    assert integrated_lufs(tone(130.0, -23.0)) == pytest.approx(-26.0, abs=0.1)


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(SAMPLE_RATE_HZ, np.float32), tone(0.2, -10.0)])
def test_silence_and_a_moment_have_none(sound: NDArray[np.float32]) -> None:
    assert integrated_lufs(sound) is None
