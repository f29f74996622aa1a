"""Diarization error rate as NIST defines it: missed speech, false alarms and confusion over the reference's speech."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bench.speech.recordings import SpeakerTurn

STEP_S = 0.01
COLLAR_S = 0.25


def error_seconds(
    reference: Sequence[SpeakerTurn], found: Sequence[SpeakerTurn], collar_s: float = COLLAR_S
) -> tuple[float, float]:
    """Seconds in error and seconds of reference speech, speakers matched as well as they can be.

    What lies within `collar_s` of a border of the reference is left out.
    """
    end_s = max((t.span.end_s for t in (*reference, *found)), default=0.0)
    truth, guess = _frames(reference, end_s), _frames(found, end_s)
    scored = _outside_collars(reference, truth.shape[1], collar_s)
    truth, guess = truth[:, scored], guess[:, scored]
    shared = truth.astype(np.int64) @ guess.T.astype(np.int64)
    rows, columns = linear_sum_assignment(-shared)
    right = shared[rows, columns].sum()
    errors = np.maximum(truth.sum(axis=0), guess.sum(axis=0)).sum() - right
    return float(errors) * STEP_S, float(truth.sum()) * STEP_S


def _frames(turns: Sequence[SpeakerTurn], end_s: float) -> NDArray[np.bool_]:
    """Who speaks in each step, shape (speakers, steps)."""
    speakers = sorted({t.speaker for t in turns})
    frames = np.zeros((len(speakers), _step(end_s) + 1), np.bool_)
    for turn in turns:
        frames[speakers.index(turn.speaker), _step(turn.span.start_s) : _step(turn.span.end_s)] = True
    return frames


def _outside_collars(turns: Iterable[SpeakerTurn], steps: int, collar_s: float) -> NDArray[np.bool_]:
    scored = np.ones(steps, np.bool_)
    for turn in turns:
        for border_s in (turn.span.start_s, turn.span.end_s):
            scored[max(0, _step(border_s - collar_s)) : _step(border_s + collar_s)] = False
    return scored


def _step(moment_s: float) -> int:
    return round(moment_s / STEP_S)
