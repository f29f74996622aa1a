"""Silero voice activity detection; its weights come inside faster-whisper."""

from __future__ import annotations

import importlib.metadata
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


class Silero:
    """Speech probability of every frame of 32 ms."""

    def load(self) -> None:
        """Load the network, 1.2 MB."""
        self._model = get_vad_model()
        version = importlib.metadata.version("faster-whisper")
        digest = sha256_of(Path(get_assets_path()) / WEIGHTS)
        self.info = Model("silero-vad", "6", digest, f"faster-whisper {version}", "cpu", "float32")

    def probabilities(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of shape (frames,) for samples at 16 kHz."""
        padded = np.pad(sound, (0, -sound.size % FRAME_SAMPLES))
        if not padded.size:
            return np.zeros(0, np.float32)
        found: NDArray[np.float32] = np.asarray(self._model(padded), np.float32).reshape(-1)
        return found
