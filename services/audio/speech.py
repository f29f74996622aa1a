"""Stretches of speech and pauses from speech probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from servicekit.intervals import joined_spans
from servicekit.wire import Span
from services.audio.settings import Settings


def speech_spans(
    probabilities: NDArray[np.float32], frame_s: float, total_s: float, settings: Settings
) -> tuple[Span, ...]:
    """Stretches of speech from a probability a frame of `frame_s` seconds.

    Hysteresis between `vad_on` and `vad_off`; short gaps are closed, short stretches dropped, ends padded.
    """
    raw = [Span(a * frame_s, b * frame_s) for a, b in _runs(probabilities, settings.vad_on, settings.vad_off)]
    joined = joined_spans(raw, settings.vad_join_s)
    kept = [s for s in joined if s.duration_s >= settings.vad_drop_s]
    pad = settings.vad_pad_s
    padded = [Span(max(0.0, s.start_s - pad), min(total_s, s.end_s + pad)) for s in kept]
    return tuple(joined_spans(padded, 0.0))


def pauses(speech: Sequence[Span], shortest_s: float) -> tuple[Span, ...]:
    """Silences of at least `shortest_s` seconds between two stretches of speech."""
    gaps = (Span(a.end_s, b.start_s) for a, b in pairwise(speech))
    return tuple(gap for gap in gaps if gap.duration_s >= shortest_s)


def _runs(values: NDArray[np.float32], on: float, off: float) -> list[tuple[int, int]]:
    """Index pairs of runs that start at or above `on` and end below `off`."""
    runs, start = [], None
    for i, value in enumerate(values):
        if start is None and value >= on:
            start = i
        elif start is not None and value < off:
            runs.append((start, i))
            start = None
    return [*runs, (start, len(values))] if start is not None else runs
