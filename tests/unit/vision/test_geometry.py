from __future__ import annotations

from math import cos, radians, sin

import numpy as np
import pytest

from services.vision.faces.geometry import (
    LEFT_EYE,
    RIGHT_EYE,
    Detection,
    distinct,
    eye_aspect_ratio,
    gaze_ratio,
    gaze_shapes,
    head_angles,
    head_ratio,
    iris_offset,
    overlap,
)
from services.vision.model import Floats


def pose(yaw_deg: float = 0.0, pitch_deg: float = 0.0, roll_deg: float = 0.0, x_cm: float = 0.0) -> Floats:
    """A matrix in MediaPipe's camera space for a face turned to its left, raised and tilted to its left shoulder."""
    yaw, pitch, roll = radians(yaw_deg), radians(-pitch_deg), radians(-roll_deg)
    around_y = np.array([[cos(yaw), 0, sin(yaw)], [0, 1, 0], [-sin(yaw), 0, cos(yaw)]])
    around_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    around_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = around_y @ around_x @ around_z
    matrix[:3, 3] = (x_cm, 0, -50)
    return matrix


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(0, 0, 0), (25, 0, 0), (-40, 0, 0), (0, 15, 0), (0, 0, 20)])
def test_head_angles(yaw: float, pitch: float, roll: float) -> None:
    assert head_angles(pose(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll), abs=1e-6)


def test_a_face_at_the_edge_that_looks_into_the_camera_is_not_turned() -> None:
    towards_camera_deg = -np.degrees(np.arctan2(20, 50))
    yaw, _, _ = head_angles(pose(float(towards_camera_deg), x_cm=20))
    assert yaw == pytest.approx(0, abs=1e-6)


def eyes(opening: float = 0.3, iris: float = 0.5) -> Floats:
    """478 points with both eyes 10 wide, `opening` times as high, irises at this share of the corner line."""
    points = np.zeros((478, 3))
    for eye, iris_point, x in ((RIGHT_EYE, 468, 0.0), (LEFT_EYE, 473, 20.0)):
        points[eye[0]], points[eye[1]] = (x, 0, 0), (x + 10, 0, 0)
        points[iris_point] = (x + 10 * iris, 0, 0)
        for i, (upper, lower) in enumerate(eye[2:]):
            points[upper], points[lower] = (x + 3 + i, -5 * opening, 0), (x + 3 + i, 5 * opening, 0)
    return points


@pytest.mark.parametrize("opening", [0.0, 0.1, 0.3])
def test_eye_aspect_ratio(opening: float) -> None:
    assert eye_aspect_ratio(eyes(opening)) == pytest.approx(opening)


def test_eye_aspect_ratio_does_not_depend_on_the_heads_turn() -> None:
    turned = eyes(0.3) @ pose(50)[:3, :3].T
    assert eye_aspect_ratio(turned) == pytest.approx(0.3)


def test_irises() -> None:
    assert iris_offset(eyes(iris=0.5)) == pytest.approx(0)
    assert iris_offset(eyes(iris=0.6)) == pytest.approx(0.1)
    assert gaze_ratio(eyes(iris=0.5)) == pytest.approx(1)
    assert gaze_ratio(eyes(iris=0.25)) == pytest.approx(1 / 3)


def test_head_ratio() -> None:
    points = np.zeros((478, 3))
    points[234, 0], points[454, 0], points[1, 0] = 100, 200, 130
    assert head_ratio(points) == pytest.approx(0.3)


def test_gaze_shapes() -> None:
    assert gaze_shapes({"eyeLookOutLeft": 0.6, "eyeLookInRight": 0.4}) == pytest.approx((0.5, 0))
    assert gaze_shapes({"eyeLookDownLeft": 0.6, "eyeLookDownRight": 0.4}) == pytest.approx((0, -0.5))


def test_a_face_seen_twice_counts_once() -> None:
    face, same, other = (
        Detection(0, 0, 0.4, 0.4, 0.8),
        Detection(0.1, 0, 0.4, 0.4, 0.9),
        Detection(0.6, 0, 0.2, 0.2, 0.7),
    )
    assert overlap(face, same) == pytest.approx(0.75)
    assert distinct([face, same, other]) == [same, other]
