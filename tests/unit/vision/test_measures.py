"""Calibration, head movement and the original's screening."""

from __future__ import annotations

import numpy as np
import pytest

from services.vision.faces.calibration import expression, head_movement_intensity
from services.vision.faces.screening import gaze_stability, screening
from services.vision.model import Expression, Floats, Screening
from tests.support.vision import LIMITS, detections, faces, series


def expressed(mouth: Floats, brow: Floats) -> Expression:
    seen = faces(np.arange(len(mouth)) / 10, mouth_width=mouth, brow_height=brow)
    return expression(series(seen), LIMITS)


def moved(offset_s: Floats, *angles: Floats) -> float | None:
    return head_movement_intensity(faces(offset_s, yaw_deg=angles[0], pitch_deg=angles[1], roll_deg=angles[2]))


def screened(gaze: Floats, head: Floats, counts: Floats, scores: Floats) -> Screening:
    """Frames a second apart with a look of the detector at each."""
    times = np.arange(len(gaze), dtype=np.float64)
    beside = np.maximum(counts - 1, 0)
    looks = detections(times, faces=counts, others=beside, other_score=0.9 * (beside > 0), main_score=scores)
    yaw, opening = np.where(counts > 0, 0.0, np.nan), np.where(np.isnan(gaze), 0.0, 0.3)
    seen = faces(times, yaw_deg=yaw, eye_aspect_ratio=opening, gaze_ratio=np.nan_to_num(gaze), head_ratio=head)
    return screening(series(seen, looks, interval_s=1.0), LIMITS)


def test_the_first_frames_are_the_baseline() -> None:
    mouth = np.concatenate((np.full(60, 0.40), np.full(60, 0.46)))
    brow = np.concatenate((np.full(60, 0.20), np.full(60, 0.22)))
    found = expressed(mouth, brow)
    assert found.calibration_applied
    assert found.baseline_smile_intensity == pytest.approx(0.40)
    assert found.baseline_eyebrow_position == pytest.approx(0.20)
    assert found.smile_intensity == pytest.approx(0.03)
    assert found.smile_variation == pytest.approx(0.03)
    assert found.eyebrow_movement_range == pytest.approx(0.01)


def test_a_short_video_has_no_calibration() -> None:
    found = expressed(np.full(20, 0.4), np.full(20, 0.2))
    assert not found.calibration_applied
    assert found.baseline_smile_intensity is None
    assert found.smile_intensity == 0


def test_no_face_no_expression() -> None:
    nothing = np.full(20, np.nan)
    assert expressed(nothing, nothing).smile_intensity is None


def test_a_narrower_mouth_is_no_negative_smile() -> None:
    mouth = np.concatenate((np.full(60, 0.40), np.full(60, 0.30)))
    assert expressed(mouth, mouth).smile_intensity == 0


def test_head_movement_is_mean_speed_over_20_degrees_a_second() -> None:
    times, zero = np.arange(0, 10, 0.1), np.zeros(100)
    assert moved(times, 10 * times, zero, zero) == pytest.approx(0.5, abs=0.03)
    assert moved(times, zero, zero, zero) == 0
    assert moved(times, 90 * times, zero, zero) == 1
    assert moved(times, zero * np.nan, zero, zero) is None


def test_jitter_is_no_movement() -> None:
    jitter = np.random.default_rng(0).normal(0, 0.3, 100)
    measured = moved(np.arange(0, 10, 0.1), jitter, jitter, jitter)
    assert measured is not None
    assert measured < 0.2


def test_screening_counts_each_suspicious_frame_once() -> None:
    gaze = np.array([1.0, 0.5, 1.7, 1.0, np.nan, np.nan, np.nan, 1.0, 1.0, 0.5])
    head = np.array([0.5, 0.5, 0.5, 0.3, np.nan, np.nan, np.nan, 0.5, 0.5, 0.7])
    counts = np.array([1, 1, 1, 1, 0, 0, 0, 2, 2, 1])
    found = screened(gaze, head, counts, np.array([0.9, np.nan, 0.8, *[np.nan] * 7]))
    assert found.suspicious_frames == 9
    assert found.suspicious_percent == pytest.approx(90)
    assert found.average_confidence == pytest.approx(85)
    assert (found.min_confidence, found.max_confidence) == pytest.approx((80, 90))


def test_closed_eyes_are_not_suspicious() -> None:
    found = screened(np.array([1.0, np.nan]), np.full(2, 0.5), np.ones(2), np.full(2, np.nan))
    assert (found.suspicious_frames, found.average_confidence) == (0, None)


def test_gaze_stability() -> None:
    ratio, opening = np.array([0.9, 5.0, 1.1]), np.array([0.3, 0.1, 0.3])
    seen = series(faces(np.arange(3.0), gaze_ratio=ratio, eye_aspect_ratio=opening))
    assert gaze_stability(seen, LIMITS) == pytest.approx(0.1)
    assert gaze_stability(series(faces(np.arange(3.0), gaze_ratio=np.nan)), LIMITS) is None
