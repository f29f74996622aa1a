"""A few words with minutes of silence between them cost what the words cost."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.wire import Span
from services.audio.voices.encoder import EMBEDDING_SIZE, Resemblyzer
from services.audio.voices.pitch import window_pitches
from services.audio.voices.windows import Window, stretches, windows
from tests.unit.audio.test_pitch import buzz
from tests.unit.audio.voices import SETTINGS

WORDS_S = 2.0


def sparse(gap_s: float) -> tuple[NDArray[np.float32], list[Window]]:
    """Three words with so much silence before each, and their windows."""
    silence = np.zeros(round(gap_s * SAMPLE_RATE_HZ), np.float32)
    sound = np.concatenate([part for hertz in (110.0, 165.0, 220.0) for part in (silence, buzz(hertz, WORDS_S))])
    each_s = gap_s + WORDS_S
    return sound, windows([Span(n * each_s + gap_s, (n + 1) * each_s) for n in range(3)], SETTINGS)


def embedded(sound: NDArray[np.float32], parts: list[Window]) -> NDArray[np.float32]:
    """What the encoder is given, with a network that hands on the mean of its mel frames."""
    encoder = Resemblyzer("none", Path(), 1)
    encoder._encoder = lambda batch: batch.mean(dim=(1, 2), keepdim=False)[:, None].expand(-1, EMBEDDING_SIZE)
    return np.concatenate(list(encoder.embeddings(sound, parts)))


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that work takes at a time."""
    work()  # what is compiled and kept at the first time is none of it
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("read", [embedded, window_pitches])
def test_sparse_speech_takes_no_memory_for_its_silence(
    read: Callable[[NDArray[np.float32], list[Window]], object],
) -> None:
    near, far = sparse(2.0), sparse(120.0)
    assert peak_bytes(lambda: read(*far)) < 2 * peak_bytes(lambda: read(*near))


@pytest.mark.parametrize("read", [embedded, window_pitches])
def test_what_is_read_of_words_is_the_same_however_far_apart_they_are(
    read: Callable[[NDArray[np.float32], list[Window]], NDArray[np.float64]],
) -> None:
    sound, parts = sparse(2.0)
    alone = np.concatenate([read(sound, [part]) for part in parts])
    assert torch.allclose(torch.from_numpy(read(sound, parts)), torch.from_numpy(alone), rtol=1e-2)


def test_windows_that_overlap_stay_together() -> None:
    _, parts = sparse(2.0)
    assert [len(part) for part in stretches(parts)] == [2, 2, 2]
    assert stretches(windows([Span(0.0, 5.0), Span(5.5, 6.0)], SETTINGS)) == [
        windows([Span(0.0, 5.0), Span(5.5, 6.0)], SETTINGS)
    ]
