"""How many faces are in the picture: none, the candidate's, or another beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicekit.wire import Span
from services.vision.geometry import SAME_FACE_OVERLAP, Detection, overlap
from services.vision.model import Event, EventKind, Floats, Limits
from services.vision.runs import Run, joined_runs, span


@dataclass(frozen=True, slots=True)
class Detections:
    """What the detector saw at its looks, each of shape (n,)."""

    offset_s: Floats
    interval_s: float
    """Time between two looks."""
    faces: NDArray[np.int32]
    """All faces from the score on that counts for others too."""
    others: NDArray[np.int32]
    """Confirmed faces beside the candidate's."""
    main_score: Floats
    """Score of the candidate's face, NaN when the detector missed it."""
    other_score: Floats
    """Highest score of the others, 0 without."""
    main_width: Floats
    """Width of the candidate's face as a share of the picture's long side, NaN without."""
    main_blur: Floats
    """Blur of the candidate's face, 0 to 1, NaN without."""


def main_face(landmarked: Detection | None, found: list[Detection]) -> Detection | None:
    """The candidate's face: the landmarked one, without it the largest detection."""
    return landmarked or max(found, key=lambda seen: seen.width * seen.height, default=None)


def sort_out(
    main: Detection | None, found: list[Detection], limits: Limits, confirmed: Callable[[Detection], bool]
) -> tuple[int, float, float]:
    """Number of others, score of the main face (NaN unseen), highest score of the others (0 without)."""
    if main is None:
        return 0, np.nan, 0.0
    same = [seen for seen in found if overlap(seen, main) >= SAME_FACE_OVERLAP]
    others = [
        seen
        for seen in found
        if seen not in same
        and seen.score >= limits.second_face_score
        and seen.width >= limits.second_face_min_width
        and confirmed(seen)
    ]
    main_score = max((seen.score for seen in same), default=np.nan)
    return len(others), main_score, max((seen.score for seen in others), default=0.0)


def lasting_others(seen: Detections) -> NDArray[np.int32]:
    """`others` without single looks: another face counts when a neighbouring look, at most two on, has one too."""
    flags = seen.others > 0
    lasting = np.zeros(len(flags), bool)
    for run in joined_runs(flags, seen.offset_s, 2.5 * seen.interval_s):
        lasting[run.samples] = flags[run.samples].sum() > 1
    return np.where(lasting & flags, seen.others, 0).astype(np.int32)


def face_counts(offset_s: Floats, present: NDArray[np.bool_], seen: Detections) -> NDArray[np.int32]:
    """Faces at each landmarked frame, shape (n,): the candidate's plus the others at the nearest look.

    Without landmarks a face still counts while the detector's looks on both sides found one: turned or half hidden.
    """
    if not len(seen.offset_s):
        return present.astype(np.int32)
    others = lasting_others(seen)[_nearest(offset_s, seen.offset_s)]
    after = np.clip(np.searchsorted(seen.offset_s, offset_s), 0, len(seen.offset_s) - 1)
    before = np.clip(np.searchsorted(seen.offset_s, offset_s, "right") - 1, 0, None)
    detected = (seen.faces[before] > 0) & (seen.faces[after] > 0)
    return ((present | detected) + others).astype(np.int32)


def absences(offset_s: Floats, counts: NDArray[np.int32], *, min_s: float, end_s: float) -> list[Event]:
    """Spans of at least `min_s` seconds without any face."""
    found = joined_runs(counts == 0, offset_s, 0.0)
    spans = [(run, span(run, offset_s, end_s)) for run in found]
    return [
        Event(EventKind.FACE_ABSENT, when, float(offset_s[(run.first + run.last) // 2]), 1.0, 1.0)
        for run, when in spans
        if when.duration_s >= min_s
    ]


def second_faces(seen: Detections, *, min_s: float, end_s: float) -> list[Event]:
    """Spans of at least `min_s` seconds in which another face is seen in two looks or more."""
    counts = lasting_others(seen)
    found = joined_runs(counts > 0, seen.offset_s, 2.5 * seen.interval_s)
    events = [_second_face(seen, counts, run, end_s) for run in found]
    return [event for event in events if event.span.duration_s >= min_s]


def _second_face(seen: Detections, counts: NDArray[np.int32], run: Run, end_s: float) -> Event:
    half = seen.interval_s / 2
    when = Span(max(0.0, float(seen.offset_s[run.first]) - half), min(end_s, float(seen.offset_s[run.last]) + half))
    scores = seen.other_score[run.samples]
    faces = 1 + int(counts[run.samples].max())
    peak_s = float(seen.offset_s[run.first + int(np.argmax(scores))])
    return Event(EventKind.SECOND_FACE, when, peak_s, float(faces), float(np.clip(scores.mean(), 0.0, 1.0)))


def _nearest(offset_s: Floats, look_s: Floats) -> NDArray[np.intp]:
    after = np.clip(np.searchsorted(look_s, offset_s), 0, len(look_s) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(look_s[before] - offset_s) <= np.abs(look_s[after] - offset_s)
    return np.where(closer, before, after)
