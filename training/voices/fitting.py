"""What differs between recordings of one voice, from embeddings of voices behind drawn channels. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.audio.voices.compensation import Compensation

Floats = NDArray[np.float64]
# Directions in which one voice differs by less than this share of the most count as if it were this much: how little
# one voice differs there is not known from a hundred voices.
LEAST_SHARE = 0.1
# Directions in which voices differ most from each other; 48 and 90 told them apart less well.
KEPT = 64


def fitted(voices: Sequence[Floats], encoder_sha256: str) -> Compensation:
    """From each voice's unit embeddings, shape (recordings, 256).

    Linear discriminant analysis (Fisher 1936; for embeddings of voices Dehak and others 2011), with a floor for the
    variances within a voice.
    """
    means = np.stack([embeddings.mean(axis=0) for embeddings in voices])
    apart = np.concatenate([embeddings - mean for embeddings, mean in zip(voices, means, strict=True)])
    variances, directions = np.linalg.eigh(np.cov(apart.T))
    white = directions / np.sqrt(variances + LEAST_SHARE * variances.max())
    _, between = np.linalg.eigh(np.cov((means @ white).T))
    matrix = white @ between[:, ::-1][:, :KEPT]
    # Only the direction of what comes out counts, and half precision is enough for that.
    matrix /= np.abs(matrix).max()
    return Compensation(means.mean(axis=0).astype(np.float32), matrix.astype(np.float32), encoder_sha256)
