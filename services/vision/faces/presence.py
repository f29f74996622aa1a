"""How many faces are in the picture: none, the candidate's, or another beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicekit.wire import Span
from services.vision.faces.geometry import SAME_FACE_OVERLAP, Detection, overlap
from services.vision.faces.portraits import is_portrait
from services.vision.model import Counts, EventKind, Floats, VisionEvent
from services.vision.runs import Run, joined_runs, span
from services.vision.series import Detections, Series
from services.vision.settings import Limits

SURE_LOOKS, FAINT_LOOKS = 2, 3
"""Looks in which another face must be seen: a clear one, and one that the detector is not sure of."""
LOOKS_GAP = 2.5
"""Looks without the other face that do not end its presence, in intervals."""
PICTURE_LOOKS, PICTURE_MOVEMENT, LIVE_MOVEMENT = 6, 0.004, 0.012
"""A face whose box strays less than this share of the picture over so many looks, while the candidate's strays more
than the other, hangs on the wall."""
STRAY_PERCENTILES = (80, 20)
"""Between these a box strays; what is outside are slips of the detector."""


def main_face(landmarked: Detection | None, found: list[Detection]) -> Detection | None:
    """The candidate's face: the landmarked one, without it the largest detection."""
    return landmarked or max(found, key=lambda seen: seen.width * seen.height, default=None)


@dataclass(frozen=True, slots=True)
class Detected:
    """One look of the detector."""

    faces: int = 0
    """All faces from the score on that counts for others too."""
    others: int = 0
    """Confirmed faces beside the candidate's."""
    main_score: float = np.nan
    """Score of the candidate's face, NaN when the detector missed it."""
    other_score: float = 0.0
    """Highest score of the others, 0 without."""
    main_width: float = np.nan
    """Width of the candidate's face as a share of the picture's long side, NaN without."""
    main_blur: float = np.nan
    """Blur of the candidate's face, 0 to 1, NaN without."""
    other_late: bool = False
    """Whether the other face may have been there at the look before, which did not show it."""
    other_left: float = np.nan
    """Left and top of the other face with the highest score as shares of the picture, NaN without."""
    other_top: float = np.nan
    other_likeness: float = np.nan
    """How much the picture of that face is as it was at the looks before, at most 1, NaN without."""
    main_left: float = np.nan
    """Left and top of the candidate's face."""
    main_top: float = np.nan


def sort_out(
    main: Detection | None,
    found: list[Detection],
    limits: Limits,
    confirmed: Callable[[Detection], bool],
    likeness: Callable[[Detection], float],
) -> Detected:
    """Who is beside the candidate: faces of some size that are faces on a second look too.

    `likeness` is asked of the clearest of them.
    """
    if main is None:
        return Detected()
    same = [seen for seen in found if overlap(seen, main) >= SAME_FACE_OVERLAP]
    others = [
        seen
        for seen in found
        if seen not in same
        and seen.score >= limits.second_face_faint_score
        and seen.width >= limits.second_face_min_width
        and confirmed(seen)
    ]
    main_score = max((seen.score for seen in same), default=np.nan)
    best = max(others, key=lambda seen: seen.score, default=None)
    if best is None:
        return Detected(main_score=main_score, main_left=main.left, main_top=main.top)
    return Detected(
        others=len(others),
        main_score=main_score,
        other_score=best.score,
        other_late=best.late,
        other_left=best.left,
        other_top=best.top,
        other_likeness=likeness(best),
        main_left=main.left,
        main_top=main.top,
    )


def lasting_others(series: Series, limits: Limits) -> Counts:
    """`others` without what is seen too shortly for how clear it is, and without pictures on the wall."""
    seen = series.detections
    late = seen.other_late & (np.append(0, seen.others[:-1]) == 0)
    counts = np.where(np.append(late[1:], False), np.append(seen.others[1:], 0), seen.others)
    flags = counts > 0
    lasting = np.zeros(len(flags), bool)
    for run in joined_runs(flags, seen.offset_s, LOOKS_GAP * series.detector_interval_s):
        looks = int((seen.others[run.samples] > 0).sum())
        sure = bool(seen.other_score[run.samples].max() >= limits.second_face_score)
        lasting[run.samples] = looks >= (SURE_LOOKS if sure else FAINT_LOOKS) and not _picture(seen, run)
    return np.where(lasting & flags, counts, 0).astype(np.int32)


def _picture(seen: Detections, run: Run) -> bool:
    """Whether the other face never moves by itself, or stays on its spot while the candidate moves."""
    known = seen.others[run.samples] > 0
    if is_portrait(seen.other_likeness[run.samples][known]):
        return True
    if known.sum() < PICTURE_LOOKS:
        return False
    other = _movement(seen.other_left[run.samples][known], seen.other_top[run.samples][known])
    main = _movement(seen.main_left[run.samples][known], seen.main_top[run.samples][known])
    return other < PICTURE_MOVEMENT and main > LIVE_MOVEMENT


def _movement(left: Floats, top: Floats) -> float:
    """How far a box strays, as a share of the picture; outliers left out.

    Every other look on its own: they show the detector other parts, in which it puts the box a little elsewhere.
    """
    looks = [values[first::2] for values in (left, top) for first in (0, 1)]
    return max(float(np.subtract(*np.percentile(values, STRAY_PERCENTILES))) for values in looks)


def face_counts(series: Series, limits: Limits) -> Counts:
    """Faces at each landmarked frame, shape (n,): the candidate's plus the others at the nearest look.

    Without landmarks a face still counts while the detector's looks on both sides found one: turned or half hidden.
    """
    seen, offset_s, present = series.detections, series.faces.offset_s, series.faces.present
    if not len(seen.offset_s):
        return present.astype(np.int32)
    others = lasting_others(series, limits)[_nearest(offset_s, seen.offset_s)]
    after = np.clip(np.searchsorted(seen.offset_s, offset_s), 0, len(seen.offset_s) - 1)
    before = np.clip(np.searchsorted(seen.offset_s, offset_s, "right") - 1, 0, None)
    detected = (seen.faces[before] > 0) & (seen.faces[after] > 0)
    return ((present | detected) + others).astype(np.int32)


def absences(series: Series, limits: Limits) -> list[VisionEvent]:
    """Spans without any face."""
    offset_s = series.faces.offset_s
    found = joined_runs(face_counts(series, limits) == 0, offset_s, 0.0)
    spans = [(run, span(run, offset_s, series.video.duration_s)) for run in found]
    return [
        VisionEvent(EventKind.FACE_ABSENT, when, float(offset_s[(run.first + run.last) // 2]), 1.0, 1.0)
        for run, when in spans
        if when.duration_s >= limits.face_absent_min_s
    ]


def second_faces(series: Series, limits: Limits) -> list[VisionEvent]:
    """Spans in which another face is seen again and again."""
    counts = lasting_others(series, limits)
    found = joined_runs(counts > 0, series.detections.offset_s, LOOKS_GAP * series.detector_interval_s)
    events = [_second_face(series, counts, run) for run in found]
    return [event for event in events if event.span.duration_s >= limits.second_face_min_s]


def _second_face(series: Series, counts: Counts, run: Run) -> VisionEvent:
    seen, half = series.detections, series.detector_interval_s / 2
    start_s, end_s = float(seen.offset_s[run.first]) - half, float(seen.offset_s[run.last]) + half
    when = Span(max(0.0, start_s), min(series.video.duration_s, end_s))
    scores = seen.other_score[run.samples]
    faces = 1 + int(counts[run.samples].max())
    peak_s = float(seen.offset_s[run.first + int(np.argmax(scores))])
    return VisionEvent(EventKind.SECOND_FACE, when, peak_s, float(faces), float(np.clip(scores.mean(), 0.0, 1.0)))


def _nearest(offset_s: Floats, look_s: Floats) -> NDArray[np.intp]:
    after = np.clip(np.searchsorted(look_s, offset_s), 0, len(look_s) - 1)
    before = np.maximum(after - 1, 0)
    closer = np.abs(look_s[before] - offset_s) <= np.abs(look_s[after] - offset_s)
    return np.where(closer, before, after)
