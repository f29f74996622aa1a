"""Rows become columns by their names."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from services.vision.faces.geometry import Measures
from services.vision.faces.presence import Detected
from services.vision.picture.camera import Brightness
from services.vision.recorder import Look, Recorder, columns
from services.vision.series import Camera, Detections, Faces, Video

ROWS = {Faces: Measures, Detections: Detected, Camera: Brightness}


@pytest.mark.parametrize("kind", ROWS)
def test_a_column_for_every_value_of_a_row(kind: type) -> None:
    assert {c.name for c in fields(kind)} == {"offset_s", *(value.name for value in fields(ROWS[kind]))}


def test_columns_are_in_time_order_and_of_their_kind() -> None:
    first = Detected(faces=2, others=1, other_late=True, main_left=0.25)
    found = columns(Detections, [Look(1.0, replace(first, faces=3)), Look(0.5, first)])
    assert found.offset_s.tolist() == [0.5, 1.0]
    assert found.faces.tolist() == [2, 3]
    assert found.main_left.tolist() == [0.25, 0.25]
    kinds = [str(column.dtype) for column in (found.faces, found.other_late, found.main_left)]
    assert kinds == ["int32", "bool", "float64"]
    assert str(columns(Detections, []).other_late.dtype) == "bool"


def test_a_video_without_any_look() -> None:
    series = Recorder().series(Video(0, 0.0, 0.0, 0, 0), 0.5)
    assert (series.prints.prints.shape, series.identities.descriptors.shape) == ((0, 192), (0, 128))
    assert series.open_share.shape == (0,)
