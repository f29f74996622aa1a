from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from services.vision.geometry import Detection
from services.vision.model import Limits
from services.vision.presence import Detections, Others, absences, face_counts, main_face, second_faces, sort_out

MAIN = Detection(0.3, 0.2, 0.3, 0.4, 0.9)
OTHER = Detection(0.75, 0.2, 0.15, 0.2, 0.8)


SURE = 0.7
ALWAYS = {"sure_score": SURE, "min_s": 0.5, "end_s": 5.0}


def detections(
    faces: list[int],
    others: list[int],
    score: float = 0.8,
    stray: float = 0.02,
    main_stray: float = 0.02,
    late: list[int] | None = None,
) -> Detections:
    count = len(faces)
    scores = np.where(np.array(others) > 0, score, 0.0)
    times = np.linspace(0, 0.5 * (count - 1), count)
    seen, beside = np.array(faces, np.int32), np.array(others, np.int32)
    widths, blurs = np.full(count, 0.3), np.full(count, 0.4)
    wave = np.sin(times)
    other, main = 0.7 + stray * wave, 0.3 + main_stray * wave
    return Detections(
        times,
        0.5,
        seen,
        beside,
        np.full(count, 0.9),
        scores,
        widths,
        blurs,
        np.array(late or [0] * count, bool),
        other,
        other,
        main,
        main,
    )


def flags(*values: int) -> NDArray[np.bool_]:
    return np.array(values, bool)


def test_another_face_counts_when_confirmed() -> None:
    found = sort_out(MAIN, [MAIN, OTHER], Limits(), lambda _seen: True)
    assert found == Others(1, 0.9, 0.8, False, OTHER.left, OTHER.top, MAIN.left, MAIN.top)
    assert sort_out(MAIN, [MAIN, OTHER], Limits(), lambda _seen: False).others == 0


@pytest.mark.parametrize("weak", [Detection(0.75, 0.2, 0.15, 0.2, 0.4), Detection(0.75, 0.2, 0.05, 0.06, 0.9)])
def test_weak_and_tiny_faces_do_not_count(weak: Detection) -> None:
    assert sort_out(MAIN, [MAIN, weak], Limits(), lambda _seen: True).others == 0


def test_without_landmarks_the_largest_face_is_the_candidate() -> None:
    assert main_face(None, [OTHER, MAIN]) == MAIN
    assert main_face(OTHER, [OTHER, MAIN]) == OTHER


def test_nobody() -> None:
    found = sort_out(main_face(None, []), [], Limits(), lambda _seen: True)
    assert (found.others, found.other_score) == (0, 0.0)
    assert np.isnan(found.main_score)


def test_a_faint_face_counts_when_it_lasts() -> None:
    assert second_faces(detections([1] * 10, [0, 1, 1, 0, 0, 0, 0, 0, 0, 0], 0.6), **ALWAYS) == []
    assert len(second_faces(detections([1] * 10, [0, 1, 1, 1, 1, 1, 0, 0, 0, 0], 0.6), **ALWAYS)) == 1


def test_a_portrait_whose_box_differs_from_look_to_look_is_nobody() -> None:
    seen = detections([1] * 10, [1] * 10)
    jumping = np.asarray(0.7 + 0.006 * (np.arange(10) % 2), np.float64)
    assert second_faces(replace(seen, other_left=jumping, other_top=jumping), **ALWAYS) == []


def test_a_face_that_an_earlier_look_could_not_show_begins_earlier() -> None:
    (event,) = second_faces(
        detections([1] * 10, [0, 0, 0, 1, 1, 1, 0, 0, 0, 0], late=[0, 0, 0, 1, 0, 0] + [0] * 4), **ALWAYS
    )
    assert event.span.start_s == pytest.approx(0.75)


def test_a_portrait_on_the_wall_is_nobody() -> None:
    assert second_faces(detections([1] * 10, [1] * 10, stray=0.001), **ALWAYS) == []
    assert len(second_faces(detections([1] * 10, [1] * 10, stray=0.001, main_stray=0.001), **ALWAYS)) == 1


def test_a_lasting_second_face_is_an_event() -> None:
    seen = detections([1] * 10, [0, 0, 0, 1, 1, 2, 0, 0, 0, 0])
    (event,) = second_faces(seen, **ALWAYS)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((1.25, 2.75))
    assert (event.strength, event.confidence) == pytest.approx((3, 0.8))


def test_a_second_face_in_a_single_look_is_none() -> None:
    seen = detections([1] * 10, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert second_faces(seen, **ALWAYS) == []
    assert face_counts(np.linspace(0, 4.5, 10), np.ones(10, bool), seen, SURE).tolist() == [1] * 10


def test_a_face_without_landmarks_is_present_between_two_looks_that_see_it() -> None:
    times = np.linspace(0, 1.75, 8)
    counts = face_counts(times, flags(1, 1, 0, 0, 0, 0, 0, 0), detections([1, 1, 1, 0], [0] * 4), SURE)
    assert counts.tolist() == [1, 1, 1, 1, 1, 0, 0, 0]


def test_absences() -> None:
    times = np.linspace(0, 1.8, 10)
    counts = np.array([1, 0, 1, 1, 0, 0, 0, 0, 1, 1], np.int32)
    (event,) = absences(times, counts, min_s=0.5, end_s=2.0)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((0.8, 1.6))


def test_absence_until_the_end() -> None:
    (event,) = absences(np.linspace(0, 1.8, 10), np.zeros(10, np.int32), min_s=0.5, end_s=2.0)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((0.0, 2.0))
