"""Blinks from the eye aspect ratio over time."""

from __future__ import annotations

import numpy as np

from servicekit.wire import Span
from services.vision.model import EventKind, Floats, VisionEvent
from services.vision.runs import Run, runs, windowed
from services.vision.series import Faces, Series
from services.vision.settings import Limits

# Rule and constants were found on development recordings with labelled blinks and checked on others.
BASELINE_WINDOW_S, BASELINE_PERCENTILE = 8.0, 70.0
"""Open eyes: the level that they are under for 70 % of 8 s, since people blink for a tenth of the time at most."""
BASELINE_RANGE = (0.6, 1.6)
"""A local baseline stays within these shares of the whole video's, so that long closed eyes do not become normal."""
MIN_DEPTH, NEIGHBOUR_S = 0.18, 0.35
"""A blink falls this far below the higher levels on both sides, as a share of the baseline. Narrow eyes fall by only
22 to 35 % when they close; open eyes stay within 7 % of their level in 98 % of the frames."""
NOISE_FACTOR = 6.0
"""In restless measurements a blink is deeper than this many times the usual step between two samples."""
SPLIT_RISE = 0.15
"""An inner peak this high divides a double blink."""
MIN_S, MAX_S = 0.03, 0.60
"""Under the limit; lids move for 100 to 400 ms in all. Longer is no blink."""
MAX_YAW_DEG = 40.0
"""Of a head that is turned further one eye is hidden."""
FULL_RATE_HZ = 20.0
"""Under this rate short blinks are missed and the confidence falls in proportion."""
SURE_DEPTH = 0.6
"""A blink so deep, as a share of the baseline, has full confidence: not calibrated."""


def open_level(faces: Faces) -> Floats:
    """The person's own open eye aspect ratio at each sample, shape (n,)."""
    if np.isnan(faces.eye_aspect_ratio).all():
        return np.full(len(faces.eye_aspect_ratio), np.nan)
    whole = np.nanpercentile(faces.eye_aspect_ratio, BASELINE_PERCENTILE)
    local = windowed(faces.offset_s, faces.eye_aspect_ratio, BASELINE_WINDOW_S, BASELINE_PERCENTILE)
    return np.asarray(np.clip(local, BASELINE_RANGE[0] * whole, BASELINE_RANGE[1] * whole))


def blinks(series: Series, limits: Limits) -> list[VisionEvent]:
    """Blinks: eyes closed for 30 to 600 ms and open before and after. Longer is no blink."""
    share, ratio = series.open_share, limits.blink_ratio
    closed = np.nan_to_num(share, nan=np.inf) < ratio
    found = [_blink(series.faces, share, part, ratio) for run in runs(closed) for part in _split(share, run)]
    certainty = min(1.0, series.video.frame_rate_hz / FULL_RATE_HZ)
    least = max(MIN_DEPTH, NOISE_FACTOR * _noise(share))
    return [_event(span, peak_s, depth, certainty) for span, peak_s, depth in found if _counts(span, depth, least)]


def _noise(share: Floats) -> float:
    steps = np.abs(np.diff(share))
    return float(np.nanmedian(steps)) if np.isfinite(steps).any() else 0.0


def _counts(span: Span, depth: float, least: float) -> bool:
    return depth >= least and MIN_S <= span.duration_s <= MAX_S


def _event(span: Span, peak_s: float, depth: float, certainty: float) -> VisionEvent:
    confidence = certainty * min(1.0, 0.5 + 0.5 * (depth - MIN_DEPTH) / (SURE_DEPTH - MIN_DEPTH))
    return VisionEvent(EventKind.BLINK, span, peak_s, min(1.0, depth), confidence)


def _blink(faces: Faces, share: Floats, run: Run, ratio: float) -> tuple[Span, float, float]:
    times = faces.offset_s
    inside = share[run.samples]
    lowest = run.first + int(np.argmin(inside))
    # Between two landmarked frames eyes are shut as far as in the nearer one, so that several are lowest.
    peak_s = float(np.average(times[run.samples], weights=ratio - inside))
    before = _highest(times, share, times[run.first] - NEIGHBOUR_S, times[run.first])
    after = _highest(times, share, np.nextafter(times[run.last], np.inf), times[run.last] + NEIGHBOUR_S)
    start_s = _crossing(times, share, run.first - 1, run.first, ratio)
    end_s = _crossing(times, share, run.last, run.last + 1, ratio)
    frontal = abs(faces.yaw_deg[lowest]) < MAX_YAW_DEG
    depth = min(before, after) - float(share[lowest]) if frontal else 0.0
    return Span(start_s, max(start_s, end_s)), peak_s, depth


def _highest(offset_s: Floats, share: Floats, start_s: float, end_s: float) -> float:
    first, end = np.searchsorted(offset_s, (start_s, end_s))
    known = share[first:end][~np.isnan(share[first:end])]
    return float(known.max()) if known.size else -np.inf


def _crossing(offset_s: Floats, share: Floats, a: int, b: int, ratio: float) -> float:
    a, b = max(a, 0), min(b, len(share) - 1)
    rise = share[b] - share[a]
    if np.isnan(rise) or rise == 0:
        return float(offset_s[a] + offset_s[b]) / 2
    return float(offset_s[a] + np.clip((ratio - share[a]) / rise, 0.0, 1.0) * (offset_s[b] - offset_s[a]))


def _split(share: Floats, run: Run) -> list[Run]:
    values = share[run.samples]
    if len(values) < 3:
        return [run]
    rise = np.minimum(values - np.minimum.accumulate(values), values - np.minimum.accumulate(values[::-1])[::-1])
    top = int(np.argmax(rise))
    if rise[top] < SPLIT_RISE:
        return [run]
    middle = run.first + top
    return _split(share, Run(run.first, middle)) + _split(share, Run(middle, run.last))
