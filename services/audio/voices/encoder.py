"""resemblyzer: one embedding of 256 numbers for a window of speech."""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from servicekit.decoding import SAMPLE_RATE_HZ
from servicekit.weights.resolver import resolve
from servicekit.wire import Model
from services.audio.voices.windows import Window, stretches

with warnings.catch_warnings():
    # Resemblyzer imports a SciPy name that moved; it works, and nobody here can change it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from resemblyzer import VoiceEncoder
    from resemblyzer.audio import wav_to_mel_spectrogram

FRAMES_A_SECOND = 100
FRAME_SAMPLES = SAMPLE_RATE_HZ // FRAMES_A_SECOND
WINDOW_FRAMES = 160
EMBEDDING_SIZE = 256
BATCH = 64
# Mel frames of sound around a batch, so that its outer frames see whole windows of 25 ms.
AROUND = 2
# Mean mel power that every window is brought to, so that a voice 12 dB down is seen as well: the encoder was
# trained on sound at -30 dBFS.
TARGET_POWER = 1e-3


class Resemblyzer:
    """The GE2E voice encoder on the CPU."""

    def __init__(self, model: str, model_dir: Path, threads: int) -> None:
        """Load nothing yet."""
        self._name, self._model_dir, self._threads = model, model_dir, threads

    def load(self) -> None:
        """Load the network, 17 MB. Raises WeightsError."""
        found = resolve(self._name, self._model_dir)
        torch.set_num_threads(self._threads)
        self._encoder = VoiceEncoder("cpu", verbose=False, weights_fpath=found.main_file).eval()
        version = importlib.metadata.version("Resemblyzer")
        self.info = Model(found.name, found.version, found.sha256, f"resemblyzer {version}", "cpu", "float32")

    def embeddings(self, sound: NDArray[np.float32], windows: Sequence[Window]) -> Iterator[NDArray[np.float32]]:
        """Unit embeddings in batches of shape (up to 64, 256), in the order of `windows`."""
        for start in range(0, len(windows), BATCH):
            near = stretches(windows[start : start + BATCH])
            batch = torch.from_numpy(np.concatenate([_mels(sound, part) for part in near]))
            with torch.inference_mode():
                found: NDArray[np.float32] = self._encoder(batch).numpy()
            yield found


def _mels(sound: NDArray[np.float32], windows: Sequence[Window]) -> NDArray[np.float32]:
    """Mel frames of every window, shape (windows, 160, 40). One spectrogram for all of a stretch: windows overlap."""
    first = max(0, round(windows[0].span.start_s * FRAMES_A_SECOND) - AROUND)
    last = round(windows[-1].span.end_s * FRAMES_A_SECOND) + AROUND
    mel = wav_to_mel_spectrogram(sound[first * FRAME_SAMPLES : last * FRAME_SAMPLES])
    return np.stack([_slice(mel, window, first) for window in windows])


def _slice(mel: NDArray[np.float32], window: Window, offset: int) -> NDArray[np.float32]:
    """The window's mel frames at one level, repeated to fill 160 frames; shape (160, 40). `mel` starts at `offset`."""
    first = round(window.span.start_s * FRAMES_A_SECOND) - offset
    count = max(1, round(window.span.duration_s * FRAMES_A_SECOND))
    frames = mel[first : first + min(count, WINDOW_FRAMES)]
    power = float(frames.mean()) if frames.size else 0.0
    if power <= 0:
        return np.zeros((WINDOW_FRAMES, mel.shape[1]), np.float32)
    return np.resize(frames, (WINDOW_FRAMES, mel.shape[1])) * np.float32(TARGET_POWER / power)
