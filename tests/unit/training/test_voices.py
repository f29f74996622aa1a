"""Voices from a folder, behind drawn channels, as the audio service hears them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import soundfile
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from services.audio.voices.encoder import Resemblyzer
from services.audio.voices.windows import Window
from training.voices.channels import CHANNELS
from training.voices.recordings import voices


class Levels:
    """In place of the encoder: the level of each window's halves."""

    def embeddings(self, sound: NDArray[np.float32], windows: Sequence[Window]) -> Iterator[NDArray[np.float32]]:
        cut = (sound[round(w.span.start_s * SAMPLE_RATE_HZ) : round(w.span.end_s * SAMPLE_RATE_HZ)] for w in windows)
        yield np.array([[np.abs(half).mean() for half in np.array_split(piece, 2)] for piece in cut], np.float32)


def heard(folder: Path) -> list[NDArray[np.float64]]:
    return list(voices(folder, cast(Resemblyzer, cast(Any, Levels()))))


def test_each_file_is_heard_behind_every_channel_the_same_each_time(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    for voice in ("a", "b", "c"):
        (tmp_path / voice).mkdir()
        for number in range(2):
            soundfile.write(
                tmp_path / voice / f"{number}.wav", random.normal(0, 0.1, 4 * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ
            )
    found = heard(tmp_path)
    assert [embeddings.shape for embeddings in found] == [(2 * len(CHANNELS), 2)] * 3
    assert all(np.allclose(np.linalg.norm(embeddings, axis=1), 1) for embeddings in found)
    assert all(np.array_equal(a, b) for a, b in zip(found, heard(tmp_path), strict=True))
