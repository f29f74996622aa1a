"""Voice embeddings without most of what telephones, microphones and rooms do to them.

`training.voices` learned from voices behind drawn channels in which directions the embeddings of one voice differ.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from servicekit.weights.errors import WeightsError
from servicekit.wire import Model

FILE = Path(__file__).parents[1] / "weights" / "channels.npz"

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Compensation:
    """The mean of all voices, shape (256,), and a matrix (256, 64) to the directions in which voices differ most and
    recordings of one voice least; of use only with the encoder that it was learned on.
    """

    mean: Floats
    matrix: Floats
    encoder_sha256: str
    info: Model | None = None
    """Once it is a file: what results name."""

    def applied(self, embeddings: Floats) -> Floats:
        """Unit embeddings without the channel, shape (windows, 64)."""
        seen = (embeddings - self.mean) @ self.matrix
        unit: Floats = seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
        return unit


def read(encoder_sha256: str, path: Path = FILE) -> Compensation:
    """What `write` kept. Raises WeightsError where it was learned on another encoder."""
    content = path.read_bytes()
    info = Model(
        "voice-channels", "1", hashlib.sha256(content).hexdigest(), f"numpy {np.__version__}", "cpu", "float16"
    )
    with np.load(io.BytesIO(content)) as stored:
        mean, matrix = (stored[name].astype(np.float32) for name in ("mean", "matrix"))
        found = Compensation(mean, matrix, str(stored["encoder_sha256"]), info)
    if found.encoder_sha256 != encoder_sha256:
        raise WeightsError(f"{path.name} belongs to another voice encoder: `python -m training.voices` makes it anew.")
    return found


def write(compensation: Compensation, path: Path) -> None:
    """One file, in half precision."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        mean=compensation.mean.astype(np.float16),
        matrix=compensation.matrix.astype(np.float16),
        encoder_sha256=np.array(compensation.encoder_sha256),
    )
