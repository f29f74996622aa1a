"""The face between two landmarked frames: how far eyes and mouth went from one to the other, by their pictures.

Landmarks take 9 ms a frame, patches 0.2. In recordings landmarked frame by frame, openings found like this from five
landmarked frames a second correlate with the landmarked ones by 0.97 to 0.99 (eyes) and 0.84 to 0.99 (mouth).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np

from services.vision.faces.geometry import Face, Measures
from services.vision.faces.patches import Corners, Patch, corners, eyes, mouth
from services.vision.model import Floats
from services.vision.picture.frames import Frame

CHANGED = 0.02
"""One minus the correlation of two patches of eyes. On made clips open eyes stay under 0.006 (95 %), the middle of
blinks of 90 to 130 ms over 0.049 (95 %)."""
NOISE_FACTOR, NOISE_SAMPLES = 3.0, 60
"""Noisy pictures change more; only this many times the usual change counts."""
SHUT_SHARE = 0.7
"""Eyes opened so much less in one landmarked frame than in the other are met in their blink already."""
OPEN_SHARE = 0.93
"""Open eyes stay within 7 % of their level: opened less in one landmarked frame than in the other, they blink."""
NEIGHBOUR_MAX_S = 0.4
"""A face is not followed over longer pauses between landmarks."""
NO_CHANGE = 1e-5
"""Squared distance of two patches that show the same."""
NAMES = [column.name for column in fields(Measures)]
EYES, MOUTH = NAMES.index("eye_aspect_ratio"), NAMES.index("mouth_opening")


@dataclass(frozen=True, slots=True)
class Knot:
    """A landmarked frame."""

    offset_s: float
    corners: Corners
    eyes: Patch
    mouth: Patch
    measures: Floats
    """By `NAMES`, shape (13,)."""


class FaceBetween:
    """Follows the face from one landmarked frame to the next; one object a video."""

    def __init__(self, landmark: Callable[[Frame], tuple[Face, Measures] | None]) -> None:
        """Start without a landmarked frame. `landmark` looks at one more frame, None without a face in it."""
        self._landmark = landmark
        self._before: Knot | None = None
        self._usual: deque[float] = deque(maxlen=NOISE_SAMPLES)

    def rows(
        self, skipped: Sequence[Frame], frame: Frame, seen: tuple[Face, Measures] | None
    ) -> Iterator[tuple[float, Measures]]:
        """Times and measures of the `skipped` frames, which lie between the frame of the call before and `frame`.

        Where open eyes look different from both landmarked frames around them, the frame in which they do most is
        landmarked as well: blinks are too short to be met otherwise.
        """
        before, self._before = self._before, _knot(frame, seen) if seen else None
        after = self._before
        if not skipped or before is None or after is None or after.offset_s - before.offset_s > NEIGHBOUR_MAX_S:
            return
        knots = [before, *self._extreme(skipped, before, after), after]
        for a, b in pairwise(knots):
            for between in skipped:
                if a.offset_s < between.offset_s < b.offset_s:
                    yield between.offset_s, _measured(between, a, b)

    def _extreme(self, skipped: Sequence[Frame], before: Knot, after: Knot) -> list[Knot]:
        from_each = np.array([_changes(between, before, after) for between in skipped])
        changes = from_each.min(axis=1)
        limit = max(CHANGED, NOISE_FACTOR * float(np.median(self._usual))) if self._usual else CHANGED
        self._usual.extend(changes.tolist())
        openings = before.measures[EYES], after.measures[EYES]
        if changes.max() <= limit or min(openings) < SHUT_SHARE * max(openings):
            return []
        if min(openings) < OPEN_SHARE * max(openings):  # half shut in one: shut eyes look more like those than half-way
            changes = from_each[:, int(np.argmax(openings))]
        most = skipped[int(np.argmax(changes))]
        seen = self._landmark(most)
        return [_knot(most, seen)] if seen else []


def _knot(frame: Frame, seen: tuple[Face, Measures]) -> Knot:
    face, measures = seen
    where, luma = corners(face), frame.luma()
    values = np.array([getattr(measures, name) for name in NAMES], np.float64)
    return Knot(frame.offset_s, where, eyes(luma, where), mouth(luma, where), values)


def _changes(frame: Frame, before: Knot, after: Knot) -> tuple[float, float]:
    """How much the eyes changed from either landmarked frame."""
    patch = eyes(frame.luma(), _corners(frame, before, after))
    return 1.0 - float(patch @ before.eyes), 1.0 - float(patch @ after.eyes)


def _corners(frame: Frame, before: Knot, after: Knot) -> Corners:
    share = np.float32(_time_share(frame, before, after))
    return (1 - share) * before.corners + share * after.corners


def _measured(frame: Frame, before: Knot, after: Knot) -> Measures:
    where, luma = _corners(frame, before, after), frame.luma()
    shares = np.full(len(NAMES), _time_share(frame, before, after))
    shares[EYES] = _share(eyes(luma, where), before.eyes, after.eyes)
    shares[MOUTH] = _share(mouth(luma, where), before.mouth, after.mouth)
    return Measures(*(before.measures + shares * (after.measures - before.measures)).tolist())


def _time_share(frame: Frame, before: Knot, after: Knot) -> float:
    return (frame.offset_s - before.offset_s) / (after.offset_s - before.offset_s)


def _share(patch: Patch, before: Patch, after: Patch) -> float:
    """How far a patch went on the straight way from one to another, 0 to 1."""
    way = after - before
    squared = float(way @ way)
    return float(np.clip((patch - before) @ way / squared, 0.0, 1.0)) if squared > NO_CHANGE else 0.5
