"""Voice windows: short spans of speech, each of which gives one embedding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from servicekit.wire import Span
from services.audio.settings import Settings

APART_S = 1.0
"""Sound between windows that are further apart is not worth reading: a recording may be silent for hours."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window of speech. `region` is the stretch of speech it lies in, `weight_s` the speech nearest to it."""

    span: Span
    region: int
    weight_s: float


def windows(speech: Sequence[Span], settings: Settings) -> list[Window]:
    """Windows of `window_s` every `hop_s`, one more flush with each region's end, never across a pause.

    A shorter region is one window of its own length.
    """
    return [w for region, span in enumerate(speech) for w in _of_region(region, span, settings)]


def _of_region(region: int, span: Span, settings: Settings) -> list[Window]:
    length, hop = settings.window_s, settings.hop_s
    if span.duration_s <= length:
        return [Window(span, region, span.duration_s)]
    starts = list(np.arange(span.start_s, span.end_s - length, hop))
    starts.append(span.end_s - length)
    centres = [s + length / 2 for s in starts]
    edges = [span.start_s, *((a + b) / 2 for a, b in pairwise(centres)), span.end_s]
    return [
        Window(Span(float(s), float(s) + length), region, float(edges[i + 1] - edges[i])) for i, s in enumerate(starts)
    ]


def stretches(windows: Sequence[Window]) -> list[Sequence[Window]]:
    """Windows in order of time, cut where the next one is more than `APART_S` away."""
    edges = [i for i, (a, b) in enumerate(pairwise(windows), 1) if b.span.start_s - a.span.end_s > APART_S]
    return [windows[start:end] for start, end in pairwise([0, *edges, len(windows)])]
