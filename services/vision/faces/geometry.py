"""From 478 landmarks and the pose matrix of one face to angles and ratios.

Landmark numbers are those of MediaPipe's face mesh with irises. `left` and `right` are the candidate's own; the
candidate's left is on the right of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np

from services.vision.model import Floats

RIGHT_EYE = (33, 133, (160, 144), (159, 145), (158, 153))
"""Corner left in the picture, corner right in the picture, three pairs of upper and lower lid."""
LEFT_EYE = (362, 263, (385, 380), (386, 374), (387, 373))
RIGHT_IRIS, LEFT_IRIS = 468, 473
MOUTH_CORNERS = (61, 291)
INNER_LIPS = (13, 14)
FACE_SIDES = (234, 454)
FOREHEAD_CHIN = (10, 152)
NOSE_TIP = 1
BROWS = (105, 334)
"""Landmark numbers of the rest: irises, mouth, cheeks, forehead and chin, nose, brows."""

GAZE_SHAPE_DEG, GAZE_IRIS_DEG, GAZE_LIMIT_DEG = 30.0, 150.0, 35.0
"""Degrees for a change of 1 in the eyes' blendshapes and of one eye width in the iris, and the clip of their sum.
Measured on development recordings of known gaze; the noise is about 6 degrees."""


SAME_FACE_OVERLAP = 0.3
"""Boxes that share this much of the smaller one's area show the same face."""


@dataclass(frozen=True, slots=True)
class Face:
    """The landmarks of one face.

    `points` has shape (478, 3): pixels, z in the same unit. `blendshapes` are 0 to 1 by MediaPipe's names. `matrix`
    has shape (4, 4): canonical face to camera space (x right, y up, z towards the viewer), in centimetres.
    """

    points: Floats
    blendshapes: dict[str, float]
    matrix: Floats
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Detection:
    """A face's box in shares of the picture, and the detector's score, 0 to 1."""

    left: float
    top: float
    width: float
    height: float
    score: float
    late: bool = False
    """Whether the detector was not shown this part of the picture enlarged at its look before."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is kept of a frame. Angles in degrees with the signs of `TimelineChunk`, lengths as ratios."""

    yaw_deg: float = np.nan
    pitch_deg: float = np.nan
    roll_deg: float = np.nan
    gaze_shape: float = np.nan
    """Horizontal gaze of the blendshapes, -1 to 1, positive to the candidate's left."""
    gaze_iris: float = np.nan
    """Place of the irises between the eyes' corners in eye widths from the middle, positive to the left."""
    gaze_up: float = np.nan
    """Vertical gaze of the blendshapes, -1 to 1, positive up."""
    gaze_ratio: float = np.nan
    head_ratio: float = np.nan
    eye_aspect_ratio: float = np.nan
    mouth_width: float = np.nan
    mouth_opening: float = np.nan
    brow_height: float = np.nan


def measure(face: Face) -> Measures:
    """Everything that is kept of a face."""
    yaw, pitch, roll = head_angles(face.matrix)
    shape, up = gaze_shapes(face.blendshapes)
    mouth = _distance(face.points, *MOUTH_CORNERS)
    return Measures(
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=roll,
        gaze_shape=shape,
        gaze_iris=iris_offset(face.points),
        gaze_up=up,
        gaze_ratio=gaze_ratio(face.points),
        head_ratio=head_ratio(face.points),
        eye_aspect_ratio=eye_aspect_ratio(face.points),
        mouth_width=mouth / _distance(face.points, *FACE_SIDES),
        mouth_opening=_distance(face.points, *INNER_LIPS) / mouth,
        brow_height=brow_height(face.points),
    )


def head_angles(matrix: Floats) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees relative to the line from the face to the camera.

    Without the translation part a face at the picture's edge that looks into the camera would read as turned.
    """
    rotation, (x, y, z) = matrix[:3, :3], -matrix[:3, 3]
    forward_x, forward_y, forward_z = rotation[:, 2]
    yaw = atan2(forward_x, forward_z) - atan2(x, z)
    pitch = atan2(forward_y, hypot(forward_x, forward_z)) - atan2(y, z)
    roll = -atan2(rotation[1, 0], rotation[0, 0])
    return degrees(yaw), degrees(pitch), degrees(roll)


def eye_aspect_ratio(points: Floats) -> float:
    """Mean over both eyes of lid distance over corner distance, in 3-D: Soukupová and Čech 2016 with three pairs."""
    return float(np.mean([_openness(points, RIGHT_EYE), _openness(points, LEFT_EYE)]))


def iris_offset(points: Floats) -> float:
    """Where the irises stand along the corner line, in eye widths from its middle, positive to the left; mean."""
    right = _along(points, RIGHT_EYE[0], RIGHT_EYE[1], RIGHT_IRIS)
    left = _along(points, LEFT_EYE[0], LEFT_EYE[1], LEFT_IRIS)
    return (right + left) / 2 - 0.5


def gaze_ratio(points: Floats) -> float:
    """The original's ratio: iris to one corner over iris to the other, mean of both eyes, in the picture's plane."""
    flat = points[:, :2]
    right = _distance(flat, RIGHT_IRIS, RIGHT_EYE[0]) / _distance(flat, RIGHT_IRIS, RIGHT_EYE[1])
    left = _distance(flat, LEFT_IRIS, LEFT_EYE[0]) / _distance(flat, LEFT_IRIS, LEFT_EYE[1])
    return (right + left) / 2


def head_ratio(points: Floats) -> float:
    """The original's ratio: where the nose stands between the sides of the face, 0.5 straight ahead."""
    side_a, side_b = points[FACE_SIDES[0], 0], points[FACE_SIDES[1], 0]
    width = side_b - side_a
    return float((points[NOSE_TIP, 0] - side_a) / width) if width else np.nan


def brow_height(points: Floats) -> float:
    """Distance from the eyes' corner line to the brow over face height, mean of both, in 3-D."""
    middles = [(points[eye[0]] + points[eye[1]]) / 2 for eye in (RIGHT_EYE, LEFT_EYE)]
    heights = [float(np.linalg.norm(points[brow] - middle)) for brow, middle in zip(BROWS, middles, strict=True)]
    return (heights[0] + heights[1]) / 2 / _distance(points, *FOREHEAD_CHIN)


def gaze_shapes(blendshapes: dict[str, float]) -> tuple[float, float]:
    """Horizontal (positive to the left) and vertical (positive up) gaze from the eyeLook blendshapes, -1 to 1."""

    def look(name: str) -> float:
        return blendshapes.get(f"eyeLook{name}", 0.0)

    horizontal = (look("OutLeft") + look("InRight") - look("InLeft") - look("OutRight")) / 2
    vertical = (look("UpLeft") + look("UpRight") - look("DownLeft") - look("DownRight")) / 2
    return horizontal, vertical


def box(face: Face) -> Detection:
    """The box around the landmarks, score 1."""
    low, high = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    size = np.array([face.width_px, face.height_px])
    left, top = low / size
    width, height = (high - low) / size
    return Detection(float(left), float(top), float(width), float(height), 1.0)


def overlap(a: Detection, b: Detection) -> float:
    """Shared area over the smaller box's area, 0 to 1."""
    width = min(a.left + a.width, b.left + b.width) - max(a.left, b.left)
    height = min(a.top + a.height, b.top + b.height) - max(a.top, b.top)
    smaller = min(a.width * a.height, b.width * b.height)
    return max(0.0, width) * max(0.0, height) / smaller if smaller > 0 else 0.0


def distinct(found: list[Detection]) -> list[Detection]:
    """Each face once: of boxes that overlap, the one with the highest score."""
    kept: list[Detection] = []
    for seen in sorted(found, key=lambda seen: -seen.score):
        if all(overlap(seen, other) < SAME_FACE_OVERLAP for other in kept):
            kept.append(seen)
    return kept


def _openness(points: Floats, eye: tuple[int, int, tuple[int, int], tuple[int, int], tuple[int, int]]) -> float:
    pairs = np.array(eye[2:])
    lids = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    return float(lids.mean() / _distance(points, eye[0], eye[1]))


def _along(points: Floats, corner_a: int, corner_b: int, iris: int) -> float:
    line = points[corner_b] - points[corner_a]
    return float((points[iris] - points[corner_a]) @ line / (line @ line))


def _distance(points: Floats, a: int, b: int) -> float:
    return max(float(np.linalg.norm(points[a] - points[b])), 1e-9)
