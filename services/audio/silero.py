"""Silero voice activity detection; its weights come inside faster-whisper."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from faster_whisper.utils import get_assets_path
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.weights.verification import sha256_of
from servicekit.wire import Model

FRAME_SAMPLES = 512
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE_HZ
WEIGHTS = "silero_vad_v6.onnx"
# Ten minutes at a time, under a second of work; the network hears ten seconds before each block to remember the voice.
BLOCK_FRAMES = 600 * SAMPLE_RATE_HZ // FRAME_SAMPLES
LEAD_FRAMES = 10 * SAMPLE_RATE_HZ // FRAME_SAMPLES


class Silero:
    """Speech probability of every frame of 32 ms."""

    def load(self) -> None:
        """Load the network, 1.2 MB."""
        self._model = get_vad_model()
        version = importlib.metadata.version("faster-whisper")
        digest = sha256_of(Path(get_assets_path()) / WEIGHTS)
        self.info = Model("silero-vad", "6", digest, f"faster-whisper {version}", "cpu", "float32")

    def probabilities(self, sound: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """Probabilities for samples at 16 kHz, in blocks of shape (up to 18750,)."""
        for start in range(0, -(-sound.size // FRAME_SAMPLES), BLOCK_FRAMES):
            lead = min(start, LEAD_FRAMES)
            block = sound[(start - lead) * FRAME_SAMPLES : (start + BLOCK_FRAMES) * FRAME_SAMPLES]
            padded = np.pad(block, (0, -block.size % FRAME_SAMPLES))
            yield np.asarray(self._model(padded), np.float32).reshape(-1)[lead:]
