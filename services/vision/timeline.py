"""The timeline: measurements at about 10 rows a second, in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from services.vision.eyes.gaze import Looking
from services.vision.model import Counts, Timeline
from services.vision.series import Series

ROW_S = 0.1
CHUNK_ROWS = 300


def timeline(series: Series, counts: Counts, seen: Looking) -> Timeline:
    """One row for each tenth of a second in which a frame was landmarked: the frame with the least open eyes.

    Blinks are shorter than a row, so any other choice would hide them.
    """
    faces = series.faces
    opening = np.nan_to_num(faces.eye_aspect_ratio, nan=np.inf)
    order = np.lexsort((opening, np.floor(faces.offset_s / ROW_S)))
    slots = np.floor(faces.offset_s[order] / ROW_S)
    rows = order[np.unique(slots, return_index=True)[1]]
    return Timeline(
        offset_s=faces.offset_s[rows],
        face_count=counts[rows],
        yaw_deg=faces.yaw_deg[rows],
        pitch_deg=faces.pitch_deg[rows],
        roll_deg=faces.roll_deg[rows],
        gaze_horizontal_deg=seen.gaze_horizontal_deg[rows],
        gaze_vertical_deg=seen.gaze_vertical_deg[rows],
        eye_aspect_ratio=faces.eye_aspect_ratio[rows],
        mouth_opening=faces.mouth_opening[rows],
    )


def chunks(whole: Timeline) -> Iterator[Timeline]:
    """Pieces of at most 300 rows, in time order."""
    for first in range(0, len(whole.offset_s), CHUNK_ROWS):
        rows = slice(first, first + CHUNK_ROWS)
        yield Timeline(**{column.name: getattr(whole, column.name)[rows] for column in fields(Timeline)})
