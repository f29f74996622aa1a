"""Runs of samples in time: where something holds, with or without hysteresis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from servicekit.intervals import joined
from servicekit.wire import Span
from services.vision.model import Flags, Floats


@dataclass(frozen=True, slots=True)
class Run:
    """Samples `first` to `last`, both inside."""

    first: int
    last: int

    @property
    def samples(self) -> slice:
        """The samples as a slice."""
        return slice(self.first, self.last + 1)


def runs(flags: Flags) -> list[Run]:
    """Where `flags`, shape (n,), hold without a break."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [Run(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]


def hysteresis_runs(offset_s: Floats, score: Floats, *, enter: float, leave: float, leave_for_s: float) -> list[Run]:
    """Where `score`, shape (n,), went over `enter` and did not stay under `leave` for `leave_for_s` seconds.

    A run begins where the score last rose to `leave` before it reached `enter`, and ends with its last sample at
    `leave` or over. NaN counts as under `leave`.
    """
    high = np.nan_to_num(score, nan=-np.inf) >= leave
    found: list[Run] = []
    for part in _bridged(runs(high), offset_s, leave_for_s):
        if np.nanmax(score[part.samples]) > enter:
            found.append(part)
    return found


def span(run: Run, offset_s: Floats, end_s: float) -> Span:
    """From a run's first sample to the sample after its last, or to the media's end."""
    last_s = float(offset_s[run.last + 1]) if run.last + 1 < len(offset_s) else end_s
    return Span(float(offset_s[run.first]), max(float(offset_s[run.first]), last_s))


def _bridged(parts: list[Run], offset_s: Floats, gap_s: float) -> list[Run]:
    return joined(parts, lambda a, b: Run(a.first, b.last) if offset_s[b.first] - offset_s[a.last] <= gap_s else None)


def joined_runs(flags: Flags, offset_s: Floats, gap_s: float) -> list[Run]:
    """Where `flags` hold, gaps up to `gap_s` seconds bridged."""
    return _bridged(runs(flags), offset_s, gap_s)


def windowed(offset_s: Floats, values: Floats, width_s: float, percentile: float = 50.0) -> Floats:
    """A percentile of the known values within `width_s` seconds around each sample, shape (n,); NaN where none is."""
    firsts = np.searchsorted(offset_s, offset_s - width_s / 2, "left")
    ends = np.searchsorted(offset_s, offset_s + width_s / 2, "right")
    result = np.full(len(values), np.nan)
    for i, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        known = values[first:end][~np.isnan(values[first:end])]
        if known.size:
            result[i] = _percentile(known, percentile)
    return result


def _percentile(values: Floats, percentile: float) -> float:
    """As `np.percentile`, which takes ten times as long on a few dozen values."""
    ranked = np.sort(values)
    place = (len(ranked) - 1) * percentile / 100
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return float(ranked[low] + (place - low) * (ranked[high] - ranked[low]))


def durations_s(offset_s: Floats, longest_s: float) -> Floats:
    """Seconds that each sample stands for: half the way to both neighbours, at most `longest_s`, shape (n,)."""
    if len(offset_s) < 2:
        return np.full(len(offset_s), longest_s)
    steps = np.diff(offset_s)
    before, after = np.append(steps[:1], steps), np.append(steps, steps[-1:])
    return np.asarray(np.minimum((before + after) / 2, longest_s), np.float64)
