"""Embeddings of voices from a folder, each behind drawn channels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ, decode_sound
from servicekit.wire import Span
from services.audio.levels import levelled
from services.audio.voices.encoder import Resemblyzer
from services.audio.voices.windows import Window
from training.voices.channels import CHANNELS, Sound

SEED = 1
PIECE_S, WINDOW_S, HOP_S, FIRST_S, END_S = 7.0, 1.6, 1.2, 0.05, 0.1


def voices(folder: Path, encoder: Resemblyzer) -> Iterator[NDArray[np.float64]]:
    """For each folder in `folder`, a voice, unit embeddings of its files in every channel, shape (recordings, 256)."""
    rng = np.random.default_rng(SEED)
    for voice in sorted(path for path in folder.iterdir() if path.is_dir()):
        sounds = [decode_sound(path)[: int(PIECE_S * SAMPLE_RATE_HZ)] for path in sorted(voice.iterdir())]
        yield np.stack([_embedding(channel(sound, rng), encoder) for sound in sounds for channel in CHANNELS])


def _embedding(sound: Sound, encoder: Resemblyzer) -> NDArray[np.float64]:
    starts = np.arange(FIRST_S, sound.size / SAMPLE_RATE_HZ - WINDOW_S - END_S, HOP_S).tolist()
    windows = [Window(Span(start, start + WINDOW_S), 0, WINDOW_S) for start in starts]
    mean = np.concatenate(list(encoder.embeddings(levelled(sound.copy()), windows))).mean(axis=0, dtype=np.float64)
    unit: NDArray[np.float64] = mean / np.linalg.norm(mean)
    return unit
