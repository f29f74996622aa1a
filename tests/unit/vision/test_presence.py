from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from services.vision.geometry import Detection
from services.vision.model import Limits
from services.vision.presence import Detections, absences, face_counts, main_face, second_faces, sort_out

MAIN = Detection(0.3, 0.2, 0.3, 0.4, 0.9)
OTHER = Detection(0.75, 0.2, 0.15, 0.2, 0.8)


def detections(faces: list[int], others: list[int]) -> Detections:
    count = len(faces)
    scores = np.where(np.array(others) > 0, 0.8, 0.0)
    times = np.linspace(0, 0.5 * (count - 1), count)
    seen, beside = np.array(faces, np.int32), np.array(others, np.int32)
    widths, blurs = np.full(count, 0.3), np.full(count, 0.4)
    return Detections(times, 0.5, seen, beside, np.full(count, 0.9), scores, widths, blurs)


def flags(*values: int) -> NDArray[np.bool_]:
    return np.array(values, bool)


def test_another_face_counts_when_confirmed() -> None:
    assert sort_out(MAIN, [MAIN, OTHER], Limits(), lambda _seen: True) == (1, 0.9, 0.8)
    assert sort_out(MAIN, [MAIN, OTHER], Limits(), lambda _seen: False) == (0, 0.9, 0.0)


@pytest.mark.parametrize("weak", [Detection(0.75, 0.2, 0.15, 0.2, 0.6), Detection(0.75, 0.2, 0.05, 0.06, 0.9)])
def test_weak_and_tiny_faces_do_not_count(weak: Detection) -> None:
    assert sort_out(MAIN, [MAIN, weak], Limits(), lambda _seen: True)[0] == 0


def test_without_landmarks_the_largest_face_is_the_candidate() -> None:
    others, main_score, other_score = sort_out(
        main_face(None, [OTHER, MAIN]), [OTHER, MAIN], Limits(), lambda _seen: True
    )
    assert (others, main_score, other_score) == (1, 0.9, 0.8)


def test_nobody() -> None:
    others, main_score, other_score = sort_out(None, [], Limits(), lambda _seen: True)
    assert (others, other_score) == (0, 0.0)
    assert np.isnan(main_score)


def test_a_lasting_second_face_is_an_event() -> None:
    seen = detections([1] * 10, [0, 0, 0, 1, 1, 2, 0, 0, 0, 0])
    (event,) = second_faces(seen, min_s=0.5, end_s=5.0)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((1.25, 2.75))
    assert (event.strength, event.confidence) == pytest.approx((3, 0.8))


def test_a_second_face_in_a_single_look_is_none() -> None:
    seen = detections([1] * 10, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert second_faces(seen, min_s=0.5, end_s=5.0) == []
    assert face_counts(np.linspace(0, 4.5, 10), np.ones(10, bool), seen).tolist() == [1] * 10


def test_a_face_without_landmarks_is_present_between_two_looks_that_see_it() -> None:
    times = np.linspace(0, 1.75, 8)
    counts = face_counts(times, flags(1, 1, 0, 0, 0, 0, 0, 0), detections([1, 1, 1, 0], [0] * 4))
    assert counts.tolist() == [1, 1, 1, 1, 1, 0, 0, 0]


def test_absences() -> None:
    times = np.linspace(0, 1.8, 10)
    counts = np.array([1, 0, 1, 1, 0, 0, 0, 0, 1, 1], np.int32)
    (event,) = absences(times, counts, min_s=0.5, end_s=2.0)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((0.8, 1.6))


def test_absence_until_the_end() -> None:
    (event,) = absences(np.linspace(0, 1.8, 10), np.zeros(10, np.int32), min_s=0.5, end_s=2.0)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((0.0, 2.0))
