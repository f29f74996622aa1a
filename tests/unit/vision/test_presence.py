from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from services.vision.faces.geometry import Detection
from services.vision.faces.presence import Detected, absences, face_counts, main_face, second_faces, sort_out
from services.vision.model import Floats, VisionEvent
from services.vision.series import Detections
from tests.support.vision import LIMITS, detections, faces, series

MAIN = Detection(0.3, 0.2, 0.3, 0.4, 0.9)
OTHER = Detection(0.75, 0.2, 0.15, 0.2, 0.8)


def looks(
    faces: list[int],
    others: list[int],
    score: float = 0.8,
    stray: float = 0.02,
    main_stray: float = 0.02,
    late: list[int] | None = None,
) -> Detections:
    times = np.linspace(0, 0.5 * (len(faces) - 1), len(faces))
    other, main = (0.7 + stray * np.sin(times)), (0.3 + main_stray * np.sin(times))
    return detections(
        times,
        faces=faces,
        others=others,
        other_score=np.where(np.array(others) > 0, score, 0.0),
        other_late=late or [0] * len(faces),
        other_left=other,
        other_top=other,
        main_left=main,
        main_top=main,
    )


def beside(seen: Detections) -> list[VisionEvent]:
    return second_faces(series(detected=seen, end_s=5.0), LIMITS)


def counted(offset_s: Floats, present: NDArray[np.bool_], seen: Detections) -> list[int]:
    found = face_counts(series(faces(offset_s, yaw_deg=np.where(present, 0.0, np.nan)), seen), LIMITS)
    return [int(count) for count in found]


def flags(*values: int) -> NDArray[np.bool_]:
    return np.array(values, bool)


def test_another_face_counts_when_confirmed() -> None:
    found = sort_out(MAIN, [MAIN, OTHER], LIMITS, lambda _seen: True, lambda _seen: 0.5)
    assert found == Detected(
        others=1,
        main_score=0.9,
        other_score=0.8,
        other_left=OTHER.left,
        other_top=OTHER.top,
        other_likeness=0.5,
        main_left=MAIN.left,
        main_top=MAIN.top,
    )
    assert sort_out(MAIN, [MAIN, OTHER], LIMITS, lambda _seen: False, lambda _seen: 0.5).others == 0


@pytest.mark.parametrize("weak", [Detection(0.75, 0.2, 0.15, 0.2, 0.4), Detection(0.75, 0.2, 0.05, 0.06, 0.9)])
def test_weak_and_tiny_faces_do_not_count(weak: Detection) -> None:
    assert sort_out(MAIN, [MAIN, weak], LIMITS, lambda _seen: True, lambda _seen: 0.5).others == 0


def test_without_landmarks_the_largest_face_is_the_candidate() -> None:
    assert main_face(None, [OTHER, MAIN]) == MAIN
    assert main_face(OTHER, [OTHER, MAIN]) == OTHER


def test_nobody() -> None:
    found = sort_out(main_face(None, []), [], LIMITS, lambda _seen: True, lambda _seen: 0.5)
    assert (found.others, found.other_score) == (0, 0.0)
    assert np.isnan(found.main_score)


def test_a_faint_face_counts_when_it_lasts() -> None:
    assert beside(looks([1] * 10, [0, 1, 1, 0, 0, 0, 0, 0, 0, 0], 0.6)) == []
    assert len(beside(looks([1] * 10, [0, 1, 1, 1, 1, 1, 0, 0, 0, 0], 0.6))) == 1


def test_a_portrait_whose_box_differs_from_look_to_look_is_nobody() -> None:
    seen = looks([1] * 10, [1] * 10)
    jumping = np.asarray(0.7 + 0.006 * (np.arange(10) % 2), np.float64)
    assert beside(replace(seen, other_left=jumping, other_top=jumping)) == []


def test_a_face_that_an_earlier_look_could_not_show_begins_earlier() -> None:
    (event,) = beside(looks([1] * 10, [0, 0, 0, 1, 1, 1, 0, 0, 0, 0], late=[0, 0, 0, 1, 0, 0] + [0] * 4))
    assert event.span.start_s == pytest.approx(0.75)


def test_a_portrait_on_the_wall_is_nobody() -> None:
    assert beside(looks([1] * 10, [1] * 10, stray=0.001)) == []
    assert len(beside(looks([1] * 10, [1] * 10, stray=0.001, main_stray=0.001))) == 1


def test_a_portrait_beside_somebody_who_sits_still_is_nobody() -> None:
    """What tells them apart is whether the other face moves by itself."""
    still = looks([1] * 10, [1] * 10, stray=0.001, main_stray=0.001)
    printed, living = np.full(10, 0.999), np.where(np.arange(10) % 3, 0.999, 0.97)
    assert beside(replace(still, other_likeness=printed)) == []
    assert len(beside(replace(still, other_likeness=living))) == 1


def test_a_few_looks_make_no_portrait() -> None:
    short = looks([1] * 10, [1] * 5 + [0] * 5, stray=0.001, main_stray=0.001)
    assert len(beside(replace(short, other_likeness=np.full(10, 0.999)))) == 1


def test_a_lasting_second_face_is_an_event() -> None:
    seen = looks([1] * 10, [0, 0, 0, 1, 1, 2, 0, 0, 0, 0])
    (event,) = beside(seen)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((1.25, 2.75))
    assert (event.strength, event.confidence) == pytest.approx((3, 0.8))


def test_a_second_face_in_a_single_look_is_none() -> None:
    seen = looks([1] * 10, [0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    assert beside(seen) == []
    assert counted(np.linspace(0, 4.5, 10), np.ones(10, bool), seen) == [1] * 10


def test_a_face_without_landmarks_is_present_between_two_looks_that_see_it() -> None:
    times = np.linspace(0, 1.75, 8)
    assert counted(times, flags(1, 1, 0, 0, 0, 0, 0, 0), looks([1, 1, 1, 0], [0] * 4)) == [1, 1, 1, 1, 1, 0, 0, 0]


def absent(*present: int) -> list[VisionEvent]:
    """Frames 0.2 s apart, without a look of the detector."""
    yaw = np.where(np.array(present) > 0, 0.0, np.nan)
    return absences(series(faces(np.linspace(0, 1.8, 10), yaw_deg=yaw), end_s=2.0), LIMITS)


def test_absences() -> None:
    (event,) = absent(1, 0, 1, 1, 0, 0, 0, 0, 1, 1)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((0.8, 1.6))


def test_absence_until_the_end() -> None:
    (event,) = absent(*[0] * 10)
    assert (event.span.start_s, event.span.end_s) == pytest.approx((0.0, 2.0))
